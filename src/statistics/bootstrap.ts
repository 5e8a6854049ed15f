/** The paired bootstrap: intervals for what isn't a share of right samples (mean errors, mIoU, rank correlation, perplexity, …). */
import { seededRandom } from '../tensor/random.js';
import type { Estimate, Interval, Paired } from '../terms/measurement.js';
import { twoSided } from './confidence.js';

/** A figure of a set of samples, as a function of how often each is counted; null counts each once. NaN where undefined. */
export type Statistic = (weights: Uint32Array | null) => number;

const DRAWS = 2_000;
/** Draws beyond each bound that a high confidence needs at least for a stable percentile. */
const DRAWS_BEYOND = 10;
/** Draws × steps (one per sample, unless the figure takes more) stays below this, so that large sets cost seconds; never below MIN_DRAWS. */
const MAX_WORK = 2e8;
const MIN_DRAWS = 500;
const SEED = 20_240_229;

export interface BootstrapOptions {
  /** One-sided per bound. */
  confidence: number;
  higherIsBetter: boolean;
  /** Steps that one evaluation of a figure takes; default: one per sample. */
  operations?: number;
}

export interface BootstrapComparison {
  /** The variant's own value. */
  interval: Interval | null;
  drop: Paired;
  /** Variant ÷ original. */
  ratio: Estimate | null;
}

/** Percentile interval of one figure over `n` samples (Efron and Tibshirani 1993, ch. 13). */
export function bootstrapInterval(
  statistic: Statistic,
  n: number,
  confidence: number,
  operations = n,
): Interval | null {
  const values: number[] = [];
  for (const weights of resamples(n, confidence, operations)) values.push(statistic(weights));
  return percentileInterval(values, confidence);
}

/**
 * The same resampled samples through both figures: intervals of the difference and the ratio, and the share of draws
 * without a drop as p. The seed is fixed: the same samples give the same numbers.
 */
export function bootstrapComparison(
  original: Statistic,
  variant: Statistic,
  n: number,
  options: BootstrapOptions,
): BootstrapComparison {
  const worsening = (before: number, after: number) =>
    options.higherIsBetter ? before - after : after - before;
  const drops: number[] = [];
  const ratios: number[] = [];
  const values: number[] = [];
  for (const weights of resamples(n, options.confidence, options.operations ?? n)) {
    const [before, after] = [original(weights), variant(weights)];
    values.push(after);
    drops.push(worsening(before, after));
    ratios.push(after / before);
  }
  const [before, after] = [original(null), variant(null)];
  const interval = percentileInterval(drops, options.confidence);
  const defined = drops.filter((drop) => !Number.isNaN(drop));
  const none = defined.filter((drop) => drop < 0).length + defined.filter((drop) => drop === 0).length / 2;
  return {
    interval: percentileInterval(values, options.confidence),
    drop: {
      value: worsening(before, after),
      interval,
      lost: null,
      gained: null,
      p: defined.length > 0 ? none / defined.length : null,
      resolvable: interval && (interval.hi! - interval.lo!) / 2,
    },
    ratio: ratioEstimate(before, after, percentileInterval(ratios, options.confidence)),
  };
}

function ratioEstimate(before: number, after: number, interval: Interval | null): Estimate | null {
  if (before === after) return { value: 1, interval };
  return before === 0 ? null : { value: after / before, interval };
}

/** Multinomial weights, one array reused. */
function* resamples(n: number, confidence: number, operations: number): Generator<Uint32Array> {
  const wanted = Math.max(DRAWS, Math.ceil(DRAWS_BEYOND / (1 - confidence)));
  const draws = Math.max(MIN_DRAWS, Math.min(wanted, Math.floor(MAX_WORK / Math.max(n, operations))));
  const random = seededRandom(SEED);
  const weights = new Uint32Array(n);
  for (let draw = 0; draw < draws; draw++) {
    weights.fill(0);
    for (let sample = 0; sample < n; sample++) weights[random.below(n)]!++;
    yield weights;
  }
}

/** Nearest ranks at 1 − confidence and confidence; null when too many draws are undefined, or too few made for any to lie beyond. */
function percentileInterval(values: readonly number[], confidence: number): Interval | null {
  const order = Float64Array.from(values.filter(Number.isFinite)).sort();
  if (order.length < values.length * 0.9 || order.length * (1 - confidence) < 1) return null;
  const rank = (share: number) =>
    order[Math.min(order.length - 1, Math.max(0, Math.ceil(share * order.length) - 1))]!;
  return { lo: rank(1 - confidence), hi: rank(confidence), confidence: twoSided(confidence) };
}
