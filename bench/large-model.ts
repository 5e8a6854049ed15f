/**
 * A model over 2 GB in and out, with the command line in a process of its own: time, peak memory and file sizes. Weights are seeded, in external data.
 *
 *   node bench/run.mjs large-model [options]
 *
 *   --architecture NAME  chain (of products), or a decoder with caches: llama, qwen, phi (default chain)
 *   --layers N           default 9 products, or 10 layers of a decoder (2.3 GB)
 *   --method NAME,…      default float16,int8-weights,int8-dynamic; of decoders int4-weights
 *   --fitted N           quantize the first N products of a decoder's layers, and no others, and fit them to four texts of random tokens
 *                        (--rounding gptq); "all": those of all layers. A layer of Llama's has seven
 *   --check              check the file, too, as users do; default: --no-verify
 *   --keep DIR           make the model there, and keep it; default: a temporary folder
 *
 * Needs about 6 GB of disk.
 */
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { makeModel, makeNode, makeValue } from '../src/onnx/build.js';
import { writeModel } from '../src/onnx/file/write.js';
import type { Model } from '../src/onnx/model.js';
import { DataType } from '../src/onnx/tensor/element-type.js';
import { makeTensor } from '../src/onnx/tensor/tensor.js';
import { causalDecoder, FAMILIES, type Family } from './decoders/causal-decoder.js';
import { runCommand } from './peers/command.js';
import { type SampleTensors, writeTestSet } from './peers/test-sets.js';

const { values } = parseArgs({
  options: {
    architecture: { type: 'string', default: 'chain' },
    layers: { type: 'string' },
    method: { type: 'string' },
    fitted: { type: 'string' },
    check: { type: 'boolean', default: false },
    keep: { type: 'string' },
  },
});
const isDecoder = FAMILIES.includes(values.architecture as Family);
if (!(isDecoder || values.architecture === 'chain')) {
  console.error(`there is no architecture ${values.architecture}; there are chain, ${FAMILIES.join(', ')}`);
  process.exit(2);
}
const layers = Number(values.layers ?? (isDecoder ? 10 : 9));
const methods = values.method ?? (isDecoder ? 'int4-weights' : 'float16,int8-weights,int8-dynamic');
const folder = values.keep ?? mkdtempSync(join(tmpdir(), 'quantgate-large-'));
mkdirSync(folder, { recursive: true });

const WIDTH = 8192;
/** 2.3 GB with ten layers. */
const DECODER = {
  layers,
  width: 2048,
  inner: 5632,
  heads: 32,
  cachedHeads: 8,
  vocabulary: 32_000,
  positions: 512,
};

function weights(seed: number): Float32Array {
  const data = new Float32Array(WIDTH * WIDTH);
  let state = seed;
  for (let i = 0; i < data.length; i++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
    data[i] = state / 2 ** 31 / Math.sqrt(WIDTH);
  }
  return data;
}

function chain(): Model {
  const names = Array.from({ length: layers + 1 }, (_, i) => (i === 0 ? 'x' : i === layers ? 'y' : `h${i}`));
  return makeModel({
    inputs: [makeValue('x', DataType.FLOAT, ['batch', WIDTH])],
    outputs: [makeValue('y', DataType.FLOAT, ['batch', WIDTH])],
    nodes: names
      .slice(1)
      .map((name, i) => makeNode('MatMul', [names[i]!, `w${i}`], [name], { name: `layer${i}` })),
    initializers: names
      .slice(1)
      .map((_, i) => makeTensor(`w${i}`, DataType.FLOAT, [WIDTH, WIDTH], weights(i + 1))),
  });
}

const TEXTS = 4;
const LENGTH = 64;

