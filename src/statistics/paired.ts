/**
 * Statistics of right and wrong: one proportion, and two on the same samples (paired). `confidence` is one-sided per bound
 * (0.95); the intervals are the matching two-sided ones (0.90).
 */
import type { Estimate, Interval, Paired } from '../terms/measurement.js';
import { twoSided } from './confidence.js';
import { normalQuantile } from './normal.js';

/** Wilson's score interval of `right` out of `n` (Wilson, JASA 22, 1927). */
export function wilson(right: number, n: number, confidence: number): Interval {
  const z = normalQuantile(confidence);
  const share = right / n;
  const centre = share + (z * z) / (2 * n);
  const spread = z * Math.sqrt((share * (1 - share)) / n + (z * z) / (4 * n * n));
  const scale = 1 + (z * z) / n;
  return {
    lo: Math.max(0, (centre - spread) / scale),
    hi: Math.min(1, (centre + spread) / scale),
    confidence: twoSided(confidence),
  };
}

/** How two models differ on the same samples. */
export interface Flips {
  /** Original right, variant wrong. */
  lost: number;
  /** Variant right, original wrong. */
  gained: number;
  n: number;
}

/** Interval of the drop (lost − gained) ÷ n: Wald's with half a sample added to each cell (Agresti and Min, Stat. Med. 24, 2005). */
export function agrestiMin({ lost, gained, n }: Flips, confidence: number): Interval {
  const z = normalQuantile(confidence);
  const [b, c, total] = [lost + 0.5, gained + 0.5, n + 2];
  const centre = (b - c) / total;
  const spread = (z * Math.sqrt(b + c - (b - c) ** 2 / total)) / total;
  return {
    lo: Math.max(-1, centre - spread),
    hi: Math.min(1, centre + spread),
    confidence: twoSided(confidence),
  };
}

/**
 * McNemar's test, exact and one-sided with mid-p: how likely at least this many of the flips are losses when losing and
 * gaining are equally likely (Fagerland, Lydersen and Laake, BMC Med. Res. Methodol. 13:91, 2013). 0.5 without any flip.
 */
export function mcNemarMidP({ lost, gained }: Flips): number {
  const flips = lost + gained;
  // C(flips, k) ÷ 2^flips by its logarithm, from k = flips downwards.
  let logTerm = -flips * Math.LN2;
  let tail = 0;
  for (let k = flips; k > lost; k--) {
    tail += Math.exp(logTerm);
    logTerm += Math.log(k) - Math.log(flips - k + 1);
  }
  return Math.min(1, tail + Math.exp(logTerm) / 2);
}

/** The drop of a share of right samples, with everything that belongs beside it. */
export function pairedDrop(flips: Flips, confidence: number): Paired {
  const { lost, gained, n } = flips;
  const interval = agrestiMin(flips, confidence);
  return {
    value: (lost - gained) / n,
    interval,
    lost,
    gained,
    p: mcNemarMidP(flips),
    resolvable: (interval.hi! - interval.lo!) / 2,
  };
}

/** Counts the flips between two rows of 0 and 1. */
export function countFlips(original: ArrayLike<number>, variant: ArrayLike<number>): Flips {
  let lost = 0;
  let gained = 0;
  for (let at = 0; at < original.length; at++) {
    if (original[at]! > variant[at]!) lost++;
    else if (original[at]! < variant[at]!) gained++;
  }
  return { lost, gained, n: original.length };
}

/**
 * Variant ÷ original. The interval is the drop's, seen relative to the original's share on these samples (which counts as
 * known); null when the original is never right.
 */
export function shareRatio(originalShare: number, drop: Estimate): Estimate | null {
  if (originalShare === 0) return null;
  const ratio = (bound: number | null) => (bound === null ? null : Math.max(0, 1 - bound / originalShare));
  return {
    value: ratio(drop.value)!,
    interval: drop.interval && {
      lo: ratio(drop.interval.hi),
      hi: ratio(drop.interval.lo),
      confidence: drop.interval.confidence,
    },
  };
}
