import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);
import {
  oneNodeModel
} from "./chunk-INTCTOW5.js";
import {
  floatsOf
} from "./chunk-DVNG3BAF.js";
import {
  measureLatency,
  readGpus,
  runNvidiaSmi
} from "./chunk-HMNURZ3L.js";
import {
  availableCores,
  readCpuQuota,
  readMemoryLimit
} from "./chunk-IRS7RKVC.js";
import {
  startWorker
} from "./chunk-NAGRX56O.js";
import {
  encodeModel,
  makeModel,
  makeNode,
  makeValue
} from "./chunk-MK6PZPSP.js";
import {
  scratchFolder
} from "./chunk-65YWRPIP.js";
import {
  TensorProto_DataType,
  makeTensor
} from "./chunk-OEIIXWBO.js";
import {
  Interrupted,
  MachineError,
  messageOf,
  throwIfInterrupted
} from "./chunk-IYM25C4U.js";

// src/machine/environment.ts
import { createHash } from "node:crypto";
import { existsSync, readFileSync as readFileSync2 } from "node:fs";
import { arch, cpus, release, totalmem, type } from "node:os";

// src/machine/cpu-features.ts
import { readFileSync } from "node:fs";
var SIZE = 64;
var ACTIVATION = 255;
var WEIGHT = 127;
async function saturates(runtime) {
  const session = await runtime.open(probeModel(), { threads: 1 });
  try {
    const data = new Uint8Array(SIZE * SIZE).fill(ACTIVATION);
    const { y } = await session.run({ x: { type: "uint8", dims: [SIZE, SIZE], data } });
    return y.data.some((value) => value !== SIZE * ACTIVATION * WEIGHT);
  } finally {
    await session.release();
  }
}
function probeModel() {
  const weights = new Int8Array(SIZE * SIZE).fill(WEIGHT);
  return encodeModel(
    makeModel({
      inputs: [makeValue("x", TensorProto_DataType.UINT8, [SIZE, SIZE])],
      outputs: [makeValue("y", TensorProto_DataType.INT32, [SIZE, SIZE])],
      nodes: [makeNode("MatMulInteger", ["x", "w"], ["y"])],
      initializers: [makeTensor("w", TensorProto_DataType.INT8, [SIZE, SIZE], weights)]
    })
  );
}
var FLAGS = {
  avx2: ["avx2"],
  avx512: ["avx512f"],
  vnni: ["avx512_vnni", "avx_vnni"],
  amx: ["amx_int8"],
  "avx512-fp16": ["avx512_fp16"],
  "neon-dot": ["asimddp"],
  i8mm: ["i8mm"],
  "neon-fp16": ["asimdhp"],
  sve: ["sve"]
};
function declaredFeatures(cpuinfo = readCpuinfo()) {
  const line = /^(?:flags|Features)\s*:\s*(.*)$/m.exec(cpuinfo ?? "")?.[1];
  const flags = new Set(line?.split(/\s+/));
  return Object.keys(FLAGS).filter((name) => FLAGS[name].some((flag) => flags.has(flag)));
}
async function cpuFeatures(runtime) {
  const declared = declaredFeatures();
  const saturating = await saturates(runtime);
  return saturating ? [...declared.filter((name) => name !== "vnni" && name !== "amx"), "saturating-int8"] : declared;
}
function readCpuinfo() {
  try {
    return readFileSync("/proc/cpuinfo", "utf8");
  } catch {
    return null;
  }
}

// src/machine/runner-name.ts
var LENGTH = 100;
function runnerName(env = process.env) {
  const { RUNNER_NAME: name, RUNNER_ENVIRONMENT: owner, RUNNER_OS: os, RUNNER_ARCH: arch2 } = env;
  if (!name) return null;
  if (owner === "github-hosted")
    return ["GitHub-hosted", os, arch2].filter(Boolean).join(" ").slice(0, LENGTH);
  return name.slice(0, LENGTH);
}

// src/machine/environment.ts
async function readEnvironment(runtime, options = {}) {
  const gpus = await readGpus(options.nvidiaSmi ?? runNvidiaSmi) ?? [];
  const facts = {
    os: `${type()} ${release()}`,
    arch: arch(),
    cpu: cpus()[0]?.model.trim() || "unknown",
    cores: availableCores(),
    memoryBytes: Math.min(totalmem(), readMemoryLimit() ?? Infinity),
    cpuFeatures: await featuresOf(runtime),
    node: process.version.slice(1),
    onnxruntime: runtime.version,
    gpu: gpus.map(gpuOf),
    container: containerOf()
  };
  const runner = runnerName();
  return { fingerprint: fingerprintOf(facts), ...runner && { runner }, ...facts, noiseFloor: null };
}
async function featuresOf(runtime) {
  try {
    return await cpuFeatures(runtime);
  } catch (error) {
    void messageOf(error);
    return declaredFeatures();
  }
}
var gpuOf = ({ name, driver, memoryTotalBytes }) => ({
  name,
  driver,
  memoryBytes: memoryTotalBytes
});
function fingerprintOf(facts) {
  const { arch: machine, cpu, cores, cpuFeatures: features, onnxruntime, gpu } = facts;
  const deciding = { machine, cpu, cores, features, onnxruntime, gpu, quota: readCpuQuota() };
  return createHash("sha256").update(JSON.stringify(deciding)).digest("hex").slice(0, 12);
}
function containerOf(root = "/") {
  const kind = containerKind(root);
  if (kind === null) return null;
  const quota = readCpuQuota();
  const memory = readMemoryLimit();
  const limits = [
    ...quota === null ? [] : [`${quota} cores`],
    ...memory === null ? [] : [`${Math.round(memory / 2 ** 20)} MiB`]
  ];
  return limits.length > 0 ? `${kind} (limited to ${limits.join(", ")})` : kind;
}
function containerKind(root) {
  if (existsSync(`${root}run/.containerenv`)) return "podman";
  if (existsSync(`${root}.dockerenv`)) return "docker";
  if (process.env.KUBERNETES_SERVICE_HOST) return "kubernetes";
  try {
    const groups = readFileSync2(`${root}proc/1/cgroup`, "utf8");
    if (/kubepods/.test(groups)) return "kubernetes";
    if (/docker|containerd/.test(groups)) return "docker";
    if (/lxc/.test(groups)) return "lxc";
  } catch {
  }
  return null;
}

