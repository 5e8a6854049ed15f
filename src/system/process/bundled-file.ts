/** The program's own child processes are files of its bundle: found from wherever the code runs. */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { MachineError } from '../../errors.js';

const found = new Map<string, string>();

/** Path of a bundled entry: beside this file in dist/, or in the dist/ of a directory above (sources, benches). Throws MachineError. */
export function bundledFile(name: string): string {
  const known = found.get(name);
  if (known) return known;
  const here = dirname(fileURLToPath(import.meta.url));
  for (let directory = here; ; directory = dirname(directory)) {
    const candidates = directory === here ? [name, `dist/${name}`] : [`dist/${name}`];
    const path = candidates.map((candidate) => join(directory, candidate)).find((file) => existsSync(file));
    if (path) {
      found.set(name, path);
      return path;
    }
    if (directory === dirname(directory)) break;
  }
  throw new MachineError(
    'machine.incomplete-installation',
    `quantgate's ${name} is missing beside ${here}. Build it (npm run build) or reinstall quantgate.`,
  );
}
