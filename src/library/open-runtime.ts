/** ONNX Runtime and sharp for the library and the command line: found, or fetched, at first use. */
import { createRequire } from 'node:module';
import { setSharpLoader } from '../data/images/images.js';
import type { Log } from '../log.js';
import { installedRuntime, loadRuntime } from '../runtime/load.js';
import { locateCuda } from '../runtime/provision/cuda/cuda.js';
import { locateRuntime, locateSharp, locateWasm } from '../runtime/provision/provision.js';
import type { Runtime } from '../runtime/runtime.js';
import type { CudaChoice } from '../terms/provider.js';

/** ONNX Runtime from where the user says, from a node_modules above, else fetched into the cache; sharp likewise, when an image is read.
 *  @throws MachineError when it can't be had. */
export async function openRuntime(
  { onnxruntimePath: path, cuda }: { onnxruntimePath?: string | undefined; cuda?: CudaChoice },
  provision: { log: Log; signal?: AbortSignal | undefined },
): Promise<Runtime> {
  const { log, signal } = provision;
  const how = signal === undefined ? { log } : { log, signal };
  setSharpLoader(async () => createRequire(import.meta.url)(installedSharp() ?? (await locateSharp(how))));
  return await loadRuntime({
    path: path ?? installedRuntime() ?? (await locateRuntime(how)),
    log,
    locateWasm: (build) => locateWasm({ ...how, build }),
    locateCuda: (base) => locateCuda(base, { ...how, path, cuda }),
  });
}

/** Of whatever version: the user chose it. */
function installedSharp(): string | null {
  try {
    return createRequire(import.meta.url).resolve('sharp');
  } catch {
    return null;
  }
}
