import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);

// src/tensor/half.ts
var LARGEST_HALF = 65504;
var float = new Float32Array(1);
var word = new Uint32Array(float.buffer);
var base = new Uint16Array(512);
var shift = new Uint8Array(512);
for (let index = 0; index < 512; index++) {
  const sign = (index & 256) << 7;
  const exponent = (index & 255) - 127;
  base[index] = sign | (exponent < -14 ? 0 : exponent > 15 ? 31744 : exponent + 15 << 10);
  shift[index] = exponent < -25 ? 31 : exponent < -14 ? -exponent - 1 : exponent > 15 ? 31 : 13;
}
function halfBits(value) {
  float[0] = value;
  return halfOfWord(word[0]);
}
function halfOfWord(bits) {
  const index = bits >>> 23;
  const exponent = index & 255;
  if (exponent === 255) return base[index] | (bits & 8388607 ? 512 | bits >>> 13 & 1023 : 0);
  const by = shift[index];
  if (by === 31) return base[index];
  const isSubnormal = exponent < 113;
  const significand = bits & 8388607 | (isSubnormal ? 8388608 : 0);
  const dropped = significand & (1 << by) - 1;
  const half = 1 << by - 1;
  const kept = significand >>> by;
  return base[index] + kept + (dropped > half || dropped === half && kept & 1 ? 1 : 0);
}
function halfValue(bits) {
  const sign = bits & 32768 ? -1 : 1;
  const exponent = bits >>> 10 & 31;
  const fraction = bits & 1023;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
function toHalf(values) {
  const words = new Uint32Array(values.buffer, values.byteOffset, values.length);
  const halves = new Uint16Array(values.length);
  for (let i = 0; i < halves.length; i++) halves[i] = halfOfWord(words[i]);
  return halves;
}
function fromHalf(halves) {
  return Float32Array.from(halves, halfValue);
}
function fromBfloat16(bits) {
  return new Float32Array(Uint32Array.from(bits, (upper) => upper << 16 >>> 0).buffer);
}
function toBfloat16(values) {
  const words = new Uint32Array(values.buffer, values.byteOffset, values.length);
  return words.every((bits) => (bits & 65535) === 0) ? Uint16Array.from(words, (bits) => bits >>> 16) : null;
}

export {
  LARGEST_HALF,
  halfBits,
  halfValue,
  toHalf,
  fromHalf,
  fromBfloat16,
  toBfloat16
};
