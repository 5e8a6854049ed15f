/**
 * The Hessian of each layer's squared output error, H = mean of x · xᵀ over what the layer reads on calibration samples (Frantar et al., "GPTQ",
 * 2022, section 3: up to a factor of 2). Rows of padding, where the sample's `attention_mask` is 0, don't count: nothing comes of them.
 */
import type { Dataset } from '../../data/samples/dataset.js';
import { makeValue } from '../../onnx/build.js';
import type { Model } from '../../onnx/model.js';
import type { RunContext } from '../../runtime/context.js';
import { numbersOf } from '../../tensor/elements.js';
import { type Feeds, floatsOf, type Tensor } from '../../tensor/tensor.js';
import { batches } from '../calibrate/batches.js';
import { openObserved } from '../calibrate/observed-model.js';
import { refusedSample } from '../calibrate/refused-sample.js';
import { dynamicallyQuantized } from '../integers/dynamic.js';
import type { Matrices } from './matrices.js';

export interface Hessian {
  /** Inputs of the layer: the matrix is [size, size]. */
  size: number;
  values: Float32Array;
  /** Vectors that it is the mean of. */
  rows: number;
}

/** What a layer makes of what it reads: it is taken as it comes, or in the 8 bits of DynamicQuantizeLinear. */
export type ActivationForm = 'float' | 'dynamic-int8';

export interface HessianRequest {
  model: Model;
  /** Length of the last axis by name of the tensor. */
  tensors: ReadonlyMap<string, number>;
  dataset: Dataset;
  /** Samples read at most. */
  samples: number;
  context: RunContext;
  matrices: Matrices;
  /** Default: float. */
  activations?: ActivationForm;
}

const MASK_INPUT = 'attention_mask';
/** Vectors that are enough for any layer: more only cost time. */
const MOST_ROWS = 16_384;
/** Values that wait to be multiplied, of each tensor: products of many rows at once are faster. */
const WAITING_VALUES = 2 ** 20;

/** By the tensor's name; without those that no sample reached. One pass over the samples; what the tensors don't need is not computed. */
export async function collectHessians(request: HessianRequest): Promise<Map<string, Hessian>> {
  const { model, tensors, dataset, samples, context, matrices, activations = 'float' } = request;
  const sums = new Map([...tensors].map(([name, size]) => [name, new HessianSum(size, matrices)]));
  const outputs = [...tensors.keys()].map((name) => makeValue(name));
  const session = await openObserved(model, { nodes: [], initializers: [], outputs }, { context });
  let read = 0;
  try {
    for await (const feeds of batches(dataset, session.inputs, context.signal)) {
      const results = await session.run(feeds).catch((error: unknown) => {
        throw refusedSample(error, dataset, feeds);
      });
      for (const [name, sum] of sums) await sum.add(results[name]!, feeds, activations);
      if (++read >= samples || [...sums.values()].every((sum) => sum.full)) break;
    }
  } finally {
    await session.release();
  }
  const hessians = new Map<string, Hessian>();
  for (const [name, sum] of sums) {
    const hessian = await sum.result();
    if (hessian.rows > 0) hessians.set(name, hessian);
  }
  return hessians;
}

/** Squares of larger values, of many vectors, are beyond float32. NaN is none either. */
const LARGEST = 1e15;

function isUsable(value: number): boolean {
  return Math.abs(value) <= LARGEST;
}

class HessianSum {
  readonly #size: number;
  readonly #matrices: Matrices;
  readonly #sum: Float32Array;
  readonly #waiting: Float32Array;
  #waitingRows = 0;
  #rows = 0;

  constructor(size: number, matrices: Matrices) {
    this.#size = size;
    this.#matrices = matrices;
    this.#sum = new Float32Array(size * size);
    this.#waiting = new Float32Array(Math.max(1, Math.floor(WAITING_VALUES / size)) * size);
  }

  get full(): boolean {
    return this.#rows + this.#waitingRows >= MOST_ROWS;
  }

  async add(tensor: Tensor, feeds: Feeds, form: ActivationForm): Promise<void> {
    const floats = floatsOf(tensor);
    const values = form === 'float' ? floats : dynamicallyQuantized(floats);
    const size = this.#size;
    const counts = attended(tensor, feeds);
    for (let row = 0; row < values.length / size && !this.full; row++) {
      if (counts !== null && counts[row] === 0) continue;
      const vector = values.subarray(row * size, (row + 1) * size);
      // One value that is not finite would spoil all.
      if (!vector.every(isUsable)) continue;
      this.#waiting.set(vector, this.#waitingRows * size);
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

/** The mask, where the tensor holds one vector per token; null: all count. */
function attended({ dims }: Tensor, feeds: Feeds): ArrayLike<number> | null {
  const mask = feeds[MASK_INPUT];
  if (mask === undefined || dims.length !== mask.dims.length + 1) return null;
  return mask.dims.every((dim, axis) => dim === dims[axis]) ? numbersOf(mask) : null;
}
