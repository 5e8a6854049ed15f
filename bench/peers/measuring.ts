/** Measures a case's files: latency of all of them interleaved in one run, then accuracy and nearness to the float model. */

import { modelBytes } from '../../src/onnx/file/weights.js';
import type { Measurement } from '../../src/terms/measurement.js';
import type { PreparedCase } from './cases.js';
import { type Cost, runCommand } from './command.js';
import { type Outcome, QUANTIZERS } from './quantizers.js';
import { CLI } from './repository.js';
import { unfusedSqnr } from './unfused.js';

export interface Row {
  case: string;
  /** A quantizer's name. */
  quantizer: string;
  bytes: number | null;
  sizeRatio: number | null;
  /** Ratio of p50 to the float original's in the same run, with its 90 % interval (null: too few launches for one). */
  latency: { value: number; interval: [number, number] | null } | null;
  /** Fraction by which accuracy fell; negative: it rose. */
  drop: number | null;
  sqnr: number | null;
  /** SQNR of the file's arithmetic alone, whatever this CPU's 8-bit kernels make of it; null: not determined. */
  unfusedSqnr: number | null;
  cosine: number | null;
  /** Kullback–Leibler divergence of the first output's softmax; of files with weights in 4 bits. */
  kl?: number | null;
  quantizing: Cost | null;
  /** Why there is no file, or no figures of it. */
  failed: string | null;
}

export interface MeasuringOptions {
  /** Of the timing, all files together; null: nothing is timed. */
  budget: string | null;
  threads: number;
}

/** One row per outcome, in their order. */
export async function measureCase(
  prepared: PreparedCase,
  outcomes: readonly Outcome[],
  options: MeasuringOptions,
): Promise<Row[]> {
  const made = outcomes.filter(({ failed }) => failed === null);
  const { budget } = options;
  const timed = made.filter(
    ({ quantizer }) => !QUANTIZERS.find(({ name }) => name === quantizer)?.forTensorRt,
  );
  const rows = await Promise.all(outcomes.map((outcome) => emptyRow(prepared, outcome)));
  const rowOf = (outcome: Outcome) => rows[outcomes.indexOf(outcome)]!;
  for (const [outcome, found] of evaluateAll(prepared, made, options)) Object.assign(rowOf(outcome), found);
  const running = timed.filter((outcome) => rowOf(outcome).failed === null);
  const unfused = await unfusedSqnr(
    prepared,
    running.map(({ file }) => file),
    options,
  );
  for (const [index, outcome] of running.entries()) rowOf(outcome).unfusedSqnr = unfused[index]!;
  if (budget === null) return rows;
  try {
    const latencies = time(prepared, running, { ...options, budget });
    for (const [outcome, latency] of latencies) rowOf(outcome).latency = latency;
  } catch (error) {
    console.error(`${prepared.name}: no latencies: ${(error as Error).message}`);
  }
  return rows;
}

async function emptyRow(
  { name, model }: PreparedCase,
  { quantizer, file, cost, failed }: Outcome,
): Promise<Row> {
  const bytes = failed === null ? await modelBytes(file) : null;
  return {
    case: name,
    quantizer,
    bytes,
    sizeRatio: bytes === null ? null : bytes / (await modelBytes(model)),
    latency: null,
    drop: null,
    sqnr: null,
    unfusedSqnr: null,
    cosine: null,
    quantizing: cost,
    failed,
  };
}

type Quality = Pick<Row, 'drop' | 'sqnr' | 'cosine' | 'kl'>;

/** Accuracy and fidelity of every file over the same samples; `failed` says why a file has none. */
export function evaluateAll(
  prepared: PreparedCase,
  outcomes: readonly Outcome[],
  options: Pick<MeasuringOptions, 'threads'>,
): Map<Outcome, Quality | { failed: string }> {
  if (outcomes.length === 0) return new Map();
  try {
    return new Map(evaluate(prepared, outcomes, options));
  } catch (error) {
    if (outcomes.length === 1) {
      return new Map([[outcomes[0]!, { failed: `does not run: ${(error as Error).message}` }]]);
    }
    // One that doesn't run must not take the others' figures with it.
    return new Map(outcomes.flatMap((outcome) => [...evaluateAll(prepared, [outcome], options)]));
  }
}

function evaluate(
  { model, config, name, accuracy, method }: PreparedCase,
  outcomes: readonly Outcome[],
  { threads }: Pick<MeasuringOptions, 'threads'>,
): [Outcome, Quality | { failed: string }][] {
  const files = outcomes.map(({ file }) => file);
  const common = ['--config', config, '--model', name, '--threads', String(threads), '--json', '--quiet'];
  const measurements = measurementsOf(['eval', model, ...files, ...common]);
  return outcomes.map((outcome) => {
    const own = measurements.filter(({ variant }) => variant === outcome.quantizer);
    const find = (metric: string) => own.find((entry) => entry.metric === metric);
    const sqnr = find('fidelity.sqnr');
    if (sqnr && sqnr.value === null) return [outcome, { failed: `does not run: ${sqnr.reason}` }];
    return [
      outcome,
      {
        drop: accuracy ? (find(accuracy)?.drop?.value ?? null) : null,
        sqnr: sqnr?.value ?? null,
        cosine: find('fidelity.cosine')?.value ?? null,
        ...(method === 'int4-weights' && { kl: find('fidelity.kl')?.value ?? null }),
      },
    ];
  });
}

function time(
  { model, shapes }: PreparedCase,
  outcomes: readonly Outcome[],
  { budget, threads }: MeasuringOptions & { budget: string },
): Map<Outcome, Row['latency']> {
  if (outcomes.length === 0) return new Map();
  const measurements = measurementsOf([
    'bench',
    model,
    ...outcomes.map(({ file }) => file),
    ...['--budget', budget, '--threads', String(threads), '--json', '--quiet'],
    ...shapes.flatMap((shape) => ['--shape', shape]),
  ]);
  return new Map(
    outcomes.map((outcome) => {
      const found = measurements.find(
        ({ metric, variant }) => metric === 'latency.p50' && variant === outcome.quantizer,
      );
      if (!found?.ratio) return [outcome, null];
      const { value, interval } = found.ratio;
      const bounds = interval && interval.lo !== null && interval.hi !== null;
      return [outcome, { value, interval: bounds ? [interval.lo!, interval.hi!] : null }];
    }),
  );
}

function measurementsOf(args: readonly string[]): Measurement[] {
  const { stdout } = runCommand(process.execPath, [CLI, ...args]);
  return (JSON.parse(stdout) as { measurements: Measurement[] }).measurements;
}
