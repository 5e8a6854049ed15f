/**
 * What each method gives natively, in WebAssembly and in a browser: latency as a ratio to the original on the same provider, from launches
 * in turns (machines that others use disturb all files of a launch alike).
 *
 *   node bench/run.mjs web MODEL.onnx… [--providers cpu,wasm,browser-wasm] [--methods int8-static,int8-dynamic,int8-weights,int4-weights,q4f16,float16]
 *     [--launches 3] [--rounds 5] [--control] [--budget 12min] [--threads 1] [--shape sequence=32]… [--results FILE] [--fresh] [--write docs/benchmarks.md]
 *
 * Every file is made for the provider's own target. Static ranges come from made-up inputs: speed does not depend on them. A cell is the median of
 * the launches' ratios [least, most] of lower quartiles, with the file's size beside it. All models have their first launch before any has its
 * second; the first is made whatever the budget. Each launch is kept in FILE when it ends, and a run that begins anew goes on from there (--fresh:
 * from nothing). `q4f16` is int4-weights with `rest: float16`. browser-wasm needs Chromium. A shape is given to the models that have the dimension.
 * --control times the original a second time, as if it were a method: what this machine reads where nothing differs.
 */
import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Method } from '../src/config/choices.js';
import { defaultQuantize } from '../src/config/defaults.js';
import { parseDuration } from '../src/config/quantity.js';
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
import type { ValueMeta } from '../src/tensor/value-meta.js';
import { targetOf } from '../src/variants/target.js';
import { KeptLaunches, LaunchBudget, lowerQuartile, median, modelKey, spread } from './kept-launches.js';
import { asTable } from './markdown.js';
import { replaceSection } from './peers/table.js';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    providers: { type: 'string', default: 'cpu,wasm,browser-wasm' },
    methods: { type: 'string', default: 'int8-static,int8-dynamic,int8-weights,int4-weights,q4f16,float16' },
    launches: { type: 'string', default: '3' },
    rounds: { type: 'string', default: '5' },
    control: { type: 'boolean', default: false },
    budget: { type: 'string', default: '12min' },
    threads: { type: 'string', default: '1' },
    shape: { type: 'string', multiple: true, default: [] },
    results: { type: 'string', default: join(tmpdir(), 'quantgate-bench-web.json') },
    fresh: { type: 'boolean', default: false },
    write: { type: 'string' },
  },
});
const providers = values.providers.split(',');
/** The original under another name. */
const CONTROL = 'original again';
const methods = [...(values.control ? [CONTROL] : []), ...values.methods.split(',')];
const threads = Number(values.threads);
const shapes = Object.fromEntries(
  values.shape.map((text) => [text.split('=')[0]!, Number(text.split('=')[1])]),
);
/** Ranges of made-up inputs. */
const CALIBRATION_SAMPLES = 4;
/** WebAssembly is compiled again, better, while it runs. */
const WARM_UP = { minRuns: 6, minMs: 1_500, maxMs: 5_000, windowMs: 50, tolerance: 1.05 };
const BLOCK = { minRuns: 3, minMs: 40, maxMs: Infinity, dropRuns: 1, dropMs: 0 };
const ORIGINAL = 'original';
/** Files of a method above this ratio are named at the end. */
const SLOWER = 1.03;

const missing = positionals.filter((model) => !existsSync(model));
if (positionals.length === 0 || missing.length > 0) {
  console.error(missing.length > 0 ? `not there: ${missing.join(', ')}` : 'name at least one model');
  process.exit(2);
}
const budget = new LaunchBudget(parseDuration(values.budget));
const kept = new KeptLaunches(values.results, { fresh: values.fresh });
const runtime = await loadRuntime({ locateWasm: (build) => locateWasm({ log: SILENT, build }) });
const context: RunContext = { runtime, log: SILENT, threads };
const work = mkdtempSync(join(tmpdir(), 'quantgate-bench-web-'));
/** By model and target: the files by method, made once. */
const files = new Map<string, Promise<Map<string, string>>>();
let browser = '';
try {
  await launchAll();
} catch (error) {
  console.error(`ended by: ${messageOf(error)}`);
  process.exitCode = 1;
} finally {
  rmSync(work, { recursive: true, force: true, maxRetries: 10 });
}
report();

