/** Scale and zero-point of integer types, and the rounding they are defined with (ONNX QuantizeLinear). */

export type IntegerName = 'uint8' | 'int8' | 'uint16' | 'int16';

export interface IntegerRange {
  min: number;
  max: number;
}

/** What a type can hold. */
export const FULL_RANGE: Record<IntegerName, IntegerRange> = {
  uint8: { min: 0, max: 255 },
  int8: { min: -128, max: 127 },
  uint16: { min: 0, max: 65535 },
  int16: { min: -32768, max: 32767 },
};

/** Symmetric scales leave out the most negative value, so that ±absmax both fit. */
const SYMMETRIC_RANGE: Record<IntegerName, IntegerRange> = {
  uint8: { min: 0, max: 255 },
  int8: { min: -127, max: 127 },
  uint16: { min: 0, max: 65535 },
  int16: { min: -32767, max: 32767 },
};

/** One bit less: the remedy of other quantizers against 16-bit saturation without VNNI. */
const REDUCED_RANGE: Record<IntegerName, IntegerRange> = {
  uint8: { min: 0, max: 127 },
  int8: { min: -64, max: 64 },
  uint16: { min: 0, max: 32767 },
  int16: { min: -16384, max: 16384 },
};

export interface ScaleOptions {
  type: IntegerName;
  symmetric?: boolean;
  reduceRange?: boolean;
  /** Symmetric over the whole type (absmax ↦ 127.5), as PyTorch does. */
  fullRange?: boolean;
}

export interface QuantizationParameters {
  /** A float32 value. */
  scale: number;
  zeroPoint: number;
}

/** What an activation becomes. */
export interface ActivationParameters extends QuantizationParameters {
  type: 'uint8' | 'int8';
}

/** Smallest normal float32: scales below it are useless to divide by. */
const SMALLEST_NORMAL = 2 ** -126;

/** Rounds to the nearest integer, halves to the even one; exact for |x| < 2^51. */
export function roundHalfEven(x: number): number {
  // Adding 1.5 · 2^52 leaves no fraction bits, so the FPU's own rounding (to nearest, ties to even) does it.
  return Math.abs(x) < 2 ** 51 ? x + 6755399441055744 - 6755399441055744 : x;
}

/** Scale and zero-point for values in [min, max] (float32); zero is always representable.
 *  A range of zero width (an all-zero tensor) gets scale 1, zero-point 0.
 *  Arithmetic as onnxruntime's quantizer does it: the width in float32, the division in float64.
 *  @throws RangeError for NaN or infinite limits. */
export function computeScale(min: number, max: number, options: ScaleOptions): QuantizationParameters {
  if (!Number.isFinite(min) || !Number.isFinite(max)) {
    throw new RangeError(`a range of [${min}, ${max}] can't be quantized`);
  }
  const { type, symmetric = false, reduceRange = false, fullRange = false } = options;
  const range = (reduceRange ? REDUCED_RANGE : symmetric && !fullRange ? SYMMETRIC_RANGE : FULL_RANGE)[type];
  let low = Math.min(Math.fround(min), 0);
  let high = Math.max(Math.fround(max), 0);
  if (symmetric) {
    high = Math.max(-low, high);
    low = -high;
  }
  const scale = Math.fround(high - low) / (range.max - range.min);
  if (!(scale >= SMALLEST_NORMAL)) return { scale: 1, zeroPoint: 0 };
  if (!Number.isFinite(scale)) throw new RangeError(`a range of [${min}, ${max}] is too wide for float32`);
  const zeroPoint = symmetric
    ? roundHalfEven((range.min + range.max) / 2)
    : roundHalfEven(range.min - low / scale);
  return { scale: Math.fround(scale), zeroPoint };
}

/** QuantizeLinear (ONNX): saturate(round(x / scale) + zeroPoint), the division in float32. */
export function quantizeValue(
  x: number,
  { scale, zeroPoint }: QuantizationParameters,
  type: IntegerName,
): number {
  const { min, max } = FULL_RANGE[type];
  const q = roundHalfEven(Math.fround(x / scale)) + zeroPoint;
  return q < min ? min : Math.min(q, max);
}

/** DequantizeLinear (ONNX), in float32. */
export function dequantizeValue(q: number, { scale, zeroPoint }: QuantizationParameters): number {
  return Math.fround((q - zeroPoint) * scale);
}

export function integerArray(type: 'uint8' | 'int8', length: number): Uint8Array | Int8Array {
  return type === 'uint8' ? new Uint8Array(length) : new Int8Array(length);
}

export interface ActivationScheme {
  type: 'uint8' | 'int8';
  /** affine: the range as it is. symmetric: zero in the middle. restricted: affine with zero at the lower end or in the middle. */
  symmetry: 'affine' | 'symmetric' | 'restricted';
}

/** Scale and zero-point of an activation with this range. */
export function activationScale(
  { min, max }: { min: number; max: number },
  { type, symmetry }: ActivationScheme,
): ActivationParameters {
  if (symmetry === 'affine' || (symmetry === 'restricted' && min >= 0)) {
    return { ...computeScale(min, max, { type }), type };
  }
  if (symmetry === 'symmetric') return { ...computeScale(min, max, { type, symmetric: true }), type };
  // Zero at 128: 128 levels below it, 127 above.
  const reach = Math.max(-min / 128, max / 127);
  return { ...computeScale(-reach * 128, reach * 127, { type }), type };
}
