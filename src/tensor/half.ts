/** Half precision as ONNX's Cast defines it (IEEE 754 binary16, round to nearest, ties to even), held as its bits.
 *  Arrays are converted through tables: a model's weights are hundreds of megabytes. */

/** Largest finite half. */
export const LARGEST_HALF = 65504;

/** Below this halves have ever fewer bits. */
export const SMALLEST_NORMAL_HALF = 2 ** -14;

const float = new Float32Array(1);
const word = new Uint32Array(float.buffer);

/** By the upper 9 bits of a float32 (sign and exponent): bits to start from, and how far the significand is shifted right. */
const base = new Uint16Array(512);
const shift = new Uint8Array(512);
for (let index = 0; index < 512; index++) {
  const sign = (index & 256) << 7;
  const exponent = (index & 255) - 127;
  // Below 2^-25 everything rounds to zero; from 2^-25 on, subnormals have ever fewer bits; from 2^16 on, infinity.
  base[index] = sign | (exponent < -14 ? 0 : exponent > 15 ? 0x7c00 : (exponent + 15) << 10);
  shift[index] = exponent < -25 ? 31 : exponent < -14 ? -exponent - 1 : exponent > 15 ? 31 : 13;
}

/** Bits of the half nearest to a float32 value. NaN stays NaN (quiet), beyond ±65520 it is an infinity. */
export function halfBits(value: number): number {
  float[0] = value;
  return halfOfWord(word[0]!);
}

function halfOfWord(bits: number): number {
  const index = bits >>> 23;
  const exponent = index & 255;
  if (exponent === 255) return base[index]! | (bits & 0x7fffff ? 0x200 | ((bits >>> 13) & 0x3ff) : 0);
  const by = shift[index]!;
  if (by === 31) return base[index]!;
  const isSubnormal = exponent < 113;
  const significand = (bits & 0x7fffff) | (isSubnormal ? 0x800000 : 0);
  const dropped = significand & ((1 << by) - 1);
  const half = 1 << (by - 1);
  const kept = significand >>> by;
  // A carry out of the significand runs into the exponent, which is what rounding up to the next binade means.
  return base[index]! + kept + (dropped > half || (dropped === half && kept & 1) ? 1 : 0);
}

/** The float32 value that the bits of a half stand for. */
export function halfValue(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >>> 10) & 31;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** Bits of every value. */
export function toHalf(values: Float32Array): Uint16Array {
  const words = new Uint32Array(values.buffer, values.byteOffset, values.length);
  const halves = new Uint16Array(values.length);
  for (let i = 0; i < halves.length; i++) halves[i] = halfOfWord(words[i]!);
  return halves;
}

export function fromHalf(halves: Uint16Array): Float32Array {
  return Float32Array.from(halves, halfValue);
}

/** The float32 values that the bits of bfloat16 stand for: the upper half of a float32's. */
export function fromBfloat16(bits: Uint16Array): Float32Array {
  return new Float32Array(Uint32Array.from(bits, (upper) => (upper << 16) >>> 0).buffer);
}

/** The bits of bfloat16 for float32 values; null where one of them needs more. */
export function toBfloat16(values: Float32Array): Uint16Array | null {
  const words = new Uint32Array(values.buffer, values.byteOffset, values.length);
  return words.every((bits) => (bits & 0xffff) === 0) ? Uint16Array.from(words, (bits) => bits >>> 16) : null;
}
