/** Bias as int32 with scale = input scale · weight scale, and the guard that keeps it from overflowing. */
import { roundHalfEven } from './scale.js';

const INT32_MAX = 2 ** 31 - 1;
const INT32_MIN = -(2 ** 31);

/** The smallest weight scales (one per channel, or one) at which the bias fits int32; 0 where any scale does.
 *  Channels with almost-zero weights but a real bias (pruned BatchNorm channels) need it. As onnxruntime's
 *  `_adjust_weight_scale_for_int32_bias`: smallest product = 1.0001 · 2·max|b| / (INT32_MAX − (INT32_MIN + 1)). */
export function smallestWeightScale(bias: Float32Array, inputScale: number, channels: number): Float32Array {
  const smallest = new Float32Array(channels);
  const steps = INT32_MAX - (INT32_MIN + 1);
  for (let i = 0; i < bias.length; i++) {
    const product = (1.0001 * 2 * Math.abs(bias[i]!)) / steps;
    const channel = channels === 1 ? 0 : i;
    smallest[channel] = Math.max(smallest[channel]!, product / inputScale);
  }
  return smallest;
}

export interface QuantizedBias {
  data: Int32Array;
  /** inputScale · weightScale, float32, one per weight scale. */
  scale: Float32Array;
}

/** round(b / (inputScale · weightScale)), saturated to int32; the product in float32 as the runtime recomputes it. */
export function quantizeBias(
  bias: Float32Array,
  inputScale: number,
  weightScale: Float32Array,
): QuantizedBias {
  const scale = weightScale.map((value) => Math.fround(inputScale * value));
  const data = new Int32Array(bias.length);
  for (let i = 0; i < bias.length; i++) {
    const q = roundHalfEven(bias[i]! / scale[scale.length === 1 ? 0 : i]!);
    data[i] = Math.max(INT32_MIN, Math.min(INT32_MAX, q));
  }
  return { data, scale };
}