interface Place {
  model: string;
  provider: string;
}

function keyOf({ model, provider }: Place): string {
  return modelKey(model, { provider, threads, shapes, methods, rounds: values.rounds });
}

/** One launch of every model on every provider, then the next of each, as long as the budget lasts. */
async function launchAll(): Promise<void> {
  const places = positionals.flatMap((model) => providers.map((provider) => ({ model, provider })));
  for (let launch = 0; launch < Number(values.launches); launch++) {
    for (const place of places) {
      const before = kept.of(keyOf(place));
      if (before.length > launch) continue;
      const expected = Math.max(0, ...before.map(({ facts }) => Number(facts.ms ?? 0)));
      if (launch > 0 && !budget.fits(expected)) continue;
      await launchOne(place, launch);
    }
  }
}

async function launchOne(place: Place, launch: number): Promise<void> {
  const { model, provider } = place;
  const made = await filesFor(model, targetOf(provider));
  const started = performance.now();
  try {
    const { ratios, originalMs } = await timed(made, provider);
    const sizes = [...made].map(([name, file]) => [
      `size ${name}`,
      statSync(file).size / statSync(model).size,
    ]);
    const facts = { ms: performance.now() - started, originalMs, ...Object.fromEntries(sizes) };
    kept.add({ key: keyOf(place), ratios, facts });
    const shown = Object.entries(ratios).map(([name, ratio]) => `${name} ${ratio.toFixed(2)}`);
    console.error(
      `${basename(model)} on ${provider}, launch ${launch + 1} (${(facts.ms / 1e3).toFixed(0)} s): ${shown.join(', ')}`,
    );
  } catch (error) {
    console.error(`${basename(model)} on ${provider}: ${messageOf(error)}`);
  }
}

function report(): void {
  const rows = positionals.flatMap((model) =>
    methods.map((method) => [
      basename(model, '.onnx'),
      `\`${method}\``,
      ...providers.map((provider) => cellOf({ model, provider }, method)),
    ]),
  );
  const originals = positionals.map((model) => {
    const times = providers.map((provider) => {
      const list = kept.of(keyOf({ model, provider })).map(({ facts }) => Number(facts.originalMs));
      return list.length > 0 ? `${median(list).toPrecision(3)} ms` : 'not run';
    });
    return [basename(model, '.onnx'), 'original', ...times];
  });
  const table = asTable(['model', 'file', ...providers], [...originals, ...rows]);
  const said = `${cpus()[0]!.model.trim()}, ${threads} thread${threads === 1 ? '' : 's'}, onnxruntime-web ${runtime.version}${browser && `, ${browser}`}.`;
  console.log(`${said}\n\n${table}`);
  const slower = positionals.flatMap((model) =>
    providers.flatMap((provider) =>
      methods
        .filter((method) => method.startsWith('int8'))
        .filter((method) => median([0, ...ratiosOf({ model, provider }, method)].slice(-3)) > SLOWER)
        .map((method) => `${method} of ${basename(model, '.onnx')} on ${provider}`),
    ),
  );
  console.error(
    slower.length > 0 ? `Slower than float: ${slower.join('; ')}.` : 'No int8 file is slower than float.',
  );
  console.error(`Launches are kept in ${values.results}.`);
  if (values.write) replaceSection(values.write, 'web', `${said}\n\n${table}`);
}

function ratiosOf(place: Place, method: string): number[] {
  return kept.of(keyOf(place)).flatMap(({ ratios }) => ratios[method] ?? []);
}

