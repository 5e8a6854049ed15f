/**
 * `preset: tensorrt`, and `int8` as it is made for the provider tensorrt, beside NVIDIA's Model Optimizer: same calibration samples, all
 * files through ONNX Runtime on the CPU with graph optimizations off, so that only the arithmetic differs. Nothing runs on TensorRT.
 *
 *   QUANTGATE_PYTHON=… node bench/run.mjs tensorrt-preset [--only digits,efficientnet-lite0] [--models DIR] [--images DIR]
 *
 * QUANTGATE_PYTHON is a Python 3 with nvidia-modelopt[onnx] 0.47.0, on a machine without CUDA with onnxruntime in place of
 * onnxruntime-gpu. Images are an image-folder by class index: every tenth class calibrates, the classes after them are judged.
 * Goal: within 1 dB of Model Optimizer's SQNR, or better.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { Config } from '../src/config/config.js';
import { parseConfig } from '../src/config/read/load.js';
import { openDataset } from '../src/data/open.js';
import type { Dataset } from '../src/data/samples/dataset.js';
import { SILENT } from '../src/log.js';
import { OutputFidelity } from '../src/measure/fidelity/output-fidelity.js';
import { readModel } from '../src/onnx/file/read.js';
import { modelInputs } from '../src/onnx/query/interface.js';
import { quantizeModel } from '../src/quantize/quantize.js';
import { loadRuntime } from '../src/runtime/load.js';

const { values: options } = parseArgs({
  options: {
    only: { type: 'string', default: 'digits' },
    models: { type: 'string', default: '.' },
    images: { type: 'string', default: '.' },
  },
});
const PYTHON = process.env.QUANTGATE_PYTHON ?? 'python3';
const DIGITS = resolve('examples/digits');
/** One class in ten calibrates, the next one is judged. */
const CLASSES = 10;

interface Case {
  model: string;
  data: (work: string) => Record<string, unknown>;
}

const CASES: Record<string, Case> = {
  digits: {
    model: join(DIGITS, 'digits.onnx'),
    data: () => ({
      calibration: { path: join(DIGITS, 'data', 'calibration.npz'), limit: 200 },
      evaluation: { path: join(DIGITS, 'data', 'evaluation.npz'), limit: 500 },
      inputs: { image: { from: 'images', mean: [0.1307], std: [0.3081] } },
    }),
  },
  'efficientnet-lite0': {
    model: resolve(options.models, 'efficientnet-lite0.onnx'),
    data: (work) => ({
      calibration: { path: imagesOf(work, 0) },
      evaluation: { path: imagesOf(work, 1) },
      input: {
        resize: 256,
        crop: 224,
        mean: [127 / 255, 127 / 255, 127 / 255],
        std: [128 / 255, 128 / 255, 128 / 255],
        layout: 'NCHW',
      },
    }),
  },
};

/** The photographs of every tenth class, from the `first` on. */
function imagesOf(work: string, first: number): string {
  const folder = join(work, `images-${first}`);
  mkdirSync(folder);
  readdirSync(options.images)
    .sort()
    .forEach((name, index) => {
      if (index % CLASSES === first)
        cpSync(resolve(options.images, name), join(folder, name), { recursive: true });
    });
  return folder;
}

const runtime = await loadRuntime();

async function configOf(name: string, work: string): Promise<Config> {
  const { model, data } = CASES[name]!;
  // A copy: Model Optimizer's tools write shape information back into the file that they are given.
  const path = join(work, `${name}.onnx`);
  cpSync(model, path);
  const variants = [{ name: 'preset tensorrt', preset: 'tensorrt' }, { name: 'int8 for tensorrt' }];
  const text = JSON.stringify({
    version: 1,
    models: [{ name, path, task: 'classification', data: data(work), variants }],
  });
  return parseConfig(text, { file: null, directory: work });
}

/** Every sample's only input, one after the other as raw float32; gives what the Python side needs to read them. */
async function dump(dataset: Dataset, file: string): Promise<{ input: string; shape: number[] }> {
  const parts: Buffer[] = [];
  let input = '';
  let dims: readonly number[] = [];
  for await (const { feeds } of dataset.samples()) {
    const [name, tensor] = Object.entries(feeds)[0]!;
    const { buffer, byteOffset, byteLength } = tensor.data as Float32Array;
    parts.push(Buffer.from(new Uint8Array(buffer, byteOffset, byteLength)));
    [input, dims] = [name, tensor.dims];
  }
  writeFileSync(file, Buffer.concat(parts));
  return { input, shape: [parts.length, ...dims.slice(1)] };
}

