/** MSE calibration: the range whose quantizer makes the least mean squared error over the histogram.
 *
 *  The error of a range is what clipping costs beyond its ends plus step²/12 for every value within (uniform rounding noise);
 *  values that are exactly zero cost nothing. Prefix sums make every candidate O(1), so both ends are searched on a grid. */
import { BINS_PER_SIDE } from './histogram.js';
import type { ObservedTensor } from './histograms.js';
import type { TensorRange } from './minmax.js';

/** Candidates for each end: fractions of the extreme from 1 downwards. */
const CANDIDATES = 128;
/** The smallest candidate, as a fraction of the extreme. */
const SMALLEST_FRACTION = 0.05;

export interface MseOptions {
  /** Quantization steps in the range: 255 for 8 bits. */
  steps?: number;
  /** Both ends at the same distance from zero. */
  symmetric?: boolean;
}

export function mseRange({ range, histogram }: ObservedTensor, options: MseOptions = {}): TensorRange {
  const { steps = 255, symmetric = false } = options;
  if (!(range.max > range.min) || histogram.width === 0) return range;
  const sums = tailSums(histogram.counts, (bin) => histogram.center(bin));
  let best = { error: Number.POSITIVE_INFINITY, range };
  const consider = (high: Tail, low: Tail): void => {
    const step = (high.limit - low.limit) / steps;
    if (!(step > 0)) return;
    const inside = histogram.total - histogram.zeros - high.count - low.count;
    const error = high.error + low.error + (inside * step * step) / 12;
    // A wider range wins a tie: candidates come widest first.
    if (error < best.error) best = { error, range: { min: low.limit, max: high.limit } };
  };
  const above = (limit: number) => sums.above(binOf(limit, histogram.width), limit);
  const below = (limit: number) => sums.below(binOf(limit, histogram.width), limit);
  if (symmetric) for (const end of ends(Math.max(-range.min, range.max))) consider(above(end), below(-end));
  else {
    const lows = ends(-range.min).map((end) => below(-end));
    for (const high of ends(range.max).map(above)) for (const low of lows) consider(high, low);
  }
  return { min: Math.max(best.range.min, range.min), max: Math.min(best.range.max, range.max) };
}

/** Candidates for one end, widest first; just 0 when the tensor has no values on that side. */
function ends(extreme: number): number[] {
  if (!(extreme > 0)) return [0];
  return Array.from(
    { length: CANDIDATES },
    (_, i) => extreme * (1 - ((1 - SMALLEST_FRACTION) * i) / (CANDIDATES - 1)),
  );
}

function binOf(value: number, width: number): number {
  return Math.max(0, Math.min(2 * BINS_PER_SIDE, Math.round(value / width) + BINS_PER_SIDE));
}

/** What lies beyond a limit. */
interface Tail {
  limit: number;
  count: number;
  /** Σ (x − limit)² */
  error: number;
}

/** Count and squared distance of everything beyond a limit, from prefix sums of c, c·x and c·x². */
function tailSums(counts: Float64Array, center: (bin: number) => number) {
  const size = counts.length;
  const [zeroth, first, second] = [0, 1, 2].map(() => new Float64Array(size + 1)) as [
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  for (let bin = 0; bin < size; bin++) {
    const x = center(bin);
    zeroth[bin + 1] = zeroth[bin]! + counts[bin]!;
    first[bin + 1] = first[bin]! + counts[bin]! * x;
    second[bin + 1] = second[bin]! + counts[bin]! * x * x;
  }
  const between = (from: number, to: number, limit: number): Tail => {
    const count = zeroth[to]! - zeroth[from]!;
    const error =
      second[to]! - second[from]! - 2 * limit * (first[to]! - first[from]!) + limit * limit * count;
    return { limit, count, error: Math.max(0, error) };
  };
  return {
    above: (bin: number, limit: number) => between(bin, size, limit),
    below: (bin: number, limit: number) => between(0, bin, limit),
  };
}
