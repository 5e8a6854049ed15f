/** Where this repository is, seen from the bundle that bench/run.mjs makes of these files. */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = findRoot(dirname(fileURLToPath(import.meta.url)));

/** This folder, in the repository. */
export const PEERS = join(ROOT, 'bench', 'peers');

/** The command line as it is shipped. */
export const CLI = join(ROOT, 'dist', 'cli.js');

function findRoot(directory: string): string {
  if (existsSync(join(directory, 'action.yml'))) return directory;
  const parent = dirname(directory);
  if (parent === directory) throw new Error('These benchmarks run inside the repository only.');
  return findRoot(parent);
}
