/** Finds onnxruntime-node and wraps it as a Runtime. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { MachineError, messageOf } from '../errors.js';
import type { Log } from '../log.js';
import { wrapOnnxRuntime } from './onnxruntime.js';
import type { CudaRuntime, Runtime, WebBuild } from './runtime.js';
import type { OnnxRuntimeModule } from './session.js';

const PACKAGE = 'onnxruntime-node';

export interface LoadRuntimeOptions {
  /** Directory of an onnxruntime-node package, of the node_modules that holds it, or of the folder that holds that. Default: a node_modules above this file. */
  path?: string;
  /** Where packages that had to be fetched are kept. */
  cacheDir?: string;
  log?: Log;
  /** Finds a build of onnxruntime-web; default: none of its providers is there. Asked once for each. */
  locateWasm?: (build?: WebBuild) => Promise<string>;
  /** Finds what CUDA needs, given the package that was loaded; default: what is there is used. Asked once. */
  locateCuda?: (directory: string) => Promise<CudaRuntime>;
}

/** Loads onnxruntime-node. Throws MachineError when it can't be found or its native library doesn't load. */
export async function loadRuntime(options: LoadRuntimeOptions = {}): Promise<Runtime> {
  const directory = packageDirectory(options.path);
  if (!directory) {
    const place = options.path ? `in ${options.path}` : 'in a node_modules above quantgate';
    throw new MachineError(
      'runtime.not-found',
      `ONNX Runtime was not found ${place}. Run \`npm install ${PACKAGE}\`, or name its directory with --onnxruntime-path.`,
    );
  }
  try {
    const require = createRequire(join(directory, 'package.json'));
    // ONNX Runtime's Linux builds report usage to Microsoft, in threads and files of their own, unless told not to: that
    // would also disturb what is measured. Workers inherit the variable.
    process.env.ORT_DISABLE_TELEMETRY ??= '1';
    const runtime = wrapOnnxRuntime(require(directory) as OnnxRuntimeModule, directory);
    const { locateWasm, locateCuda } = options;
    return {
      ...runtime,
      ...(locateWasm && { locateWasm: once(locateWasm) }),
      ...(locateCuda && { locateCuda: once(() => locateCuda(directory)) }),
    };
  } catch (error) {
    throw new MachineError(
      'runtime.not-loaded',
      `ONNX Runtime in ${directory} could not be loaded: ${messageOf(error)}. Reinstall ${PACKAGE} for ${process.platform}-${process.arch}.`,
    );
  }
}

function once<T>(make: (build?: WebBuild) => Promise<T>): (build?: WebBuild) => Promise<T> {
  const made = new Map<string, Promise<T>>();
  return (build = 'node') => {
    const known = made.get(build) ?? make(build);
    made.set(build, known);
    return known;
  };
}

/** Directory of the package: as `packageIn` finds it, else where Node.js would from `path` (default: from this file). */
function packageDirectory(path: string | undefined): string | null {
  if (!path) return resolvePackage(createRequire(import.meta.url), `${PACKAGE}/package.json`);
  const require = createRequire(join(resolve(path), 'package.json'));
  return packageIn(resolve(path)) ?? resolvePackage(require, `${PACKAGE}/package.json`);
}

/** Directory of the package in a node_modules above quantgate, of whatever version; null: there is none. */
export function installedRuntime(): string | null {
  return packageDirectory(undefined);
}

/** `path` itself, the package in it (a node_modules), or the one in its node_modules; null: none of them is onnxruntime-node. */
export function packageIn(path: string): string | null {
  const candidates = [path, join(path, PACKAGE), join(path, 'node_modules', PACKAGE)];
  return candidates.find((directory) => nameIn(directory) === PACKAGE) ?? null;
}

function nameIn(directory: string): string | null {
  try {
    const { name } = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8')) as { name?: string };
    return name ?? null;
  } catch {
    return null;
  }
}

function resolvePackage(require: NodeJS.Require, specifier: string): string | null {
  try {
    return dirname(require.resolve(specifier));
  } catch {
    return null;
  }
}
