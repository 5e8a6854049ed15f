import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);
import {
  openProfiledIn
} from "./chunk-5QFAU2YU.js";
import {
  FeedsReader
} from "./chunk-KMP6J2GC.js";
import "./chunk-LOF5LS5W.js";
import "./chunk-IOOXQZY3.js";
import "./chunk-UIZ46WAI.js";
import "./chunk-65YWRPIP.js";
import "./chunk-OKSQO7JT.js";
import "./chunk-K7D3JYL6.js";
import "./chunk-B4R2XIPD.js";
import {
  MachineError,
  UserError,
  messageOf
} from "./chunk-IYM25C4U.js";
import "./chunk-XNDQ27F5.js";

// src/runtime/worker/process-memory.ts
import { readFileSync } from "node:fs";
function readProcessMemory() {
  let status;
  try {
    status = readFileSync("/proc/self/status", "utf8");
  } catch {
    throw new MachineError("Memory is measured through /proc, which this system does not have.");
  }
  return parseProcessStatus(status);
}
function parseProcessStatus(status) {
  const bytes = (key) => {
    const match = new RegExp(`^${key}:\\s+(\\d+) kB$`, "m").exec(status);
    return match ? Number(match[1]) * 1024 : 0;
  };
  return { peakBytes: bytes("VmHWM"), anonymousBytes: bytes("RssAnon"), fileBytes: bytes("RssFile") };
}

// src/runtime/worker/timing.ts
var NS_PER_MS = 1e6;
var STABLE_WINDOWS = 3;
async function warmUp(prepared, plan, clock = process.hrtime.bigint) {
  const start = clock();
  await prepared.run();
  const firstMs = Number(clock() - start) / NS_PER_MS;
  const nonFinite = countNonFinite(prepared.outputs());
  const outputsReused = await prepared.reuseOutputs();
  const medians = [];
  let runs = 3;
  let stable = false;
  for (; ; ) {
    const window = [];
    const opened = clock();
    do {
      const before = clock();
      await prepared.run();
      window.push(Number(clock() - before) / NS_PER_MS);
    } while (Number(clock() - opened) < plan.windowMs * NS_PER_MS);
    runs += window.length;
    medians.push(medianOf(window));
    const tookMs = Number(clock() - start) / NS_PER_MS;
    stable = agree(medians, plan.tolerance);
    const enough = runs >= plan.minRuns && tookMs >= plan.minMs;
    if (stable && enough || tookMs >= plan.maxMs) {
      return { firstMs, runs, tookMs, medianMs: medians.at(-1), stable, outputsReused, nonFinite };
    }
  }
}
async function timeBlock(prepared, plan, clock = process.hrtime.bigint) {
  const begin = clock();
  for (let dropped = 0; ; dropped++) {
    const elapsedMs = Number(clock() - begin) / NS_PER_MS;
    if (dropped >= plan.dropRuns && elapsedMs >= plan.dropMs || elapsedMs >= plan.maxMs) break;
    await prepared.run();
  }
  const minNs = plan.minMs * NS_PER_MS;
  const maxNs = plan.maxMs * NS_PER_MS;
  let durations = new Float64Array(1024);
  let runs = 0;
  const start = clock();
  let now = start;
  do {
    if (runs === durations.length) durations = grown(durations);
    const before = clock();
    await prepared.run();
    now = clock();
    durations[runs++] = Number(now - before) / NS_PER_MS;
  } while ((runs < plan.minRuns || Number(now - start) < minNs) && Number(now - start) < maxNs);
  return { durationsMs: durations.slice(0, runs), wallMs: Number(now - start) / NS_PER_MS };
}
function grown(values) {
  const larger = new Float64Array(values.length * 2);
  larger.set(values);
  return larger;
}
function agree(medians, tolerance) {
  if (medians.length < STABLE_WINDOWS) return false;
  const last = medians.slice(-STABLE_WINDOWS);
  return Math.max(...last) <= Math.min(...last) * tolerance;
}
function medianOf(values) {
  const sorted = Float64Array.from(values).sort();
  return sorted[sorted.length >> 1];
}
function countNonFinite(outputs) {
  let count = 0;
  for (const { type, data } of Object.values(outputs)) {
    if (type === "float32" || type === "float64") {
      for (const value of data) if (!Number.isFinite(value)) count++;
    } else if (type === "float16") {
      for (const bits of data) if ((bits & 31744) === 31744) count++;
    }
  }
  return count;
}

