/**
 * The Hessian of each layer's squared output error, H = mean of x · xᵀ over what the layer reads on calibration samples (Frantar et al., "GPTQ",
 * 2022, section 3: up to a factor of 2).
 */
import { dynamicallyQuantized } from '../integers/dynamic.js';
import type { Matrices } from './matrices.js';
import { type InputsRequest, readInputs, type Vectors, type VectorTaker } from './read-inputs.js';

export interface Hessian {
  /** Inputs of the layer: the matrix is [size, size]. */
  size: number;
  values: Float32Array;
  /** Vectors that it is the mean of. */
  rows: number;
}

export function diagonalOf({ size, values }: Hessian): Float32Array {
  return Float32Array.from({ length: size }, (_, k) => values[k * size + k]!);
}

/** What a layer makes of what it reads: it is taken as it comes, or in the 8 bits of DynamicQuantizeLinear. */
export type ActivationForm = 'float' | 'dynamic-int8';

export interface HessianRequest extends InputsRequest {
  matrices: Matrices;
  /** Default: float. */
  activations?: ActivationForm;
}

/** Vectors that are enough for any layer: more only cost time. */
const MOST_ROWS = 16_384;
/** Values that wait to be multiplied, of each tensor: products of many rows at once are faster. */
const WAITING_VALUES = 2 ** 20;

/** By the tensor's name; without those that no sample reached. One pass over the samples; what the tensors don't need is not computed. */
export async function collectHessians(request: HessianRequest): Promise<Map<string, Hessian>> {
  const { tensors, matrices, activations = 'float' } = request;
  const sums = new Map(
    [...tensors].map(([name, size]) => [name, new HessianSum(size, { matrices, form: activations })]),
  );
  await readInputs(request, sums);
  const hessians = new Map<string, Hessian>();
  for (const [name, sum] of sums) {
    const hessian = await sum.result();
    if (hessian.rows > 0) hessians.set(name, hessian);
  }
  return hessians;
}

class HessianSum implements VectorTaker {
  readonly #size: number;
  readonly #matrices: Matrices;
  readonly #form: ActivationForm;
  readonly #sum: Float32Array;
  readonly #waiting: Float32Array;
  #waitingRows = 0;
  #rows = 0;

  constructor(size: number, { matrices, form }: { matrices: Matrices; form: ActivationForm }) {
    this.#size = size;
    this.#matrices = matrices;
    this.#form = form;
    this.#sum = new Float32Array(size * size);
    this.#waiting = new Float32Array(Math.max(1, Math.floor(WAITING_VALUES / size)) * size);
  }

  get full(): boolean {
    return this.#rows + this.#waitingRows >= MOST_ROWS;
  }

  async add({ values: floats, counts }: Vectors): Promise<void> {
    const values = this.#form === 'float' ? floats : dynamicallyQuantized(floats);
    const size = this.#size;
    for (let row = 0; row < values.length / size && !this.full; row++) {
      if (!counts(row)) continue;
      this.#waiting.set(values.subarray(row * size, (row + 1) * size), this.#waitingRows * size);
      if (++this.#waitingRows * size === this.#waiting.length) await this.#flush();
    }
  }

  async result(): Promise<Hessian> {
    await this.#flush();
    const values = this.#sum;
    for (let at = 0; at < values.length; at++) values[at]! /= this.#rows;
    return { size: this.#size, values, rows: this.#rows };
  }

  async #flush(): Promise<void> {
    const rows = this.#waitingRows;
    if (rows === 0) return;
    const data = this.#waiting.subarray(0, rows * this.#size);
    const product = await this.#matrices.gram({ rows, columns: this.#size, data });
    for (let at = 0; at < product.length; at++) this.#sum[at]! += product[at]!;
    this.#rows += rows;
    this.#waitingRows = 0;
  }
}
