/** Tensors whose bytes live in another file beside the model (onnx.proto, TensorProto.external_data). */
import { closeSync, existsSync, fstatSync, openSync, readSync, realpathSync } from 'node:fs';
import { isAbsolute, resolve, sep } from 'node:path';
import type { TensorProto } from 'onnx-buf';
import { UserError } from '../../errors.js';

/** One readSync call takes less than 2^31 bytes. */
const MAX_READ_BYTES = 2 ** 30;

export interface ExternalLocation {
  /** As written in the model: relative to the model's folder. */
  location: string;
  offset: number;
  /** null: to the end of the file. */
  length: number | null;
}

export function externalLocation(tensor: TensorProto): ExternalLocation {
  const entries = new Map(tensor.externalData.map(({ key, value }) => [key, value]));
  const number = (key: string): number | null => {
    const text = entries.get(key);
    if (text === undefined) return null;
    const value = Number(text);
    if (!Number.isSafeInteger(value) || value < 0) {
      throw new UserError(
        'model.damaged',
        `Tensor '${tensor.name}': external data ${key} '${text}' is not a byte count.`,
      );
    }
    return value;
  };
  return { location: entries.get('location') ?? '', offset: number('offset') ?? 0, length: number('length') };
}

/** Absolute path of an external data file, confined to the model's folder: models come from pull requests.
 *  @throws UserError for absolute paths, paths and links that leave the folder, and missing files. */
export function externalPath(location: string, directory: string): string {
  const leaves = (path: string, root: string) =>
    path !== root && !path.startsWith(root.endsWith(sep) ? root : root + sep);
  const path = resolve(directory, location);
  if (location === '' || isAbsolute(location) || leaves(path, resolve(directory))) {
    throw new UserError(
      'model.external-data-outside',
      `External data path '${location}' leaves the model's folder ${directory}: refused.`,
    );
  }
  if (!existsSync(path)) {
    throw new UserError(
      'model.external-data-missing',
      `External data file ${path} is missing: keep it beside the model (with Git LFS: \`git lfs pull\`).`,
    );
  }
  if (leaves(realpathSync(path), realpathSync(directory))) {
    throw new UserError(
      'model.external-data-outside',
      `External data path '${location}' is a link out of the model's folder ${directory}: refused.`,
    );
  }
  return path;
}

/** Reads one tensor's bytes. @throws UserError when the file is missing, too short, or the length doesn't fit the shape. */
export function readExternalBytes(tensor: TensorProto, directory: string, expected: number): Uint8Array {
  const { location, offset, length } = externalLocation(tensor);
  if (length !== null && length !== expected) {
    throw new UserError(
      'model.damaged',
      `Tensor '${tensor.name}': external data length ${length} doesn't fit its shape (${expected} bytes).`,
    );
  }
  const path = externalPath(location, directory);
  const fd = openSync(path, 'r');
  try {
    if (fstatSync(fd).size < offset + expected) {
      throw new UserError(
        'model.external-data-missing',
        `External data file ${path} ends before tensor '${tensor.name}': it is truncated.`,
      );
    }
    const bytes = new Uint8Array(expected);
    for (let done = 0; done < expected; ) {
      done += readSync(fd, bytes, done, Math.min(expected - done, MAX_READ_BYTES), offset + done);
    }
    return bytes;
  } finally {
    closeSync(fd);
  }
}
