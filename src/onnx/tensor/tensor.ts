/** Tensor data behind one interface wherever the bytes live: raw_data, a typed field, or an external file. */
import { create } from '@bufbuild/protobuf';
import { TensorProto_DataLocation as Location, type TensorProto, TensorProtoSchema } from 'onnx-buf';
import { UserError } from '../../errors.js';
import { elementCount } from '../../tensor/dims.js';
import type { NumericArray } from '../../tensor/tensor.js';
import { byteLengthOf, DataType, elementTypeInfo, elementTypeName } from './element-type.js';
import { readExternalBytes } from './external-data.js';
import { storedBytes } from './tensor-store.js';

export function dimsOf(tensor: TensorProto): number[] {
  return tensor.dims.map(Number);
}

/** Bytes of the tensor's values, without loading them. */
export function tensorByteLength(tensor: TensorProto): number {
  if (tensor.dataType === DataType.STRING)
    return tensor.stringData.reduce((sum, text) => sum + text.length, 0);
  return elementTypeInfo(tensor.dataType) ? byteLengthOf(tensor.dataType, elementCount(tensor.dims)) : 0;
}

/** The tensor's bytes as raw_data would hold them (little-endian): a view where they are raw already.
 *  @param directory folder of the model file, for external data.
 *  @throws UserError when the bytes are missing or too few. */
export function tensorBytes(tensor: TensorProto, directory: string | null): Uint8Array {
  const expected = tensorByteLength(tensor);
  let bytes: Uint8Array;
  const stored = tensor.dataLocation === Location.EXTERNAL ? storedBytes(tensor, expected) : null;
  if (stored !== null) {
    bytes = stored;
  } else if (tensor.dataLocation === Location.EXTERNAL) {
    if (directory === null)
      throw new UserError(
        'model.external-data-missing',
        `Tensor '${tensor.name}' is external, but the model has no folder.`,
      );
    bytes = readExternalBytes(tensor, directory, expected);
  } else if (tensor.rawData.length > 0 || expected === 0) {
    bytes = tensor.rawData;
  } else {
    const values = fromTypedField(tensor);
    bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  }
  if (bytes.length !== expected) {
    throw new UserError(
      'model.damaged',
      `Tensor '${tensor.name}' (${elementTypeName(tensor.dataType)} [${tensor.dims.join(', ')}]) holds ${bytes.length} bytes ` +
        `instead of ${expected}: the model file is damaged.`,
    );
  }
  return bytes;
}

/** The same values under another name; they are not copied. (A spread would lose the fields that have their defaults.) */
export function renamedTensor(tensor: TensorProto, name: string): TensorProto {
  return Object.assign(Object.create(Object.getPrototypeOf(tensor)), tensor, { name });
}

/** The tensor's values, one array element each (4-bit types unpacked). A view of the file's bytes where they are aligned:
 *  treat it as read-only.
 *  @throws UserError for strings, unknown types, missing or too few bytes. */
export function tensorValues(tensor: TensorProto, directory: string | null = null): NumericArray {
  const info = elementTypeInfo(tensor.dataType);
  if (!info)
    throw new UserError(
      'model.element-type',
      `Tensor '${tensor.name}' holds ${elementTypeName(tensor.dataType)}, not numbers.`,
    );
  const bytes = tensorBytes(tensor, directory);
  if (info.bits === 4)
    return unpackNibbles(bytes, elementCount(tensor.dims), tensor.dataType === DataType.INT4);
  const size = info.array.BYTES_PER_ELEMENT;
  if (bytes.byteOffset % size === 0)
    return new info.array(bytes.buffer, bytes.byteOffset, bytes.length / size);
  // Not slice(): a Buffer's is another view of the same bytes.
  const aligned = new Uint8Array(bytes);
  return new info.array(aligned.buffer, 0, aligned.length / size);
}

/** A tensor with its values in raw_data. 4-bit types take one value per element and are packed here. */
export function makeTensor(
  name: string,
  dataType: DataType,
  dims: readonly number[],
  values: NumericArray,
): TensorProto {
  const info = elementTypeInfo(dataType);
  if (!info) throw new Error(`a tensor of ${elementTypeName(dataType)} can't be made from numbers`);
  if (values.length !== elementCount(dims)) {
    throw new Error(`tensor '${name}': ${values.length} values for shape [${dims.join(', ')}]`);
  }
  const rawData =
    info.bits === 4
      ? packNibbles(values)
      : new Uint8Array(values.buffer as ArrayBuffer, values.byteOffset, values.byteLength);
  return create(TensorProtoSchema, { name, dataType, dims: dims.map(BigInt), rawData });
}

/** Packs 4-bit values two per byte, first value in the low nibble (ONNX IR, "packed" element types). */
function packNibbles(values: NumericArray): Uint8Array<ArrayBuffer> {
  const packed = new Uint8Array(Math.ceil(values.length / 2));
  for (let i = 0; i < values.length; i++) packed[i >> 1]! |= (Number(values[i]) & 15) << (4 * (i & 1));
  return packed;
}

function unpackNibbles(packed: Uint8Array, count: number, signed: boolean): Int8Array | Uint8Array {
  const values = signed ? new Int8Array(count) : new Uint8Array(count);
  for (let i = 0; i < count; i++) {
    const nibble = (packed[i >> 1]! >> (4 * (i & 1))) & 15;
    values[i] = signed ? (nibble << 28) >> 28 : nibble;
  }
  return values;
}

/** Values from float_data, int32_data, …; the specification says which field holds which type (onnx.proto, TensorProto). */
function fromTypedField(tensor: TensorProto): NumericArray {
  const info = elementTypeInfo(tensor.dataType);
  if (!info)
    throw new UserError(
      'model.element-type',
      `Tensor '${tensor.name}' holds ${elementTypeName(tensor.dataType)}, not numbers.`,
    );
  if (info.bits === 4) return Uint8Array.from(tensor.int32Data, (pair) => pair & 255);
  switch (tensor.dataType) {
    case DataType.FLOAT:
      return Float32Array.from(tensor.floatData);
    case DataType.DOUBLE:
      return Float64Array.from(tensor.doubleData);
    case DataType.INT64:
      return BigInt64Array.from(tensor.int64Data);
    case DataType.UINT64:
      return BigUint64Array.from(tensor.uint64Data);
    case DataType.UINT32:
      return Uint32Array.from(tensor.uint64Data, Number);
    default: {
      const values = new info.array(tensor.int32Data.length);
      for (let i = 0; i < values.length; i++) values[i] = tensor.int32Data[i]!;
      return values;
    }
  }
}
