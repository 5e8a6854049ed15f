/** Errors of files that have been compared before: the same bytes on the same samples give the same. */
import { statSync } from 'node:fs';
import { modelBytes } from '../../../onnx/file/weights.js';
import { sha256OfFile } from '../../../system/files/file-hash.js';
import type { Feeds } from '../../../tensor/tensor.js';
import type { FileError } from './file-error.js';

/** What says which file it is; null: its weights lie in files of their own. */
export async function contentOf(file: string): Promise<string | null> {
  return (await modelBytes(file)) === statSync(file).size ? await sha256OfFile(file) : null;
}

export class KnownErrors {
  readonly #bySamples = new Map<readonly Feeds[], Map<string, FileError>>();

  of(content: string | null, samples: readonly Feeds[]): FileError | undefined {
    return content === null ? undefined : this.#bySamples.get(samples)?.get(content);
  }

  keep(content: string | null, samples: readonly Feeds[], error: FileError): void {
    if (content === null) return;
    const known = this.#bySamples.get(samples) ?? new Map<string, FileError>();
    this.#bySamples.set(samples, known.set(content, error));
  }
}
