/** Weights that were quantized before: a file is written several times until its plan stands, with other ranges but mostly the same
 *  weights. */
import type { TensorProto } from 'onnx-buf';
import { type QuantizedWeight, quantizeWeight, type WeightOptions } from '../../integers/weights.js';

/** What a tensor became, by how it was quantized; without the guard on its scales. */
const known = new WeakMap<TensorProto, Map<string, QuantizedWeight>>();

export interface KnownWeightOptions extends WeightOptions {
  /** Says everything that decides the result but the tensor and `smallestScale`. */
  key: string;
}

/** As quantizeWeight, which is called only where the result isn't known. The result is shared: read-only.
 *  @param tensor whose values these are. */
export function quantizeOnce(
  tensor: TensorProto,
  weight: { values: Float32Array; dims: readonly number[] },
  { key, ...options }: KnownWeightOptions,
): QuantizedWeight {
  const { smallestScale, ...unguarded } = options;
  const results = known.get(tensor) ?? new Map<string, QuantizedWeight>();
  known.set(tensor, results);
  let result = results.get(key);
  if (!result) {
    result = quantizeWeight(weight.values, weight.dims, unguarded);
    results.set(key, result);
  }
  const { scale } = result;
  // The guard takes the larger scale: where it is the smaller one everywhere, it changes nothing.
  if (
    !smallestScale ||
    scale.every((value, i) => value >= smallestScale[smallestScale.length === 1 ? 0 : i]!)
  )
    return result;
  return quantizeWeight(weight.values, weight.dims, options);
}
