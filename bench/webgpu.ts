/**
 * Variants on WebGPU: what opens, what falls back to the CPU, how near the answers stay. Works on a GPU in software as well, whose
 * latencies then say nothing; VK_ICD_FILENAMES chooses the Vulkan driver (docs/gpu.md).
 *
 *   node bench/run.mjs webgpu [--only digits,efficientnet-lite0,minilm] [--models DIR] [--images DIR] [--sentences NPZ] [--limit N]
 *
 * `digits+Hardmax` is the digits model with an operator that WebGPU has no kernel for, as a second output: a fallback that the gate
 * must find. DIR of models holds efficientnet-lite0.onnx and minilm.onnx. Needs `npm run build`.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { makeNode, makeValue } from '../src/onnx/build.js';
import { readModel } from '../src/onnx/file/read.js';
import { encodeModel } from '../src/onnx/file/write.js';
import { DataType } from '../src/onnx/tensor/element-type.js';
import type { Report } from '../src/terms/report.js';

const { values: options } = parseArgs({
  options: {
    only: { type: 'string', default: 'digits,digits+Hardmax' },
    models: { type: 'string', default: '.' },
    images: { type: 'string', default: '.' },
    sentences: { type: 'string', default: 'sentences.npz' },
    limit: { type: 'string', default: '200' },
    budget: { type: 'string', default: '10s' },
  },
});

const FLOAT16 = { name: 'fp16', method: 'float16' };
const INT8 = { name: 'int8', method: 'int8-static' };
const WEIGHTS = [
  { name: 'w8', method: 'int8-weights' },
  { name: 'w4', method: 'int4-weights' },
];
const DIGITS_DATA = resolve('examples/digits/data');

interface Case {
  task: string;
  path: (work: string) => string;
  data: Record<string, unknown>;
  variants: readonly { name: string; method: string }[];
}

const digits: Case = {
  task: 'classification',
  path: () => resolve('examples/digits/digits.onnx'),
  data: {
    calibration: { path: join(DIGITS_DATA, 'calibration.npz'), limit: 100 },
    evaluation: { path: join(DIGITS_DATA, 'evaluation.npz'), limit: Number(options.limit) },
    inputs: { image: { from: 'images', mean: [0.1307], std: [0.3081] } },
  },
  variants: [FLOAT16, INT8],
};

const CASES: Record<string, Case> = {
  digits,
  'digits+Hardmax': { ...digits, path: withHardmax, variants: [FLOAT16] },
  'efficientnet-lite0': {
    task: 'classification',
    path: () => resolve(options.models, 'efficientnet-lite0.onnx'),
    data: {
      evaluation: { path: resolve(options.images), limit: Number(options.limit) },
      input: {
        resize: 256,
        crop: 224,
        mean: [127 / 255, 127 / 255, 127 / 255],
        std: [128 / 255, 128 / 255, 128 / 255],
        layout: 'NCHW',
      },
    },
    variants: [FLOAT16],
  },
  minilm: {
    task: 'none',
    path: () => resolve(options.models, 'minilm.onnx'),
    data: { evaluation: { path: resolve(options.sentences), limit: Number(options.limit) } },
    variants: [FLOAT16, ...WEIGHTS],
  },
};

function withHardmax(work: string): string {
  const model = readModel(digits.path(work));
  const [logits] = model.graph.outputs;
  model.graph.addNode(makeNode('Hardmax', [logits!.name], ['chosen'], { name: 'no kernel on webgpu' }));
  model.graph.addOutput(makeValue('chosen', DataType.FLOAT, ['batch', 10]));
  const file = join(work, 'digits-hardmax.onnx');
  writeFileSync(file, encodeModel(model));
  return file;
}

function measure(name: string, work: string): Report {
  const { task, path, data, variants } = CASES[name]!;
  const output = name === 'digits+Hardmax' ? { output: 'logits' } : {};
  const config = join(work, 'quantgate.json');
  writeFileSync(
    config,
    JSON.stringify({
      version: 1,
      models: [{ name, path: path(work), task, data, variants, ...output }],
      benchmark: { providers: ['webgpu'], budget: options.budget },
      thresholds: { 'placement.fallback': { max: 0 } },
    }),
  );
  const args = [resolve('dist/cli.js'), 'run', '--config', config, '--out', join(work, 'out'), '--json'];
  const { stdout, status } = spawnSync(process.execPath, args, {
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (status !== 0 && status !== 1) throw new Error(`${name}: quantgate run ended with ${status}`);
  return JSON.parse(stdout) as Report;
}

interface Operator {
  operator: string;
  provider: string;
  nodes: number;
  shapeArithmetic: boolean;
}

function rows(name: string, { models, measurements, checks }: Report): string[] {
  return models[0]!.variants.map(({ name: variant, method }) => {
    const find = (metric: string) =>
      measurements.find((entry) => entry.variant === variant && entry.metric === metric);
    const placement = find('placement.fallback');
    const operators = (placement?.details as { operators?: Operator[] } | null)?.operators ?? [];
    const count = (where: (operator: Operator) => boolean) =>
      operators.filter(where).reduce((sum, { nodes }) => sum + nodes, 0);
    const onGpu = ({ provider }: Operator) => provider.startsWith('WebGpu');
    const fell = operators.filter((operator) => !onGpu(operator) && !operator.shapeArithmetic);
    const verdict = checks.find(
      (check) => check.metric === 'placement.fallback' && check.variant === variant,
    )?.verdict;
    const cell = (metric: string, text: (value: number) => string) => {
      const value = find(metric)?.value;
      return value === null || value === undefined ? '–' : text(value);
    };
    return `| ${[
      name,
      variant === method ? variant : `\`${method}\``,
      placement?.status === 'ok' ? count(onGpu) : (placement?.reason ?? 'not measured'),
      placement?.value
        ? `${placement.value} (${fell.map(({ operator, nodes }) => `${nodes} ${operator}`).join(', ')})`
        : (placement?.value ?? '–'),
      verdict ?? 'not gated',
      cell('placement.quantized', (share) => `${(100 * share).toFixed(0)} %`),
      cell('fidelity.sqnr', (dB) => `${dB.toFixed(1)} dB`),
      cell('fidelity.cosine', (cosine) => cosine.toFixed(5)),
      cell('accuracy.top1', (share) => `${(100 * share).toFixed(1)} %`),
    ].join(' | ')} |`;
  });
}

const work = mkdtempSync(join(tmpdir(), 'quantgate-webgpu-'));
try {
  console.log(
    '| model | file | nodes on WebGPU | fell back to the CPU | gate | compute in the reduced type | SQNR | cosine | top-1 |',
  );
  console.log('| --- | --- | --- | --- | --- | --- | --- | --- | --- |');
  for (const name of options.only.split(',')) {
    if (!CASES[name]) throw new Error(`there is no case ${name}; there are ${Object.keys(CASES).join(', ')}`);
    for (const row of rows(name, measure(name, work))) console.log(row);
  }
} finally {
  rmSync(work, { recursive: true, force: true });
}
