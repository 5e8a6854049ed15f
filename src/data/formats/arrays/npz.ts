/** NumPy's .npz: a zip of .npy members, read in place; compressed ones are inflated once, the needed ones only. */
import type { Entry, ZipFile } from 'yauzl';
import * as yauzl from 'yauzl';
import type { DataConfig } from '../../../config/data-config.js';
import { messageOf, UserError } from '../../../errors.js';
import type { Binding } from '../../samples/binding.js';
import { type ByteRange, fileRange } from '../../samples/byte-range.js';
import { addressable } from '../../samples/inflate.js';
import type { Source } from '../../samples/source.js';
import { arraySource, chooseArrays, chooseLabels } from './array-source.js';
import { npyArray, type StoredArray } from './stored-array.js';

/** One array per model input (or mapped by `from`), `labels` beside them. */
export async function npzSource(data: DataConfig, bindings: readonly Binding[]): Promise<Source> {
  const { path } = data;
  const zip = await openZip(path);
  try {
    const members = await listMembers(zip, path);
    const chosen = chooseArrays(bindings, members, data);
    const labelsMember = chooseLabels(data.labels, members, path);
    // Two inputs may read the same array: it is opened once.
    const opened = new Map<Entry, Promise<StoredArray>>();
    const openOnce = (entry: Entry) => {
      const array = opened.get(entry) ?? openMember(zip, entry, path);
      opened.set(entry, array);
      return array;
    };
    const inputs = new Map<string, StoredArray>();
    for (const [input, entry] of chosen) inputs.set(input, await openOnce(entry));
    const labels = labelsMember ? await openOnce(labelsMember) : null;
    return await arraySource({ description: `npz ${path}`, path, bindings, inputs, labels });
  } finally {
    zip.close();
  }
}

async function openZip(path: string): Promise<ZipFile> {
  try {
    return await yauzl.openPromise(path, { lazyEntries: true, autoClose: false });
  } catch (error) {
    throw damaged(path, error);
  }
}

/** Members by array name (without .npy). */
async function listMembers(zip: ZipFile, path: string): Promise<Map<string, Entry>> {
  const members = new Map<string, Entry>();
  try {
    for await (const entry of zip.eachEntry()) {
      if (entry.fileName.endsWith('.npy')) members.set(entry.fileName.slice(0, -'.npy'.length), entry);
    }
  } catch (error) {
    throw damaged(path, error);
  }
  return members;
}

async function openMember(zip: ZipFile, entry: Entry, path: string): Promise<StoredArray> {
  return npyArray(
    await memberBytes(zip, entry, path),
    `${path}: array '${entry.fileName.slice(0, -'.npy'.length)}'`,
  );
}

async function memberBytes(zip: ZipFile, entry: Entry, path: string): Promise<ByteRange> {
  try {
    if (entry.compressionMethod === 0) {
      const { fileDataStart } = await zip.readLocalFileHeaderPromise(entry, { minimal: true });
      return fileRange(path, fileDataStart, entry.uncompressedSize);
    }
    return await addressable(await zip.openReadStreamPromise(entry), entry.uncompressedSize);
  } catch (error) {
    throw damaged(path, error);
  }
}

function damaged(path: string, error: unknown): UserError {
  return new UserError(
    'data.malformed',
    `${path} can't be read as npz: ${messageOf(error).replace(/\.+$/, '')}. Save it again with numpy.savez or numpy.savez_compressed.`,
  );
}
