import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);
import {
  halfBits,
  halfValue
} from "./chunk-B4R2XIPD.js";

// src/tensor/elements.ts
var CONSTRUCTORS = {
  float32: Float32Array,
  float64: Float64Array,
  float16: Uint16Array,
  int8: Int8Array,
  uint8: Uint8Array,
  int16: Int16Array,
  uint16: Uint16Array,
  int32: Int32Array,
  uint32: Uint32Array,
  int64: BigInt64Array,
  uint64: BigUint64Array,
  bool: Uint8Array
};
var INTEGER_RANGES = {
  int8: [-128n, 127n],
  uint8: [0n, 255n],
  int16: [-32768n, 32767n],
  uint16: [0n, 65535n],
  int32: [-(2n ** 31n), 2n ** 31n - 1n],
  uint32: [0n, 2n ** 32n - 1n],
  int64: [-(2n ** 63n), 2n ** 63n - 1n],
  uint64: [0n, 2n ** 64n - 1n],
  bool: [0n, 1n]
};
function isNumericType(type) {
  return type in CONSTRUCTORS;
}
function isFloatType(type) {
  return type === "float32" || type === "float64" || type === "float16";
}
function isIntegerType(type) {
  return type in INTEGER_RANGES && type !== "bool";
}
function bytesPerElement(type) {
  return CONSTRUCTORS[type].BYTES_PER_ELEMENT;
}
function allocate(type, length) {
  return new CONSTRUCTORS[type](length);
}
function fromBytes(type, bytes) {
  const array = CONSTRUCTORS[type];
  const aligned = bytes.byteOffset % array.BYTES_PER_ELEMENT === 0 ? bytes : new Uint8Array(bytes);
  return new array(
    aligned.buffer,
    aligned.byteOffset,
    aligned.byteLength / array.BYTES_PER_ELEMENT
  );
}
function numbersOf(tensor) {
  const { data } = tensor;
  if (tensor.type === "float16") return Float32Array.from(data, halfValue);
  if (data instanceof BigInt64Array || data instanceof BigUint64Array) return Float64Array.from(data, Number);
  if (Array.isArray(data)) return Float64Array.from(data, Number);
  return data;
}
function castLossless(tensor, type) {
  if (tensor.type === type) return tensor;
  const source = tensor.data;
  if (Array.isArray(source)) return { index: 0, value: Number.NaN };
  const target = allocate(type, source.length);
  for (let index = 0; index < source.length; index++) {
    const raw = source[index];
    const value = tensor.type === "float16" ? halfValue(raw) : raw;
    if (!store(target, type, index, value)) return { index, value };
  }
  return { type, dims: tensor.dims, data: target };
}
function store(target, type, index, value) {
  const range = INTEGER_RANGES[type];
  if (range) {
    if (typeof value === "number" && !Number.isInteger(value)) return false;
    const integer = BigInt(value);
    if (integer < range[0] || integer > range[1]) return false;
    if (target instanceof BigInt64Array || target instanceof BigUint64Array) target[index] = integer;
    else target[index] = Number(value);
    return true;
  }
  const number = Number(value);
  if (typeof value === "bigint" && BigInt(number) !== value) return false;
  const floats = target;
  floats[index] = type === "float16" ? halfBits(number) : number;
  const stored = type === "float16" ? halfValue(floats[index]) : floats[index];
  return Object.is(stored, number) || stored === number || Number.isNaN(number);
}

export {
  isNumericType,
  isFloatType,
  isIntegerType,
  bytesPerElement,
  allocate,
  fromBytes,
  numbersOf,
  castLossless
};
