/** Covariance of what a convolution's kernel sees, summed up image by image: of an image nothing is held for longer than until there are enough to be multiplied. */
import type { Matrices } from '../../gptq/matrices/matrices.js';
import { BandedMatrix, type Covariance, isBanded } from './covariance.js';
import type { SeenImage } from './kernel-windows.js';

/** Inputs of one output channel, and how many groups of channels read inputs of their own. */
export interface WindowShape {
  inputs: number;
  groups: number;
}

/** Positions that are multiplied together at least: fewer take as long. No more than there are inputs, so that little waits. */
const POSITIONS_AT_ONCE = 128;

export class WindowMoments {
  readonly #shape: WindowShape;
  readonly #shared: WindowMemory;
  /** Of each input of every group, what is subtracted: its mean in the first image, so that little is lost to the difference of large squares. */
  #origin: Float32Array | null = null;
  /** Of what is left, [groups, inputs], and of its products, [groups, inputs, inputs]. */
  readonly #sum: Float64Array;
  readonly #products: Float32Array | BandedMatrix;
  /** Images that are not yet multiplied. */
  #waiting: SeenImage[] = [];
  /** Their memory, which is used again. */
  readonly #memory: Float32Array[] = [];
  #positions = 0;

  /** @param shared by all moments that are added to in turns. */
  constructor(shape: WindowShape, shared: WindowMemory) {
    const { inputs, groups } = shape;
    this.#shape = shape;
    this.#shared = shared;
    this.#sum = new Float64Array(groups * inputs);
    this.#products =
      groups === 1 && isBanded(inputs)
        ? new BandedMatrix(inputs)
        : new Float32Array(groups * inputs * inputs);
  }

  /** @param image of groups × inputs ÷ places of the kernel channels. */
  async add(image: SeenImage, matrices: Matrices): Promise<void> {
    this.#positions += image.positions;
    const waiting = this.#waiting.reduce((sum, { positions }) => sum + positions, image.positions);
    const isEnough = waiting >= Math.min(POSITIONS_AT_ONCE, this.#shape.inputs);
    this.#waiting.push(isEnough ? image : this.#copyOf(image));
    if (isEnough) await this.#multiply(matrices);
  }

  /** What waits must not hold all that was seen of a sample. */
  #copyOf(image: SeenImage): SeenImage {
    const { values, stride, reads, positions } = image;
    const length = (this.#sum.length / (reads.length / positions)) * stride;
    const index = this.#waiting.length;
    let memory = this.#memory[index];
    if (!memory || memory.length < length) memory = new Float32Array(length);
    this.#memory[index] = memory;
    memory.set(values.subarray(0, length));
    return { ...image, values: memory };
  }

  async #multiply(matrices: Matrices): Promise<void> {
    if (this.#waiting.length === 0) return;
    const { inputs: rows, groups: count } = this.#shape;
    const columns = this.#waiting.reduce((sum, { positions }) => sum + positions, 0);
    const data = this.#shared.of(this.#sum.length * columns);
    let first = 0;
    for (const image of this.#waiting) {
      this.#origin ??= meansOf(image, this.#sum.length);
      addColumns(image, { to: data, columns, first, origin: this.#origin, sum: this.#sum });
      first += image.positions;
    }
    this.#waiting = [];
    const products = this.#products;
    if (products instanceof BandedMatrix) await products.addGram({ columns, data }, matrices);
    else await matrices.addGrams({ count, rows, columns, data }, products);
  }

  /** Multiplies what waits, and gives back what it was held in. */
  async settle(matrices: Matrices): Promise<void> {
    await this.#multiply(matrices);
    this.#memory.length = 0;
  }

  /** One matrix [inputs, inputs] for each group, of what is settled: in the place of the products, so that no more can be added. */
  covariances(): Covariance[] {
    const { inputs, groups } = this.#shape;
    const count = Math.max(1, this.#positions);
    const products = this.#products;
    if (products instanceof BandedMatrix) {
      products.changeRows((row, held) => subtractMeans(held, this.#sum, { row, count }));
      return [products];
    }
    return Array.from({ length: groups }, (_, group) => {
      const sum = this.#sum.subarray(group * inputs, (group + 1) * inputs);
      const own = products.subarray(group * inputs ** 2, (group + 1) * inputs ** 2);
      for (let row = 0; row < inputs; row++)
        subtractMeans(own.subarray(row * inputs, (row + 1) * inputs), sum, { row, count });
      return own;
    });
  }
}

/** Memory for what is multiplied, one after the other. */
export class WindowMemory {
  #values = new Float32Array(0);

  /** Valid until the next is asked for. */
  of(length: number): Float32Array {
    if (this.#values.length < length) this.#values = new Float32Array(length);
    return this.#values.subarray(0, length);
  }

  free(): void {
    this.#values = new Float32Array(0);
  }
}

/** Of each of the kernel's places in every channel. */
function meansOf({ values, stride, reads, positions }: SeenImage, rows: number): Float32Array {
  const means = new Float32Array(rows);
  for (let row = 0, base = 0; row < rows; base += stride) {
    for (let at = 0; at < reads.length; row++) {
      let sum = 0;
      for (const end = at + positions; at < end; at++) {
        const place = reads[at]!;
        if (place >= 0) sum += values[base + place]!;
      }
      means[row] = sum / positions;
    }
  }
  return means;
}

interface Columns {
  /** [rows, columns]; the image's begin at `first`. */
  to: Float32Array;
  columns: number;
  first: number;
  /** Is subtracted, [rows]. */
  origin: Float32Array;
  /** Gets what is left of every row. */
  sum: Float64Array;
}

/** Writes what was seen of an image into columns. Rows are short, and there are thousands: a view of each would take longer than its values. */
function addColumns(
  { values, stride, reads, positions }: SeenImage,
  { to, columns, first, origin, sum }: Columns,
): void {
  for (let row = 0, base = 0; row < origin.length; base += stride) {
    for (let at = 0; at < reads.length; row++) {
      const own = origin[row]!;
      let total = 0;
      let next = row * columns + first;
      for (const end = at + positions; at < end; at++, next++) {
        const place = reads[at]!;
        const value = (place < 0 ? 0 : values[base + place]!) - own;
        to[next] = value;
        total += value;
      }
      sum[row]! += total;
    }
  }
}

/** A row of sums of products becomes one of covariances. */
function subtractMeans(
  products: Float32Array,
  sum: Float64Array,
  { row, count }: { row: number; count: number },
): void {
  const mean = sum[row]! / count;
  for (let at = 0; at < products.length; at++) products[at] = (products[at]! - mean * sum[at]!) / count;
}
