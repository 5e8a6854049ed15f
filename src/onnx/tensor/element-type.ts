/** ONNX element types: protobuf code, name, bits, and the typed array that holds their values. */
import { TensorProto_DataType as DataType } from 'onnx-buf';
import type { ElementType, NumericArray } from '../../tensor/tensor.js';

export { DataType };

interface ArrayConstructor {
  readonly BYTES_PER_ELEMENT: number;
  new (length: number): NumericArray;
  new (buffer: ArrayBufferLike, byteOffset?: number, length?: number): NumericArray;
}

interface ElementTypeInfo {
  /** Name in the ONNX specification, lower case. */
  name: string;
  bits: number;
  array: ArrayConstructor;
}

const INFO = new Map<number, ElementTypeInfo>([
  [DataType.FLOAT, { name: 'float32', bits: 32, array: Float32Array }],
  [DataType.DOUBLE, { name: 'float64', bits: 64, array: Float64Array }],
  [DataType.FLOAT16, { name: 'float16', bits: 16, array: Uint16Array }],
  [DataType.BFLOAT16, { name: 'bfloat16', bits: 16, array: Uint16Array }],
  [DataType.INT8, { name: 'int8', bits: 8, array: Int8Array }],
  [DataType.UINT8, { name: 'uint8', bits: 8, array: Uint8Array }],
  [DataType.INT16, { name: 'int16', bits: 16, array: Int16Array }],
  [DataType.UINT16, { name: 'uint16', bits: 16, array: Uint16Array }],
  [DataType.INT32, { name: 'int32', bits: 32, array: Int32Array }],
  [DataType.UINT32, { name: 'uint32', bits: 32, array: Uint32Array }],
  [DataType.INT64, { name: 'int64', bits: 64, array: BigInt64Array }],
  [DataType.UINT64, { name: 'uint64', bits: 64, array: BigUint64Array }],
  [DataType.BOOL, { name: 'bool', bits: 8, array: Uint8Array }],
  [DataType.INT4, { name: 'int4', bits: 4, array: Int8Array }],
  [DataType.UINT4, { name: 'uint4', bits: 4, array: Uint8Array }],
  [DataType.FLOAT8E4M3FN, { name: 'float8e4m3fn', bits: 8, array: Uint8Array }],
  [DataType.FLOAT8E4M3FNUZ, { name: 'float8e4m3fnuz', bits: 8, array: Uint8Array }],
  [DataType.FLOAT8E5M2, { name: 'float8e5m2', bits: 8, array: Uint8Array }],
  [DataType.FLOAT8E5M2FNUZ, { name: 'float8e5m2fnuz', bits: 8, array: Uint8Array }],
]);

/** Facts about a protobuf element type code; undefined for strings, complex numbers and unknown codes. */
export function elementTypeInfo(dataType: number): ElementTypeInfo | undefined {
  return INFO.get(dataType);
}

/** 'float32' for 1, and so on; 'type 8' for codes without numeric values. */
export function elementTypeName(dataType: number): string {
  return INFO.get(dataType)?.name ?? (dataType === DataType.STRING ? 'string' : `type ${dataType}`);
}

/** The protobuf code of a session element type. */
export function dataTypeOf(type: ElementType): DataType {
  if (type === 'string') return DataType.STRING;
  for (const [code, info] of INFO) if (info.name === type) return code;
  throw new Error(`no ONNX element type is called ${type}`);
}

/** Bytes that `elements` values take in raw_data (4-bit types pack two per byte, low nibble first). */
export function byteLengthOf(dataType: number, elements: number): number {
  const info = INFO.get(dataType);
  if (!info) throw new Error(`${elementTypeName(dataType)} has no raw form`);
  return Math.ceil((elements * info.bits) / 8);
}
