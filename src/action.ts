/** Entry of the GitHub Action. ONNX Runtime is not loaded here: it may have to be installed first. */
import { runAction } from './github/action.js';
import { run } from './run.js';
import { loadRuntime } from './runtime/load.js';

await runAction({ run, openRuntime: ({ path, log }) => loadRuntime({ log, ...(path ? { path } : {}) }) });
