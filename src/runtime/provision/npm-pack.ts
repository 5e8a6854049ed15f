/** Fetches package tarballs with the npm that belongs to the running Node: the user's mirror, proxy and credentials apply. */
import { createHash } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { MachineError } from '../../errors.js';
import { certificateAdvice } from '../../system/certificates.js';
import { withoutSecrets } from '../../system/process/child-environment.js';
import { runProgram } from '../../system/process/run-program.js';
import type { PinnedPackage } from './pinned.js';

/** Command and first arguments that start npm. */
export type NpmCommand = readonly [string, ...string[]];

const CLI = ['node_modules', 'npm', 'bin', 'npm-cli.js'];

/**
 * The npm beside this Node, else the one on PATH; null: there is none. `bin/npm` itself is not used: after a
 * self-update of the runner it is a copy instead of a link and can't find its library (actions/runner#2094).
 */
export function findNpm(
  execPath: string = process.execPath,
  path: string = process.env.PATH ?? '',
): NpmCommand | null {
  const besideNode = dirname(execPath);
  const onPath = path.split(delimiter).filter(Boolean);
  const candidates = [besideNode, ...onPath].flatMap((directory) => [
    join(directory, '..', 'lib', ...CLI),
    join(directory, ...CLI),
  ]);
  const cli = candidates.find((candidate) => existsSync(candidate));
  if (cli) return [execPath, cli];
  if (process.platform === 'win32') return null;
  const npm = onPath.map((directory) => join(directory, 'npm')).find((candidate) => existsSync(candidate));
  return npm ? [npm] : null;
}

export function tarballName({ name, version }: PinnedPackage): string {
  return `${name.replace(/^@/, '').replace('/', '-')}-${version}.tgz`;
}

/**
 * Packs `packages` into `directory`, which is also npm's working directory: no .npmrc of the repository under test is
 * read. Throws MachineError with npm's own words, and for a tarball whose sha512 is not the pinned one.
 */
export async function packPackages(
  packages: readonly PinnedPackage[],
  options: { npm: NpmCommand; directory: string; signal?: AbortSignal },
): Promise<void> {
  const { npm, directory, signal } = options;
  const [command, ...first] = npm;
  const specifiers = packages.map(({ name, version }) => `${name}@${version}`);
  const args = [
    ...first,
    'pack',
    ...specifiers,
    '--ignore-scripts',
    '--loglevel=error',
    '--pack-destination',
    directory,
  ];
  // The user's own .npmrc may take a mirror's password from the environment.
  const environment = withoutSecrets(process.env, { keep: ['GITHUB_TOKEN', 'GH_TOKEN'] });
  const end = await runProgram(command, args, { directory, environment, signal });
  if (end.startError !== null)
    throw new MachineError('machine.no-program', `npm could not be started: ${end.startError}`);
  if (end.exitCode !== 0) {
    const said = wordsOf(end.stderr) || ` (it ended with ${end.signal ?? end.exitCode})`;
    const advice = certificateAdvice(end.stderr);
    throw new MachineError(
      'runtime.fetch-failed',
      `npm could not fetch ${specifiers.join(', ')}${said}${advice === null ? '' : `\n${advice}`}`,
    );
  }
  for (const one of packages) await verify(one, join(directory, tarballName(one)));
}

/** What npm says is wrong, without its stack and where it keeps its log, after a colon; '': nothing. */
function wordsOf(stderr: string): string {
  const lines = stderr
    .split('\n')
    .filter((line) => line.trim() && !/^npm (error|ERR!)\s+at |complete log/.test(line));
  const errors = lines.filter((line) => /^npm (error|ERR!)/.test(line));
  const words = (errors.length > 0 ? errors : lines).slice(0, 6).join('\n');
  return words && `:\n${words}`;
}

async function verify({ name, version, integrity }: PinnedPackage, tarball: string): Promise<void> {
  const hash = createHash('sha512');
  try {
    await pipeline(createReadStream(tarball), hash);
  } catch {
    throw new MachineError('runtime.fetch-failed', `npm wrote no tarball of ${name}@${version}.`);
  }
  const found = `sha512-${hash.digest('base64')}`;
  if (found !== integrity) {
    throw new MachineError(
      'runtime.hash-mismatch',
      `${name}@${version} is refused: its hash is ${found}, not ${integrity} as pinned. The registry or mirror that npm is set up for serves another file under this name.`,
    );
  }
}
