/** Samples as the model takes them: one at a time, or stacked where its batch dimension is fixed. */
import type { Dataset } from '../../data/samples/dataset.js';
import { throwIfInterrupted } from '../../errors.js';
import type { Feeds, Tensor, TensorData } from '../../tensor/tensor.js';
import type { ValueMeta } from '../../tensor/value-meta.js';
import { refuseNotANumber } from './not-a-number.js';

/** Yields feeds for every sample. A last, incomplete stack is filled up with its own first samples: ranges don't mind.
 *  @throws Interrupted when the signal is aborted, UserError for a sample that holds NaN. */
export async function* batches(
  dataset: Dataset,
  inputs: readonly ValueMeta[],
  signal?: AbortSignal,
): AsyncGenerator<Feeds> {
  const size = fixedBatch(inputs);
  let waiting: Feeds[] = [];
  for await (const sample of dataset.samples()) {
    throwIfInterrupted(signal);
    refuseNotANumber(sample, dataset.description);
    const { feeds } = sample;
    const wanted = Object.fromEntries(inputs.map(({ name }) => [name, feeds[name]!]));
    // Some data comes in the model's own shape: a whole batch, or a first axis that is no batch (time, rows).
    if (size === 1 || inputs.every(({ name }) => wanted[name]!.dims[0] === size)) {
      yield wanted;
      continue;
    }
    waiting.push(wanted);
    if (waiting.length < size) continue;
    yield stack(waiting, inputs);
    waiting = [];
  }
  if (waiting.length === 0) return;
  const filled = Array.from({ length: size }, (_, index) => waiting[index % waiting.length]!);
  yield stack(filled, inputs);
}

/** The first dimension that the inputs share when it is a number above 1, else 1. */
export function fixedBatch(inputs: readonly ValueMeta[]): number {
  const sizes = new Set(inputs.map(({ shape }) => shape?.[0]));
  const [size] = sizes;
  return sizes.size === 1 && typeof size === 'number' && size > 1 ? size : 1;
}

/** Several samples as one, along their first axis.
 *  @param last an earlier stack that is no longer needed: its memory is used again where it fits. */
export function stack(samples: readonly Feeds[], inputs: readonly ValueMeta[], last: Feeds = {}): Feeds {
  return Object.fromEntries(
    inputs.map(({ name }) => [
      name,
      concatenate(
        samples.map((feeds) => feeds[name]!),
        last[name],
      ),
    ]),
  );
}

function concatenate(tensors: readonly Tensor[], last: Tensor | undefined): Tensor {
  const [{ type, dims, data }] = tensors as [Tensor];
  if (Array.isArray(data)) {
    return {
      type,
      dims: [tensors.length, ...dims.slice(1)],
      data: tensors.flatMap((tensor) => tensor.data as string[]),
    };
  }
  const Typed = data.constructor as new (length: number) => Exclude<TensorData, string[]>;
  const length = data.length * tensors.length;
  const fits = last?.type === type && last.data.length === length;
  const stacked = fits ? (last.data as Exclude<TensorData, string[]>) : new Typed(length);
  tensors.forEach((tensor, index) => {
    (stacked as Uint8Array).set(tensor.data as Uint8Array, index * data.length);
  });
  return { type, dims: [tensors.length, ...dims.slice(1)], data: stacked };
}
