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
  readonly #joined: JoinedMatrices;
  /** Of each input of every group, what is subtracted: its mean in the first image, so that little is lost to the difference of large squares. */
  #origin: Float32Array | null = null;
  /** Of what is left, [groups, inputs], and of its products, [groups, inputs, inputs]. */
  readonly #sum: Float64Array;
  readonly #products: Float32Array;
  /** Images that are not yet multiplied, [groups, inputs, positions]. */
  #waiting: Float32Array[] = [];
  /** Their memory, which is used again. */
  readonly #memory: Float32Array[] = [];
  #positions = 0;

  /** @param joined of all moments that are added to in turns. */
  constructor(shape: WindowShape, joined: JoinedMatrices) {
    const { inputs, groups } = shape;
    this.#shape = shape;
    this.#joined = joined;
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
    this.#waiting.push(isEnough ? values : this.#copyOf(values));
    if (isEnough) await this.#multiply(matrices);
  }

  /** What waits must not hold all that was seen of an image. */
  #copyOf(values: Float32Array): Float32Array {
    const index = this.#waiting.length;
    let memory = this.#memory[index];
    if (!memory || memory.length < values.length) memory = new Float32Array(values.length);
    this.#memory[index] = memory;
    memory.set(values);
    return memory.subarray(0, values.length);
  }

  async #multiply(matrices: Matrices): Promise<void> {
    if (this.#waiting.length === 0) return;
    const { inputs: rows, groups: count } = this.#shape;
    const data = this.#joined.of(this.#waiting, count * rows);
    this.#waiting = [];
    const columns = data.length / (count * rows);
    await matrices.addGrams({ count, rows, columns, data }, this.#products);
  }

  /** One matrix [inputs, inputs] for each group: in the place of the products, so that no more can be added. */
  async covariances(matrices: Matrices): Promise<Float32Array[]> {
    await this.#multiply(matrices);
    this.#memory.length = 0;
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

/** Matrices side by side, in memory that the next ones use again. */
export class JoinedMatrices {
  #memory = new Float32Array(0);

  /** @param rows of each of them. */
  of(matrices: readonly Float32Array[], rows: number): Float32Array {
    if (matrices.length === 1) return matrices[0]!;
    const length = matrices.reduce((sum, matrix) => sum + matrix.length, 0);
    if (this.#memory.length < length) this.#memory = new Float32Array(length);
    const joined = this.#memory.subarray(0, length);
    let first = 0;
    for (const matrix of matrices) {
      copyColumns(matrix, joined, { rows, first });
      first += matrix.length / rows;
    }
    return joined;
  }
}

/** Rows are short, and there are thousands: a view of each would take longer than its values. */
function copyColumns(
  from: Float32Array,
  to: Float32Array,
  { rows, first }: { rows: number; first: number },
): void {
  const columns = from.length / rows;
  const line = to.length / rows;
  for (let row = 0, at = 0; row < rows; row++) {
    let place = row * line + first;
    for (const end = at + columns; at < end; at++, place++) to[place] = from[at]!;
  }
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
