/** One latency comparison as `quantgate run` makes it, and its verdict at a bound. */

import { type ChildProcess, spawn } from 'node:child_process';
import { SILENT } from '../src/log.js';
import { measureLatency } from '../src/measure/timing/latency.js';
import type { Runtime } from '../src/runtime/runtime.js';

export interface Comparison {
  ratio: number;
  /** 0 and Infinity (null in JSON) where the interval is unbounded. */
  lo: number;
  hi: number | null;
  launches: number;
  /** Standard deviation of the launches' log-ratios. */
  deviation: number;
  p50Ms: number;
  seconds: number;
}

export interface ComparisonOptions {
  runtime: Runtime;
  original: string;
  variant: string;
  budgetS: number;
  /** Half-width of the log-ratio; default: as in a run without checks. */
  precision?: number;
}

export async function compare(options: ComparisonOptions): Promise<Comparison> {
  const started = performance.now();
  const { measurements } = await measureLatency({
    model: 'bench',
    original: { file: options.original },
    variants: [{ name: 'variant', file: options.variant }],
    provider: 'cpu',
    context: { runtime: options.runtime, log: SILENT },
    benchmark: {
      providers: ['cpu'],
      batch: [1],
      threads: 'auto',
      concurrency: [1],
      budgetMs: options.budgetS * 1000,
      shapes: {},
    },
    confidence: 0.95,
    precision: options.precision,
  });
  const p50 = measurements.find(({ variant, metric }) => variant === 'variant' && metric === 'latency.p50')!;
  const { launches, ratioDeviation } = p50.details as { launches: number; ratioDeviation: number };
  return {
    ratio: p50.ratio!.value,
    lo: p50.ratio!.interval!.lo ?? 0,
    hi: p50.ratio!.interval!.hi,
    launches,
    deviation: ratioDeviation,
    p50Ms: p50.value!,
    seconds: (performance.now() - started) / 1000,
  };
}

export type BoundVerdict = 'pass' | 'fail' | 'inconclusive';

/** As the judge decides a bound on a ratio. */
export function verdictAt(bound: number, { lo, hi }: Pick<Comparison, 'lo' | 'hi'>): BoundVerdict {
  if (lo > bound) return 'fail';
  return hi !== null && hi <= bound ? 'pass' : 'inconclusive';
}

/** A process that keeps one core busy until it is killed, or this one is gone. */
export function eatOneCore(): ChildProcess {
  const script =
    'for (let i = 0; ; i++) if (i % 1e8 === 0 && process.ppid !== Number(process.argv[1])) process.exit();';
  return spawn(process.execPath, ['-e', script, String(process.pid)], { stdio: 'ignore' });
}
