/** By what the channels of an activation are divided: two families of factors are tried, s_j = max|X_j|^α / max|W_j|^(1−α) and
 *  s_j = max(1, max|X_j| / T), and the one with the smallest expected error of X·W is taken. */
import type { ChannelStatistics } from '../../calibrate/channels.js';
import {
  activationError,
  rowStatistics,
  sampleChannels,
  sumOfSquaredScales,
  type WeightMatrix,
  weightError,
} from './expected-error.js';

/** Gain in decibels of expected error below which nothing is chosen. */
const SMALLEST_GAIN_DB = 1;
const ALPHAS = [0.4, 0.55, 0.7, 0.85];
/** Of the channels' median maximum: a channel seen below it is taken to reach that much. */
const QUIETEST = 1 / 32;
/** Ranks of the channel maximum that serves as the threshold T. */
const CLIP_RANKS = [1, 3, 8, 24, 64, 128];

export interface Choice {
  factors: Float32Array;
  label: string;
  gainDb: number;
  /** Expected signal to noise of the products without smoothing. */
  beforeDb: number;
}

/** The factors with the smallest expected error; null when none gains enough. @param weights all that meet the activations. */
export function chooseFactors(
  weights: readonly WeightMatrix[],
  { observed, saturationSafe }: { observed: ChannelStatistics; saturationSafe: boolean },
): Choice | null {
  const depth = observed.min.length;
  const rows = rowStatistics(weights, depth);
  const sampled = weights.map((weight) => sampleChannels(weight, depth));
  const largest = observed.max.map((value, j) => Math.max(value, -observed.min[j]!));
  let signal = 0;
  for (let j = 0; j < depth; j++) signal += observed.meanSquare[j]! * rows.squares[j]!;
  /** null: at least `most`. The activations' share is known sooner. */
  const errorBelow = (most: number, factors: Float32Array): number | null => {
    const ofActivations = activationError(factors, observed, rows.squares);
    if (ofActivations >= most) return null;
    const scaleSquares = sampled.reduce(
      (sum, weight) => sum + weight.share * sumOfSquaredScales(weight, factors, saturationSafe),
      0,
    );
    const error = ofActivations + weightError(factors, observed, scaleSquares);
    return error < most ? error : null;
  };
  const before = errorBelow(Number.POSITIVE_INFINITY, new Float32Array(depth).fill(1));
  if (before === null) return null;
  let best: { factors: Float32Array; label: string; error: number } | null = null;
  for (const [label, factors] of candidates(largest, rows.largest)) {
    const error = errorBelow(best?.error ?? before, factors);
    if (error !== null) best = { factors, label, error };
  }
  if (!best) return null;
  const gainDb = 10 * Math.log10(before / best.error);
  if (!(gainDb >= SMALLEST_GAIN_DB)) return null;
  return { factors: best.factors, label: best.label, gainDb, beforeDb: 10 * Math.log10(signal / before) };
}

/** What channels may reach on other samples: one that was silent (a Relu's, say) as much as the others, so that it isn't magnified until it takes all the
 *  range where it speaks. */
function expectedLargest(largest: Float32Array): Float32Array {
  const heard = largest.filter((value) => value > 0).sort();
  const median = heard[heard.length >> 1] ?? 0;
  return largest.map((value) => (value > 0 ? Math.max(value, median * QUIETEST) : median));
}

function* candidates(largest: Float32Array, weightRows: Float32Array): Iterable<[string, Float32Array]> {
  const tiny = 1e-5;
  const expected = expectedLargest(largest);
  for (const alpha of ALPHAS) {
    const factors = expected.map(
      (value, j) => Math.max(value, tiny) ** alpha / Math.max(weightRows[j]!, tiny) ** (1 - alpha),
    );
    let logarithms = 0;
    for (const factor of factors) logarithms += Math.log(factor);
    const mean = Math.exp(logarithms / factors.length);
    yield [`alpha ${alpha}`, factors.map((factor) => factor / mean)];
  }
  const sorted = largest.slice().sort();
  for (const rank of CLIP_RANKS) {
    const threshold = sorted.at(-1 - rank) ?? 0;
    if (rank < sorted.length && threshold > tiny) {
      yield [`clip ${rank}`, largest.map((value) => Math.max(1, value / threshold))];
    }
  }
}
