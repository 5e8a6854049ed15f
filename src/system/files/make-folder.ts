/** Makes a folder with those above it, and says truly why it can't. */
import { accessSync, constants, existsSync, mkdirSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { codeOf } from '../../errors.js';

/** Throws the system's error. Node.js says ENOENT where the place is mounted read-only, as if a name were wrong: the folder that is there is asked. */
export function makeFolder(folder: string, { make = mkdirSync, ask = accessSync } = {}): void {
  try {
    make(folder, { recursive: true });
  } catch (error) {
    if (codeOf(error) === 'ENOENT') ask(nearestThere(resolve(folder)), constants.W_OK);
    throw error;
  }
}

function nearestThere(folder: string): string {
  return existsSync(folder) || dirname(folder) === folder ? folder : nearestThere(dirname(folder));
}
