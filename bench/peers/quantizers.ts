/** Everyone who quantizes here: the Python tools in the configurations worth knowing, and quantgate. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Method, PreparedCase } from './cases.js';
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
  /** What it makes: it has no row in other cases. */
  methods: readonly Method[];
  /** Made for TensorRT: its latency on a CPU says nothing, so that only its arithmetic is compared. */
  forTensorRt?: true;
  /** Run only when named: it takes gigabytes of memory, or is no peer's best. */
  onRequest?: true;
}

type Extras = Pick<Quantizer, 'forTensorRt' | 'onRequest'>;

const peer = (
  methods: readonly Method[],
  tool: Tool,
  configuration: string,
  title: string,
  extras: Extras = {},
): Quantizer => ({
  name: `${tool}-${configuration}`,
  title,
  tool,
  options: ['--configuration', configuration],
  methods,
  ...extras,
});

const ours = (
  methods: readonly Method[],
  suffix: string,
  options: string[],
  extras: Extras = {},
): Quantizer => ({
  name: `quantgate${suffix}`,
  title: options.length === 0 ? '**quantgate**' : `**quantgate**, \`${options.join(' ')}\``,
  tool: null,
  options,
  methods,
  ...extras,
});

const STATIC = ['int8-static'] as const;
const INT8 = ['int8-static', 'int8-dynamic'] as const;
const WEIGHTS = ['int4-weights'] as const;
const asked = { onRequest: true } as const;

export const QUANTIZERS: readonly Quantizer[] = [
  peer(INT8, 'onnxruntime', 'default', 'onnxruntime, defaults'),
  peer(INT8, 'onnxruntime', 'best', 'onnxruntime, best configuration'),
  peer(INT8, 'onnxruntime', 'weighted', 'onnxruntime, best, Conv/MatMul/Gemm only'),
  peer(INT8, 'onnxruntime', 'reduced', 'onnxruntime, best, `reduce_range`'),
  peer(INT8, 'onnxruntime', 'percentile', 'onnxruntime, best, percentile', asked),
  peer(INT8, 'onnxruntime', 'entropy', 'onnxruntime, best, entropy', asked),
  peer(INT8, 'neural-compressor', 'best', 'onnx-neural-compressor'),
  peer(STATIC, 'nncf', 'fast', 'NNCF, fast bias correction'),
  peer(STATIC, 'nncf', 'accurate', 'NNCF, bias correction'),
  peer(STATIC, 'aimet', 'ptq', 'AIMET, min-max'),
  peer(STATIC, 'aimet', 'adaround', 'AIMET, AdaRound', asked),
  peer(STATIC, 'aimet', 'cle-adaround', 'AIMET, CLE and AdaRound', asked),
  peer(STATIC, 'quark', 'static', 'Quark, u8 × s8 per channel'),
  peer(STATIC, 'quark', 'a8w8', 'Quark, preset A8W8', asked),
  peer(STATIC, 'quark', 'xint8', 'Quark, XINT8 with CLE', asked),
  peer(STATIC, 'quark', 'adaround', 'Quark, AdaRound', asked),
  peer(STATIC, 'quark', 'adaquant', 'Quark, AdaQuant', asked),
  peer(STATIC, 'modelopt', 'max', 'ModelOpt, max (TensorRT)', { forTensorRt: true }),
  peer(STATIC, 'modelopt', 'entropy', 'ModelOpt, entropy (TensorRT)', { forTensorRt: true, ...asked }),
  peer(WEIGHTS, 'onnxruntime-weights', 'rtn', 'onnxruntime, round to nearest'),
  peer(WEIGHTS, 'onnxruntime-weights', 'k-quant', 'onnxruntime, k-quant'),
  peer(WEIGHTS, 'onnxruntime-hqq', 'block', 'onnxruntime, HQQ'),
  peer(WEIGHTS, 'onnxruntime-weights', 'gptq', 'onnxruntime, GPTQ'),
  peer(WEIGHTS, 'nncf', 'scale', 'NNCF, scale estimation'),
  peer(WEIGHTS, 'nncf', 'awq', 'NNCF, AWQ and scale estimation'),
  {
    ...ours(STATIC, '-tensorrt', ['--preset', 'tensorrt', '--no-verify'], { forTensorRt: true }),
    title: '**quantgate**, `preset: tensorrt`',
  },
  ours(INT8, '-adaptive', ['--rounding', 'adaptive'], asked),
  ours([...INT8, ...WEIGHTS], '-unverified', ['--no-verify']),
  ours([...INT8, ...WEIGHTS], '', []),
];

/** A quantized file, or why there is none. */
export interface Outcome {
  quantizer: string;
  file: string;
  cost: Cost | null;
  failed: string | null;
}

/** Lets one tool quantize one case. What a peer made before into the same folder is taken as it is; quantgate works anew. */
export function quantizeWith(
  quantizer: Quantizer,
  prepared: PreparedCase,
  { folder, limitMs }: { folder: string; limitMs: number },
): Outcome {
  const file = join(folder, `${quantizer.name}.onnx`);
  const record = join(folder, `${quantizer.name}.json`);
  const base = { quantizer: quantizer.name, file };
  if (quantizer.tool && existsSync(file) && existsSync(record)) {
    return { ...base, cost: JSON.parse(readFileSync(record, 'utf8')) as Cost, failed: null };
  }
  try {
    const { seconds, cpuSeconds, peakBytes } = quantizer.tool
      ? runPython(quantizer.tool, quantizer, { prepared, file, limitMs })
      : runOurs(quantizer, { prepared, file, limitMs });
    const cost = { seconds, cpuSeconds, peakBytes };
    // Ours would be named as the configuration is.
    if (quantizer.tool) writeFileSync(record, JSON.stringify(cost));
    return { ...base, cost, failed: null };
  } catch (error) {
    return { ...base, cost: null, failed: (error as Error).message };
  }
}

interface Order {
  prepared: PreparedCase;
  file: string;
  /** The tool's process is ended after this. */
  limitMs: number;
}

function runPython(tool: Tool, { options }: Quantizer, to: Order): Cost {
  const { model, samples } = to.prepared;
  const script = join(PEERS, 'python', `quantize_${tool.replaceAll('-', '_')}.py`);
  const data = samples ? ['--samples', JSON.stringify(samples)] : ['--dynamic'];
  // Its shape inference leaves files where it runs.
  return runCommand(pythonOf(tool), [script, model, to.file, ...options, ...data], {
    directory: dirname(to.file),
    limitMs: to.limitMs,
  });
}

function runOurs({ options }: Quantizer, to: Order): Cost {
  const { model, config, name } = to.prepared;
  const common = ['--out', to.file, '--config', config, '--model', name, '--threads', '2', '--quiet'];
  return runCommand(process.execPath, [CLI, 'quantize', model, ...common, ...options], {
    limitMs: to.limitMs,
  });
}
