/**
 * What method auto gives beside the plain methods that it chooses from: size, time of a run, and SQNR on samples that none of them has seen; what each
 * costs, in a process of its own.
 *
 *   node bench/run.mjs auto --config examples/digits/quantgate.yml
 *   node bench/run.mjs auto --case ppocr-rec --models DIR --lines DIR [--keep DIR] [--objective size] [--methods int8-static]
 *                           [--write docs/benchmarks.md]
 *
 * Model, preprocessing and data are those of the config's first model, or of a case of bench/peers. Where calibration and evaluation read the same data,
 * the first samples calibrate and the next ones judge. Goal: of the plain files that are no slower than auto's, none is nearer to the original by more than
 * 0.3 dB. `--write` puts the table into the document's section of that case (with `--objective size`, of which that is no goal, into `auto-size-CASE`).
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Method } from '../src/config/choices.js';
import { defaultQuantize } from '../src/config/defaults.js';
import type { Dataset } from '../src/data/samples/dataset.js';
import { type Log, SILENT } from '../src/log.js';
import { OutputFidelity } from '../src/measure/fidelity/output-fidelity.js';
import { isSurelyFaster, race } from '../src/quantize/method/race.js';
import { loadRuntime } from '../src/runtime/load.js';
import { isFloatType } from '../src/tensor/elements.js';
import type { Feeds } from '../src/tensor/tensor.js';
import { quantizeVerified } from '../src/verify/verified-variant.js';
import { CASE_OPTIONS, chosenConfig } from './case-config.js';
import { openCase } from './case-samples.js';
import { asTable } from './markdown.js';
import { replaceSection } from './peers/table.js';

const { values } = parseArgs({
  options: {
    ...CASE_OPTIONS,
    /** Default: those that it chooses from. */
    methods: { type: 'string' },
    objective: { type: 'string', default: 'latency' },
    /** In seconds; default: auto's own. On a busy machine more is the same. */
    budget: { type: 'string', default: '' },
    calibration: { type: 'string', default: '100' },
    evaluation: { type: 'string', default: '120' },
    threads: { type: 'string', default: '2' },
    /** Document with a section `auto-CASE`. */
    write: { type: 'string' },
    /** Tells what each process does, with its seconds, its seconds of CPU, and its memory and most memory so far, on standard error. */
    trace: { type: 'boolean', default: false },
    /** Makes this one file only: what the bench starts itself with. */
    only: { type: 'string' },
    out: { type: 'string' },
  },
});

/** What auto's default limit, a cosine of 0.99, is as SQNR: −10·log₁₀(1 − 0.99²). */
const LIMIT_DB = 17;
/** The goal, in dB; latencies nearer than this are equal. */
const MOST_LOST_DB = 0.3;
const EQUAL_LATENCY = 1.03;
const SURELY_FASTER = 1.1;
const RACE_MS = 8000;

/** Sections of the document by the objective. */
const SECTIONS: Readonly<Record<string, string>> = { latency: 'auto', size: 'auto-size' };

/** Beside what auto gives, by its objective. */
const PLAIN: Readonly<Record<string, string>> = {
  latency: 'int8-static,int8-dynamic,int8-weights',
  size: 'int8-dynamic,int8-weights,int4-weights',
};

const threads = Number(values.threads);
if (values.only === undefined) await compare();
else await make(values.only as Method, { config: values.config!, out: values.out! });

interface Cost {
  seconds: number;
  cpuSeconds: number;
  peakMegabytes: number;
  says: string;
}

async function make(method: Method, { config, out }: { config: string; out: string }): Promise<void> {
  const { path, runtime, calibration } = await openModel(config);
  const started = performance.now();
  const budgetMs = values.budget === '' ? null : 1000 * Number(values.budget);
  const objective = values.objective as 'latency' | 'size';
  const options = defaultQuantize(method, method === 'auto' ? { objective, budgetMs } : {});
  const { notes, verification } = await quantizeVerified({
    model: path,
    out,
    options,
    target: 'cpu',
    calibration,
    context: { runtime, log: values.trace ? traced(method) : SILENT, threads },
    verify: true,
    repair: true,
  });
  if (values.trace) traced(method).info(JSON.stringify(verification));
  const { user, system } = process.cpuUsage();
  const cost: Cost = {
    seconds: (performance.now() - started) / 1000,
    cpuSeconds: (user + system) / 1e6,
    peakMegabytes: process.resourceUsage().maxRSS / 1000,
    says: method === 'auto' ? notes[0]!.message : '',
  };
  console.log(JSON.stringify(cost));
}

/** Each line with what was used when it was written; what was said before, of another file of the same model, is not said again. */
function traced(method: Method): Log {
  const begun = performance.now();
  const said = new Set<string>();
  const tell = (message: string) => {
    if (message.startsWith('Rewrite ') && said.has(message)) return;
    said.add(message);
    const { user, system } = process.cpuUsage();
    const seconds = [(performance.now() - begun) / 1000, (user + system) / 1e6].map((s) => s.toFixed(1));
    const bytes = [process.memoryUsage.rss() / 1e6, process.resourceUsage().maxRSS / 1000];
    const megabytes = bytes.map((mb) => mb.toFixed(0));
    console.error(`${method} ${seconds.join(' s, CPU ')} s, ${megabytes.join(' MB, most ')} MB: ${message}`);
  };
  return { ...SILENT, debug: tell, info: tell, warn: tell };
}

