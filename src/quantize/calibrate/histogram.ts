/** A histogram of fixed size that grows with its values: when one doesn't fit, the bins double in width and merge in pairs.
 *
 *  Bins are aligned at zero, so merging is exact, and the result doesn't depend on how the values were cut into batches
 *  (only the first batch's magnitude sets the width's mantissa). Histograms on one grid share that mantissa, and merge exactly too. */

/** Bins on each side of zero; at least half of them are in use. */
export const BINS_PER_SIDE = 4096;

/** Values from which on it pays to count them apart, and to add the counts. */
const MANY = 2048;

/** Counts of the values that are being added: zeros between two calls. */
const counted = new Uint32Array(2 * BINS_PER_SIDE);

/** What histograms that are to be merged have in common. */
export interface Grid {
  /** Of the first of them that saw a value other than zero; 0: none has. */
  firstWidth: number;
}

export class Histogram {
  /** counts[i] counts values in [(i − BINS_PER_SIDE) · width, (i + 1 − BINS_PER_SIDE) · width). */
  readonly counts = new Float64Array(2 * BINS_PER_SIDE);
  /** 0 until a value other than zero comes. */
  width = 0;
  /** Values that are exactly zero: every quantizer represents them without error. Not in `counts`. */
  zeros = 0;
  total = 0;
  readonly #grid: Grid;

  constructor(grid: Grid = { firstWidth: 0 }) {
    this.#grid = grid;
  }

  /** All values of histograms on one grid, as if one had seen them. */
  static merged(histograms: readonly Histogram[]): Histogram {
    const merged = new Histogram();
    for (const { counts, width, zeros, total } of histograms) {
      merged.zeros += zeros;
      merged.total += total;
      if (width === 0) continue;
      merged.width ||= width;
      while (merged.width < width) merged.#widen();
      const times = merged.width / width;
      for (let bin = 0; bin < counts.length; bin++) {
        const target = Math.floor((bin - BINS_PER_SIDE) / times) + BINS_PER_SIDE;
        merged.counts[target] = merged.counts[target]! + counts[bin]!;
      }
    }
    return merged;
  }

  /** Counts values; those that are not finite are left out (the caller sees them in the tensor's extremes).
   *  @param bound no value is larger, where that is known: within what fits already, the largest need not be looked for. */
  add(values: Float32Array, bound = Number.POSITIVE_INFINITY): void {
    if (!(bound < this.width * BINS_PER_SIDE)) this.#makeRoomFor(largestFinite(values));
    const isMany = values.length >= MANY && this.width > 0;
    if (!isMany || !this.#addFinite(values)) this.#addEach(values);
  }

  /** Adds values that fit, unless one is not finite: then none. Without a branch that the values decide, and in small integers, it takes half the time. */
  #addFinite(values: Float32Array): boolean {
    const { width, counts } = this;
    let zeros = 0;
    // NaN once a value is not finite.
    let rest = 0;
    for (let i = 0; i < values.length; i++) {
      const value = values[i]!;
      zeros += value === 0 ? 1 : 0;
      rest += value - value;
      const bin = (Math.floor(value / width) + BINS_PER_SIDE) | 0;
      counted[bin] = counted[bin]! + 1;
    }
    if (rest === 0) {
      counted[BINS_PER_SIDE] = counted[BINS_PER_SIDE]! - zeros;
      for (let bin = 0; bin < counts.length; bin++) counts[bin] = counts[bin]! + counted[bin]!;
      this.zeros += zeros;
      this.total += values.length;
    }
    counted.fill(0);
    return rest === 0;
  }

  #addEach(values: Float32Array): void {
    const { counts, width } = this;
    for (let i = 0; i < values.length; i++) {
      const value = values[i]!;
      if (value === 0) this.zeros++;
      else {
        const bin = Math.floor(value / width) + BINS_PER_SIDE;
        // NaN and infinities index nothing.
        if (!(bin >= 0 && bin < counts.length)) continue;
        counts[bin] = counts[bin]! + 1;
      }
      this.total++;
    }
  }

  /** Middle of a bin. */
  center(bin: number): number {
    return (bin + 0.5 - BINS_PER_SIDE) * this.width;
  }

  /** Makes sure that ±size falls inside. */
  #makeRoomFor(size: number): void {
    if (size === 0) return;
    // Room for twice the first batch's extreme, so that a little growth costs nothing.
    if (this.width === 0) this.width = this.#grid.firstWidth ||= (2 * size) / BINS_PER_SIDE;
    while (size >= this.width * BINS_PER_SIDE) this.#widen();
  }

  #widen(): void {
    const { counts } = this;
    const merged = new Float64Array(counts.length);
    for (let bin = 0; bin < counts.length; bin++) {
      // Floor division keeps zero between bins BINS_PER_SIDE − 1 and BINS_PER_SIDE.
      const target = Math.floor((bin - BINS_PER_SIDE) / 2) + BINS_PER_SIDE;
      merged[target] = merged[target]! + counts[bin]!;
    }
    counts.set(merged);
    this.width *= 2;
  }
}

function largestFinite(values: Float32Array): number {
  let largest = 0;
  for (let i = 0; i < values.length; i++) {
    const size = Math.abs(values[i]!);
    if (size > largest && size !== Number.POSITIVE_INFINITY) largest = size;
  }
  return largest;
}