// src/runtime/worker/serve.ts
function serveWorker() {
  if (!process.send) {
    process.stderr.write("quantgate worker: started by hand; it is started by quantgate itself.\n");
    process.exit(2);
  }
  process.on("SIGINT", () => {
  });
  process.on("disconnect", () => process.exit(0));
  const worker = new Worker();
  let queue = Promise.resolve();
  process.on("message", (request) => {
    queue = queue.then(async () => {
      const reply = await worker.answer(request);
      process.send?.(reply, void 0, void 0, () => {
        if (request.kind === "close") process.disconnect?.();
      });
    });
  });
}
var Worker = class {
  session = null;
  prepared = null;
  endProfile = null;
  wasm = null;
  reader = new FeedsReader();
  async answer(request) {
    try {
      return { id: request.id, ok: true, body: await this.call(request) };
    } catch (error) {
      return { id: request.id, ok: false, error: { kind: errorKind(error), message: messageOf(error) } };
    }
  }
  call(request) {
    switch (request.kind) {
      case "open":
        return this.open(request.body);
      case "feeds":
        this.prepared = this.opened().prepare(request.body.feeds);
        return null;
      case "warmUp":
        return warmUp(this.ready(), request.body);
      case "block":
        return timeBlock(this.ready(), request.body);
      case "run":
        return this.run(request.body);
      case "runStored":
        return this.runStored(request.body);
      case "memory":
        return this.memory();
      case "profile":
        return this.readProfile();
      case "close":
        return this.close();
    }
  }
  async open(request) {
    await this.close();
    return await (request.options.provider === "wasm" ? this.openWasm(request) : this.openNative(request));
  }
  async openNative(request) {
    const { loadRuntime } = await import("./chunk-73AYPFHM.js");
    const runtime = await loadRuntime({ path: request.runtimePath ?? void 0 });
    const open = (more) => timed(() => runtime.open(request.model, { ...request.options, ...more }));
    const { session, loadMs, profile } = request.profileDirectory ? await openProfiledIn(request.profileDirectory, open) : { ...await open({}), profile: null };
    this.session = session;
    this.endProfile = profile && (() => {
      session.endProfiling();
      return { json: profile.read(), graph: profile.graph };
    });
    return { loadMs, inputs: session.inputs, outputs: session.outputs, onnxruntime: runtime.version };
  }
  async openWasm({
    model,
    wasmPath,
    options,
    profileDirectory
  }) {
    const { loadWasmRuntime } = await import("./chunk-C7UGA52Y.js");
    this.wasm ??= await loadWasmRuntime(wasmPath, { threads: options.threads });
    const runtime = this.wasm;
    const { session, loadMs } = await timed(
      () => runtime.open(model, { ...options, profile: profileDirectory !== null })
    );
    this.session = session;
    this.endProfile = profileDirectory === null ? null : () => ({ json: session.profileText(), graph: null });
    return { loadMs, inputs: session.inputs, outputs: session.outputs, onnxruntime: runtime.version };
  }
  memory() {
    if (!this.wasm) return readProcessMemory();
    return { peakBytes: this.wasm.heapBytes(), anonymousBytes: 0, fileBytes: 0 };
  }
  async run(request) {
    const session = this.opened();
    const start = process.hrtime.bigint();
    const outputs = await session.run(request.feeds, request.outputs ?? void 0);
    return { outputs, runMs: Number(process.hrtime.bigint() - start) / 1e6 };
  }
  async runStored(request) {
    const session = this.opened();
    const outputs = [];
    for (const stored of request.feeds) {
      outputs.push(await session.run(this.reader.read(stored), request.outputs));
    }
    return { outputs };
  }
  readProfile() {
    if (!this.endProfile) throw new Error("the session was opened without a profile");
    return this.endProfile();
  }
  async close() {
    await this.session?.release();
    this.session = null;
    return null;
  }
  opened() {
    if (!this.session) throw new Error("no session is open");
    return this.session;
  }
  ready() {
    if (!this.prepared) throw new Error("no feeds were given");
    return this.prepared;
  }
};
async function timed(open) {
  const start = process.hrtime.bigint();
  const session = await open();
  return { session, loadMs: Number(process.hrtime.bigint() - start) / 1e6 };
}
function errorKind(error) {
  if (error instanceof UserError) return "user";
  if (error instanceof MachineError) return "machine";
  return "bug";
}

// src/worker.ts
serveWorker();
