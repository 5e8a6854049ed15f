/** Means with their intervals, of values and of logarithms: ratios, geometric means, percentiles of groups. */
import type { Estimate } from '../terms/measurement.js';
import { twoSided } from './confidence.js';
import { studentQuantile } from './student.js';

function mean(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]!;
  return sum / values.length;
}

/** Sample standard deviation (n − 1); 0 for fewer than two values. */
function standardDeviation(values: ArrayLike<number>): number {
  if (values.length < 2) return 0;
  const centre = mean(values);
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += (values[i]! - centre) ** 2;
  return Math.sqrt(sum / (values.length - 1));
}

/** Two launches under the same load agree with each other, and both are wrong. */
const FEWEST_VALUES = 3;

export interface MeanInterval {
  mean: number;
  /** t · s / √n; Infinity for fewer than three values, whose spread says too little. */
  halfWidth: number;
  standardDeviation: number;
  n: number;
}

/** Mean with the half-width whose two bounds each hold with one-sided `confidence` (Student's t). */
export function meanInterval(values: ArrayLike<number>, confidence: number): MeanInterval {
  const n = values.length;
  const deviation = standardDeviation(values);
  const halfWidth =
    n < FEWEST_VALUES ? Infinity : (studentQuantile(confidence, n - 1) * deviation) / Math.sqrt(n);
  return { mean: mean(values), halfWidth, standardDeviation: deviation, n };
}

/** exp of a mean of logs with its interval: a geometric mean, or a ratio from log-ratios. Unbounded for fewer than three values. */
export function fromLogs(logs: ArrayLike<number>, confidence: number): Estimate {
  const { mean: centre, halfWidth } = meanInterval(logs, confidence);
  return expInterval(centre, halfWidth, confidence);
}

/**
 * The same when the number of values was settled by the spread of the first `pilot` of them: the wider of Stein's interval
 * (t and s of the pilot, √n of all: exact for normal values; Ann. Math. Statist. 16, 1945) and the ordinary one, so that a spread
 * that grew after the pilot counts too.
 */
export function fromStagedLogs(logs: readonly number[], pilot: number, confidence: number): Estimate {
  const { mean: centre, halfWidth } = meanInterval(logs, confidence);
  const first = meanInterval(logs.slice(0, pilot), confidence);
  const stein = first.halfWidth * Math.sqrt(first.n / logs.length);
  return expInterval(centre, Math.max(halfWidth, stein), confidence);
}

function expInterval(centre: number, halfWidth: number, confidence: number): Estimate {
  const known = Number.isFinite(halfWidth);
  return {
    value: Math.exp(centre),
    interval: {
      lo: known ? Math.exp(centre - halfWidth) : null,
      hi: known ? Math.exp(centre + halfWidth) : null,
      confidence: twoSided(confidence),
    },
  };
}

/**
 * Delete-one-group jackknife of a statistic of pooled samples (Tukey's pseudo-values with Student's t): an interval for a
 * percentile that respects that samples of one process belong together. `statistic` gives a logarithm.
 */
export function jackknifeLogs<T>(
  groups: readonly T[],
  statistic: (groups: readonly T[]) => number,
  confidence: number,
): Estimate {
  const whole = statistic(groups);
  const n = groups.length;
  const pseudo = groups.map(
    (_, left) => n * whole - (n - 1) * statistic(groups.filter((_, i) => i !== left)),
  );
  const { halfWidth } = meanInterval(pseudo, confidence);
  return expInterval(whole, halfWidth, confidence);
}
