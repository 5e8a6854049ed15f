/** Order statistics: medians, percentiles, and the interval of a median. */
import type { Estimate } from '../terms/measurement.js';
import { twoSided } from './confidence.js';

/** A sorted copy. */
export function sorted(values: ArrayLike<number>): Float64Array {
  return Float64Array.from(values).sort();
}

/** Middle value; mean of the two middle ones for an even count. NaN for none. */
export function median(values: ArrayLike<number>): number {
  const order = sorted(values);
  const half = order.length >> 1;
  if (order.length === 0) return Number.NaN;
  return order.length % 2 === 1 ? order[half]! : (order[half - 1]! + order[half]!) / 2;
}

/** Nearest rank: the smallest value with at least `fraction` of the values at or below it. `order` is sorted. */
export function percentile(order: ArrayLike<number>, fraction: number): number {
  return order[Math.max(0, Math.ceil(fraction * order.length) - 1)]!;
}

/**
 * Samples needed before a percentile may be printed: MLPerf's early-stopping rule (tolerance 0, confidence 0.99, one
 * sample beyond it; mlcommons/inference_policies, inference_rules).
 */
export const MIN_SAMPLES: Readonly<Record<'p50' | 'p90' | 'p95' | 'p99', number>> = {
  p50: 11,
  p90: 64,
  p95: 130,
  p99: 662,
};

/**
 * Distribution-free interval of a median by order statistics: the ranks whose binomial tail probability stays within
 * 1 − `confidence` on each side. null bounds when there are too few values.
 */
export function medianInterval(values: ArrayLike<number>, confidence: number): Estimate {
  const order = sorted(values);
  const n = order.length;
  // Largest k with P(Bin(n, ½) ≤ k − 1) ≤ 1 − confidence; rank k from below and from above.
  let rank = 0;
  let logTerm = -n * Math.LN2;
  let tail = Math.exp(logTerm);
  // The first tail may equal it (5 values at 31/32), but for the last digit.
  while (rank < n / 2 && tail <= (1 - confidence) * (1 + 1e-9)) {
    rank++;
    logTerm += Math.log((n - rank + 1) / rank);
    tail += Math.exp(logTerm);
  }
  return {
    value: median(order),
    interval: {
      lo: rank > 0 ? order[rank - 1]! : null,
      hi: rank > 0 ? order[n - rank]! : null,
      confidence: twoSided(confidence),
    },
  };
}
