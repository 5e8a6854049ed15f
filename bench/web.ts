/**
 * What each method gives natively, in WebAssembly and in a browser: latency as a ratio to the original on the same provider, from launches
 * in turns (machines that others use disturb all files of a launch alike).
 *
 *   node bench/run.mjs web MODEL.onnx… [--providers cpu,wasm,browser-wasm] [--methods int8-static,int8-dynamic,int8-weights,int4-weights,float16]
 *     [--launches 3] [--threads 1] [--shape sequence=32]…
 *
 * Every file is made for the provider's own target. Static ranges come from made-up inputs: speed does not depend on them. A cell is the median of
 * the launches' ratios [least, most] of lower quartiles, with the file's size beside it. Needs `npm run build`; browser-wasm needs Chromium.
 */
import { mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Method } from '../src/config/config.js';
import { defaultQuantize } from '../src/config/defaults.js';
import type { Dataset } from '../src/data/samples/dataset.js';
import { messageOf } from '../src/errors.js';
import { SILENT } from '../src/log.js';
import { timingFeeds } from '../src/measure/subject/inputs.js';
import { pauses } from '../src/measure/timing/model-runner.js';
import { quantizeModel } from '../src/quantize/quantize.js';
import type { RunContext } from '../src/runtime/context.js';
import { loadRuntime } from '../src/runtime/load.js';
import { locateWasm } from '../src/runtime/provision/provision.js';
import { startWorker, type Worker } from '../src/runtime/worker/worker.js';
import { targetOf } from '../src/variants/target.js';
import { asTable } from './markdown.js';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    providers: { type: 'string', default: 'cpu,wasm,browser-wasm' },
    methods: { type: 'string', default: 'int8-static,int8-dynamic,int8-weights,int4-weights,float16' },
    launches: { type: 'string', default: '3' },
    threads: { type: 'string', default: '1' },
    shape: { type: 'string', multiple: true, default: [] },
  },
});
const providers = values.providers.split(',');
const methods = values.methods.split(',') as Method[];
const threads = Number(values.threads);
const shapes = Object.fromEntries(
  values.shape.map((text) => [text.split('=')[0]!, Number(text.split('=')[1])]),
);
/** Ranges of made-up inputs. */
const CALIBRATION_SAMPLES = 4;
/** WebAssembly is compiled again, better, while it runs. */
const WARM_UP = { minRuns: 6, minMs: 1_500, maxMs: 5_000, windowMs: 50, tolerance: 1.05 };
const BLOCK = { minRuns: 3, minMs: 40, maxMs: Infinity, dropRuns: 1, dropMs: 0 };
const ROUNDS = 6;

const runtime = await loadRuntime({ locateWasm: (build) => locateWasm({ log: SILENT, build }) });
const context: RunContext = { runtime, log: SILENT, threads };
const work = mkdtempSync(join(tmpdir(), 'quantgate-bench-web-'));
try {
  const rows: string[][] = [];
  for (const model of positionals) rows.push(...(await rowsOf(model)));
  console.log(asTable(['model', 'method', ...providers], rows));
} finally {
  rmSync(work, { recursive: true, force: true });
}

/** A row per method: its cell for every provider. */
async function rowsOf(model: string): Promise<string[][]> {
  const calibration = await madeUp(model);
  const columns: Map<string, string>[] = [];
  for (const provider of providers) {
    const files = await made(model, { provider, calibration });
    const ratios = await timed(files, provider);
    columns.push(
      new Map(
        [...files].map(([name, file]) => [name, cellText(ratios.get(name) ?? [], sizeRatio(file, model))]),
      ),
    );
    console.error(`${basename(model)} on ${provider}:`, columns.at(-1));
  }
  return methods.map((method) => [
    basename(model, '.onnx'),
    `\`${method}\``,
    ...columns.map((cells) => cells.get(method) ?? 'not made'),
  ]);
}

async function madeUp(model: string): Promise<Dataset> {
  const session = await runtime.open(model);
  const feeds = timingFeeds(session.inputs, { batch: 1, shapes, sample: null });
  await session.release();
  return {
    description: 'made up',
    length: CALIBRATION_SAMPLES,
    labelled: false,
    classes: null,
    async *samples() {
      for (let index = 0; index < CALIBRATION_SAMPLES; index++) yield { id: `${index}`, feeds, label: null };
    },
  };
}

/** The original and what each method makes for the provider's target. */
async function made(
  model: string,
  { provider, calibration }: { provider: string; calibration: Dataset },
): Promise<Map<string, string>> {
  const files = new Map([['original', model]]);
  const target = targetOf(provider);
  const folder = join(work, basename(model), target);
  mkdirSync(folder, { recursive: true });
  for (const method of methods) {
    const out = join(folder, `${method}.onnx`);
    try {
      const options = defaultQuantize(method);
      await quantizeModel({ model, out, options, target, calibration, context, verify: false });
      files.set(method, out);
    } catch (error) {
      console.error(`${method} of ${basename(model)} for ${target}: ${messageOf(error)}`);
    }
  }
  return files;
}

/** By file: the ratio of every launch. */
async function timed(files: ReadonlyMap<string, string>, provider: string): Promise<Map<string, number[]>> {
  const ratios = new Map<string, number[]>();
  for (let launch = 0; launch < Number(values.launches); launch++) {
    const workers = new Map<string, Worker>();
    try {
      for (const [name, file] of files) workers.set(name, await started(file, provider));
      const times = new Map([...workers.keys()].map((name) => [name, [] as number[]]));
      for (let round = 0; round < ROUNDS; round++) {
        const order = round % 2 === 0 ? [...workers] : [...workers].reverse();
        for (const [name, worker] of order) {
          if (pauses(provider)) worker.resume();
          times.get(name)!.push(...(await worker.call('block', BLOCK)).durationsMs);
          if (pauses(provider)) worker.pause();
        }
      }
      const original = lowerQuartile(times.get('original')!);
      for (const [name, own] of times) {
        ratios.set(name, [...(ratios.get(name) ?? []), lowerQuartile(own) / original]);
      }
    } finally {
      for (const worker of workers.values()) await worker.kill();
    }
  }
  return ratios;
}

async function started(file: string, provider: string): Promise<Worker> {
  const worker = await startWorker({ model: file, session: { provider, threads }, ...context });
  const feeds = timingFeeds(worker.opened.inputs, { batch: 1, shapes, sample: null });
  await worker.call('feeds', { feeds });
  await worker.call('warmUp', WARM_UP);
  if (pauses(provider)) worker.pause();
  return worker;
}

function sizeRatio(file: string, model: string): number {
  return statSync(file).size / statSync(model).size;
}

function cellText(ratios: readonly number[], size: number): string {
  if (ratios.length === 0) return 'does not run';
  const [least, most] = [Math.min(...ratios), Math.max(...ratios)];
  return `${median(ratios).toFixed(2)}× [${least.toFixed(2)}, ${most.toFixed(2)}], file ${size.toFixed(2)}×`;
}

/** What other work on the machine disturbs least. */
function lowerQuartile(times: readonly number[]): number {
  return times.toSorted((a, b) => a - b)[Math.floor((times.length - 1) / 4)]!;
}

function median(ratios: readonly number[]): number {
  const sorted = ratios.toSorted((a, b) => a - b);
  return (sorted[(sorted.length - 1) >> 1]! + sorted[sorted.length >> 1]!) / 2;
}
