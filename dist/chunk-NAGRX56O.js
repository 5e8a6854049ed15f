import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);
import {
  bundledFile
} from "./chunk-2BQ5FZ24.js";
import {
  forkFile
} from "./chunk-DDUI4A4C.js";
import {
  missingLibrary
} from "./chunk-UIZ46WAI.js";
import {
  require_mod
} from "./chunk-7TKFABJD.js";
import {
  scratchFolder
} from "./chunk-65YWRPIP.js";
import {
  allocate,
  isNumericType
} from "./chunk-K7D3JYL6.js";
import {
  Interrupted,
  MachineError,
  UserError,
  throwIfInterrupted
} from "./chunk-IYM25C4U.js";
import {
  __toESM
} from "./chunk-XNDQ27F5.js";

// src/config/nearest.ts
var import_fastest_levenshtein = __toESM(require_mod(), 1);
var LETTERS_PER_EDIT = 4;
function nearest(key, candidates) {
  const wanted = kebab(key);
  let best;
  let bestDistance = 1 + Math.floor(wanted.length / LETTERS_PER_EDIT);
  for (const candidate of candidates) {
    const d = edits(wanted, kebab(candidate));
    if (d < bestDistance || d === bestDistance && best === void 0) {
      best = candidate;
      bestDistance = d;
    }
  }
  return best;
}
function didYouMean(key, candidates) {
  const candidate = nearest(key, candidates);
  return candidate === void 0 ? "" : `; did you mean '${candidate}'?`;
}
function edits(a, b) {
  return Math.min((0, import_fastest_levenshtein.distance)(a, b), letters(a) === letters(b) ? 1 : Number.POSITIVE_INFINITY);
}
function letters(text) {
  return [...text].sort().join("");
}
function kebab(key) {
  return key.replace(/([a-z0-9])([A-Z])/g, "$1-$2").replace(/[_\s]+/g, "-").toLowerCase();
}

// src/measure/subject/inputs.ts
var SEED = 24301;
var ASSUMED_SIZES = [
  [/past/i, 0],
  [/seq|len|token|time|^t$/i, 128],
  [/height|width|^h$|^w$|size/i, 224]
];
function timingFeeds(inputs, options) {
  const random = generator(SEED);
  const feeds = {};
  for (const input of inputs) {
    if (!input.type || !input.shape) {
      throw new UserError(`Input '${input.name}' is not a tensor: quantgate can't make values for it.`);
    }
    const sample = options.sample?.[input.name];
    feeds[input.name] = sample ? repeated(sample, input, options.batch) : seeded(input, shapeOf(input, options), random);
  }
  return feeds;
}
function assertShapesKnown(shapes, inputs, option) {
  const known = new Set(inputs.flatMap(({ shape }) => shape ?? []).filter((dim) => typeof dim === "string"));
  for (const name of Object.keys(shapes)) {
    if (known.has(name)) continue;
    const names = [...known].filter((dim) => dim !== "");
    throw new UserError(
      `${option}: no input has a dimension '${name}'${didYouMean(name, names)}; ` + (names.length === 0 ? "no dimension has a name. Remove it." : `those with a name are ${names.map((dim) => `'${dim}'`).join(", ")}.`)
    );
  }
}
function shapeOf(input, options) {
  return input.shape.map((dim, axis) => {
    if (typeof dim === "string" && options.shapes[dim] !== void 0) return options.shapes[dim];
    if (isBatchAxis(dim, axis, input)) return options.batch;
    if (typeof dim === "number") {
      if (axis === 0 && options.batch !== 1 && dim !== options.batch)
        throw fixedBatch(input, dim, options.batch);
      return dim;
    }
    const byName = ASSUMED_SIZES.find(([pattern]) => pattern.test(dim));
    if (byName) return byName[1];
    return input.shape.length === 4 && axis >= 2 ? 224 : 1;
  });
}
function isBatchAxis(dim, axis, input) {
  if (typeof dim === "number") return false;
  if (/batch|^n$/i.test(dim)) return true;
  return axis === 0 && input.shape.length > 1 && !ASSUMED_SIZES.some(([pattern]) => pattern.test(dim));
}
function fixedBatch(input, dim, batch) {
  return new UserError(
    `Input '${input.name}' has a fixed first dimension of ${dim}: batch ${batch} can't be measured. Export the model with a dynamic batch axis, or take that batch out of benchmark.batch.`
  );
}
function repeated(sample, input, batch) {
  const first = input.shape[0];
  if (batch === 1 || sample.dims.length === 0) return sample;
  if (typeof first === "number" && first !== batch) throw fixedBatch(input, first, batch);
  if (sample.dims[0] !== 1) return sample;
  const size = sample.data.length;
  const data = newData(sample.type, size * batch);
  for (let i = 0; i < batch; i++) {
    if (Array.isArray(data)) data.push(...sample.data);
    else data.set(sample.data, i * size);
  }
  return { type: sample.type, dims: [batch, ...sample.dims.slice(1)], data };
}
function seeded(input, dims, random) {
  const type = input.type;
  const length = dims.reduce((product, dim) => product * dim, 1);
  const data = newData(type, length);
  const value = seededValue(input.name, type, dims.at(-1) ?? 1, random);
  for (let i = 0; i < length; i++) data[i] = value(i);
  return { type, dims, data };
}
function seededValue(name, type, lastDim, random) {
  const integer = (make) => type === "int64" || type === "uint64" ? (index) => BigInt(make(index)) : make;
  switch (type) {
    case "float32":
    case "float64":
      return () => random() * 2 - 1;
    case "float16":
      return () => 14336 | Math.floor(random() * 1024);
    case "uint8":
      return () => Math.floor(random() * 256);
    case "bool":
      return () => 1;
    case "string":
      return () => "";
    case "int4":
    case "uint4":
      return () => 0;
    default:
      if (/mask/i.test(name)) return integer(() => 1);
      if (/type|segment/i.test(name)) return integer(() => 0);
      if (/position/i.test(name)) return integer((index) => index % lastDim);
      return integer(() => Math.floor(random() * 10));
  }
}
function newData(type, length) {
  if (type === "string") return [];
  return isNumericType(type) ? allocate(type, length) : new Uint8Array(length);
}
function generator(seed) {
  let state = seed;
  return () => {
    state = state + 1831565813 | 0;
    let mixed = Math.imul(state ^ state >>> 15, 1 | state);
    mixed = mixed + Math.imul(mixed ^ mixed >>> 7, 61 | mixed) ^ mixed;
    return ((mixed ^ mixed >>> 14) >>> 0) / 4294967296;
  };
}

