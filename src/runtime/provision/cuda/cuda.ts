/**
 * ONNX Runtime's CUDA provider and NVIDIA's libraries, for a machine that may have only a driver: what is there is used, what is missing is
 * fetched into the cache by npm and pip. Nothing is installed in the system; only workers that open CUDA are started with these libraries.
 */
import { closeSync, existsSync, openSync, readSync } from 'node:fs';
import { mkdir, rm, statfs } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { MachineError, throwIfInterrupted, UserError } from '../../../errors.js';
import type { CudaRuntime } from '../../runtime.js';
import { fetchFailure } from '../fetch-failure.js';
import { ensureEntry, isComplete, isSettled } from '../package-cache.js';
import { runtimeSet } from '../pinned.js';
import { cacheDirectory, install, type Machine, type ProvisionOptions, thisMachine } from '../provision.js';
import { type CudaMajor, driverVersion, OLDEST_DRIVER, serves } from './driver.js';
import { downloadWheel, findPip, type PipCommand } from './pip-download.js';
import { type FindLibrary, systemLibraries } from './system-libraries.js';
import { unpackLibraries } from './unpack-wheel.js';
import { nvidiaWheels, PROVIDER_13, unpackedBytes, type Wheel } from './wheels.js';

/** What a test replaces. */
export interface CudaMachine extends Machine {
  driver(): Promise<string | null>;
  libraries(): Promise<FindLibrary>;
  pip(): Promise<PipCommand | null>;
  /** Bytes that may be written below a folder that exists. */
  freeBytes(folder: string): Promise<number>;
}

export function thisCudaMachine(): CudaMachine {
  return {
    ...thisMachine(),
    driver: driverVersion,
    libraries: () => systemLibraries(),
    pip: findPip,
    freeBytes: async (folder) => {
      const { bavail, bsize } = await statfs(folder);
      return bavail * bsize;
    },
  };
}

/** What CUDA needs here, where it is, and what would be fetched. */
export interface CudaPlan {
  /** Version of the NVIDIA driver; null: there is none, and nothing is fetched. */
  driver: string | null;
  /** CUDA's major version that is used; null: none. */
  major: CudaMajor | null;
  /** Folder of the onnxruntime-node package with the CUDA provider; null: it is fetched. */
  provider: string | null;
  /** NVIDIA's libraries by name; folder null: fetched. */
  libraries: { name: string; folder: string | null }[];
  /** What is fetched when CUDA is first asked for; [] : nothing. Sizes of npm's packages are not known before. */
  fetch: { what: string; downloadBytes: number | null; diskBytes: number | null }[];
}

interface Decision extends CudaPlan {
  wheels: Wheel[];
  /** Folders of libraries that the system has where its loader doesn't look. */
  folders: string[];
}

const NOTHING: Decision = {
  driver: null,
  major: null,
  provider: null,
  libraries: [],
  fetch: [],
  wheels: [],
  folders: [],
};

/** Says what there is and what would be fetched, without fetching. `base` is the onnxruntime-node package in use.
 *  @throws MachineError for a driver that is too old, UserError where `cuda` contradicts a package that the user named. */
export async function planCuda(
  base: string,
  options: ProvisionOptions,
  machine: CudaMachine = thisCudaMachine(),
): Promise<CudaPlan> {
  const { wheels, folders, ...plan } = await decide(base, options, machine);
  return plan;
}

/** The provider and the libraries for workers that open CUDA or TensorRT; what is missing is fetched.
 *  @throws MachineError when it can't be had, and as `planCuda`; Interrupted. */
export async function locateCuda(
  base: string,
  options: ProvisionOptions,
  machine: CudaMachine = thisCudaMachine(),
): Promise<CudaRuntime> {
  const decision = await decide(base, options, machine);
  const { major, provider, wheels, folders } = decision;
  if (major === null) return { directory: base, libraryPath: [] };
  const directory = provider ?? (await installProvider(major, options, machine));
  const fetched = await fetchLibraries(major, wheels, options, machine);
  return { directory, libraryPath: [...fetched, ...folders] };
}

