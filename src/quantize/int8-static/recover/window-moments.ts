/** Covariance of what a convolution's kernel sees, summed up image by image: nothing of an image is held. */
import type { Matrices } from '../../gptq/matrices.js';

/** Inputs of one output channel, and how many groups of channels read inputs of their own. */
export interface WindowShape {
  inputs: number;
  groups: number;
}

/** Positions that are multiplied together at least: fewer take as long. No more than there are inputs, so that little waits. */
const POSITIONS_AT_ONCE = 128;

export class WindowMoments {
  readonly #shape: WindowShape;
  /** Of each input of every group, what is subtracted: its mean in the first image, so that little is lost to the difference of large squares. */
  #origin: Float32Array | null = null;
  /** Of what is left, [groups, inputs], and of its products, [groups, inputs, inputs]. */
  readonly #sum: Float64Array;
  readonly #products: Float32Array;
  /** Images that are not yet multiplied, [groups, inputs, positions]. */
  #waiting: Float32Array[] = [];
  #positions = 0;

  constructor(shape: WindowShape) {
    const { inputs, groups } = shape;
    this.#shape = shape;
    this.#sum = new Float64Array(groups * inputs);
    this.#products = new Float32Array(groups * inputs * inputs);
  }

  /** @param values [groups, inputs, positions]; they are changed. */
  async add(values: Float32Array, matrices: Matrices): Promise<void> {
    const rows = this.#sum.length;
    this.#origin ??= meansOf(values, values.length / rows);
    center(values, this.#origin, this.#sum);
    this.#positions += values.length / rows;
    const waiting = this.#waiting.reduce((sum, { length }) => sum + length, values.length) / rows;
    const isEnough = waiting >= Math.min(POSITIONS_AT_ONCE, this.#shape.inputs);
    // What waits must not hold all that was seen of an image.
    this.#waiting.push(isEnough ? values : values.slice());
    if (isEnough) await this.#multiply(matrices);
  }

  async #multiply(matrices: Matrices): Promise<void> {
    if (this.#waiting.length === 0) return;
    const { inputs: rows, groups: count } = this.#shape;
    const data = beside(this.#waiting, count * rows);
    this.#waiting = [];
    const columns = data.length / (count * rows);
    await matrices.addGrams({ count, rows, columns, data }, this.#products);
  }

  /** One matrix [inputs, inputs] for each group: in the place of the products, so that no more can be added. */
  async covariances(matrices: Matrices): Promise<Float32Array[]> {
    await this.#multiply(matrices);
    const { inputs, groups } = this.#shape;
    const count = Math.max(1, this.#positions);
    return Array.from({ length: groups }, (_, group) => {
      const sum = this.#sum.subarray(group * inputs, (group + 1) * inputs);
      const products = this.#products.subarray(group * inputs ** 2, (group + 1) * inputs ** 2);
      subtractMeans(products, sum, count);
      return products;
    });
  }
}

/** Matrices with so many rows each, side by side. */
function beside(matrices: readonly Float32Array[], rows: number): Float32Array {
  if (matrices.length === 1) return matrices[0]!;
  const joined = new Float32Array(matrices.reduce((sum, { length }) => sum + length, 0));
  const line = joined.length / rows;
  let first = 0;
  for (const matrix of matrices) {
    const columns = matrix.length / rows;
    for (let row = 0; row < rows; row++)
      joined.set(matrix.subarray(row * columns, (row + 1) * columns), row * line + first);
    first += columns;
  }
  return joined;
}

function meansOf(values: Float32Array, positions: number): Float32Array {
  return Float32Array.from({ length: values.length / positions }, (_, row) => {
    let sum = 0;
    for (let at = row * positions; at < (row + 1) * positions; at++) sum += values[at]!;
    return sum / positions;
  });
}

/** Subtracts the origin of each row and adds up what is left of it. */
function center(values: Float32Array, origin: Float32Array, sum: Float64Array): void {
  const positions = values.length / origin.length;
  for (let row = 0, at = 0; row < origin.length; row++) {
    const own = origin[row]!;
    let total = 0;
    for (const end = at + positions; at < end; at++) {
      const value = values[at]! - own;
      values[at] = value;
      total += value;
    }
    sum[row]! += total;
  }
}

/** Sums of products become covariances. */
function subtractMeans(products: Float32Array, sum: Float64Array, count: number): void {
  const size = sum.length;
  for (let i = 0, at = 0; i < size; i++) {
    const mean = sum[i]! / count;
    for (let j = 0; j < size; j++, at++) products[at] = (products[at]! - mean * sum[j]!) / count;
  }
}
