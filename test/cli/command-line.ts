/** Runs the bundled command line as a user does. */
import { type SpawnSyncOptionsWithStringEncoding, spawnSync } from 'node:child_process';
import { join } from 'node:path';

export const ROOT = join(import.meta.dirname, '..', '..');
export const CLI = join(ROOT, 'dist', 'cli.js');
export const EXAMPLE = join(ROOT, 'examples', 'digits');

export interface Outcome {
  status: number | null;
  stdout: string;
  stderr: string;
}

export function quantgate(
  args: readonly string[],
  options: Partial<SpawnSyncOptionsWithStringEncoding> = {},
): Outcome {
  const { status, stdout, stderr } = spawnSync(process.execPath, [CLI, ...args], {
    cwd: ROOT,
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1' },
    ...options,
  });
  return { status, stdout, stderr };
}
