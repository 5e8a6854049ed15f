import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);
import {
  runsOnCpu
} from "./chunk-IOOXQZY3.js";
import {
  missingLibrary
} from "./chunk-UIZ46WAI.js";
import {
  MachineError,
  UserError,
  messageOf
} from "./chunk-IYM25C4U.js";

// src/runtime/onnxruntime.ts
import { existsSync, readdirSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
var CONFIG_ENTRIES = /* @__PURE__ */ new Set([
  "session.x64quantprecision",
  "session.disable_quant_qdq",
  "session.enable_quant_qdq_cleanup",
  "session.qdqisint8allowed",
  "session.qdq_matmulnbits_accuracy_level",
  "session.qdq_matmulnbits_block_size",
  "session.intra_op.allow_spinning",
  "session.force_spinning_stop",
  "session.intra_op_thread_affinities",
  "session.disable_cpu_ep_fallback",
  "session.use_deterministic_compute",
  "session.disable_prepacking",
  "optimization.disable_specified_optimizers",
  "session.optimized_model_external_initializers_file_name",
  "session.optimized_model_external_initializers_min_size_in_bytes"
]);
function wrapOnnxRuntime(ort, directory) {
  holdFloat16AsBits(ort);
  return {
    version: ort.env.versions.node ?? ort.env.versions.common,
    directory,
    providers: ort.listSupportedBackends().map((backend) => backend.name),
    async open(model, options = {}) {
      const native = sessionOptions(options);
      try {
        const session = typeof model === "string" ? await ort.InferenceSession.create(model, native) : await ort.InferenceSession.create(model, native);
        return wrapSession(ort, session, options);
      } catch (error) {
        const name = typeof model === "string" ? model : "the model";
        throw openError(messageOf(error).trim(), {
          model: name,
          provider: options.provider ?? "cpu",
          directory,
          dump: options.optimizedModelPath ?? null
        });
      }
    }
  };
}
function holdFloat16AsBits(ort) {
  const held = Object.getOwnPropertyDescriptor(globalThis, "Float16Array");
  if (!held) return;
  Reflect.deleteProperty(globalThis, "Float16Array");
  try {
    new ort.Tensor("float32", Float32Array.of(0), [1]);
  } finally {
    Object.defineProperty(globalThis, "Float16Array", held);
  }
}
var LOG_ERROR = 3;
var LOG_FATAL = 4;
function sessionOptions(options) {
  const provider = options.provider ?? "cpu";
  const entries = Object.entries(options.configEntries ?? {});
  for (const [key] of entries) {
    if (!CONFIG_ENTRIES.has(key)) throw new Error(`session configuration entry '${key}' is not whitelisted`);
  }
  return {
    executionProviders: [executionProvider(provider, options.deviceId)],
    graphOptimizationLevel: options.graphOptimizationLevel ?? "all",
    executionMode: "sequential",
    interOpNumThreads: 1,
    logSeverityLevel: options.silent ? LOG_FATAL : LOG_ERROR,
    ...options.threads === void 0 ? {} : { intraOpNumThreads: options.threads },
    ...options.optimizedModelPath ? { optimizedModelFilePath: options.optimizedModelPath } : {},
    ...options.profilePrefix ? { enableProfiling: true, profileFilePrefix: options.profilePrefix } : {},
    ...entries.length > 0 ? { extra: nested(entries) } : {}
  };
}
var TAKES_DEVICE = /* @__PURE__ */ new Set(["cuda", "tensorrt", "dml"]);
function executionProvider(name, deviceId) {
  if (deviceId === void 0 || !TAKES_DEVICE.has(name)) return name;
  return { name, deviceId };
}
function nested(entries) {
  const root = {};
  for (const [key, value] of entries) {
    const path = key.split(".");
    let node = root;
    for (const part of path.slice(0, -1)) {
      node[part] ??= {};
      node = node[part];
    }
    node[path.at(-1)] = value;
  }
  return root;
}
function openError(text, place) {
  const { model, provider } = place;
  if (OUT_OF_MEMORY.test(text)) {
    if (provider === "wasm")
      return new MachineError(`${model} does not fit into WebAssembly's heap, which ends at 4 GB: ${text}.`);
    const next = provider === "cpu" ? "" : " Stop what else uses the GPU (nvidia-smi lists it), or choose another with benchmark.device.";
    return new MachineError(`Out of memory while opening ${model} on ${provider}: ${text}.${next}`);
  }
  if (!runsOnCpu(provider) && PROVIDER_FAILURE.test(text)) {
    return new MachineError(
      `The execution provider '${provider}' could not be opened${missingLibrary(text, place)}. ONNX Runtime says: ${text}`
    );
  }
  if (typeof model === "string" && /No such file|doesn.?t exist|Load model .* failed. File/i.test(text) && !existsSync(model)) {
    return new UserError(`There is no model at ${model}.`);
  }
  if (place.dump && /serialization failed|No space left/i.test(text)) {
    return new MachineError(
      `ONNX Runtime could not write ${model} as it optimized it into ${dirname(place.dump)} (${text}). Make room there, or name another temporary folder with TMPDIR.`
    );
  }
  return new UserError(
    `ONNX Runtime${provider === "wasm" ? " for WebAssembly" : ""} refuses ${model}: ${text}`
  );
}
var OUT_OF_MEMORY = /bad_alloc|out of memory|Failed to allocate|CUDA failure 2:|_ALLOC(ATION)?_FAILED/i;
var PROVIDER_FAILURE = /no available backend|AppendExecutionProvider|shared librar|cannot open shared object|CUDA failure|cudnn|libnv|WebGPU|adapter|driver/i;
function wrapSession(ort, session, options) {
  const outputs = session.outputMetadata.map(valueMeta);
  const profile = options.profilePrefix ? findProfile(options.profilePrefix) : null;
  const tensorOutputs = outputs.filter((output) => output.type !== null).map((output) => output.name);
  return {
    inputs: session.inputMetadata.map(valueMeta),
    outputs,
    async run(feeds, wanted = tensorOutputs) {
      if (wanted.length === 0) throw new UserError(NO_TENSORS);
      return feedsFromOrt(await session.run(feedsToOrt(ort, feeds), [...wanted]));
    },
    prepare(feeds) {
      if (tensorOutputs.length === 0) throw new UserError(NO_TENSORS);
      return prepareRun(session, feedsToOrt(ort, feeds), tensorOutputs);
    },
    endProfiling() {
      if (!profile) throw new Error("endProfiling() needs profilePrefix");
      session.endProfiling();
      return profile;
    },
    async release() {
      await session.release();
    }
  };
}
var NO_TENSORS = "None of the outputs is a tensor (sequences and maps only): there is nothing to read. Cut the model before the operator that makes them.";
function prepareRun(session, feeds, names) {
  let results = {};
  let fetches = names;
  const run = async () => {
    results = await session.run(feeds, fetches);
  };
  return {
    run,
    async reuseOutputs() {
      await run();
      const buffers = results;
      if (Object.values(buffers).some((tensor) => tensor.type === "string" || tensor.location !== "cpu"))
        return false;
      fetches = buffers;
      try {
        await run();
        return true;
      } catch {
        fetches = names;
        await run();
        return false;
      }
    },
    outputs: () => feedsFromOrt(results)
  };
}
function findProfile(prefix) {
  const directory = dirname(prefix);
  const start = `${basename(prefix)}_`;
  const found = readdirSync(directory).filter((name) => name.startsWith(start) && name.endsWith(".json")).map((name) => join(directory, name)).sort((a, b) => statSync(a).mtimeMs - statSync(b).mtimeMs).at(-1);
  if (!found) throw new MachineError(`ONNX Runtime wrote no profile at ${prefix}_*.json`);
  return found;
}
function valueMeta(meta) {
  return meta.isTensor ? { name: meta.name, type: meta.type, shape: meta.shape } : { name: meta.name, type: null, shape: null };
}
function feedsToOrt(ort, feeds) {
  const native = {};
  for (const [name, tensor] of Object.entries(feeds)) {
    native[name] = new ort.Tensor(tensor.type, tensor.data, tensor.dims);
  }
  return native;
}
function feedsFromOrt(results) {
  const values = {};
  for (const [name, tensor] of Object.entries(results)) values[name] = fromOrt(tensor);
  return values;
}
function fromOrt(tensor) {
  return { type: tensor.type, dims: tensor.dims, data: bitsOf(tensor.data) };
}
function bitsOf(data) {
  if (!ArrayBuffer.isView(data) || data[Symbol.toStringTag] !== "Float16Array") return data;
  return new Uint16Array(data.buffer, data.byteOffset, data.length);
}

export {
  wrapOnnxRuntime,
  openError,
  wrapSession,
  findProfile
};
