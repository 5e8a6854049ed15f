/** Calibration samples that are kept, in folds, to judge ranges that other samples gave.
 *
 *  Half of those kept are the first ones, half those whose tensors reach farthest: a range that is too narrow does its harm there, and
 *  one photograph in fifty is enough to be seen in use. */
import type { Feeds } from '../../tensor/tensor.js';

/** Kept of each kind, per fold. */
const KEPT = 8;
/** Of all folds together; large samples are fewer. */
const MOST_BYTES = 2 ** 26;

interface Judge {
  feeds: Feeds;
  /** How far its tensors reach, against the samples before it; 1: as far as those. */
  reach: number;
}

interface Fold {
  first: Judge[];
  /** Farthest first. */
  farthest: Judge[];
}

export class HeldOutSamples {
  readonly #folds: readonly Fold[];
  /** Of each tensor, the sum of its largest magnitudes so far. */
  #sums: Float64Array | undefined;
  #count = 0;

  constructor(folds: number) {
    this.#folds = Array.from({ length: folds }, () => ({ first: [], farthest: [] }));
  }

  /** Shows the next sample; samples go to the folds in turns. @param largest magnitude of each tensor in it. */
  add(feeds: Feeds, largest: readonly number[]): void {
    const { first, farthest } = this.#folds[this.#count % this.#folds.length]!;
    const judge = { feeds, reach: this.#reach(largest) };
    this.#count++;
    const room = Math.min(KEPT, Math.floor(MOST_BYTES / (2 * this.#folds.length * bytesOf(feeds))));
    if (first.length < room) first.push(judge);
    else {
      const place = farthest.findIndex(({ reach }) => reach < judge.reach);
      farthest.splice(place < 0 ? farthest.length : place, 0, judge);
      farthest.splice(room);
    }
  }

  /** Those of one fold. */
  of(fold: number): Feeds[] {
    const { first, farthest } = this.#folds[fold]!;
    return [...first, ...farthest].map(({ feeds }) => feeds);
  }

  /** Of all folds, the first ones, then those that reach farthest. */
  ofAll(): Feeds[] {
    const kept = this.#folds.flatMap(({ first, farthest }) => [...first, ...farthest]);
    const first = Array.from({ length: KEPT }, (_, index) => {
      return this.#folds[index % this.#folds.length]!.first[Math.floor(index / this.#folds.length)];
    });
    const farthest = kept.filter((judge) => !first.includes(judge)).toSorted((a, b) => b.reach - a.reach);
    return [...first.filter((judge) => judge !== undefined), ...farthest.slice(0, KEPT)].map(
      ({ feeds }) => feeds,
    );
  }

  #reach(largest: readonly number[]): number {
    this.#sums ??= new Float64Array(largest.length);
    let [reach, tensors] = [0, 0];
    for (let i = 0; i < largest.length; i++) {
      const mean = this.#count > 0 ? this.#sums[i]! / this.#count : largest[i]!;
      if (mean > 0 && Number.isFinite(largest[i])) {
        reach += largest[i]! / mean;
        tensors++;
      }
      this.#sums[i] = this.#sums[i]! + largest[i]!;
    }
    return tensors === 0 ? 1 : reach / tensors;
  }
}

function bytesOf(feeds: Feeds): number {
  let bytes = 1;
  for (const { data } of Object.values(feeds)) bytes += Array.isArray(data) ? data.length : data.byteLength;
  return bytes;
}