async function compare(): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'quantgate-bench-'));
  try {
    const config = await chosenConfig(values, directory);
    const plain = values.methods ?? PLAIN[values.objective] ?? '';
    const methods = ['auto', ...plain.split(',').filter(Boolean)] as Method[];
    const files = methods.map((method) => join(directory, `${method}.onnx`));
    const costs = methods.map((method, index) => costOf(method, { config, out: files[index]! }));
    const { path, runtime, evaluation } = await openModel(config);
    const context = { runtime, log: SILENT, threads };
    const sqnr = await fidelity(evaluation, path, files);
    let feeds: Feeds = {};
    for await (const sample of evaluation.samples()) {
      feeds = sample.feeds;
      break;
    }
    const { times } = await race([path, ...files], { provider: 'cpu', context, feeds, budgetMs: RACE_MS });
    const measured = times.slice(1).map((time) => time / times[0]!);
    // Of the same file a busy machine gives two times.
    const isAutos = files.map((file) => readFileSync(file).equals(readFileSync(files[0]!)));
    const ratios = measured.map((ratio, index) => (isAutos[index] ? measured[0]! : ratio));
    const rows = methods.map((method, index) => [
      index > 0 && isAutos[index] ? `${method}: the file of auto` : method,
      `${(statSync(files[index]!).size / statSync(path).size).toFixed(3)} ×`,
      `${ratios[index]!.toFixed(2)} ×`,
      `${sqnr[index]!.toFixed(1)} dB`,
      `${costs[index]!.seconds.toFixed(0)} s (${costs[index]!.cpuSeconds.toFixed(0)} s of CPU)`,
      `${costs[index]!.peakMegabytes.toFixed(0)} MB`,
    ]);
    const table = asTable(
      ['method', 'size', 'time of a run', 'SQNR held out', 'time taken', 'peak memory'],
      rows,
    );
    console.log(`${table}\n\n${costs[0]!.says}\n`);
    if (values.write) replaceSection(values.write, `${SECTIONS[values.objective]}-${values.case}`, table);
    const better = methods.filter(
      (_, index) => ratios[index]! <= EQUAL_LATENCY * ratios[0]! && sqnr[index]! > sqnr[0]! + MOST_LOST_DB,
    );
    // Objective latency: what keeps auto's own limit by itself must not be faster either.
    const faster: Method[] = [];
    for (const [index, method] of methods.entries()) {
      const looksFaster = sqnr[index]! >= LIMIT_DB && SURELY_FASTER * ratios[index]! < ratios[0]!;
      if (values.objective !== 'latency' || !looksFaster) continue;
      if (await isSurelyFaster(files[index]!, files[0]!, { provider: 'cpu', context, feeds }))
        faster.push(method);
    }
    const faults = [
      ...(better.length > 0 ? [`${better.join(', ')} is nearer`] : []),
      ...(faster.length > 0 ? [`${faster.join(', ')} is faster`] : []),
    ];
    console.log(faults.length === 0 ? 'holds' : `does not hold: ${faults.join('; ')}`);
    if (better.length > 0) process.exitCode = 1;
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

function costOf(method: Method, { config, out }: { config: string; out: string }): Cost {
  const same = ['calibration', 'evaluation', 'threads', 'objective', 'budget'] as const;
  const options = same.flatMap((name) => [`--${name}`, values[name]]);
  if (values.trace) options.push('--trace');
  const started = [process.argv[1]!, '--config', config, '--only', method, '--out', out, ...options];
  const { status, stdout } = spawnSync(process.execPath, started, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (status !== 0) throw new Error(`${method} ended with ${status}`);
  return JSON.parse(stdout.trim().split('\n').at(-1)!) as Cost;
}

async function openModel(config: string) {
  const runtime = await loadRuntime();
  return { runtime, ...(await openCase(config, { runtime, counts: values })) };
}

/** SQNR in dB of each file's outputs; of several outputs the lowest. */
async function fidelity(
  dataset: Pick<Dataset, 'samples'>,
  original: string,
  files: readonly string[],
): Promise<number[]> {
  const runtime = await loadRuntime();
  const sessions = [await runtime.open(original, { threads })];
  for (const file of files) sessions.push(await runtime.open(file, { threads }));
  const totals = files.map(() => new Map<string, OutputFidelity>());
  for await (const { feeds } of dataset.samples()) {
    const reference = await sessions[0]!.run(feeds);
    for (const [index, total] of totals.entries()) {
      const outputs = await sessions[index + 1]!.run(feeds);
      for (const [name, tensor] of Object.entries(reference)) {
        if (!isFloatType(tensor.type)) continue;
        if (!total.has(name)) total.set(name, new OutputFidelity('none'));
        total.get(name)!.add(tensor, outputs[name]!);
      }
    }
  }
  for (const session of sessions) await session.release();
  return totals.map((outputs) =>
    Math.min(...[...outputs.values()].map((output) => output.result().sqnr ?? Number.NaN)),
  );
}
