/** Covariance of vectors that come a few at a time: only a bounded number of them is held. */
import type { Matrices } from '../../gptq/matrices.js';

/** Values that wait to be multiplied: products of many rows at once are faster. */
const WAITING_VALUES = 2 ** 17;
/** What comes between two looks at how much waits, about. */
const ROWS_AT_ONCE = 64;

export class RowMoments {
  readonly #size: number;
  /** Sums of what is left of each vector after `#origin`, and of the products. */
  readonly #sum: Float64Array;
  readonly #products: Float32Array;
  /** Near the mean, so that little is lost by subtracting large squares: the mean of the first vectors. */
  #origin: Float32Array | null = null;
  #waiting: Float32Array;
  #waitingRows = 0;
  #rows = 0;

  constructor(size: number) {
    this.#size = size;
    this.#sum = new Float64Array(size);
    this.#products = new Float32Array(size * size);
    this.#waiting = new Float32Array(ROWS_AT_ONCE * size);
  }

  /** Copies the vector. */
  add(row: Float32Array): void {
    const size = this.#size;
    const { length } = this.#waiting;
    if ((this.#waitingRows + 1) * size > length) {
      const enough = WAITING_VALUES + ROWS_AT_ONCE * size;
      const larger = new Float32Array(2 * length < enough || length >= enough ? 2 * length : enough);
      larger.set(this.#waiting);
      this.#waiting = larger;
    }
    this.#waiting.set(row, this.#waitingRows++ * size);
  }

  /** Multiplies what waits once it is much. */
  async settle(matrices: Matrices): Promise<void> {
    if (this.#waitingRows * this.#size >= WAITING_VALUES) await this.#flush(matrices);
  }

  /** Of all vectors added, [size, size]: in the place of the products, so that no more can be added. */
  async covariance(matrices: Matrices): Promise<Float32Array> {
    await this.#flush(matrices);
    this.#waiting = new Float32Array(0);
    const [size, rows, products] = [this.#size, Math.max(1, this.#rows), this.#products];
    const means = this.#sum.map((sum) => sum / rows);
    for (let i = 0, at = 0; i < size; i++) {
      for (let j = 0; j < size; j++, at++) products[at] = products[at]! / rows - means[i]! * means[j]!;
    }
    return products;
  }

  async #flush(matrices: Matrices): Promise<void> {
    const [size, rows] = [this.#size, this.#waitingRows];
    if (rows === 0) return;
    const data = this.#waiting.subarray(0, rows * size);
    this.#origin ??= meanOf(data, size);
    const [origin, sum, total] = [this.#origin, this.#sum, this.#products];
    for (let at = 0; at < data.length; ) {
      for (let k = 0; k < size; k++, at++) {
        const value = data[at]! - origin[k]!;
        data[at] = value;
        sum[k]! += value;
      }
    }
    const products = await matrices.gram({ rows, columns: size, data });
    for (let at = 0; at < products.length; at++) total[at]! += products[at]!;
    this.#rows += rows;
    this.#waitingRows = 0;
  }
}

function meanOf(rows: Float32Array, size: number): Float32Array {
  const sum = new Float64Array(size);
  for (let at = 0; at < rows.length; at++) sum[at % size]! += rows[at]!;
  return Float32Array.from(sum, (value) => (value * size) / rows.length);
}
