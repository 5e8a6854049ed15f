/** quantgate fetch: what is otherwise fetched at first use, now; for images and machines that have no network later. */
import { EXIT, UserError } from '../../errors.js';
import { locateCuda, thisCudaMachine } from '../../runtime/provision/cuda/cuda.js';
import { driverVersion, OLDEST_DRIVER } from '../../runtime/provision/cuda/driver.js';
import {
  locateRuntime,
  locateSharp,
  locateWasm,
  type ProvisionOptions,
} from '../../runtime/provision/provision.js';
import { FETCHED, type Fetched } from '../../terms/provider.js';
import type { CliContext } from '../context/context.js';

interface FetchOptions {
  cacheDir?: string;
}

interface Place {
  what: Fetched;
  /** Where it is: a package, or a folder of libraries. */
  directories: string[];
}

export async function fetchCommand(
  context: CliContext,
  asked: readonly Fetched[],
  { cacheDir }: FetchOptions,
): Promise<number> {
  const { log, signal, options } = context;
  const provision: ProvisionOptions = {
    log,
    signal,
    cuda: options.cuda,
    path: options.onnxruntimePath ?? null,
    cacheDir: cacheDir ?? null,
  };
  const parts: readonly Fetched[] = asked.length === 0 ? ['runtime', 'images'] : asked;
  const places: Place[] = [];
  for (const what of FETCHED) {
    if (parts.includes(what)) places.push({ what, directories: await FETCH[what](provision) });
  }
  context.print(places, () =>
    places.map(({ what, directories }) => `${what.padEnd(8)} ${directories.join('\n         ')}`).join('\n'),
  );
  return EXIT.pass;
}

const FETCH: Record<Fetched, (options: ProvisionOptions) => Promise<string[]>> = {
  runtime: async (options) => [await locateRuntime(options)],
  images: async (options) => [await locateSharp(options)],
  wasm: async (options) => [await locateWasm(options)],
  cuda: fetchCuda,
};

/** An image is built on machines without a GPU: there the version has to be said. */
async function fetchCuda(options: ProvisionOptions): Promise<string[]> {
  const { cuda = 'auto' } = options;
  const driver = (await driverVersion()) ?? (cuda === '12' || cuda === '13' ? OLDEST_DRIVER[cuda] : null);
  if (driver === null)
    throw new UserError(
      'usage.choose-cuda',
      'This machine has no NVIDIA driver that would say which CUDA to fetch. Say it: --cuda 12 or --cuda 13.',
    );
  const machine = { ...thisCudaMachine(), driver: async () => driver };
  const { directory, libraryPath } = await locateCuda(await locateRuntime(options), options, machine);
  return [directory, ...libraryPath];
}