// src/machine/provider-probe.ts
var PROVIDER_DEADLINE_MS = 6e4;
async function providerComputes(provider, request) {
  const { context, deviceId } = request;
  try {
    const worker = await startWorker({
      model: oneNodeModel("Abs"),
      name: `a session on ${provider}`,
      session: { provider, deviceId },
      ...context,
      deadlineMs: PROVIDER_DEADLINE_MS
    });
    try {
      const x = { type: "float32", dims: [1], data: Float32Array.of(-2) };
      const { outputs } = await worker.call("run", { feeds: { x }, outputs: null });
      return floatsOf(outputs.y)[0] === 2;
    } finally {
      await worker.kill();
    }
  } catch (error) {
    if (error instanceof Interrupted || error instanceof MachineError) throw error;
    throw new MachineError(`The execution provider '${provider}' could not be opened: ${messageOf(error)}`);
  }
}
async function assertProvidersOpen(providers, request) {
  for (const provider of providers) {
    if (provider === "cpu") continue;
    throwIfInterrupted(request.context.signal);
    if (await providerComputes(provider, request)) continue;
    throw new MachineError(
      `The execution provider '${provider}' opens but computes wrong results (|\u22122| is not 2): its driver or libraries don't fit ONNX Runtime. \`quantgate doctor\` tells more; take it out of benchmark.providers to measure without it.`
    );
  }
}

// src/measure/timing/noise.ts
import { rmSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
var DEFAULT_BUDGET_MS = 6e3;
async function measureNoise(request) {
  const directory = scratchFolder("noise");
  try {
    const file = request.file ?? join(directory, "probe.onnx");
    if (!request.file) await writeFile(file, probeModel2());
    const started = performance.now();
    const { measurements } = await measureLatency({
      model: "noise",
      original: { file },
      variants: [{ name: "copy", file }],
      provider: request.provider ?? "cpu",
      context: request.context,
      benchmark: {
        providers: [request.provider ?? "cpu"],
        batch: [1],
        threads: request.threads === void 0 ? "auto" : [request.threads],
        concurrency: [1],
        budgetMs: request.budgetMs ?? DEFAULT_BUDGET_MS,
        shapes: {}
      },
      confidence: request.confidence ?? 0.95
    });
    const { ratio, details, threads } = measurements.find(
      ({ variant, metric }) => variant === "copy" && metric === "latency.p50"
    );
    const { launches, ratioDeviation } = details;
    return {
      floor: halfWidthOf(ratio) ?? 1,
      ratio: ratio.value,
      betweenLaunches: Math.expm1(ratioDeviation),
      threads,
      launches,
      tookMs: performance.now() - started
    };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
function noiseFloorOf(measurements) {
  const widths = measurements.flatMap(
    ({ metric, ratio }) => metric === "latency.p50" && ratio ? halfWidthOf(ratio) ?? [] : []
  );
  return widths.length > 0 ? Math.max(...widths) : null;
}
function halfWidthOf({ interval }) {
  return interval?.lo && interval.hi ? Math.sqrt(interval.hi / interval.lo) - 1 : null;
}
function probeModel2() {
  const size = 256;
  const layers = 4;
  const nodes = Array.from({ length: layers }, (_, layer) => [
    makeNode("MatMul", [layer === 0 ? "x" : `r${layer - 1}`, `w${layer}`], [`m${layer}`]),
    makeNode("Relu", [`m${layer}`], [layer === layers - 1 ? "y" : `r${layer}`])
  ]).flat();
  const initializers = Array.from(
    { length: layers },
    (_, layer) => makeTensor(
      `w${layer}`,
      TensorProto_DataType.FLOAT,
      [size, size],
      Float32Array.from({ length: size * size }, (_value, i) => Math.sin(i * (layer + 1)) / size)
    )
  );
  return encodeModel(
    makeModel({
      inputs: [makeValue("x", TensorProto_DataType.FLOAT, [32, size])],
      outputs: [makeValue("y", TensorProto_DataType.FLOAT, [32, size])],
      nodes,
      initializers
    })
  );
}

export {
  readEnvironment,
  PROVIDER_DEADLINE_MS,
  providerComputes,
  assertProvidersOpen,
  measureNoise,
  noiseFloorOf
};
