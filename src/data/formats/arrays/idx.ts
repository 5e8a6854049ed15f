/** MNIST's idx format: big-endian arrays, gzipped or not; `…-labels-idx1-ubyte` beside `…-images-idx3-ubyte`. */
import { createReadStream, existsSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { createGunzip } from 'node:zlib';
import type { DataConfig } from '../../../config/data-config.js';
import { messageOf, UserError } from '../../../errors.js';
import { FETCH_LFS, isLfsPointerFile } from '../../../system/files/lfs-pointer.js';
import { listedFile } from '../../../system/files/listed-file.js';
import { bytesPerElement, type NumericType } from '../../../tensor/elements.js';
import { type Binding, onlyBinding, quoted } from '../../samples/binding.js';
import { type ByteRange, fileRange } from '../../samples/byte-range.js';
import { addressable } from '../../samples/inflate.js';
import type { Source } from '../../samples/source.js';
import { arraySource, DEFAULT_LABELS } from './array-source.js';
import { elementArray, type StoredArray } from './stored-array.js';

/** Third byte of the header (Y. LeCun, "The MNIST database": file formats). */
const TYPES: Record<number, NumericType> = {
  8: 'uint8',
  9: 'int8',
  11: 'int16',
  12: 'int32',
  13: 'float32',
  14: 'float64',
};

/** `path` is the images' file, or a folder with just one of them. `labels` may name another labels file beside it. */
export async function idxSource(data: DataConfig, bindings: readonly Binding[]): Promise<Source> {
  const binding = onlyBinding(bindings, data.path, 'idx');
  const file = (await stat(data.path)).isDirectory() ? await onlyImages(data.path) : data.path;
  const labelsFile = await labelsOf(file, data.labels);
  return arraySource({
    description: `idx ${file}`,
    path: file,
    bindings: [{ ...binding, from: basename(file) }],
    inputs: new Map([[binding.input, await openIdx(file)]]),
    labels: labelsFile ? await openIdx(labelsFile) : null,
  });
}

async function onlyImages(folder: string): Promise<string> {
  const files = (await readdir(folder)).filter((name) => /images.*idx/.test(name)).sort();
  if (files.length === 1) return join(folder, files[0]!);
  throw new UserError(
    files.length === 0 ? 'data.empty' : 'data.ambiguous',
    files.length === 0
      ? `${folder} holds no idx file with 'images' in its name. Point \`path\` to the file.`
      : `${folder} holds several sets of images: ${quoted(files)}. Point \`path\` to one of them.`,
  );
}

async function labelsOf(file: string, configured: string | null): Promise<string | null> {
  if (configured !== null && configured !== DEFAULT_LABELS) {
    const path = await listedFile(dirname(file), configured);
    if (!existsSync(path))
      throw new UserError('data.not-found', `${path} does not exist. Correct the data's \`labels\`.`);
    return path;
  }
  const name = basename(file).replace('images', 'labels').replace(/idx\d/, 'idx1');
  if (name === basename(file)) return null;
  const candidates = [name, name.replace(/\.gz$/, ''), `${name}.gz`].map((candidate) =>
    join(dirname(file), candidate),
  );
  return candidates.find((path) => existsSync(path)) ?? null;
}

async function openIdx(path: string): Promise<StoredArray> {
  const range = await openRange(path);
  const head = await range.read(0, Math.min(range.length, 4));
  const type = TYPES[head[2] ?? 0];
  const rank = head[3] ?? 0;
  const dataOffset = 4 + rank * 4;
  if (head.length < 4 || head[0] !== 0 || head[1] !== 0 || type === undefined || range.length < dataOffset) {
    if (await isLfsPointerFile(path)) {
      throw new UserError(
        'file.lfs-pointer',
        `${path} is a Git LFS pointer, not the data. Fetch it: ${FETCH_LFS}.`,
      );
    }
    throw new UserError(
      'data.wrong-format',
      `${path} is not an idx file: its header must begin with two zero bytes, a type and the number of axes.`,
    );
  }
  const sizes = await range.read(4, rank * 4);
  const view = new DataView(sizes.buffer, sizes.byteOffset);
  const dims = Array.from({ length: rank }, (_, axis) => view.getUint32(axis * 4));
  const array = elementArray({ type, dims, range, dataOffset, place: path });
  if (bytesPerElement(type) === 1) return array;
  return {
    ...array,
    slice: async (index) => littleEndian(await array.slice(index), type),
    whole: async () => littleEndian(await array.whole(), type),
  };
}

async function openRange(path: string): Promise<ByteRange> {
  if (!path.endsWith('.gz')) return fileRange(path, 0, (await stat(path)).size);
  try {
    const source = createReadStream(path);
    const inflated = source.pipe(createGunzip());
    source.on('error', (error) => inflated.destroy(error));
    return await addressable(inflated, null);
  } catch (error) {
    throw new UserError(
      'data.malformed',
      `${path} can't be unpacked: ${messageOf(error)}. Download or compress it again.`,
    );
  }
}

function littleEndian(bytes: Uint8Array, type: NumericType): Uint8Array {
  const buffer = Buffer.from(bytes);
  const size = bytesPerElement(type);
  if (size === 2) return buffer.swap16();
  return size === 4 ? buffer.swap32() : buffer.swap64();
}
