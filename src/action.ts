/** Entry of the GitHub Action. ONNX Runtime and sharp are found, or fetched, before they are loaded. */
import { createRequire } from 'node:module';
import { setSharpLoader } from './data/images/images.js';
import { runAction } from './github/action.js';
import { run } from './run.js';
import { loadRuntime } from './runtime/load.js';
import { locateCuda } from './runtime/provision/cuda/cuda.js';
import { locateRuntime, locateSharp, locateWasm } from './runtime/provision/provision.js';

await runAction({
  run,
  async openRuntime(options) {
    setSharpLoader(async () => createRequire(import.meta.url)(await locateSharp(options)));
    return await loadRuntime({
      path: await locateRuntime(options),
      log: options.log,
      locateWasm: (build) => locateWasm({ ...options, build }),
      locateCuda: (base) => locateCuda(base, options),
    });
  },
});
