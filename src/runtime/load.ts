/** Finds onnxruntime-node and wraps it as a Runtime. */
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { MachineError, messageOf } from '../errors.js';
import type { Log } from '../log.js';
import { type OnnxRuntimeModule, wrapOnnxRuntime } from './onnxruntime.js';
import type { Runtime } from './runtime.js';

const PACKAGE = 'onnxruntime-node';

export interface LoadRuntimeOptions {
  /** Directory of an onnxruntime-node package, or one whose node_modules holds it. Default: a node_modules above this file. */
  path?: string;
  /** Where packages that had to be fetched are kept. */
  cacheDir?: string;
  log?: Log;
}

/** Loads onnxruntime-node. Throws MachineError when it can't be found or its native library doesn't load. */
export async function loadRuntime(options: LoadRuntimeOptions = {}): Promise<Runtime> {
  const directory = packageDirectory(options.path);
  if (!directory) {
    const place = options.path ? `in ${options.path}` : 'in a node_modules above quantgate';
    throw new MachineError(
      `ONNX Runtime was not found ${place}. Run \`npm install ${PACKAGE}\`, or name its directory with --onnxruntime-path.`,
    );
  }
  try {
    const require = createRequire(join(directory, 'package.json'));
    // ONNX Runtime's Linux builds report usage to Microsoft, in threads and files of their own, unless told not to: that
    // would also disturb what is measured. Workers inherit the variable.
    process.env.ORT_DISABLE_TELEMETRY ??= '1';
    return wrapOnnxRuntime(require(directory) as OnnxRuntimeModule, directory);
  } catch (error) {
    throw new MachineError(
      `ONNX Runtime in ${directory} could not be loaded: ${messageOf(error)}. Reinstall ${PACKAGE} for ${process.platform}-${process.arch}.`,
    );
  }
}

/** Directory of the package: `path` itself, a node_modules below it, or (no path) a node_modules above this file. */
function packageDirectory(path: string | undefined): string | null {
  if (!path) return resolvePackage(createRequire(import.meta.url), `${PACKAGE}/package.json`);
  const require = createRequire(join(resolve(path), 'package.json'));
  const own = resolvePackage(require, './package.json');
  if (own && (require('./package.json') as { name?: string }).name === PACKAGE) return own;
  return resolvePackage(require, `${PACKAGE}/package.json`);
}

function resolvePackage(require: NodeJS.Require, specifier: string): string | null {
  try {
    return dirname(require.resolve(specifier));
  } catch {
    return null;
  }
}
