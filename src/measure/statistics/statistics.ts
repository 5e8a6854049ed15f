/** The few statistics that timing needs: medians, percentiles, Student's t, intervals over launches. */
import type { Estimate } from '../../terms/measurement.js';

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

/** P(T ≤ t) of Student's t with an integer number of degrees of freedom (Abramowitz & Stegun 26.7.3, 26.7.4). */
export function studentCdf(t: number, degrees: number): number {
  const theta = Math.atan(t / Math.sqrt(degrees));
  const cos2 = Math.cos(theta) ** 2;
  let inside: number;
  if (degrees % 2 === 1) {
    let term = Math.cos(theta);
    let sum = degrees > 1 ? term : 0;
    for (let k = 3; k <= degrees - 2; k += 2) {
      term *= (cos2 * (k - 1)) / k;
      sum += term;
    }
    inside = (2 / Math.PI) * (theta + Math.sin(theta) * sum);
  } else {
    let term = 1;
    let sum = 1;
    for (let k = 2; k <= degrees - 2; k += 2) {
      term *= (cos2 * (k - 1)) / k;
      sum += term;
    }
    inside = Math.sin(theta) * sum;
  }
  return (1 + inside) / 2;
}

/** The t with P(T ≤ t) = `probability`, for probability in [0.5, 1) and integer degrees ≥ 1. */
export function studentQuantile(probability: number, degrees: number): number {
  if (!(probability >= 0.5 && probability < 1))
    throw new RangeError(`probability ${probability} is not in [0.5, 1)`);
  if (!Number.isInteger(degrees) || degrees < 1) throw new RangeError(`${degrees} degrees of freedom`);
  let low = 0;
  let high = 2;
  while (studentCdf(high, degrees) < probability) high *= 2;
  for (let step = 0; step < 100 && high - low > 1e-12 * high; step++) {
    const middle = (low + high) / 2;
    if (studentCdf(middle, degrees) < probability) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** One-sided confidence per bound → level of the two-sided interval that is printed: 0.95 → 0.90. */
export function twoSided(confidence: number): number {
  return Math.round((2 * confidence - 1) * 1e9) / 1e9;
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
