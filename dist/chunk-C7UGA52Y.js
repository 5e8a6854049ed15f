import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);
import {
  oneNodeModel
} from "./chunk-INTCTOW5.js";
import {
  externalLocations
} from "./chunk-KL4S4GDE.js";
import {
  readModelOutline
} from "./chunk-QBQKLG2U.js";
import "./chunk-MK6PZPSP.js";
import "./chunk-LB3U3NNG.js";
import "./chunk-IZBBBSAD.js";
import {
  openError,
  wrapSession
} from "./chunk-LOF5LS5W.js";
import "./chunk-IOOXQZY3.js";
import "./chunk-UIZ46WAI.js";
import "./chunk-OKSQO7JT.js";
import "./chunk-57WIVW7N.js";
import {
  externalPath
} from "./chunk-OEIIXWBO.js";
import "./chunk-B4R2XIPD.js";
import {
  MachineError,
  UserError,
  messageOf
} from "./chunk-IYM25C4U.js";
import "./chunk-XNDQ27F5.js";

// src/runtime/wasm/wasm-runtime.ts
import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";

// src/runtime/wasm/process-hooks.ts
import fs from "node:fs";
var { WebAssembly } = globalThis;
function watchMemory() {
  const made = [];
  const Original = WebAssembly.Memory;
  WebAssembly.Memory = class extends Original {
    constructor(descriptor) {
      super(descriptor);
      made.push(this);
    }
  };
  return { bytes: () => Math.max(0, ...made.map(({ buffer }) => buffer.byteLength)) };
}
function printedBy(work) {
  const original = fs.writeSync;
  const lines = [];
  fs.writeSync = ((descriptor, data) => {
    if (descriptor !== STDOUT || typeof data !== "string") return original(descriptor, data);
    lines.push(data);
    return data.length;
  });
  try {
    work();
  } finally {
    fs.writeSync = original;
  }
  return lines.join("");
}
var STDOUT = 1;

// src/runtime/wasm/wasm-runtime.ts
var ENTRY = join("dist", "ort.node.min.mjs");
var LOG_ERROR = 3;
async function loadWasmRuntime(directory, { threads = 1 } = {}) {
  const memory = watchMemory();
  let ort;
  try {
    ort = await import(pathToFileURL(join(directory, ENTRY)).href);
    ort.env.wasm.numThreads = threads;
    ort.env.logLevel = "error";
    await (await ort.InferenceSession.create(oneNodeModel("Relu"), sessionOptions({}))).release();
  } catch (error) {
    throw new MachineError(
      `ONNX Runtime for WebAssembly in ${directory} could not be loaded: ${messageOf(error)}. Reinstall onnxruntime-web.`
    );
  }
  return {
    version: ort.env.versions.web ?? ort.env.versions.common,
    heapBytes: memory.bytes,
    async open(model, options = {}) {
      const name = typeof model === "string" ? model : "the model";
      try {
        const session = await create(ort, model, options);
        return wrapWasm(ort, session);
      } catch (error) {
        throw openError(textOf(error), { model: name, provider: "wasm", directory });
      }
    }
  };
}
async function create(ort, model, options) {
  if (typeof model !== "string") return await ort.InferenceSession.create(model, sessionOptions(options));
  const externalData = await Promise.all(
    externalLocations(readModelOutline(model).proto).map(async (location) => ({
      path: location,
      data: await readFile(externalPath(location, dirname(model)))
    }))
  );
  const beside = externalData.length > 0 ? { externalData } : {};
  return await ort.InferenceSession.create(model, { ...sessionOptions(options), ...beside });
}
function sessionOptions(options) {
  return {
    executionProviders: ["wasm"],
    graphOptimizationLevel: options.graphOptimizationLevel ?? "all",
    executionMode: "sequential",
    enableProfiling: options.profile ?? false,
    logSeverityLevel: LOG_ERROR
  };
}
function wrapWasm(ort, session) {
  const wrapped = wrapSession(ort, session, {});
  return {
    ...wrapped,
    run: (feeds, outputs) => inWords(wrapped.run(feeds, outputs)),
    prepare(feeds) {
      const prepared = wrapped.prepare(feeds);
      return { ...prepared, run: () => inWords(prepared.run()) };
    },
    // Without files to write, ONNX Runtime prints its profile.
    profileText: () => printedBy(() => session.endProfiling())
  };
}
var inWords = (work) => work.catch(rethrow);
function rethrow(error) {
  throw error instanceof UserError ? error : new Error(textOf(error));
}
function textOf(error) {
  if (typeof error === "number")
    return `out of memory, most likely: exception ${error} of the WebAssembly build`;
  const text = messageOf(error).trim();
  return TOO_LARGE.test(text) ? `out of memory: more than the 4 GB that WebAssembly can address (${text})` : text;
}
var TOO_LARGE = /SafeIntOnOverflow|SafeIntExceptionHandler/;
export {
  loadWasmRuntime
};