async function decide(base: string, options: ProvisionOptions, machine: CudaMachine): Promise<Decision> {
  const { cuda: asked = 'auto', path } = options;
  if (asked === 'skip' || machine.platform !== 'linux-x64') return NOTHING;
  const driver = await machine.driver();
  if (driver === null) return NOTHING;
  const own = providerMajor(base);
  // A package that the user named is taken as it is: without a provider in it, opening CUDA says what is missing.
  if (path && own === null) return { ...NOTHING, driver };
  if (path && asked !== 'auto' && Number(asked) !== own)
    throw new UserError(
      'usage.invalid-value',
      `\`cuda\` is ${asked}, but the CUDA provider in ${base}, which \`onnxruntime-path\` names, is built for CUDA ${own}. Leave one of them out.`,
    );
  const find = await machine.libraries();
  const major = chooseMajor({ asked, driver, own, find });
  const provider = own === major ? base : await cachedProvider(major, options, machine);
  const { libraries, wheels, folders } = librariesOf(major, find);
  const fetch: Decision['fetch'] = [];
  if (provider === null) fetch.push(...providerDownloads(major));
  for (const wheel of wheels) {
    if (!(await isComplete(entryOf(major, wheel, options)))) fetch.push(downloadOf(wheel));
  }
  return { driver, major, provider, libraries, fetch, wheels, folders };
}

function chooseMajor({
  asked,
  driver,
  own,
  find,
}: {
  asked: 'auto' | '12' | '13';
  driver: string;
  own: CudaMajor | null;
  find: FindLibrary;
}): CudaMajor {
  const majors: CudaMajor[] = [13, 12];
  const fitting = majors.filter((major) => serves(driver, major));
  const wanted = asked === 'auto' ? null : (Number(asked) as CudaMajor);
  const least = wanted ?? 12;
  if (!fitting.includes(least))
    throw new MachineError(
      'provider.driver-too-old',
      `The NVIDIA driver ${driver} is too old for CUDA ${least}, which needs ${OLDEST_DRIVER[least]} or newer. Update the driver${wanted === 13 && fitting.includes(12) ? ', or take `cuda: 12`' : ''}.`,
    );
  if (wanted !== null) return wanted;
  if (own !== null && fitting.includes(own)) return own;
  // What the system has is used first.
  return fitting.find((major) => librariesOf(major, find).wheels.length === 0) ?? fitting[0]!;
}

/** Where NVIDIA's libraries of a major version are, and the wheels that hold those which are missing. */
function librariesOf(
  major: CudaMajor,
  find: FindLibrary,
): Pick<Decision, 'libraries' | 'wheels' | 'folders'> {
  const libraries: CudaPlan['libraries'] = [];
  const wheels: Wheel[] = [];
  const folders = new Set<string>();
  let toolkit: boolean = true;
  for (const wheel of nvidiaWheels(major)) {
    const found = wheel.needed.map((name) => ({ name, place: find(name) }));
    // cuDNN for CUDA 12 and for 13 have the same name: the system's fits the system's own toolkit only.
    const isCudnn = wheel.needed.some((name) => name.startsWith('libcudnn'));
    const complete: boolean = found.every(({ place }) => place !== null) && (toolkit || !isCudnn);
    if (!complete) wheels.push(wheel);
    if (!isCudnn) toolkit &&= complete;
    for (const { name, place } of found) {
      libraries.push({ name, folder: complete ? place!.folder : null });
      if (complete && !place!.onPath) folders.add(place!.folder);
    }
  }
  return { libraries, wheels, folders: [...folders] };
}

/** How much of a provider library is looked through for the name of the CUDA library that it links: its list of names lies at its beginning. */
const NAMES_BYTES = 4 * 2 ** 20;

/** CUDA's major version that the provider in a package is built for; null: there is none, or it can't be told. */
function providerMajor(directory: string): CudaMajor | null {
  const library = join(directory, LIBRARIES, CUDA_PROVIDER);
  if (!existsSync(library)) return null;
  const bytes = Buffer.alloc(NAMES_BYTES);
  const file = openSync(library, 'r');
  try {
    const length = readSync(file, bytes, 0, NAMES_BYTES, 0);
    const major = Number(/libcublasLt\.so\.(\d+)/.exec(bytes.toString('latin1', 0, length))?.[1]);
    return major === 12 || major === 13 ? major : null;
  } finally {
    closeSync(file);
  }
}

const LIBRARIES = join('bin', 'napi-v6', 'linux', 'x64');
const CUDA_PROVIDER = 'libonnxruntime_providers_cuda.so';

