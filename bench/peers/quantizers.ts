/** Everyone who quantizes here: the Python tools in the configurations worth knowing, and quantgate. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { PreparedCase } from './cases.js';
import { type Cost, runCommand } from './command.js';
import { pythonOf, type Tool } from './environment.js';
import { CLI, PEERS } from './repository.js';

export interface Quantizer {
  name: string;
  /** What the table calls it. */
  title: string;
  /** null: quantgate itself. */
  tool: Tool | null;
  /** The Python script's configuration, or quantgate's options. */
  options: string[];
  /** Made for TensorRT: its latency on a CPU says nothing, so that only its arithmetic is compared. */
  forTensorRt?: true;
  /** Run only when named: it takes gigabytes of memory, or is no peer's best. */
  onRequest?: true;
}

const python = (
  tool: Tool,
  configuration: string,
  title: string,
  more: Partial<Quantizer> = {},
): Quantizer => ({
  name: `${tool}-${configuration}`,
  title,
  tool,
  options: ['--configuration', configuration],
  ...more,
});

export const QUANTIZERS: readonly Quantizer[] = [
  python('onnxruntime', 'default', 'onnxruntime, defaults'),
  python('onnxruntime', 'best', 'onnxruntime, best configuration'),
  python('onnxruntime', 'weighted', 'onnxruntime, best, Conv/MatMul/Gemm only'),
  python('onnxruntime', 'reduced', 'onnxruntime, best, `reduce_range`'),
  python('onnxruntime', 'percentile', 'onnxruntime, best, percentile', { onRequest: true }),
  python('onnxruntime', 'entropy', 'onnxruntime, best, entropy', { onRequest: true }),
  python('neural-compressor', 'best', 'onnx-neural-compressor'),
  python('modelopt', 'max', 'ModelOpt, max (TensorRT)', { forTensorRt: true }),
  python('modelopt', 'entropy', 'ModelOpt, entropy (TensorRT)', { forTensorRt: true, onRequest: true }),
  {
    name: 'quantgate-tensorrt',
    title: '**quantgate**, `preset: tensorrt`',
    tool: null,
    options: ['--preset', 'tensorrt', '--no-verify'],
    forTensorRt: true,
  },
  {
    name: 'quantgate-unverified',
    title: '**quantgate**, `--no-verify`',
    tool: null,
    options: ['--no-verify'],
  },
  { name: 'quantgate', title: '**quantgate**', tool: null, options: [] },
];

/** A quantized file, or why there is none. */
export interface Outcome {
  quantizer: string;
  file: string;
  cost: Cost | null;
  failed: string | null;
}

/** Lets one tool quantize one case. What a peer made before into the same folder is taken as it is; quantgate works anew. */
export function quantizeWith(quantizer: Quantizer, prepared: PreparedCase, folder: string): Outcome {
  const file = join(folder, `${quantizer.name}.onnx`);
  const record = join(folder, `${quantizer.name}.json`);
  const base = { quantizer: quantizer.name, file };
  if (quantizer.tool && existsSync(file) && existsSync(record)) {
    return { ...base, cost: JSON.parse(readFileSync(record, 'utf8')) as Cost, failed: null };
  }
  try {
    const { seconds, cpuSeconds, peakBytes } = quantizer.tool
      ? runPython(quantizer.tool, quantizer, { prepared, file })
      : runOurs(quantizer, { prepared, file });
    const cost = { seconds, cpuSeconds, peakBytes };
    writeFileSync(record, JSON.stringify(cost));
    return { ...base, cost, failed: null };
  } catch (error) {
    return { ...base, cost: null, failed: (error as Error).message };
  }
}

function runPython(tool: Tool, { options }: Quantizer, to: { prepared: PreparedCase; file: string }): Cost {
  const { model, dynamic, samples } = to.prepared;
  if (dynamic && tool === 'modelopt') throw new Error('it has no dynamic quantization');
  const script = join(PEERS, 'python', `quantize_${tool.replaceAll('-', '_')}.py`);
  const data = dynamic ? ['--dynamic'] : ['--samples', JSON.stringify(samples)];
  // Its shape inference leaves files where it runs.
  return runCommand(pythonOf(tool), [script, model, to.file, ...options, ...data], {
    directory: dirname(to.file),
  });
}

function runOurs({ options }: Quantizer, to: { prepared: PreparedCase; file: string }): Cost {
  const { model, config, name } = to.prepared;
  const common = ['--out', to.file, '--config', config, '--model', name, '--threads', '2', '--quiet'];
  return runCommand(process.execPath, [CLI, 'quantize', model, ...common, ...options]);
}
