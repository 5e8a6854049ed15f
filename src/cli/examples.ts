/** Examples that `quantgate COMMAND --help` ends with: what one wants, and the line that does it. Each is parsed by a test. */
export const EXAMPLES: Readonly<Record<string, readonly (readonly [aim: string, line: string])[]>> = {
  run: [
    ['quantgate.yml in this folder', 'quantgate run'],
    ['compare with the main branch, then look at the page', 'quantgate run --base origin/main --open'],
  ],
  quantize: [
    [
      'static INT8 with samples to calibrate on',
      'quantgate quantize model.onnx --out model.int8.onnx --calibration samples.npz',
    ],
    [
      'half precision for a GPU',
      'quantgate quantize model.onnx --out model.fp16.onnx --method float16 --target cuda',
    ],
    [
      'images, prepared as ImageNet models want them',
      'quantgate quantize model.onnx --out model.int8.onnx --calibration images/ --input-preset imagenet',
    ],
  ],
  bench: [
    ['two models side by side', 'quantgate bench model.onnx model.int8.onnx'],
    ['sizes of dynamic axes', 'quantgate bench model.onnx --shape batch=1 sequence=128 --budget 1min'],
  ],
  eval: [
    [
      'accuracy of both on labelled data',
      'quantgate eval model.onnx model.int8.onnx --data evaluation.npz --task classification',
    ],
    ['where the error enters', 'quantgate eval model.onnx model.int8.onnx --data evaluation.npz --layers'],
  ],
  inspect: [['what would be quantized, and why not', 'quantgate inspect model.onnx --plan']],
  report: [
    ['the page of a report', 'quantgate report quantgate-report.json --format html --out report.html --open'],
    ['reports of several machines as one', 'quantgate report cpu.json gpu.json --format markdown --out -'],
    ['what changed', 'quantgate report before.json after.json --compare --format markdown --out -'],
  ],
  badge: [['badges for a README', 'quantgate badge quantgate-report.json --out badges']],
  init: [['write a config for what is here', 'quantgate init --explain']],
  doctor: [['as JSON, for a bug report', 'quantgate doctor --json']],
  fetch: [
    ['all that a machine without network needs', 'quantgate fetch'],
    ['what CUDA 13 needs, into a folder to copy', 'quantgate fetch runtime cuda --cuda 13 --cache-dir cache'],
  ],
  explain: [
    ['one code', 'quantgate explain data.no-labels'],
    ['all of them', 'quantgate explain'],
  ],
  completion: [['for this shell, until it ends', 'eval "$(quantgate completion bash)"']],
};

/** The end of a command's help. */
export function examplesText(command: string): string {
  const lines = (EXAMPLES[command] ?? []).flatMap(([aim, line]) => [`  # ${aim}`, `  ${line}`]);
  return `\nExamples:\n${lines.join('\n')}\n`;
}