/** Texts of seeded tokens, caches empty. */
function writeTexts(into: string): void {
  const whole = (data: number[]) => ({ dims: [1, LENGTH], data: BigInt64Array.from(data, BigInt) });
  const places = Array.from({ length: LENGTH }, (_, at) => at);
  for (let text = 0; text < TEXTS; text++) {
    const sample: SampleTensors = {
      input_ids: whole(
        places.map((at) => ((text * 7919 + at) * 104_729 + at * at * 31) % DECODER.vocabulary),
      ),
      attention_mask: whole(places.map(() => 1)),
      position_ids: whole(places),
    };
    const empty = {
      dims: [1, DECODER.cachedHeads, 0, DECODER.width / DECODER.heads],
      data: new Float32Array(0),
    };
    for (let layer = 0; layer < layers; layer++) {
      for (const kind of ['key', 'value']) sample[`past_key_values.${layer}.${kind}`] = empty;
    }
    writeTestSet(into, text, sample);
  }
}

/** Options that quantize the layers' first products, and fit them. */
function fittedOptions(model: Model, count: number): string[] {
  const texts = join(folder, 'texts');
  mkdirSync(texts, { recursive: true });
  writeTexts(texts);
  const names = model.graph.nodes
    .filter(({ opType, input }) => opType === 'MatMul' && input[1]!.startsWith('model.layers.'))
    .slice(0, count)
    .map(({ name }) => name);
  return ['--calibration', texts, '--rounding', 'gptq', '--include', ...names];
}

/** All layers of a decoder take a while on a machine that does other work, too. */
const LONGEST_MS = 6 * 3_600_000;

const bytesIn = (path: string) =>
  readdirSync(folder)
    .filter((name) => join(folder, name).startsWith(path))
    .reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);

function build(path: string): string[] {
  const model = isDecoder ? causalDecoder(DECODER, values.architecture as Family) : chain();
  writeModel(model, path);
  if (values.fitted === undefined) return [];
  return fittedOptions(model, values.fitted === 'all' ? Number.POSITIVE_INFINITY : Number(values.fitted));
}

function measure(method: string, model: string, options: readonly string[]): string {
  const out = join(folder, `${method}.onnx`);
  const cli = [resolve('dist/cli.js'), 'quantize', model, '--out', out, '--method', method];
  const checked = values.check ? [] : ['--no-verify'];
  const cost = runCommand(process.execPath, [...cli, ...options, ...checked, '--quiet'], {
    limitMs: LONGEST_MS,
  });
  const { stdout } = runCommand(process.execPath, [
    resolve('dist/cli.js'),
    ...['bench', out, '--budget', '1s', '--json', '--quiet'],
    ...(isDecoder ? ['--shape', 'length=16', '--shape', 'past=0', '--shape', 'total=16'] : []),
  ]);
  const first = JSON.parse(stdout).measurements.find(
    (entry: { metric: string }) => entry.metric === 'latency.first',
  );
  return `| ${method} | ${cost.seconds.toFixed(0)} s (${cost.cpuSeconds.toFixed(0)} s) | ${(cost.peakBytes / 1e9).toFixed(2)} GB | ${(bytesIn(out) / 1e9).toFixed(2)} GB | ${first?.value?.toFixed(0) ?? first?.status} ms |`;
}

try {
  const model = join(folder, 'large.onnx');
  const options = build(model);
  console.log(
    `model: ${(bytesIn(model) / 1e9).toFixed(2)} GB in ${readdirSync(folder)
      .filter((name) => name.startsWith('large'))
      .join(', ')}`,
  );
  console.log(
    '| method | seconds (of CPU) | peak memory | size | first inference |\n| --- | --- | --- | --- | --- |',
  );
  for (const method of methods.split(',')) {
    try {
      console.log(measure(method, model, options));
    } catch (error) {
      console.log(`| ${method} | failed: ${(error as Error).message} |`);
    }
    for (const name of readdirSync(folder).filter((entry) => entry.startsWith(method)))
      rmSync(join(folder, name));
  }
} finally {
  if (values.keep === undefined) rmSync(folder, { recursive: true, force: true });
}