// src/runtime/worker/worker.ts
import { setMaxListeners } from "node:events";
import { existsSync, rmSync } from "node:fs";
var WorkerError = class extends Error {
  constructor(failure, message) {
    super(message);
    this.failure = failure;
  }
  failure;
  name = "WorkerError";
};
var DEADLINES_MS = { open: 3e5, other: 12e4 };
var CLOSE_DEADLINE_MS = 5e3;
var STDERR_TAIL_BYTES = 4096;
async function startWorker(options) {
  throwIfInterrupted(options.signal);
  const wasmPath = options.session?.provider === "wasm" ? await locateWasm(options.runtime) : null;
  const connection = new Connection(spawnChild(options), options);
  try {
    const opened = await connection.call("open", {
      model: options.model,
      runtimePath: options.runtime.directory,
      wasmPath,
      options: options.session ?? {},
      profileDirectory: connection.directory
    });
    return {
      pid: connection.child.pid,
      opened,
      call: (kind, ...body) => connection.call(kind, body[0] ?? null),
      pause: () => connection.signal("SIGSTOP"),
      resume: () => connection.signal("SIGCONT"),
      close: () => connection.close(),
      kill: () => connection.kill()
    };
  } catch (error) {
    await connection.kill();
    throw error;
  }
}
async function locateWasm({ locateWasm: locateWasm2 }) {
  if (!locateWasm2) throw new Error("the runtime was loaded without a way to find onnxruntime-web");
  return await locateWasm2();
}
function spawnChild({ cpus = [], feedsFile }) {
  const wrappers = [
    // When the parent is killed outright, the kernel ends the child too, even inside a native call that never returns.
    ...existsSync(SETPRIV) ? [[SETPRIV, "--pdeathsig", "KILL"]] : [],
    ...cpus.length > 0 && existsSync(TASKSET) ? [[TASKSET, "--cpu-list", cpus.join(",")]] : []
  ];
  return forkFile(bundledFile("worker.js"), {
    wrapper: wrappers.flat(),
    group: "ours",
    stdio: ["ignore", "ignore", "pipe", "ipc", ...feedsFile ? [feedsFile.descriptor] : []]
  });
}
function workersPause() {
  return existsSync(SETPRIV);
}
var SETPRIV = "/usr/bin/setpriv";
var TASKSET = "/usr/bin/taskset";
var Connection = class {
  constructor(child, options) {
    this.child = child;
    this.options = options;
    this.name = options.name ?? (typeof options.model === "string" ? options.model : "the model");
    this.provider = options.session?.provider ?? "cpu";
    this.directory = options.profile ? scratchFolder("profile") : null;
    if (options.signal) setMaxListeners(0, options.signal);
    options.signal?.addEventListener("abort", this.onAbort, { once: true });
    child.on("message", (reply) => this.receive(reply));
    child.stderr?.setEncoding("utf8").on("data", (text) => {
      this.stderr = (this.stderr + text).slice(-STDERR_TAIL_BYTES);
    });
    this.gone = new Promise((resolve) => {
      child.on("error", (error) => {
        this.end(new MachineError(`A worker could not be started: ${error.message}`));
        if (child.pid === void 0) resolve();
      });
      child.on("close", (code, signal) => {
        if (this.directory) rmSync(this.directory, { recursive: true, force: true });
        this.end(this.deathOf(code, signal));
        resolve();
      });
    });
  }
  child;
  options;
  pending = /* @__PURE__ */ new Map();
  name;
  provider;
  nextId = 1;
  stderr = "";
  ended = null;
  timer = null;
  /** Ours for the worker's files; null: it makes none. */
  directory;
  gone;
  onAbort = () => this.end(new Interrupted("interrupted"));
  call(kind, body) {
    return new Promise((resolve, reject) => {
      if (this.ended) {
        reject(this.ended);
        return;
      }
      const id = this.nextId++;
      this.pending.set(id, { kind, resolve, reject });
      if (!this.timer) this.watch();
      this.child.send({ id, kind, body }, () => {
      });
    });
  }
  signal(signal) {
    if (!this.ended && workersPause()) this.child.kill(signal);
  }
  async close() {
    if (this.ended) return this.gone;
    this.signal("SIGCONT");
    const timer = setTimeout(() => this.kill(), CLOSE_DEADLINE_MS);
    await this.call("close", null).catch(() => this.kill());
    await this.gone;
    clearTimeout(timer);
  }
  kill() {
    this.end(new WorkerError("crashed", "the worker was stopped"));
    return this.gone;
  }
  receive(reply) {
    const request = this.pending.get(reply.id);
    if (!request) return;
    this.pending.delete(reply.id);
    this.watch();
    if (reply.ok) request.resolve(reply.body);
    else request.reject(this.errorOf(reply.error));
  }
  /** The clock of the request at the head of the queue; none while nothing is asked. */
  watch() {
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
    if (this.pending.size === 0) return;
    const kind = this.pending.values().next().value.kind;
    const deadlineMs = this.options.deadlineMs ?? (kind === "open" ? DEADLINES_MS.open : DEADLINES_MS.other);
    this.timer = setTimeout(() => {
      const message = `${this.name}: no answer to '${kind}' after ${deadlineMs / 1e3} s; the worker was stopped.`;
      this.end(new WorkerError("hung", message));
    }, deadlineMs);
  }
  end(error) {
    if (!this.ended) {
      this.ended = error;
      if (this.timer) clearTimeout(this.timer);
      this.options.signal?.removeEventListener("abort", this.onAbort);
      for (const request of this.pending.values()) request.reject(error);
      this.pending.clear();
    }
    if (this.child.exitCode === null && this.child.signalCode === null) this.child.kill("SIGKILL");
  }
  errorOf(error) {
    if (error.kind === "user") return new UserError(error.message);
    if (error.kind === "machine") return new MachineError(this.withNativeLog(error.message));
    if (OUT_OF_MEMORY.test(error.message))
      return new WorkerError("out-of-memory", `${this.name}: out of memory: ${error.message}`);
    return new WorkerError("refused", `${this.name}: ${error.message}`);
  }
  /** The library that a provider lacks stands only in ONNX Runtime's own log on stderr. */
  withNativeLog(message) {
    if (message.includes(" because ")) return message;
    const place = { provider: this.provider, directory: this.options.runtime.directory };
    const why = missingLibrary(this.stderr, place);
    return why ? message.replace(" could not be opened.", ` could not be opened${why}.`) : message;
  }
  deathOf(code, signal) {
    const last = this.pending.values().next().value?.kind;
    const during = last ? ` during '${last}'` : "";
    const tail = this.stderr.trim().split("\n").slice(-8).join("\n");
    const said = tail ? ` Last words:
${tail}` : "";
    if (OUT_OF_MEMORY.test(this.stderr)) {
      return new WorkerError("out-of-memory", `${this.name}: the worker ran out of memory${during}.${said}`);
    }
    if (signal === "SIGKILL") {
      return new WorkerError(
        "out-of-memory",
        `${this.name}: the worker was killed${during}, most likely for lack of memory.${said}`
      );
    }
    const how = signal ? `was ended by ${signal}` : `exited with code ${code}`;
    return new WorkerError("crashed", `${this.name}: the worker ${how}${during}.${said}`);
  }
};
var OUT_OF_MEMORY = /bad_alloc|out of memory|Failed to allocate memory|Cannot allocate memory|_ALLOC(ATION)?_FAILED/i;

export {
  didYouMean,
  WorkerError,
  startWorker,
  workersPause,
  timingFeeds,
  assertShapesKnown
};
