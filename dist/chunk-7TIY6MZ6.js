import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);
import {
  missingLibrary
} from "./chunk-UIZ46WAI.js";
import {
  scratchFolder
} from "./chunk-65YWRPIP.js";
import {
  allocate,
  isNumericType
} from "./chunk-DFCMXZVG.js";
import {
  Interrupted,
  MachineError,
  UserError,
  interruptionOf,
  throwIfInterrupted
} from "./chunk-IYM25C4U.js";
import {
  __commonJS,
  __toESM
} from "./chunk-XNDQ27F5.js";

// node_modules/fastest-levenshtein/mod.js
var require_mod = __commonJS({
  "node_modules/fastest-levenshtein/mod.js"(exports) {
    "use strict";
    exports.__esModule = true;
    exports.distance = exports.closest = void 0;
    var peq = new Uint32Array(65536);
    var myers_32 = function(a, b) {
      var n = a.length;
      var m = b.length;
      var lst = 1 << n - 1;
      var pv = -1;
      var mv = 0;
      var sc = n;
      var i = n;
      while (i--) {
        peq[a.charCodeAt(i)] |= 1 << i;
      }
      for (i = 0; i < m; i++) {
        var eq = peq[b.charCodeAt(i)];
        var xv = eq | mv;
        eq |= (eq & pv) + pv ^ pv;
        mv |= ~(eq | pv);
        pv &= eq;
        if (mv & lst) {
          sc++;
        }
        if (pv & lst) {
          sc--;
        }
        mv = mv << 1 | 1;
        pv = pv << 1 | ~(xv | mv);
        mv &= xv;
      }
      i = n;
      while (i--) {
        peq[a.charCodeAt(i)] = 0;
      }
      return sc;
    };
    var myers_x = function(b, a) {
      var n = a.length;
      var m = b.length;
      var mhc = [];
      var phc = [];
      var hsize = Math.ceil(n / 32);
      var vsize = Math.ceil(m / 32);
      for (var i = 0; i < hsize; i++) {
        phc[i] = -1;
        mhc[i] = 0;
      }
      var j = 0;
      for (; j < vsize - 1; j++) {
        var mv_1 = 0;
        var pv_1 = -1;
        var start_1 = j * 32;
        var vlen_1 = Math.min(32, m) + start_1;
        for (var k = start_1; k < vlen_1; k++) {
          peq[b.charCodeAt(k)] |= 1 << k;
        }
        for (var i = 0; i < n; i++) {
          var eq = peq[a.charCodeAt(i)];
          var pb = phc[i / 32 | 0] >>> i & 1;
          var mb = mhc[i / 32 | 0] >>> i & 1;
          var xv = eq | mv_1;
          var xh = ((eq | mb) & pv_1) + pv_1 ^ pv_1 | eq | mb;
          var ph = mv_1 | ~(xh | pv_1);
          var mh = pv_1 & xh;
          if (ph >>> 31 ^ pb) {
            phc[i / 32 | 0] ^= 1 << i;
          }
          if (mh >>> 31 ^ mb) {
            mhc[i / 32 | 0] ^= 1 << i;
          }
          ph = ph << 1 | pb;
          mh = mh << 1 | mb;
          pv_1 = mh | ~(xv | ph);
          mv_1 = ph & xv;
        }
        for (var k = start_1; k < vlen_1; k++) {
          peq[b.charCodeAt(k)] = 0;
        }
      }
      var mv = 0;
      var pv = -1;
      var start = j * 32;
      var vlen = Math.min(32, m - start) + start;
      for (var k = start; k < vlen; k++) {
        peq[b.charCodeAt(k)] |= 1 << k;
      }
      var score = m;
      for (var i = 0; i < n; i++) {
        var eq = peq[a.charCodeAt(i)];
        var pb = phc[i / 32 | 0] >>> i & 1;
        var mb = mhc[i / 32 | 0] >>> i & 1;
        var xv = eq | mv;
        var xh = ((eq | mb) & pv) + pv ^ pv | eq | mb;
        var ph = mv | ~(xh | pv);
        var mh = pv & xh;
        score += ph >>> m - 1 & 1;
        score -= mh >>> m - 1 & 1;
        if (ph >>> 31 ^ pb) {
          phc[i / 32 | 0] ^= 1 << i;
        }
        if (mh >>> 31 ^ mb) {
          mhc[i / 32 | 0] ^= 1 << i;
        }
        ph = ph << 1 | pb;
        mh = mh << 1 | mb;
        pv = mh | ~(xv | ph);
        mv = ph & xv;
      }
      for (var k = start; k < vlen; k++) {
        peq[b.charCodeAt(k)] = 0;
      }
      return score;
    };
    var distance2 = function(a, b) {
      if (a.length < b.length) {
        var tmp = b;
        b = a;
        a = tmp;
      }
      if (b.length === 0) {
        return a.length;
      }
      if (a.length <= 32) {
        return myers_32(a, b);
      }
      return myers_x(a, b);
    };
    exports.distance = distance2;
    var closest = function(str, arr) {
      var min_distance = Infinity;
      var min_index = 0;
      for (var i = 0; i < arr.length; i++) {
        var dist = distance2(str, arr[i]);
        if (dist < min_distance) {
          min_distance = dist;
          min_index = i;
        }
      }
      return arr[min_index];
    };
    exports.closest = closest;
  }
});

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