/** The package with the provider that an earlier run fetched; null: none. */
async function cachedProvider(
  major: CudaMajor,
  options: ProvisionOptions,
  machine: CudaMachine,
): Promise<string | null> {
  const { name, version, variant } = runtimeSet(machine.platform, { cuda: major });
  const entry = join(cacheDirectory(options.cacheDir), name, version, variant);
  return (await isComplete(entry)) ? join(entry, 'node_modules', name) : null;
}

async function installProvider(
  major: CudaMajor,
  options: ProvisionOptions,
  machine: CudaMachine,
): Promise<string> {
  const set = runtimeSet(machine.platform, { cuda: major });
  if (major === 12) return await install(set, options, machine);
  return await install(set, options, machine, async (directory) => {
    const libraries = join(directory, 'node_modules', set.name, LIBRARIES);
    await unpackInto(libraries, PROVIDER_13, options, machine);
  });
}

function providerDownloads(major: CudaMajor): CudaPlan['fetch'] {
  const runtime = { what: 'onnxruntime-node (npm)', downloadBytes: null, diskBytes: null };
  return major === 13
    ? [runtime, downloadOf(PROVIDER_13)]
    : [{ ...runtime, what: 'onnxruntime-node with its CUDA 12 provider (npm, NuGet)' }];
}

function downloadOf(wheel: Wheel): CudaPlan['fetch'][number] {
  return {
    what: `${wheel.package} ${wheel.version} (pip)`,
    downloadBytes: wheel.sizeBytes,
    diskBytes: unpackedBytes(wheel),
  };
}

/** Each wheel has an entry of its own: what an interrupted run had fetched stays. */
function entryOf(major: CudaMajor, wheel: Wheel, options: ProvisionOptions): string {
  return join(cacheDirectory(options.cacheDir), `nvidia-cuda${major}`, `${wheel.package}-${wheel.version}`);
}

/** Folders of the libraries in `wheels`, fetched where they are not in the cache. */
async function fetchLibraries(
  major: CudaMajor,
  wheels: readonly Wheel[],
  options: ProvisionOptions,
  machine: CudaMachine,
): Promise<string[]> {
  const folders: string[] = [];
  for (const wheel of wheels) {
    const entry = entryOf(major, wheel, options);
    if (!(await isSettled(entry))) {
      try {
        await ensureEntry(
          entry,
          (directory) => unpackInto(directory, wheel, options, machine),
          options.signal,
        );
      } catch (error) {
        throwIfInterrupted(options.signal);
        throw fetchFailure(error, {
          what: `NVIDIA's libraries for CUDA ${major} could not be fetched.`,
          otherwise: `Install them on the machine (the CUDA ${major} toolkit and cuDNN 9) and put their folders on LD_LIBRARY_PATH, or copy ${dirname(entry)} from a machine that has it (input \`cache-dir\`).`,
          place: entry,
        });
      }
    }
    folders.push(entry);
  }
  return folders;
}

/** Fetches a wheel and writes its libraries into `directory`; what was fetched does not stay. */
async function unpackInto(
  directory: string,
  wheel: Wheel,
  { log, signal }: ProvisionOptions,
  machine: CudaMachine,
): Promise<void> {
  const pip = await machine.pip();
  if (pip === null)
    throw new MachineError(
      'machine.no-program',
      `There is no pip to fetch ${wheel.package} with: install Python 3 with pip (on Debian and Ubuntu the package python3-pip).`,
    );
  // pip holds what it fetches twice for a moment; the libraries come besides.
  const needed = 2 * wheel.sizeBytes + unpackedBytes(wheel);
  const free = await machine.freeBytes(directory);
  if (free < needed)
    throw new MachineError(
      'machine.no-room',
      `${wheel.package} ${wheel.version} needs ${megabytes(needed)} below ${directory}, where ${megabytes(free)} are free. Make room, or choose another place (input \`cache-dir\`).`,
    );
  log.info(`Fetching ${wheel.package} ${wheel.version} (${megabytes(wheel.sizeBytes)})`);
  const downloads = join(directory, 'download');
  await mkdir(downloads);
  const file = await downloadWheel(wheel, { pip, directory: downloads, signal });
  await unpackLibraries(file, wheel, { directory, signal });
  await rm(downloads, { recursive: true });
}

const megabytes = (bytes: number) => `${Math.ceil(bytes / 1e6)} MB`;
