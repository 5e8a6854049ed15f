import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);
import {
  buildEngine,
  findTrtexec,
  openTrtexec,
  snapshotGpu,
  trtexecRunner
} from "./chunk-HMNURZ3L.js";
import {
  modelInputs
} from "./chunk-BVHWY5TI.js";
import {
  timingFeeds
} from "./chunk-NAGRX56O.js";
import {
  encodeModel,
  makeModel,
  makeNode
} from "./chunk-MK6PZPSP.js";
import {
  readModel
} from "./chunk-IZBBBSAD.js";
import {
  scratchFolder
} from "./chunk-65YWRPIP.js";
import {
  TensorProto_DataType
} from "./chunk-OEIIXWBO.js";
import {
  MachineError,
  UserError,
  codeOf,
  throwIfInterrupted
} from "./chunk-IYM25C4U.js";

// src/machine/lock.ts
import { mkdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
var LOCK_POLL_MS = 1e3;
var UNSIGNED_MS = 1e4;
async function aloneOnGpu(place, work) {
  const { provider, deviceId, nvidiaSmi, context } = place;
  const uuid = (await snapshotGpu(provider, deviceId, nvidiaSmi))?.gpu.uuid ?? null;
  return withGpuLock(uuid, work, { context });
}
async function withGpuLock(uuid, work, options) {
  if (uuid === null) return work();
  const { log, signal } = options.context;
  const lock = join(options.directory ?? tmpdir(), `quantgate-gpu-${uuid.replace(/[^\w-]/g, "_")}.lock`);
  const owner = join(lock, "pid");
  for (let waited = false; !await acquired(lock, owner); waited = true) {
    if (!waited) log.info(`waiting for another measurement on GPU ${uuid} (${lock})`);
    await sleep(options.pollMs ?? LOCK_POLL_MS, void 0, { signal }).catch(
      () => throwIfInterrupted(signal)
    );
  }
  try {
    return await work();
  } finally {
    await rm(lock, { recursive: true, force: true });
  }
}
async function acquired(lock, owner) {
  try {
    await mkdir(lock);
  } catch (error) {
    if (codeOf(error) !== "EEXIST") throw error;
    if (await isStale(lock, owner)) await breakLock(lock, owner);
    return false;
  }
  await writeFile(owner, String(process.pid));
  return true;
}
async function breakLock(lock, owner) {
  const guard = `${lock}.breaking`;
  try {
    await mkdir(guard);
  } catch (error) {
    if (codeOf(error) !== "EEXIST") throw error;
    if (await isOlder(guard, UNSIGNED_MS)) await rm(guard, { recursive: true, force: true });
    return;
  }
  try {
    if (await isStale(lock, owner)) await rm(lock, { recursive: true, force: true });
  } finally {
    await rm(guard, { recursive: true, force: true });
  }
}
async function isStale(lock, owner) {
  const pid = Number(await readFile(owner, "utf8").catch(() => ""));
  if (pid > 0) return !isAlive(pid);
  return isOlder(lock, UNSIGNED_MS);
}
async function isOlder(path, ms) {
  const made = await stat(path).catch(() => null);
  return made !== null && Date.now() - made.mtimeMs > ms;
}
function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) === "EPERM";
  }
}

// src/measure/tensorrt/tensorrt-engines.ts
import { rm as rm2, writeFile as writeFile2 } from "node:fs/promises";
import { join as join2 } from "node:path";

// src/runtime/ep-context.ts
import { basename } from "node:path";
function wrapEngine(engine, model) {
  const { inputs, outputs } = model.graph;
  const node = makeNode(
    "EPContext",
    inputs.map(({ name }) => name),
    outputs.map(({ name }) => name),
    {
      name: "TensorRT engine",
      domain: "com.microsoft",
      attributes: {
        main_context: { int: 1 },
        // 0: ep_cache_context is a path relative to this file, not the engine's bytes.
        embed_mode: { int: 0 },
        ep_cache_context: { string: basename(engine) },
        source: { string: "TensorrtExecutionProvider" }
      }
    }
  );
  return makeModel({ inputs, outputs, nodes: [node], opsets: { "": 17, "com.microsoft": 1 } });
}

// src/measure/tensorrt/tensorrt-engines.ts
var TensorRtEngines = class {
  constructor(trtexec, folder, log) {
    this.trtexec = trtexec;
    this.folder = folder;
    this.log = log;
  }
  trtexec;
  folder;
  log;
  built = /* @__PURE__ */ new Map();
  /** The engine of a file, built when it is asked for first. Throws Interrupted. */
  engineOf(request) {
    const document = readModel(request.file);
    const inputs = modelInputs(document);
    const dynamic = inputs.some(({ shape }) => shape?.some((dim) => typeof dim === "string"));
    const feeds = timingFeeds(inputs, request.inputs);
    const shapes = dynamic ? Object.fromEntries(Object.entries(feeds).map(([input, { dims }]) => [input, dims])) : {};
    const key = JSON.stringify([request.file, shapes]);
    let engine = this.built.get(key);
    if (!engine) {
      const path = join2(this.folder, `${this.built.size}.engine`);
      engine = this.build({ ...request, engine: path, shapes });
      this.built.set(key, engine);
    }
    return engine;
  }
  async build(request) {
    const { file, engine, shapes, deviceId } = request;
    this.log.info(`building the TensorRT engine of ${file}`);
    const { graph } = readModel(file);
    try {
      await buildEngine(this.trtexec, {
        model: file,
        engine,
        shapes,
        precision: {
          int8: graph.nodes.some(({ opType }) => opType === "DequantizeLinear"),
          float16: [...graph.initializers.values()].some(({ dataType }) => dataType === TensorProto_DataType.FLOAT16)
        },
        deviceId
      });
      return { engine, shapes, failure: null };
    } catch (error) {
      if (!(error instanceof UserError || error instanceof MachineError)) throw error;
      return { engine, shapes, failure: error };
    }
  }
  /** An ONNX file that runs the engine of `request.file` through the TensorRT provider. Throws what its building threw. */
  async wrapperOf(request) {
    const { engine, failure } = await this.engineOf(request);
    if (failure !== null) throw failure;
    const path = engine.replace(/engine$/, "onnx");
    await writeFile2(path, encodeModel(wrapEngine(engine, readModel(request.file))));
    return path;
  }
  async remove() {
    await rm2(this.folder, { recursive: true, force: true });
  }
};
async function openTensorRtEngines({
  environment = process.env,
  context
}) {
  const command = findTrtexec(environment);
  if (command === null) return null;
  const trtexec = await openTrtexec(trtexecRunner(command, { signal: context.signal }));
  return new TensorRtEngines(trtexec, scratchFolder("trt"), context.log);
}

export {
  aloneOnGpu,
  openTensorRtEngines
};