// src/system/child-environment.ts
var SECRET_PREFIX = /^(INPUT|ACTIONS)_/;
var SECRETS = /* @__PURE__ */ new Set([
  "GITHUB_TOKEN",
  "GH_TOKEN",
  "GITHUB_ENTERPRISE_TOKEN",
  "GH_ENTERPRISE_TOKEN",
  // Files of the runner: a line appended there sets a variable, a PATH, an output, a state or a summary of the steps that follow.
  "GITHUB_ENV",
  "GITHUB_PATH",
  "GITHUB_OUTPUT",
  "GITHUB_STATE",
  "GITHUB_STEP_SUMMARY"
]);
function withoutSecrets(environment = process.env, { keep = [] } = {}) {
  const isSecret = (name) => SECRET_PREFIX.test(name) || SECRETS.has(name);
  return Object.fromEntries(
    // Windows does not tell capital letters from small ones.
    Object.entries(environment).filter(([name]) => keep.includes(name) || !isSecret(name.toUpperCase()))
  );
}

// src/runtime/worker/worker.ts
import { setMaxListeners as setMaxListeners2 } from "node:events";
import { existsSync as existsSync2, rmSync } from "node:fs";

// src/system/child-process.ts
import { fork, spawn } from "node:child_process";
import { setMaxListeners } from "node:events";
var GRACE_MS = 2e3;
var AFTER_KILL_MS = 1e3;
var running = /* @__PURE__ */ new Map();
process.on("exit", () => {
  for (const child of running.keys()) signalAll(child, "SIGKILL");
});
function startProgram(program, args, options) {
  const leads = process.platform !== "win32";
  const { directory, environment = withoutSecrets(), stdio } = options;
  return registered(
    spawn(program, args, { cwd: directory, env: environment, stdio, detached: leads, windowsHide: true }),
    leads
  );
}
function forkFile(file, options) {
  const { directory, environment = withoutSecrets(), stdio, wrapper = [], group = "own" } = options;
  const leads = group === "own" && process.platform !== "win32";
  const [execPath, ...execArgv] = [...wrapper, process.execPath];
  return registered(
    fork(file, [], {
      cwd: directory,
      env: environment,
      execPath,
      execArgv,
      serialization: "advanced",
      stdio,
      detached: leads
    }),
    leads
  );
}
function registered(child, leads) {
  running.set(child, { leads });
  child.on("close", () => running.delete(child));
  child.on("error", () => {
    if (child.pid === void 0) running.delete(child);
  });
  return child;
}
function signalAll(child, signal) {
  try {
    if (running.get(child)?.leads && child.pid !== void 0) process.kill(-child.pid, signal);
    else child.kill(signal);
  } catch {
  }
}
function superviseChild(child, limits = {}) {
  const { signal, timeoutMs, graceMs = GRACE_MS } = limits;
  let reason = null;
  let abandon = () => {
  };
  const timers = /* @__PURE__ */ new Set();
  const after = (ms, act) => timers.add(setTimeout(act, ms));
  const kill = () => {
    signalAll(child, "SIGKILL");
    after(AFTER_KILL_MS, abandon);
  };
  const stop = (why) => {
    if (reason !== null) return;
    reason = why;
    if (graceMs === 0) return kill();
    signalAll(child, "SIGTERM");
    after(graceMs, kill);
  };
  const onAbort = () => stop("interrupted");
  if (signal) setMaxListeners(0, signal);
  signal?.addEventListener("abort", onAbort, { once: true });
  if (timeoutMs !== void 0) after(timeoutMs, () => stop("timeout"));
  child.on("exit", () => reason !== null && signalAll(child, "SIGKILL"));
  const closed = new Promise((resolve) => {
    abandon = () => {
      letGo(child);
      resolve(null);
    };
    child.on("close", () => resolve(null));
    child.on("error", (error) => child.pid === void 0 && resolve(error));
  });
  const ended = closed.then((startError) => {
    for (const timer of timers) clearTimeout(timer);
    signal?.removeEventListener("abort", onAbort);
    if (reason !== null && signal?.aborted) throw interruptionOf(signal);
    return {
      startError,
      stopped: reason,
      exitCode: child.exitCode,
      signal: child.signalCode
    };
  });
  return { ended, stop };
}
function letGo(child) {
  for (const stream of child.stdio) stream?.destroy();
  if (child.connected) child.disconnect();
  child.unref();
}

// src/runtime/bundled-file.ts
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
var found = /* @__PURE__ */ new Map();
function bundledFile(name) {
  const known = found.get(name);
  if (known) return known;
  const here = dirname(fileURLToPath(import.meta.url));
  for (let directory = here; ; directory = dirname(directory)) {
    const candidates = directory === here ? [name, `dist/${name}`] : [`dist/${name}`];
    const path = candidates.map((candidate) => join(directory, candidate)).find((file) => existsSync(file));
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
async function startWorker(options) {
  throwIfInterrupted(options.signal);
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
  return forkFile(bundledFile("worker.js"), {
    wrapper: wrappers.flat(),
    group: "ours",
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
    if (options.signal) setMaxListeners2(0, options.signal);
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
  withoutSecrets,
  startProgram,
  forkFile,
  signalAll,
  superviseChild,
  bundledFile,
  WorkerError,
  startWorker,
  workersPause,
  timingFeeds,
  assertShapesKnown
};
