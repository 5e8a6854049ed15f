/** Percentile calibration: the range that holds a given share of the values; the tails are clipped. */
import { BINS_PER_SIDE } from './histogram.js';
import type { ObservedTensor } from './histograms.js';
import type { TensorRange } from './minmax.js';

/** Per cent of the values that the range holds by default (the value that onnxruntime's quantizer uses). */
export const DEFAULT_PERCENTILE = 99.999;

/** Tensors of one sign lose (100 − percentile) % at their far end; others lose half of it at each end.
 *  The range never passes the true extremes. */
export function percentileRange({ range, histogram }: ObservedTensor, percentile: number): TensorRange {
  const { counts, total, zeros, width } = histogram;
  const twoSided = range.min < 0 && range.max > 0;
  const allowed = (total * (1 - percentile / 100)) / (twoSided ? 2 : 1);
  let max = 0;
  for (let bin = counts.length - 1, cut = 0; bin >= BINS_PER_SIDE; bin--) {
    cut += counts[bin]!;
    if (cut > allowed) {
      max = (bin + 1 - BINS_PER_SIDE) * width;
      break;
    }
  }
  let min = 0;
  for (let bin = 0, cut = 0; bin < BINS_PER_SIDE; bin++) {
    cut += counts[bin]!;
    if (cut > allowed) {
      min = (bin - BINS_PER_SIDE) * width;
      break;
    }
  }
  // Values that are all zero but for a few: clipping them away would leave nothing.
  if (min === 0 && max === 0 && zeros < total) return range;
  return { min: Math.max(min, range.min), max: Math.min(max, range.max) };
}
