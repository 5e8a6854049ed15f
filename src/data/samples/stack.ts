/** Several samples as one: for models whose batch is fixed above 1. */
import type { Feeds, Tensor, TensorData } from '../../tensor/tensor.js';
import type { ValueMeta } from '../../tensor/value-meta.js';

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
