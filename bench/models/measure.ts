/** Figures of the files of one model: size, nearness on samples that did not calibrate, latency in interleaved launches. */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DEFAULT_BENCHMARK, defaultData } from '../../src/config/defaults.js';
import { openDataset } from '../../src/data/open.js';
import { SILENT } from '../../src/log.js';
import { measureLatency } from '../../src/measure/timing/latency.js';
import { readModel } from '../../src/onnx/file/read.js';
import { modelBytes } from '../../src/onnx/file/weights.js';
import { modelInputs } from '../../src/onnx/query/interface.js';
import type { Runtime } from '../../src/runtime/runtime.js';
import type { Feeds } from '../../src/tensor/tensor.js';
import type { Measurement } from '../../src/terms/measurement.js';
import { type Cost, runCommand } from '../peers/command.js';
import { CLI } from '../peers/repository.js';
import type { Made, MethodName } from './methods.js';

export interface Figures {
  model: string;
  method: MethodName;
  bytes: number | null;
  /** Of the file to the original. */
  size: number | null;
  /** Ratio of the median times, and its interval. */
  latency: { value: number; interval: [number, number] | null } | null;
  /** In dB, on samples that did not calibrate. */
  sqnr: number | null;
  /** Share of samples on which the same class is highest; null: the model does not classify. */
  agreement: number | null;
  cost: Cost | null;
  notes: readonly string[];
  failed: string | null;
}

export interface ToMeasure {
  model: string;
  original: string;
  made: readonly Made[];
  /** Folder of ONNX test sets. */
  evaluation: string;
  /** What timing feeds. */
  sample: Feeds;
  classifies: boolean;
  /** Of timing all files together; 0: nothing is timed. */
  budgetMs: number;
  threads: number;
  runtime: Runtime;
}

export async function measure(task: ToMeasure): Promise<Figures[]> {
  const originalBytes = await modelBytes(task.original);
  const figures = await Promise.all(
    task.made.map(async (made): Promise<Figures> => {
      const { method, cost, notes, failed } = made;
      const bytes = failed === null ? await modelBytes(made.file) : null;
      return {
        model: task.model,
        method,
        bytes,
        size: bytes === null ? null : bytes / originalBytes,
        latency: null,
        sqnr: null,
        agreement: null,
        cost,
        notes,
        failed,
      };
    }),
  );
  const of = (method: string) => figures.find((each) => each.method === method);
  const files = task.made.filter(({ failed }) => failed === null);
  evaluate(task, files, of);
  await time(
    task,
    files.filter(({ method }) => of(method)!.failed === null),
    of,
  );
  return figures;
}

type TimedTask = Omit<ToMeasure, 'made' | 'evaluation' | 'classifies'>;

type Lookup = (method: string) => Figures | undefined;

/** By the command line as it is shipped; a file that does not run must not take the others' figures with it. */
function evaluate(task: ToMeasure, files: readonly Made[], of: Lookup): void {
  if (files.length === 0) return;
  const options = ['--data', task.evaluation, '--threads', String(task.threads), '--json', '--quiet'];
  let measurements: Measurement[];
  try {
    const args = [CLI, 'eval', task.original, ...files.map(({ file }) => file), ...options];
    measurements = (
      JSON.parse(runCommand(process.execPath, args, { accepted: [0, 1] }).stdout) as {
        measurements: Measurement[];
      }
    ).measurements;
  } catch (error) {
    if (files.length > 1) for (const file of files) evaluate(task, [file], of);
    else
      of(files[0]!.method)!.failed =
        `does not run: ${withoutFolder((error as Error).message, files[0]!.file)}`;
    return;
  }
  for (const { metric, variant, value, status, reason } of measurements) {
    const figures = of(variant);
    if (!figures) continue;
    if (metric === 'fidelity.sqnr') {
      figures.sqnr = value;
      if (status === 'invalid')
        figures.failed = `does not run: ${withoutFolder(reason ?? '', task.original)}`;
    }
    if (metric === 'fidelity.agreement' && task.classifies) figures.agreement = value;
  }
}

/** The folder is this machine's: nobody else knows it. */
function withoutFolder(message: string, file: string): string {
  return message.replaceAll(`${dirname(file)}/`, '');
}

/** Figures of an earlier run with the latencies of its files, which lie in a folder beside the samples that judged them. */
export async function timeKept(
  figures: readonly Figures[],
  { folder, ...task }: Pick<ToMeasure, 'original' | 'budgetMs' | 'threads' | 'runtime'> & { folder: string },
): Promise<Figures[]> {
  const timed = figures.map((each) => ({ ...each }));
  const files = timed
    .filter(({ failed }) => failed === null)
    .map(({ method }) => ({ method, file: join(folder, `${method}.onnx`) }))
    .filter(({ file }) => existsSync(file));
  const inputs = modelInputs(readModel(task.original));
  const evaluation = defaultData(join(folder, 'evaluation'), { format: 'onnx-tests' });
  const model = figures[0]?.model ?? '';
  for await (const { feeds } of (await openDataset(evaluation, inputs)).samples()) {
    await time({ ...task, model, sample: feeds }, files, (method) =>
      timed.find((each) => each.method === method),
    );
    break;
  }
  return timed;
}

async function time(
  task: TimedTask,
  files: readonly Pick<Made, 'method' | 'file'>[],
  of: Lookup,
): Promise<void> {
  if (files.length === 0 || task.budgetMs === 0) return;
  try {
    const { measurements } = await measureLatency({
      model: task.model,
      original: { file: task.original },
      variants: files.map(({ method, file }) => ({ name: method, file })),
      provider: 'cpu',
      context: { runtime: task.runtime, log: SILENT },
      benchmark: { ...DEFAULT_BENCHMARK, budgetMs: task.budgetMs, threads: [task.threads] },
      confidence: 0.95,
      sample: task.sample,
      engines: null,
    });
    for (const { metric, variant, ratio, status, reason } of measurements) {
      const figures = of(variant);
      if (!figures || metric !== 'latency.p50') continue;
      if (status === 'invalid') figures.failed ??= `can't be timed: ${reason}`;
      if (!ratio) continue;
      const { lo, hi } = ratio.interval ?? { lo: null, hi: null };
      figures.latency = { value: ratio.value, interval: lo === null || hi === null ? null : [lo, hi] };
    }
  } catch (error) {
    console.error(`${task.model}: no latencies: ${(error as Error).message}`);
  }
}
