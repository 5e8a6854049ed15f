/** A tensor as it enters or leaves an ONNX Runtime session. */

/** ONNX element types that sessions take and give (the names ONNX Runtime's JavaScript API uses). */
export type ElementType =
  | 'float32'
  | 'float64'
  | 'float16'
  | 'int8'
  | 'uint8'
  | 'int16'
  | 'uint16'
  | 'int32'
  | 'uint32'
  | 'int64'
  | 'uint64'
  | 'bool'
  | 'string'
  | 'int4'
  | 'uint4';

/** Values of a tensor. float16, bfloat16 and float8 are held as their bits; bool as 0/1; int4 and uint4 one value per element. */
export type NumericArray =
  | Float32Array
  | Float64Array
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | BigInt64Array
  | BigUint64Array;

/** Values of a tensor: numbers, or texts. */
export type TensorData = NumericArray | string[];

export interface Tensor {
  type: ElementType;
  /** Row-major shape; [] is a scalar. */
  dims: readonly number[];
  data: TensorData;
}

/** Values of a float32 tensor. @throws Error when it is of another type. */
export function floatsOf({ type, data }: Tensor): Float32Array {
  if (!(data instanceof Float32Array)) throw new Error(`a tensor of ${type} where float32 was expected`);
  return data;
}

/** Tensors by input (or output) name. */
export type Feeds = Record<string, Tensor>;
