/**
 * The Hessian of each layer's squared output error, H = mean of x · xᵀ over what the layer reads on calibration samples (Frantar et al., "GPTQ",
 * 2022, section 3: up to a factor of 2).
 */
import { dynamicallyQuantized } from '../../integers/dynamic.js';
import type { Matrices } from '../matrices/matrices.js';
import { type InputMean, LoudnessError } from './loudness-error.js';
import {
  areTooFew,
  type InputsRequest,
  MOST_INPUTS_PER_ROW,
  readInputs,
  type Vectors,
  type VectorTaker,
} from './read-inputs.js';

export interface Hessian {
  /** Inputs of the layer: the matrix is [size, size]. */
  size: number;
  values: Float32Array;
  /** Vectors that it is the mean of. */
  rows: number;
  /** How far its diagonal may be off (LoudnessError). Default: nothing is known of that. */
  loudnessError?: number;
  /** What the layer reads in the mean. Default: not known. */
  mean?: InputMean;
}

/** The covariance of what a layer reads, and of its mean what may be chance: what is left to be lost when a bias takes up the error's mean. */
export function centred({ size, values, rows, mean }: Hessian & { mean: InputMean }): Hessian {
  const share = 1 - mean.chance;
  const result = values.slice();
  for (let k = 0, at = 0; k < size; k++) {
    const own = share * mean.values[k]!;
    for (let j = 0; j < size; j++, at++) result[at]! -= own * mean.values[j]!;
    // In float32 the difference of two large numbers may be below 0.
    const diagonal = k * size + k;
    if (!(result[diagonal]! > ROUNDING * values[diagonal]!)) result[diagonal] = ROUNDING * values[diagonal]!;
  }
  return { size, values: result, rows, loudnessError: mean.loudnessError, mean };
}

/** What float32 sums may be off. */
const ROUNDING = 1e-6;

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
export const MOST_ROWS = 16_384;
/** Values that wait to be multiplied, of each tensor: products of many rows at once are faster. */
const WAITING_VALUES = 2 ** 20;

/** Inputs up to which the matrix is formed in any case, of 64 MB. One that is larger waits for as many vectors as can be fitted to: of a bag of 60,000 words it
 *  has 14 GB, and a sample is one vector. */
const ALWAYS_FORMED = 4096;

export interface Hessians {
  /** By the tensor's name; without those that no sample reached. */
  formed: Map<string, Hessian>;
  /** Tensors of so many inputs that no matrix was formed for the few vectors seen of them. */
  tooFew: Set<string>;
}

/** One pass over the samples; what the tensors don't need is not computed. */
export async function collectHessians(request: HessianRequest): Promise<Hessians> {
  const { tensors, matrices, activations = 'float' } = request;
  const sums = new Map(
    [...tensors].map(([name, size]) => [name, new HessianSum(size, { matrices, form: activations })]),
  );
  await readInputs(request, sums);
  const hessians: Hessians = { formed: new Map(), tooFew: new Set() };
  for (const [name, sum] of sums) {
    if (sum.isTooFew) {
      if (sum.tellsAnything) hessians.tooFew.add(name);
      continue;
    }
    const hessian = await sum.result();
    if (hessian.rows > 0) hessians.formed.set(name, hessian);
  }
  return hessians;
}

class HessianSum implements VectorTaker {
  readonly #size: number;
  readonly #matrices: Matrices;
  readonly #form: ActivationForm;
  /** null: no product has been added yet. */
  #sum: Float32Array | null = null;
  readonly #waiting: Float32Array;
  readonly #loudness: LoudnessError;
  #waitingRows = 0;
  #rows = 0;

  constructor(size: number, { matrices, form }: { matrices: Matrices; form: ActivationForm }) {
    this.#size = size;
    this.#matrices = matrices;
    this.#form = form;
    this.#loudness = new LoudnessError(size);
    const enough = size > ALWAYS_FORMED ? Math.ceil(size / MOST_INPUTS_PER_ROW) : 1;
    this.#waiting = new Float32Array(Math.max(enough, Math.floor(WAITING_VALUES / size)) * size);
  }

  /** Whether the matrix is large, and not worth forming. */
  get isTooFew(): boolean {
    return this.#size > ALWAYS_FORMED && this.#sum === null && areTooFew(this.#waitingRows, this.#size);
  }

  /** Whether any vector that waits has a value other than zero. */
  get tellsAnything(): boolean {
    return this.#waiting.subarray(0, this.#waitingRows * this.#size).some((value) => value !== 0);
  }

  get full(): boolean {
    return this.#rows + this.#waitingRows >= MOST_ROWS;
  }

  async add({ values: floats, counts }: Vectors): Promise<void> {
    const values = this.#form === 'float' ? floats : dynamicallyQuantized(floats);
    const size = this.#size;
    for (let row = 0; row < values.length / size && !this.full; row++) {
      if (!counts(row)) continue;
      const vector = values.subarray(row * size, (row + 1) * size);
      this.#waiting.set(vector, this.#waitingRows * size);
      this.#loudness.add(vector);
      if (++this.#waitingRows * size === this.#waiting.length) await this.#flush();
    }
    this.#loudness.nextSample();
  }

  async result(): Promise<Hessian> {
    await this.#flush();
    const values = this.#sum ?? new Float32Array(this.#size * this.#size);
    for (let at = 0; at < values.length; at++) values[at]! /= this.#rows;
    if (this.#rows === 0) return { size: this.#size, values, rows: 0 };
    const [loudnessError, mean] = [this.#loudness.result(), this.#loudness.mean()];
    return { size: this.#size, values, rows: this.#rows, loudnessError, mean };
  }

  async #flush(): Promise<void> {
    const rows = this.#waitingRows;
    if (rows === 0) return;
    const data = this.#waiting.subarray(0, rows * this.#size);
    const product = await this.#matrices.gram({ rows, columns: this.#size, data });
    this.#sum ??= new Float32Array(product.length);
    for (let at = 0; at < product.length; at++) this.#sum[at]! += product[at]!;
    this.#rows += rows;
    this.#waitingRows = 0;
  }
}
