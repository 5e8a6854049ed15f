/** The header of NumPy's .npy format (numpy.lib.format, versions 1–3). */
import { UserError } from '../../../errors.js';
import { FETCH_LFS, isLfsPointer } from '../../../system/files/lfs-pointer.js';
import type { NumericType } from '../../../tensor/elements.js';

export interface NpyHeader {
  type: NumericType;
  dims: number[];
  /** Where the elements begin, in bytes. */
  dataOffset: number;
}

/** Bytes that hold any sane header; longer ones are refused. */
export const NPY_HEADER_BYTES = 4096;

const TYPES: Record<string, NumericType> = {
  b1: 'bool',
  i1: 'int8',
  u1: 'uint8',
  i2: 'int16',
  u2: 'uint16',
  i4: 'int32',
  u4: 'uint32',
  i8: 'int64',
  u8: 'uint64',
  f2: 'float16',
  f4: 'float32',
  f8: 'float64',
};

/** Reads the header from the file's first bytes. `place` names file and array in errors (UserError). */
export function parseNpyHeader(bytes: Uint8Array, place: string): NpyHeader {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const magic = Buffer.from(bytes.subarray(0, 6)).toString('latin1');
  if (isLfsPointer(bytes)) {
    throw new UserError(
      'file.lfs-pointer',
      `${place} is a Git LFS pointer, not the array. Fetch it: ${FETCH_LFS}.`,
    );
  }
  if (magic !== '\x93NUMPY' || bytes.length < 12) {
    throw new UserError(
      'data.array',
      `${place} is not a NumPy array (its first bytes are not \\x93NUMPY). Save it with numpy.save or numpy.savez.`,
    );
  }
  const major = bytes[6]!;
  const lengthBytes = major === 1 ? 2 : 4;
  const headerLength = major === 1 ? view.getUint16(8, true) : view.getUint32(8, true);
  const dataOffset = 8 + lengthBytes + headerLength;
  if (dataOffset > bytes.length)
    throw new UserError('data.array', `${place} has a damaged or truncated NumPy header.`);
  const text = Buffer.from(bytes.subarray(8 + lengthBytes, dataOffset)).toString('utf8');
  const descr = /'descr'\s*:\s*'([^']*)'/.exec(text)?.[1];
  const shape = /'shape'\s*:\s*\(([^)]*)\)/.exec(text)?.[1];
  const order = /'fortran_order'\s*:\s*(True|False)/.exec(text)?.[1];
  if (shape === undefined || order === undefined) {
    throw new UserError('data.array', `${place} has a NumPy header that can't be read: ${text.trim()}`);
  }
  const type = TYPES[(descr ?? '').slice(1)];
  if (type === undefined || descr!.startsWith('>')) {
    throw new UserError(
      'data.array',
      `${place} holds elements of NumPy type ${descr ? `'${descr}'` : 'structured'}; ` +
        'quantgate reads little-endian bool, integer and float arrays. Convert it with `.astype(...)` before saving.',
    );
  }
  const dims = shape
    .split(',')
    .filter((part) => part.trim() !== '')
    .map(Number);
  if (order === 'True' && dims.length > 1) {
    throw new UserError(
      'data.array',
      `${place} is stored in Fortran order. Save numpy.ascontiguousarray(array) instead.`,
    );
  }
  return { type, dims, dataOffset };
}

/** The header of an array in version 1.0, padded so that the elements begin at a multiple of 64 bytes. */
export function npyHeader(type: NumericType, dims: readonly number[]): Uint8Array {
  const [code] = Object.entries(TYPES).find(([, name]) => name === type)!;
  const order = code.endsWith('1') ? '|' : '<';
  const shape = dims.length === 1 ? `${dims[0]},` : dims.join(', ');
  const text = `{'descr': '${order}${code}', 'fortran_order': False, 'shape': (${shape}), }`;
  const prefix = 10;
  const length = Math.ceil((prefix + text.length + 1) / 64) * 64 - prefix;
  const head = Buffer.from([0x93, ...Buffer.from('NUMPY'), 1, 0, length & 0xff, length >> 8]);
  return Buffer.concat([head, Buffer.from(`${text.padEnd(length - 1)}\n`)]);
}
