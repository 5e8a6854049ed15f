/** Finds onnxruntime-node and wraps it as a Runtime. */
import { createRequire } from 'node:module';
import { MachineError, messageOf } from '../errors.js';
import { type OnnxRuntimeModule, wrapOnnxRuntime } from './onnxruntime.js';
import type { Runtime } from './runtime.js';

export interface LoadRuntimeOptions {
  /** Directory of an onnxruntime-node package, or one whose node_modules holds it. Default: a node_modules above this file. */
  path?: string;
}

/** Loads onnxruntime-node. Throws MachineError when it can't be found or its native library doesn't load. */
export async function loadRuntime(options: LoadRuntimeOptions = {}): Promise<Runtime> {
  const require = createRequire(options.path ? `${options.path}/package.json` : import.meta.url);
  try {
    const entry = options.path ?? 'onnxruntime-node';
    return wrapOnnxRuntime(require(entry) as OnnxRuntimeModule);
  } catch (error) {
    throw new MachineError(
      `ONNX Runtime could not be loaded: ${messageOf(error)}. Run \`npm install\` or pass --onnxruntime-path.`,
    );
  }
}
