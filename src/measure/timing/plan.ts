/** How long to warm up, how to cut a launch into blocks, how many launches: the constants of timing, in one place. */

import type { Check } from '../../config/config.js';
import type { BlockPlan, WarmUpPlan } from '../../runtime/worker/protocol.js';
import { inWebAssembly, runsOnCpu } from '../../terms/provider.js';
import type { Campaign, CampaignPlan, LaunchShape } from './launches.js';

export interface TimingPlanOptions {
  provider: string;
  /** Intra-op threads of a session. */
  threads: number;
  /** The other processes are frozen during a block. */
  pauses: boolean;
  /** Half-width of a log-ratio that is precise enough. */
  precision: number;
  /** One-sided. */
  confidence: number;
  budgetMs: number;
}

/** Half of the margin that a bound of 5 % leaves: it is then decided unless the truth lies within the other half. */
export const DEFAULT_PRECISION = Math.log(1.05) / 2;

/** Finer than this takes longer than anyone waits. */
const FINEST_PRECISION = 0.005;

/** Half-width of a log-ratio that these checks ask for: half of the smallest regression allowed of any timing, at most the default. */
export function precisionFor(checks: readonly Pick<Check, 'metric' | 'level' | 'maxRegression'>[]): number {
  const halves = checks
    .filter(({ metric, level }) => level !== 'off' && /^(latency|throughput)/.test(metric))
    .flatMap(({ maxRegression }) => (maxRegression ? Math.log1p(maxRegression.ratio) / 2 : []))
    // A bound of 0 % leaves no margin to halve.
    .filter((half) => half > 0);
  return Math.max(FINEST_PRECISION, Math.min(DEFAULT_PRECISION, ...halves));
}

/** How much less often than they say the bounds of a campaign may be wrong that did not become precise. */
const CAUTION = 5;

/** One-sided confidence of the bounds that a campaign states.
 *
 *  What keeps it from becoming precise (another process on a core, throttling) slows some launches by a third and others not at all.
 *  Then a bound of a few percent lies well within the noise, and false alarms come nearly as often as the confidence allows, 5 % at 0.95:
 *  such a campaign states bounds that may be wrong a fifth as often, 0.99. */
export function earnedConfidence(confidence: number, stopped: Campaign['stopped']): number {
  return stopped === 'precise' ? confidence : 1 - (1 - confidence) / CAUTION;
}

/** Launches before the spread is trusted: Student's t has fallen to 2.0. */
export const PILOT_LAUNCHES = 6;
export const MAX_LAUNCHES = 60;

const WARM_UP: Record<'cpu' | 'device' | 'web', WarmUpPlan> = {
  // Steady within 5 % over 75 ms, or half a second under a load that won't let it be.
  cpu: { minRuns: 6, minMs: 100, maxMs: 500, windowMs: 25, tolerance: 1.05 },
  // Clocks of an idle GPU take seconds to rise; software ones (SwiftShader) never settle.
  device: { minRuns: 6, minMs: 2_000, maxMs: 4_000, windowMs: 100, tolerance: 1.03 },
  // V8 compiles WebAssembly twice: quickly, and better what has run for a while. A process that is frozen between its blocks would stay at the first.
  web: { minRuns: 6, minMs: 1_000, maxMs: 4_000, windowMs: 50, tolerance: 1.05 },
};

/** A block that hangs is the deadline's business. */
const NO_LIMIT = Number.POSITIVE_INFINITY;

const FAST: Record<'cpu' | 'device', BlockPlan> = {
  cpu: { minRuns: 4, minMs: 40, maxMs: NO_LIMIT, dropRuns: 1, dropMs: 5 },
  device: { minRuns: 10, minMs: 100, maxMs: NO_LIMIT, dropRuns: 3, dropMs: 10 },
};

/** ONNX Runtime's idle threads spin this long after a run before they sleep (measured: 35 to 40 ms of a whole core). Where the model that
 *  ran before isn't frozen it takes that core from the one that runs now, so a block's runs count only after it. One thread: nobody spins. */
const SPIN_TAIL_MS = 50;

/** Runs of more than this: fewer rounds and runs, for the launches are what must be many. */
const MODERATE_MS = 10;
const SLOW_MS = 100;

export function campaignPlan(options: TimingPlanOptions): CampaignPlan {
  const { provider, threads, pauses, ...rest } = options;
  const kind = runsOnCpu(provider) ? 'cpu' : 'device';
  const spinTailMs = kind === 'cpu' && threads > 1 && !pauses ? SPIN_TAIL_MS : 0;
  return {
    ...rest,
    warmUp: WARM_UP[kind === 'cpu' && inWebAssembly(provider) ? 'web' : kind],
    shape: (slowestMs) => launchShape(slowestMs, FAST[kind], spinTailMs),
    pilotLaunches: PILOT_LAUNCHES,
    maxLaunches: MAX_LAUNCHES,
  };
}

function launchShape(slowestMs: number, fast: BlockPlan, spinTailMs: number): LaunchShape {
  if (slowestMs <= MODERATE_MS) {
    return { block: { ...fast, dropMs: Math.max(fast.dropMs, spinTailMs) }, rounds: 6 };
  }
  const counted =
    slowestMs <= SLOW_MS
      ? { minRuns: 3, minMs: fast.minMs, dropRuns: 1 }
      : { minRuns: 2, minMs: 0, dropRuns: 0 };
  return { block: { ...counted, maxMs: NO_LIMIT, dropMs: spinTailMs }, rounds: slowestMs <= SLOW_MS ? 4 : 2 };
}