function cellOf(place: Place, method: string): string {
  const launches = kept.of(keyOf(place));
  if (launches.length === 0) return 'not run';
  const ratios = ratiosOf(place, method);
  const size = launches.at(-1)!.facts[`size ${method}`];
  if (size === undefined) return 'not made';
  if (ratios.length === 0) return 'does not run';
  return `${spread(ratios, 2, '×')}, file ${Number(size).toFixed(2)}×`;
}

function filesFor(model: string, target: ReturnType<typeof targetOf>): Promise<Map<string, string>> {
  const key = `${target} ${model}`;
  const known = files.get(key) ?? made(model, target);
  files.set(key, known);
  return known;
}

/** Those of the shapes that name a dimension of the model. */
function ownShapes(inputs: readonly ValueMeta[]): Record<string, number> {
  const named = new Set(inputs.flatMap(({ shape }) => shape ?? []));
  return Object.fromEntries(Object.entries(shapes).filter(([name]) => named.has(name)));
}

async function madeUp(model: string): Promise<Dataset> {
  const session = await runtime.open(model);
  const feeds = timingFeeds(session.inputs, { batch: 1, shapes: ownShapes(session.inputs), sample: null });
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

/** The original and what each method makes for a target. */
async function made(model: string, target: ReturnType<typeof targetOf>): Promise<Map<string, string>> {
  const calibration = await madeUp(model);
  const result = new Map([[ORIGINAL, model]]);
  const folder = join(work, `${positionals.indexOf(model)}`, target);
  mkdirSync(folder, { recursive: true });
  for (const method of methods) {
    if (method === CONTROL) {
      result.set(CONTROL, model);
      continue;
    }
    const out = join(folder, `${method}.onnx`);
    const options =
      method === 'q4f16'
        ? defaultQuantize('int4-weights', { rest: 'float16' })
        : defaultQuantize(method as Method);
    try {
      await quantizeModel({ model, out, options, target, calibration, context, verify: false });
      result.set(method, out);
    } catch (error) {
      console.error(`${method} of ${basename(model)} for ${target}: ${messageOf(error)}`);
    }
  }
  return result;
}

/** One launch: by file the time as a ratio to the original's. A file that doesn't run has none. */
async function timed(
  made: ReadonlyMap<string, string>,
  provider: string,
): Promise<{ ratios: Record<string, number>; originalMs: number }> {
  const workers = new Map<string, Worker>();
  try {
    for (const [name, file] of made) {
      try {
        workers.set(name, await started(file, provider));
      } catch (error) {
        if (name === ORIGINAL) throw error;
        console.error(`${name} on ${provider}: ${messageOf(error).split('\n', 1)[0]}`);
      }
    }
    browser = [...workers.values()][0]?.opened.browser?.product ?? browser;
    const times = new Map([...workers.keys()].map((name) => [name, [] as number[]]));
    for (let round = 0; round < Number(values.rounds); round++) {
      const order = round % 2 === 0 ? [...workers] : [...workers].reverse();
      for (const [name, worker] of order) {
        if (pauses(provider)) worker.resume();
        times.get(name)!.push(...(await worker.call('block', BLOCK)).durationsMs);
        if (pauses(provider)) worker.pause();
      }
    }
    const originalMs = lowerQuartile(times.get(ORIGINAL)!);
    const others = [...times].filter(([name]) => name !== ORIGINAL);
    const ratios = Object.fromEntries(others.map(([name, own]) => [name, lowerQuartile(own) / originalMs]));
    return { ratios, originalMs };
  } finally {
    for (const worker of workers.values()) await worker.kill();
  }
}

async function started(file: string, provider: string): Promise<Worker> {
  const worker = await startWorker({ model: file, session: { provider, threads }, ...context });
  try {
    const { inputs } = worker.opened;
    await worker.call('feeds', {
      feeds: timingFeeds(inputs, { batch: 1, shapes: ownShapes(inputs), sample: null }),
    });
    await worker.call('warmUp', WARM_UP);
  } catch (error) {
    await worker.kill();
    throw error;
  }
  if (pauses(provider)) worker.pause();
  return worker;
}
