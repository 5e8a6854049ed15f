/** Entropy calibration: the threshold at which the quantized distribution diverges least from the true one (Kullback–Leibler),
 *  after Migacz, "8-bit Inference with TensorRT" (GTC 2017).
 *
 *  Done right where other quantizers aren't: 2048 bins, so that there are thresholds to choose from; one-sided for tensors of one
 *  sign; groups of bins in real numbers, not truncated to integers. */
import { BINS_PER_SIDE } from './histogram.js';
import type { ObservedTensor } from './histograms.js';
import type { TensorRange } from './minmax.js';

const BINS = 2048;
/** Thresholds are tried every so many bins. */
const THRESHOLD_STEP = 16;

export interface EntropyOptions {
  /** Levels that the range has, e.g. 256 for 8 bits. */
  levels?: number;
}

/** Clips |x| at the threshold; the range never passes the true extremes. */
export function entropyRange(
  { range, histogram }: ObservedTensor,
  options: EntropyOptions = {},
): TensorRange {
  const { levels = 256 } = options;
  const twoSided = range.min < 0 && range.max > 0;
  const extreme = Math.max(-range.min, range.max);
  if (!(extreme > 0) || histogram.width === 0) return range;
  // Levels on one side of zero: what |x| is quantized with.
  const groups = twoSided ? levels / 2 : levels;
  const bins = magnitudes(histogram.counts, { width: histogram.width, extreme });
  const threshold = (bestThreshold(bins, groups) / BINS) * extreme;
  return { min: Math.max(-threshold, range.min), max: Math.min(threshold, range.max) };
}

/** Histogram of |x| over [0, extreme] in BINS bins; a source bin is shared out over those it overlaps. */
function magnitudes(
  counts: Float64Array,
  { width, extreme }: { width: number; extreme: number },
): Float64Array {
  const bins = new Float64Array(BINS);
  const scale = BINS / extreme;
  for (let bin = 0; bin < BINS_PER_SIDE; bin++) {
    const count = counts[BINS_PER_SIDE + bin]! + counts[BINS_PER_SIDE - 1 - bin]!;
    if (count === 0) continue;
    const from = bin * width * scale;
    const to = (bin + 1) * width * scale;
    for (let target = Math.floor(from); target < to; target++) {
      const share = (Math.min(to, target + 1) - Math.max(from, target)) / (to - from);
      const inside = Math.min(target, BINS - 1);
      bins[inside] = bins[inside]! + count * share;
    }
  }
  return bins;
}

/** Number of bins kept at the threshold of least divergence. */
function bestThreshold(bins: Float64Array, groups: number): number {
  const total = bins.reduce((sum, count) => sum + count, 0);
  let best = { divergence: Number.POSITIVE_INFINITY, kept: BINS };
  let inside = bins.reduce((sum, count) => sum + count, 0);
  // Widest first: a tie keeps more of the tensor.
  for (let kept = BINS; kept >= groups; kept -= THRESHOLD_STEP) {
    const divergence = divergenceAt(bins, { kept, groups, outliers: total - inside });
    if (divergence < best.divergence) best = { divergence, kept };
    for (let bin = kept - THRESHOLD_STEP; bin < kept; bin++) inside -= bins[bin] ?? 0;
  }
  return best.kept;
}

/** KL(P‖Q): P is the kept part with the outliers in its last bin, Q the kept part merged into groups and spread out again over the
 *  bins that hold anything. */
function divergenceAt(
  bins: Float64Array,
  { kept, groups, outliers }: { kept: number; groups: number; outliers: number },
): number {
  let sumP = 0;
  let sumQ = 0;
  for (let bin = 0; bin < kept; bin++) sumQ += bins[bin]!;
  sumP = sumQ + outliers;
  if (sumQ === 0) return Number.POSITIVE_INFINITY;
  let divergence = 0;
  for (let group = 0; group < groups; group++) {
    const from = Math.round((group * kept) / groups);
    const to = Math.round(((group + 1) * kept) / groups);
    let count = 0;
    let filled = 0;
    for (let bin = from; bin < to; bin++) {
      count += bins[bin]!;
      if (bins[bin]! > 0) filled++;
    }
    const q = filled > 0 ? count / filled / sumQ : 0;
    for (let bin = from; bin < to; bin++) {
      const p = (bins[bin]! + (bin === kept - 1 ? outliers : 0)) / sumP;
      if (p === 0) continue;
      // Outliers in an otherwise empty last bin: nothing stands for them.
      divergence += p * Math.log(p / (q > 0 ? q : SMOOTHING));
    }
  }
  return divergence;
}

/** Stands for the probability of what Q gives none. */
const SMOOTHING = 1e-9;
