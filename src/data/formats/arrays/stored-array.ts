/** An array whose first axis counts samples, read one sample at a time from wherever its bytes lie. */
import { UserError } from '../../../errors.js';
import { elementCount } from '../../../tensor/dims.js';
import { bytesPerElement, fromBytes, type NumericType } from '../../../tensor/elements.js';
import type { Tensor } from '../../../tensor/tensor.js';
import type { ByteRange } from '../../samples/byte-range.js';
import { NPY_HEADER_BYTES, parseNpyHeader } from './npy-header.js';

export interface StoredArray {
  type: NumericType;
  /** First axis: samples. */
  dims: readonly number[];
  /** Bytes of one sample. */
  slice(index: number): Promise<Uint8Array>;
  /** Bytes of all samples: for labels only. */
  whole(): Promise<Uint8Array>;
}

/** An array in .npy format. `place` names file and array in errors; throws UserError when it isn't one, or ends too early. */
export async function npyArray(range: ByteRange, place: string): Promise<StoredArray> {
  const head = await range.read(0, Math.min(range.length, NPY_HEADER_BYTES));
  const { type, dims, dataOffset } = parseNpyHeader(head, place);
  return elementArray({ type, dims, range, dataOffset, place });
}

/** An array of plain little-endian elements that begin at `dataOffset`. */
export function elementArray(array: {
  type: NumericType;
  dims: readonly number[];
  range: ByteRange;
  dataOffset: number;
  place: string;
}): StoredArray {
  const { type, dims, range, dataOffset, place } = array;
  if (dims.length === 0)
    throw new UserError('data.array', `${place} is a scalar; its first axis must count the samples.`);
  const sliceBytes = elementCount(dims.slice(1)) * bytesPerElement(type);
  const expected = dataOffset + sliceBytes * dims[0]!;
  if (range.length < expected) {
    throw new UserError(
      'data.array',
      `${place} is truncated: [${dims.join(', ')}] needs ${expected} bytes, it has ${range.length}.`,
    );
  }
  return {
    type,
    dims,
    slice: (index) => range.read(dataOffset + index * sliceBytes, sliceBytes),
    whole: () => range.read(dataOffset, expected - dataOffset),
  };
}

export function sliceTensor(array: StoredArray, bytes: Uint8Array): Tensor {
  return { type: array.type, dims: array.dims.slice(1), data: fromBytes(array.type, bytes) };
}
