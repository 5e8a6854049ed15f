/** Shows what layers read on samples, vector by vector. Rows of padding, where the sample's `attention_mask` is 0, don't count: nothing comes of them. */
import type { Dataset } from '../../../data/samples/dataset.js';
import { makeValue } from '../../../onnx/build.js';
import type { Model } from '../../../onnx/model.js';
import type { RunContext } from '../../../runtime/context.js';
import { attended } from '../../../tensor/attended.js';
import { type Feeds, floatsOf, type Tensor } from '../../../tensor/tensor.js';
import { batches } from '../../observe/batches.js';
import { openObserved } from '../../observe/observed-model.js';
import { refusedSample } from '../../observe/refused-sample.js';

export interface InputsRequest {
  model: Model;
  /** Length of the last axis by name of the tensor. */
  tensors: ReadonlyMap<string, number>;
  dataset: Dataset;
  /** Samples read at most. */
  samples: number;
  context: RunContext;
}

/** Vectors of one tensor on one sample, row by row, and which of them count. */
export interface Vectors {
  values: Float32Array;
  counts: (row: number) => boolean;
  /**
   * By which a vector is multiplied before it counts: one louder than the sample's median vector counts as that does. What follows divides a token's
   * values by their loudness (LayerNormalization), and the few loudest (massive activations: Sun et al., 2024) would else be all that is looked at: on Whisper's decoder
   * ranges chosen by those lost 0.7 dB.
   */
  factor: (row: number) => number;
}

export interface VectorTaker {
  /** Needs no more. */
  readonly full: boolean;
  add(vectors: Vectors): Promise<void>;
}

/** Squares of larger values, of many vectors, are beyond float32. */
const LARGEST = 1e30;

/** One pass over the samples, until all takers are full; what their tensors don't need is not computed. @param takers by the tensor's name. */
export async function readInputs(
  { model, tensors, dataset, samples, context }: InputsRequest,
  takers: ReadonlyMap<string, VectorTaker>,
): Promise<void> {
  const outputs = [...tensors.keys()].map((name) => makeValue(name));
  const session = await openObserved(model, { nodes: [], initializers: [], outputs }, { context });
  let read = 0;
  try {
    for await (const feeds of batches(dataset, session.inputs, context.signal)) {
      const results = await session.run(feeds).catch((error: unknown) => {
        throw refusedSample(error, dataset, feeds);
      });
      for (const [name, taker] of takers)
        await taker.add(vectorsOf(results[name]!, feeds, tensors.get(name)!));
      if (++read >= samples || [...takers.values()].every(({ full }) => full)) break;
    }
  } finally {
    await session.release();
  }
}

function vectorsOf(tensor: Tensor, feeds: Feeds, size: number): Vectors {
  const values = floatsOf(tensor);
  const mask = attended(tensor, feeds);
  const energies = new Float64Array(values.length / size);
  for (let row = 0, at = 0; row < energies.length; row++) {
    for (let k = 0; k < size; k++, at++) energies[row]! += values[at]! ** 2;
  }
  // One value that is not finite would spoil all; NaN is no energy either.
  const counts = (row: number) => (mask === null || mask[row] !== 0) && energies[row]! <= LARGEST;
  const loudness = energies.filter((energy, row) => energy > 0 && counts(row)).sort();
  const median = loudness[loudness.length >> 1] ?? 0;
  return {
    values,
    counts,
    factor: (row) => (energies[row]! > median ? Math.sqrt(median / energies[row]!) : 1),
  };
}

/** Fitted to fewer vectors than that, weights move along all that these don't reach: a layer of 3,200 inputs fitted to 4 vectors in 8 bits gave 44 dB on
 *  them, and 8 dB on others (42 with the nearest codes). */
export const MOST_INPUTS_PER_ROW = 32;

/** Whether so many vectors say too little of a layer with so many inputs. */
export function areTooFew(vectors: number, inputs: number): boolean {
  return vectors * MOST_INPUTS_PER_ROW < inputs;
}
