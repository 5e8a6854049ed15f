/** One .npy file for a model with one input, or a folder with one per input; labels in `labels.npy` beside. */
import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { DataConfig } from '../../../config/data-config.js';
import { type Binding, onlyBinding } from '../../samples/binding.js';
import { fileRange } from '../../samples/byte-range.js';
import type { Source } from '../../samples/source.js';
import { arraySource, chooseArrays, chooseLabels } from './array-source.js';
import { npyArray, type StoredArray } from './stored-array.js';

const EXTENSION = '.npy';

/** Arrays are named by their files. A single file feeds the only input, whatever its name. */
export async function npySource(data: DataConfig, bindings: readonly Binding[]): Promise<Source> {
  const { path } = data;
  const isFile = (await stat(path)).isFile();
  const folder = isFile ? dirname(path) : path;
  const files = new Map<string, string>();
  for (const name of (await readdir(folder)).sort()) {
    if (name.endsWith(EXTENSION)) files.set(name.slice(0, -EXTENSION.length), join(folder, name));
  }
  const wantedLabels = data.labels?.endsWith(EXTENSION)
    ? data.labels.slice(0, -EXTENSION.length)
    : data.labels;
  const labelsFile = chooseLabels(wantedLabels, files, folder);
  const chosen = isFile
    ? new Map([[onlyBinding(bindings, path, 'a single .npy file').input, path]])
    : chooseArrays(bindings, files, { path, labels: wantedLabels });
  const inputs = new Map<string, StoredArray>();
  for (const [input, file] of chosen) inputs.set(input, await openNpy(file));
  return arraySource({
    description: `npy ${path}`,
    path,
    bindings: isFile
      ? [{ ...onlyBinding(bindings, path, 'a single .npy file'), from: basename(path, EXTENSION) }]
      : bindings,
    inputs,
    labels: labelsFile && labelsFile !== path ? await openNpy(labelsFile) : null,
  });
}

export async function openNpy(path: string): Promise<StoredArray> {
  return npyArray(fileRange(path, 0, (await stat(path)).size), path);
}
