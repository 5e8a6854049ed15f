/** Runs a command to its end and says what it cost: whole process, children included. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { PEERS } from './repository.js';

export interface Cost {
  /** Wall time. */
  seconds: number;
  /** User and system time of all its threads: what other work on the machine disturbs least. */
  cpuSeconds: number;
  peakBytes: number;
}

export interface Finished extends Cost {
  stdout: string;
  stderr: string;
}

/** Lines of a failed command's standard error that are worth repeating. */
const ERROR_LINES = 3;
const LONGEST_MS = 30 * 60_000;

/** @param options.accepted exit codes that are no failure. `directory`: where it runs; default: here. `limitMs`: it is ended after this.
 *  @throws Error with the last lines that the command wrote, when it fails. */
export function runCommand(
  command: string,
  args: readonly string[],
  {
    accepted = [0],
    directory,
    limitMs = LONGEST_MS,
  }: { accepted?: readonly number[]; directory?: string; limitMs?: number } = {},
): Finished {
  const { status, stdout, stderr, error } = spawnSync(
    'python3',
    [join(PEERS, 'python', 'resources.py'), command, ...args],
    { encoding: 'utf8', maxBuffer: 2 ** 28, timeout: limitMs, ...(directory ? { cwd: directory } : {}) },
  );
  if (error && 'code' in error && error.code === 'ETIMEDOUT')
    throw new Error(`took longer than ${(limitMs / 60_000).toFixed(0)} minutes`);
  if (error) throw new Error(`${command}: ${error.message}`);
  const lines = stderr.trimEnd().split('\n');
  if (status === null || !accepted.includes(status))
    throw new Error(lastWords(lines.slice(0, -1)) || `${command} ended with ${status}`);
  const { resources } = JSON.parse(lines.at(-1)!) as { resources: Cost };
  return { stdout, stderr: lines.slice(0, -1).join('\n'), ...resources };
}

/** The line that names the error, as Python and quantgate write it; else the last few. */
function lastWords(lines: readonly string[]): string {
  const written = lines.map((line) => line.trim()).filter((line) => line !== '');
  return written.findLast((line) => NAMES_ERROR.test(line)) ?? written.slice(-ERROR_LINES).join(' ');
}

const NAMES_ERROR = /^(ERROR:|error:|quantgate .* has a bug:|[\w.]*(Error|Exception)\b.*:)/;