function modelOptimizer(model: string, out: string, args: readonly string[]): void {
  const script = resolve('bench/tensorrt-preset.py');
  const { status, stderr } = spawnSync(PYTHON, [script, model, out, ...args], { encoding: 'utf8' });
  if (status !== 0)
    throw new Error(`Model Optimizer failed:\n${stderr.trim().split('\n').slice(-8).join('\n')}`);
}

const WEIGHTED = new Set(['Conv', 'Gemm', 'MatMul']);

/** Weighted operators whose data come dequantized, of all. */
function quantizedShare(file: string): string {
  const { graph } = readModel(file);
  const weighted = graph.nodes.filter(({ opType }) => WEIGHTED.has(opType));
  const int8 = weighted.filter(({ input }) => graph.producer(input[0]!)?.opType === 'DequantizeLinear');
  return `${int8.length} of ${weighted.length}`;
}

/** Outputs against the float model's, without any graph optimization. */
async function compare(original: string, file: string, dataset: Dataset) {
  const plain = { graphOptimizationLevel: 'disabled' } as const;
  const [reference, variant] = [await runtime.open(original, plain), await runtime.open(file, plain)];
  const output = reference.outputs[0]!.name;
  const fidelity = new OutputFidelity('last');
  for await (const { feeds } of dataset.samples()) {
    fidelity.add((await reference.run(feeds))[output]!, (await variant.run(feeds))[output]!);
  }
  await Promise.all([reference.release(), variant.release()]);
  return fidelity.result();
}

async function measure(name: string, work: string): Promise<void> {
  const model = (await configOf(name, work)).models[0]!;
  const inputs = modelInputs(readModel(model.path));
  const calibration = await openDataset(model.data.calibration!, inputs);
  const evaluation = await openDataset(model.data.evaluation!, inputs);
  const samples = join(work, `${name}.f32`);
  const { input, shape } = await dump(calibration, samples);
  const files: [string, string][] = [];
  for (const [index, variant] of model.variants.entries()) {
    if (variant.kind !== 'quantize') throw new Error('variants are quantized here');
    const out = join(work, `${name}.${index}.onnx`);
    const request = { model: model.path, out, options: variant, target: 'tensorrt' as const };
    await quantizeModel({ ...request, calibration, context: { runtime, log: SILENT }, verify: true });
    files.push([`quantgate, ${variant.name}`, out]);
  }
  for (const method of ['entropy', 'max']) {
    const out = join(work, `${name}.${method}.onnx`);
    const copy = join(work, `${name}.for-${method}.onnx`);
    cpSync(model.path, copy);
    modelOptimizer(copy, out, [
      ...['--input', input, '--samples', samples, '--shape', shape.join(','), '--method', method],
    ]);
    files.push([`ModelOpt, ${method}`, out]);
  }
  for (const [tool, file] of files) {
    const { sqnr, agreement } = await compare(model.path, file, evaluation);
    const size = statSync(file).size;
    console.log(
      `| ${[
        name,
        tool,
        size >= 1e6 ? `${(size / 1e6).toFixed(2)} MB` : `${Math.round(size / 1e3)} kB`,
        quantizedShare(file),
        `${sqnr!.toFixed(1)} dB`,
        `${(100 * agreement!).toFixed(1)} %`,
      ].join(' | ')} |`,
    );
  }
}

const work = mkdtempSync(join(tmpdir(), 'quantgate-tensorrt-preset-'));
try {
  console.log('| model | tool | file | weighted operators in INT8 | SQNR | same top-1 as float |');
  console.log('| --- | --- | --- | --- | --- | --- |');
  for (const name of options.only.split(',')) {
    if (!CASES[name]) throw new Error(`there is no case ${name}; there are ${Object.keys(CASES).join(', ')}`);
    await measure(name, work);
  }
} finally {
  rmSync(work, { recursive: true, force: true });
}
