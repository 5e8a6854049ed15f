import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);
import {
  wrapOnnxRuntime
} from "./chunk-TU7INXSX.js";
import {
  MachineError,
  messageOf
} from "./chunk-KJWZXA2F.js";

// src/runtime/load.ts
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
    return wrapOnnxRuntime(require2(directory), directory);
  } catch (error) {
    throw new MachineError(
      `ONNX Runtime in ${directory} could not be loaded: ${messageOf(error)}. Reinstall ${PACKAGE} for ${process.platform}-${process.arch}.`
    );
  }
}
function packageDirectory(path) {
  if (!path) return resolvePackage(createRequire(import.meta.url), `${PACKAGE}/package.json`);
  const require2 = createRequire(join(resolve(path), "package.json"));
  const own = resolvePackage(require2, "./package.json");
  if (own && require2("./package.json").name === PACKAGE) return own;
  return resolvePackage(require2, `${PACKAGE}/package.json`);
}
function resolvePackage(require2, specifier) {
  try {
    return dirname(require2.resolve(specifier));
  } catch {
    return null;
  }
}

export {
  loadRuntime
};
