/** Errors of files that have been compared before: the same bytes on the same samples give the same. */
import { statSync } from 'node:fs';
import { modelBytes } from '../../../onnx/file/weights.js';
import type { Feeds } from '../../../tensor/tensor.js';
import type { FileError } from './file-error.js';

export class KnownErrors {
  /** By the SHA-256 of the file. */
  readonly #bySamples = new Map<readonly Feeds[], Map<string, FileError>>();

  /** What was found of such a file; of one whose weights lie in files of their own nothing is known. */
  async of(
    { file, sha256 }: { file: string; sha256: string },
    samples: readonly Feeds[],
  ): Promise<FileError | undefined> {
    const known = this.#bySamples.get(samples)?.get(sha256);
    // Asked last: the whole model is read for it.
    return known && (await holdsItsWeights(file)) ? known : undefined;
  }

  keep(sha256: string, samples: readonly Feeds[], error: FileError): void {
    const known = this.#bySamples.get(samples) ?? new Map<string, FileError>();
    this.#bySamples.set(samples, known.set(sha256, error));
  }
}

async function holdsItsWeights(file: string): Promise<boolean> {
  return (await modelBytes(file)) === statSync(file).size;
}
