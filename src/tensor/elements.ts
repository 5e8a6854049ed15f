/** Arrays of one ONNX element type: making them, and changing the type where no value changes with it. */

import { halfBits, halfValue } from './half.js';
import type { ElementType, Tensor, TensorData } from './tensor.js';

export type NumericData = Exclude<TensorData, string[]>;

/** Element types that data can be held in here (not strings, not packed 4-bit integers). */
export type NumericType = Exclude<ElementType, 'string' | 'int4' | 'uint4'>;

const CONSTRUCTORS = {
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
  bool: Uint8Array,
} as const satisfies Record<NumericType, unknown>;

const INTEGER_RANGES: Partial<Record<ElementType, readonly [bigint, bigint]>> = {
  int8: [-128n, 127n],
  uint8: [0n, 255n],
  int16: [-32768n, 32767n],
  uint16: [0n, 65535n],
  int32: [-(2n ** 31n), 2n ** 31n - 1n],
  uint32: [0n, 2n ** 32n - 1n],
  int64: [-(2n ** 63n), 2n ** 63n - 1n],
  uint64: [0n, 2n ** 64n - 1n],
  bool: [0n, 1n],
};

export function isNumericType(type: ElementType): type is NumericType {
  return type in CONSTRUCTORS;
}

export function isFloatType(type: ElementType): boolean {
  return type === 'float32' || type === 'float64' || type === 'float16';
}

export function isIntegerType(type: ElementType): boolean {
  return type in INTEGER_RANGES && type !== 'bool';
}

export function bytesPerElement(type: NumericType): number {
  return CONSTRUCTORS[type].BYTES_PER_ELEMENT;
}

/** A zero-filled array of the type. */
export function allocate(type: NumericType, length: number): NumericData {
  return new CONSTRUCTORS[type](length);
}

/** Little-endian bytes as an array of the type: a view where alignment allows, else a copy. */
export function fromBytes(type: NumericType, bytes: Uint8Array): NumericData {
  const array = CONSTRUCTORS[type];
  const aligned = bytes.byteOffset % array.BYTES_PER_ELEMENT === 0 ? bytes : new Uint8Array(bytes);
  return new array(
    aligned.buffer as ArrayBuffer,
    aligned.byteOffset,
    aligned.byteLength / array.BYTES_PER_ELEMENT,
  );
}

/** The tensor's values as JavaScript numbers; 64-bit integers beyond 2⁵³ lose their last digits. */
export function numbersOf(tensor: Tensor): ArrayLike<number> {
  const { data } = tensor;
  if (tensor.type === 'float16') return Float32Array.from(data as Uint16Array, halfValue);
  if (data instanceof BigInt64Array || data instanceof BigUint64Array) return Float64Array.from(data, Number);
  if (Array.isArray(data)) return Float64Array.from(data, Number);
  return data;
}

/** The first value that another type can't hold. */
export interface Lossy {
  index: number;
  value: number | bigint;
}

/** The tensor in another element type, or the first value that would change. NaN and infinities fit every float type. */
export function castLossless(tensor: Tensor, type: NumericType): Tensor | Lossy {
  if (tensor.type === type) return tensor;
  const source = tensor.data;
  if (Array.isArray(source)) return { index: 0, value: Number.NaN };
  const target = allocate(type, source.length);
  for (let index = 0; index < source.length; index++) {
    const raw = source[index]!;
    const value = tensor.type === 'float16' ? halfValue(raw as number) : raw;
    if (!store(target, type, index, value)) return { index, value };
  }
  return { type, dims: tensor.dims, data: target };
}

/** Writes the value; false when the type can't hold it exactly. */
function store(target: NumericData, type: NumericType, index: number, value: number | bigint): boolean {
  const range = INTEGER_RANGES[type];
  if (range) {
    if (typeof value === 'number' && !Number.isInteger(value)) return false;
    const integer = BigInt(value);
    if (integer < range[0] || integer > range[1]) return false;
    if (target instanceof BigInt64Array || target instanceof BigUint64Array) target[index] = integer;
    else target[index] = Number(value);
    return true;
  }
  const number = Number(value);
  if (typeof value === 'bigint' && BigInt(number) !== value) return false;
  const floats = target as Float32Array | Float64Array | Uint16Array;
  floats[index] = type === 'float16' ? halfBits(number) : number;
  const stored = type === 'float16' ? halfValue(floats[index]!) : floats[index]!;
  return Object.is(stored, number) || stored === number || Number.isNaN(number);
}
