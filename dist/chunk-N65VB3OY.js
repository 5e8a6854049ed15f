import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);
import {
  wrapOnnxRuntime
} from "./chunk-LOF5LS5W.js";
import {
  MachineError,
  messageOf
} from "./chunk-IYM25C4U.js";

// src/runtime/load.ts
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
var PACKAGE = "onnxruntime-node";
async function loadRuntime(options = {}) {
  const directory = packageDirectory(options.path);
  if (!directory) {
    const place = options.path ? `in ${options.path}` : "in a node_modules above quantgate";
    throw new MachineError(
      `ONNX Runtime was not found ${place}. Run \`npm install ${PACKAGE}\`, or name its directory with --onnxruntime-path.`
    );
  }
  try {
    const require2 = createRequire(join(directory, "package.json"));
    process.env.ORT_DISABLE_TELEMETRY ??= "1";
    const runtime = wrapOnnxRuntime(require2(directory), directory);
    return options.locateWasm ? { ...runtime, locateWasm: once(options.locateWasm) } : runtime;
  } catch (error) {
    throw new MachineError(
      `ONNX Runtime in ${directory} could not be loaded: ${messageOf(error)}. Reinstall ${PACKAGE} for ${process.platform}-${process.arch}.`
    );
  }
}
function once(make) {
  let made;
  return () => made ??= make();
}
function packageDirectory(path) {
  if (!path) return resolvePackage(createRequire(import.meta.url), `${PACKAGE}/package.json`);
  const require2 = createRequire(join(resolve(path), "package.json"));
  return packageIn(resolve(path)) ?? resolvePackage(require2, `${PACKAGE}/package.json`);
}
function installedRuntime() {
  return packageDirectory(void 0);
}
function packageIn(path) {
  const candidates = [path, join(path, PACKAGE), join(path, "node_modules", PACKAGE)];
  return candidates.find((directory) => nameIn(directory) === PACKAGE) ?? null;
}
function nameIn(directory) {
  try {
    const { name } = JSON.parse(readFileSync(join(directory, "package.json"), "utf8"));
    return name ?? null;
  } catch {
    return null;
  }
}
function resolvePackage(require2, specifier) {
  try {
    return dirname(require2.resolve(specifier));
  } catch {
    return null;
  }
}

export {
  loadRuntime,
  installedRuntime,
  packageIn
};
