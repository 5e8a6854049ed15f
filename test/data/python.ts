/** Python with Pillow and NumPy, the reference for preprocessing: tests that need it are skipped with a visible reason. */
import { execFileSync, spawnSync } from 'node:child_process';

export const HAS_PILLOW = spawnSync('python3', ['-c', 'import PIL, numpy'], { stdio: 'ignore' }).status === 0;

/** Runs a script; its standard output. */
export function python(script: string, ...args: string[]): string {
  return execFileSync('python3', ['-c', script, ...args], { encoding: 'utf8', maxBuffer: 2 ** 26 });
}
