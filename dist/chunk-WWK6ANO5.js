import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);
import {
  didYouMean
} from "./chunk-V3ZUR56S.js";
import {
  missingLibrary
} from "./chunk-UIZ46WAI.js";
import {
  scratchFolder
} from "./chunk-THY4HZQJ.js";
import {
  allocate,
  isNumericType
} from "./chunk-DVVUUUNP.js";
import {
  Interrupted,
  MachineError,
  UserError
} from "./chunk-KJWZXA2F.js";

// src/measure/machine/cores.ts
import { readFileSync as readFileSync2 } from "node:fs";
import { availableParallelism } from "node:os";

// src/measure/machine/cgroup.ts
import { readFileSync } from "node:fs";
import { join } from "node:path";
var ROOT = "/sys/fs/cgroup";
function readCpuQuota(root = ROOT) {
  const v2 = readFirst([`cpu.max`], root);
  if (v2 !== null) {
    const [quota2, period2] = v2.trim().split(/\s+/);
    return quota2 === "max" || !quota2 ? null : Number(quota2) / Number(period2 ?? 1e5);
  }
  const quota = readFirst(["cpu/cpu.cfs_quota_us", "cpu,cpuacct/cpu.cfs_quota_us"], root);
  const period = readFirst(["cpu/cpu.cfs_period_us", "cpu,cpuacct/cpu.cfs_period_us"], root);
  if (quota === null || period === null || Number(quota) <= 0) return null;
  return Number(quota) / Number(period);
}
function readMemoryLimit(root = ROOT) {
  const text = readFirst(["memory.max", "memory/memory.limit_in_bytes"], root);
  if (text === null || text.trim() === "max") return null;
  const bytes = Number(text);
  return Number.isFinite(bytes) && bytes < 2 ** 60 ? bytes : null;
}
function readThrottledPeriods(root = ROOT) {
  const text = readFirst(["cpu.stat", "cpu/cpu.stat", "cpu,cpuacct/cpu.stat"], root);
  const match = text === null ? null : /^nr_throttled (\d+)$/m.exec(text);
  return match ? Number(match[1]) : null;
}
function readFirst(names, root) {
  const own = root === ROOT ? ownGroup() : "";
  for (const directory of own ? [join(root, own), root] : [root]) {
    for (const name of names) {
      try {
        return readFileSync(join(directory, name), "utf8");
      } catch {
      }
    }
  }
  return null;
}
function ownGroup() {
  try {
    return /^0::(\/.*)$/m.exec(readFileSync("/proc/self/cgroup", "utf8"))?.[1] ?? "";
  } catch {
    return "";
  }
}

// src/measure/machine/cores.ts
function availableCores() {
  const quota = readCpuQuota();
  const allowed = Math.min(availableParallelism(), physicalCores() ?? Infinity);
  return Math.max(1, quota === null ? allowed : Math.min(allowed, Math.ceil(quota)));
}
function physicalCores(cpuinfo = readText("/proc/cpuinfo")) {
  if (cpuinfo === null) return null;
  const cores = /* @__PURE__ */ new Set();
  for (const block of cpuinfo.split(/\n\s*\n/)) {
    const physical = /^physical id\s*:\s*(\d+)$/m.exec(block)?.[1];
    const core = /^core id\s*:\s*(\d+)$/m.exec(block)?.[1];
    if (physical !== void 0 && core !== void 0) cores.add(`${physical}:${core}`);
  }
  return cores.size > 0 ? cores.size : null;
}
function isolatedCpus(list = readText("/sys/devices/system/cpu/isolated")) {
  return (list ?? "").split(",").flatMap((range) => {
    const match = /^\s*(\d+)(?:-(\d+))?\s*$/.exec(range);
    if (!match) return [];
    const first = Number(match[1]);
    return Array.from({ length: Number(match[2] ?? first) - first + 1 }, (_, i) => first + i);
  });
}
function readText(path) {
  try {
    return readFileSync2(path, "utf8");
  } catch {
    return null;
  }
}

// src/measure/inputs.ts
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
import { fork } from "node:child_process";
import { setMaxListeners } from "node:events";
import { existsSync as existsSync2, rmSync } from "node:fs";

// src/runtime/bundled-file.ts
import { existsSync } from "node:fs";
import { dirname, join as join2 } from "node:path";
import { fileURLToPath } from "node:url";
var found = /* @__PURE__ */ new Map();
function bundledFile(name) {
  const known = found.get(name);
  if (known) return known;
  const here = dirname(fileURLToPath(import.meta.url));
  for (let directory = here; ; directory = dirname(directory)) {
    const candidates = directory === here ? [name, `dist/${name}`] : [`dist/${name}`];
    const path = candidates.map((candidate) => join2(directory, candidate)).find((file) => existsSync(file));
    if (path) {
      found.set(name, path);
      return path;
    }
    if (directory === dirname(directory)) break;
  }
  throw new MachineError(
    `quantgate's ${name} is missing beside ${here}. Build it (npm run build) or reinstall quantgate.`
  );
}

// src/runtime/worker/worker.ts
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
var living = /* @__PURE__ */ new Map();
process.on("exit", () => {
  for (const [child, directory] of living) {
    child.kill("SIGKILL");
    remove(directory);
  }
});
function remove(directory) {
  if (directory) rmSync(directory, { recursive: true, force: true });
}
async function startWorker(options) {
  options.signal?.throwIfAborted();
  const connection = new Connection(spawnChild(options), options);
  try {
    const opened = await connection.call("open", {
      model: options.model,
      runtimePath: options.runtime.directory,
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
function spawnChild({ cpus = [], feedsFile }) {
  const wrappers = [
    // When the parent is killed outright, the kernel ends the child too, even inside a native call that never returns.
    ...existsSync2(SETPRIV) ? [[SETPRIV, "--pdeathsig", "KILL"]] : [],
    ...cpus.length > 0 && existsSync2(TASKSET) ? [[TASKSET, "--cpu-list", cpus.join(",")]] : []
  ];
  const [execPath, ...execArgv] = [...wrappers.flat(), process.execPath];
  return fork(bundledFile("worker.js"), [], {
    execPath,
    execArgv,
    serialization: "advanced",
    stdio: ["ignore", "ignore", "pipe", "ipc", ...feedsFile ? [feedsFile.descriptor] : []]
  });
}
function workersPause() {
  return existsSync2(SETPRIV);
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
    living.set(child, this.directory);
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
        living.delete(child);
        remove(this.directory);
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
  readCpuQuota,
  readMemoryLimit,
  readThrottledPeriods,
  availableCores,
  isolatedCpus,
  bundledFile,
  WorkerError,
  startWorker,
  workersPause,
  timingFeeds,
  assertShapesKnown
};
