/** One sample in a file of its own, named by a table: an image or a .npy array. */
import { readFile } from 'node:fs/promises';
import { dirname, extname, join } from 'node:path';
import type { DataConfig } from '../../config/data-config.js';
import { messageOf } from '../../errors.js';
import { fromBytes } from '../../tensor/elements.js';
import { type Binding, recordingWithoutVocabulary } from '../samples/binding.js';
import { sha256 } from '../samples/byte-range.js';
import { type RawValue, UndecodableSample } from '../samples/source.js';
import { parseNpyHeader } from './arrays/npy-header.js';
import { readImage, unreadable } from './image-folder.js';
import { insideImages } from './named-images.js';

/** Names of recordings. */
export const RECORDING = /\.(wav|flac|mp3|ogg|opus|m4a)$/i;

/** The file's value. `id` names the sample. Throws UndecodableSample, and UserError for a recording. */
export async function readSampleFile(path: string, id: string, binding: Binding): Promise<RawValue> {
  if (RECORDING.test(path)) throw recordingWithoutVocabulary(id);
  if (extname(path).toLowerCase() !== '.npy')
    return { kind: 'image', pixels: await readImage(path, id, binding) };
  try {
    const bytes = await readFile(path);
    const { type, dims, dataOffset } = parseNpyHeader(bytes, path);
    const data = fromBytes(type, bytes.subarray(dataOffset));
    return { kind: 'array', tensor: { type, dims, data } };
  } catch (error) {
    throw new UndecodableSample(id, (await unreadable(path)) ?? messageOf(error));
  }
}

export async function hashSampleFile(path: string, id: string): Promise<string> {
  try {
    return sha256(await readFile(path));
  } catch (error) {
    throw new UndecodableSample(id, messageOf(error));
  }
}

/** Paths in a table are relative to `images`, without that to the table's folder; there they must lie, links resolved. Throws UserError. */
export async function namedFile({ path: table, images }: DataConfig, file: string): Promise<string> {
  const [folder, key] =
    images === null ? ([dirname(table), 'table'] as const) : ([images, 'images'] as const);
  return (await insideImages(folder, file, key)) ?? join(folder, file);
}
