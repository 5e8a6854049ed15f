/**
 * Finds ONNX Runtime and sharp for a bundle that can't carry them: a directory the user names, a node_modules above, the
 * cache, else npm fetches the pinned packages into the cache. No host is named here: npm knows where its registry is.
 */

import { readFileSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { MachineError, throwIfInterrupted, UserError } from '../../errors.js';
import type { Log } from '../../log.js';
import { withoutSecrets } from '../../system/process/child-environment.js';
import { runProgram } from '../../system/process/run-program.js';
import type { CudaChoice } from '../../terms/provider.js';
import { packageIn } from '../load.js';
import type { WebBuild } from '../runtime.js';
import { fetchFailure } from './fetch-failure.js';
import { findNpm, type NpmCommand, packPackages, tarballName } from './npm-pack.js';
import { ensureEntry, isComplete, isSettled } from './package-cache.js';
import { ANY_PLATFORM, type PackageSet, platformKey, runtimeSet, sharpSet, wasmSet } from './pinned.js';

export interface ProvisionOptions {
  /** Directory of an installed onnxruntime-node, or one whose node_modules holds it. */
  path?: string | null;
  /** Where fetched packages are kept; null: the runner's tool cache, else the user's cache directory. */
  cacheDir?: string | null;
  /** CUDA for the providers that need it: as the driver and the system's libraries suggest, one of its versions, or never fetched. */
  cuda?: CudaChoice;
  log: Log;
  signal?: AbortSignal;
}

/** What a test replaces. */
export interface Machine {
  platform: string;
  npm: NpmCommand | null;
  /** File from which a node_modules above is looked for; null: nowhere. */
  above: string | null;
  /** Version of glibc; null with other C libraries. Asked only on Linux, before something is fetched. */
  glibc: () => string | null;
}

export function thisMachine(): Machine {
  return {
    platform: platformKey(),
    npm: findNpm(),
    above: import.meta.url,
    glibc: glibcVersion,
  };
}

/** Directory of an onnxruntime-node package. Throws UserError for a wrong `path`, MachineError when it can't be had. */
export async function locateRuntime(options: ProvisionOptions, machine = thisMachine()): Promise<string> {
  if (options.path) return givenDirectory(options.path);
  const set = runtimeSet(machine.platform);
  return packageAbove(set, machine.above) ?? (await install(set, options, machine));
}

/** Directory of a sharp package. Throws MachineError when it can't be had. */
export async function locateSharp(options: ProvisionOptions, machine = thisMachine()): Promise<string> {
  const set = sharpSet(machine.platform);
  return packageAbove(set, machine.above) ?? (await install(set, options, machine));
}

/** Directory of an onnxruntime-web package, for the provider 'wasm' and those in a browser. Throws MachineError when it can't be had. */
export async function locateWasm(
  options: Omit<ProvisionOptions, 'path' | 'cuda'> & { build?: WebBuild },
  machine = thisMachine(),
): Promise<string> {
  const set = wasmSet(options.build);
  return packageAbove(set, machine.above) ?? (await install(set, options, machine));
}

/** Bytes that locateWasm would download for `build`; 0: what it needs is here. */
export async function wasmDownload(
  { build, cacheDir }: Pick<ProvisionOptions, 'cacheDir'> & { build: WebBuild },
  machine = thisMachine(),
): Promise<number> {
  const set = wasmSet(build);
  const here = packageAbove(set, machine.above) !== null || (await isComplete(entryOf(set, cacheDir)));
  return here ? 0 : WEB_TARBALL_BYTES;
}

/** Of onnxruntime-web; its files for every build are in it. */
const WEB_TARBALL_BYTES = 33e6;

/** The directory as given, or the package in it, a node_modules, or in its own. */
function givenDirectory(path: string): string {
  const found = packageIn(path);
  if (!found) {
    throw new UserError(
      'runtime.not-found',
      `\`onnxruntime-path\` is ${path}, where there is no onnxruntime-node package. Name its directory, the node_modules that holds it, or the folder of that.`,
    );
  }
  return found;
}

function manifestOf(directory: string): { name?: string; version?: string } | null {
  try {
    return JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8'));
  } catch {
    return null;
  }
}

/** In a node_modules of a directory above `file`, at the pinned version: others fuse and decode differently. */
function packageAbove({ name, version }: PackageSet, file: string | null): string | null {
  if (!file) return null;
  const places = createRequire(file).resolve.paths(name) ?? [];
  const found = places.map((place) => join(place, name));
  return found.find((directory) => manifestOf(directory)?.version === version) ?? null;
}

/** A package set from the cache, or fetched into it and completed by `complete`. Returns the directory of the set's own package. */
export async function install(
  set: PackageSet,
  options: ProvisionOptions,
  machine: Machine,
  complete?: (directory: string) => Promise<void>,
): Promise<string> {
  const { log, signal } = options;
  const entry = entryOf(set, options.cacheDir);
  const found = join(entry, 'node_modules', set.name);
  if (await isSettled(entry)) return found;
  if (!set.variant.startsWith(ANY_PLATFORM)) requireGlibc(machine);
  const { npm } = machine;
  if (!npm) {
    throw new MachineError(
      'runtime.fetch-failed',
      `${set.name} ${set.version} is not installed and there is no npm to fetch it with. Either install it and name its directory (input \`onnxruntime-path\`), or fill ${entry} on a machine with npm and copy it here (input \`cache-dir\`).`,
    );
  }
  log.info(`Installing ${set.name} ${set.version} for ${set.variant} in ${entry}`);
  try {
    const make = async (directory: string) => {
      await fill(directory, set, { npm, signal });
      await complete?.(directory);
    };
    await ensureEntry(entry, make, signal);
  } catch (error) {
    throwIfInterrupted(signal);
    throw fetchFailure(error, {
      what: `${set.name} ${set.version} could not be installed.`,
      otherwise: `Without network: install it and name its directory (input \`onnxruntime-path\`), or copy ${entry} from a machine that has it (input \`cache-dir\`).`,
      place: entry,
    });
  }
  return found;
}

async function fill(
  directory: string,
  set: PackageSet,
  { npm, signal }: { npm: NpmCommand; signal?: AbortSignal },
): Promise<void> {
  const tarballs = join(directory, 'tarballs');
  await mkdir(tarballs);
  // npm takes the next folder above with a package.json for the project, whose .npmrc could name another registry.
  await writeFile(join(tarballs, 'package.json'), '{}');
  await packPackages(set.packages, { npm, directory: tarballs, signal });
  for (const one of set.packages) {
    const target = join(directory, 'node_modules', ...one.name.split('/'));
    await mkdir(target, { recursive: true });
    const members = (one.members ?? []).map((member) => `package/${member}`);
    // Relative names: tar on Windows takes `C:` for a host. npm's tarballs have one folder at the top.
    const up = '../'.repeat(one.name.split('/').length + 1);
    await execute('tar', ['-xzf', `${up}tarballs/${tarballName(one)}`, '--strip-components=1', ...members], {
      directory: target,
      signal,
    });
  }
  await rm(tarballs, { recursive: true });
  if (!set.script) return;
  const root = join(directory, 'node_modules', set.name);
  await execute(process.execPath, [join(root, set.script.path)], {
    directory: root,
    env: { ...proxyForInstaller(), ...set.script.env },
    signal,
  });
}

/** The install script reads only its own names of the proxy variables. */
function proxyForInstaller(env: NodeJS.ProcessEnv = process.env): Record<string, string> {
  const proxy = env.HTTPS_PROXY ?? env.https_proxy;
  const except = env.NO_PROXY ?? env.no_proxy;
  return {
    ...(proxy ? { GLOBAL_AGENT_HTTPS_PROXY: proxy, GLOBAL_AGENT_HTTP_PROXY: proxy } : {}),
    ...(except ? { GLOBAL_AGENT_NO_PROXY: except } : {}),
  };
}

function entryOf({ name, version, variant }: PackageSet, cacheDir: string | null | undefined): string {
  return join(cacheDirectory(cacheDir), name, version, variant);
}

/** Where fetched packages are kept. */
export function cacheDirectory(
  given: string | null | undefined,
  env: NodeJS.ProcessEnv = process.env,
): string {
  if (given) return given;
  if (env.RUNNER_TOOL_CACHE) return join(env.RUNNER_TOOL_CACHE, 'quantgate');
  return join(env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'quantgate');
}

/** onnxruntime-node's binaries are linked against glibc 2.28 or newer: they can't load on Alpine. */
function requireGlibc(machine: Machine): void {
  if (!machine.platform.startsWith('linux-')) return;
  const glibc = machine.glibc();
  if (glibc === null) {
    throw new MachineError(
      'runtime.unsupported-system',
      "The Linux binaries of ONNX Runtime need glibc, which this system (musl, as on Alpine) doesn't have. Use a Debian, Ubuntu or Red Hat based runner or container.",
    );
  }
  const [major = 0, minor = 0] = glibc.split('.').map(Number);
  if (major < 2 || (major === 2 && minor < 28)) {
    throw new MachineError(
      'runtime.unsupported-system',
      `ONNX Runtime needs glibc 2.28 or newer; this system has ${glibc}.`,
    );
  }
}

function glibcVersion(): string | null {
  const { header } = process.report.getReport() as unknown as { header: { glibcVersionRuntime?: string } };
  return header.glibcVersionRuntime ?? null;
}

async function execute(
  command: string,
  args: readonly string[],
  { directory, env, signal }: { directory: string; env?: Record<string, string>; signal?: AbortSignal },
): Promise<void> {
  const environment = { ...withoutSecrets(), ...env };
  const end = await runProgram(command, args, { directory, environment, signal });
  if (end.startError !== null)
    throw new MachineError('machine.no-program', `${command} could not be run: ${end.startError}`);
  if (end.exitCode !== 0) {
    throw new MachineError(
      'runtime.fetch-failed',
      `${command} ended with ${end.signal ?? end.exitCode}: ${end.stderr.trim().slice(-4000)}`,
    );
  }
}
