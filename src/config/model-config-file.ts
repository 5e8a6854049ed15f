/** The config.json that Hugging Face keeps with a model: looked for beside it and one folder above, never outside of its repository. */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { physicalPath, relativeInside } from '../system/files/physical-path.js';

/**
 * The first there is: beside the tokenizer, in the model's folder, or (exports keep models in a folder of their own) above it, unless that is outside of
 * the model's repository. A link out of the repository is not followed. null: there is none. Paths are absolute.
 */
export function modelConfigFile(model: string, tokenizer: string | null): string | null {
  const boundary = boundaryOf(model);
  const beside = [...(tokenizer === null ? [] : [dirname(tokenizer)]), dirname(model)];
  const above = dirname(dirname(model));
  const folders = isInside(boundary, above) ? [...beside, above] : beside;
  const files = folders.map((folder) => join(folder, 'config.json')).filter((file) => existsSync(file));
  return files.find((file) => !isInside(boundary, dirname(file)) || isInside(boundary, file)) ?? null;
}

/** Links resolved: the folder of the repository that the model lies in, else the working directory where that holds it; null: nothing bounds it. */
function boundaryOf(model: string): string | null {
  for (let folder = dirname(model); ; folder = dirname(folder)) {
    if (existsSync(join(folder, '.git'))) return physicalPath(folder);
    if (folder === dirname(folder)) break;
  }
  const here = physicalPath(process.cwd());
  return isInside(here, dirname(model)) ? here : null;
}

function isInside(boundary: string | null, path: string): boolean {
  return boundary === null || relativeInside(boundary, physicalPath(path)) !== null;
}
