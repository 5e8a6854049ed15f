/** What is left of activations that are quantized as they come. */
import { roundHalfEven } from './scale.js';

const LEVELS = 255;

/**
 * The values that ONNX's DynamicQuantizeLinear (opset 11) makes of a tensor, in float32 again: 8 bits from min(0, smallest) to max(0, largest), the
 * same for all of it. Values that are not finite make all NaN.
 */
export function dynamicallyQuantized(values: Float32Array): Float32Array {
  let [min, max] = [0, 0];
  for (const value of values) {
    if (value < min) min = value;
    else if (value > max) max = value;
    else if (Number.isNaN(value)) min = Number.NaN;
  }
  const scale = Math.fround((max - min) / LEVELS);
  if (scale === 0) return values.slice();
  const zero = Math.min(LEVELS, Math.max(0, roundHalfEven(-min / scale)));
  const quantized = new Float32Array(values.length);
  for (let at = 0; at < values.length; at++) {
    const code = roundHalfEven(Math.fround(values[at]! / scale)) + zero;
    quantized[at] = (Math.min(LEVELS, Math.max(0, code)) - zero) * scale;
  }
  return quantized;
}
