import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);
import {
  DEFAULT_PRECISION,
  campaignPlan,
  earnedConfidence
} from "./chunk-YFYDZQFU.js";
import {
  availableCores,
  isolatedCpus,
  readCpuQuota,
  readThrottledPeriods
} from "./chunk-IRS7RKVC.js";
import {
  MIN_SAMPLES,
  fromLogs,
  fromStagedLogs,
  jackknifeLogs,
  meanInterval,
  median,
  percentile
} from "./chunk-AQF5U6DS.js";
import {
  WorkerError,
  startWorker,
  timingFeeds,
  workersPause
} from "./chunk-NAGRX56O.js";
import {
  ORIGINAL,
  blankMeasurement
} from "./chunk-MXXY4EXN.js";
import {
  runProgram
} from "./chunk-YKREVSBC.js";
import {
  runsOnCpu
} from "./chunk-IOOXQZY3.js";
import {
  knownCause
} from "./chunk-UIZ46WAI.js";
import {
  Interrupted,
  MachineError,
  UserError,
  messageOf,
  throwIfInterrupted
} from "./chunk-IYM25C4U.js";

// src/machine/nvidia-smi.ts
var TIMEOUT_MS = 5e3;
var MAX_OUTPUT_BYTES = 2 ** 20;
function nvidiaSmi({ command = "nvidia-smi", timeoutMs = TIMEOUT_MS } = {}) {
  let hangs = false;
  return async (args) => {
    if (hangs) return null;
    try {
      const end = await runProgram(command, args, {
        timeoutMs,
        graceMs: 0,
        stdout: { limitBytes: MAX_OUTPUT_BYTES }
      });
      hangs = end.stopped === "timeout";
      return end.startError === null && end.exitCode === 0 && end.stopped === null ? end.stdout : null;
    } catch {
      return null;
    }
  };
}
var runNvidiaSmi = nvidiaSmi();
var FIELDS = [
  "index",
  "uuid",
  "name",
  "driver_version",
  "memory.total",
  "memory.used",
  "clocks.sm",
  "clocks.max.sm",
  "temperature.gpu",
  "utilization.gpu",
  "pstate",
  "persistence_mode",
  "mig.mode.current"
];
var THROTTLE_FIELDS = ["clocks_event_reasons.active", "clocks_throttle_reasons.active"];
var THROTTLE_BITS = [
  [0x4n, "power cap"],
  [0x8n, "hardware slowdown"],
  [0x20n, "thermal limit (software)"],
  [0x40n, "thermal limit (hardware)"],
  [0x80n, "power brake"]
];
async function readGpus(run = runNvidiaSmi) {
  for (const throttle of THROTTLE_FIELDS) {
    const text2 = await run([
      `--query-gpu=${[...FIELDS, throttle].join(",")}`,
      "--format=csv,noheader,nounits"
    ]);
    if (text2 !== null && !/not a valid field/i.test(text2)) return parseGpus(text2);
  }
  return null;
}
function parseGpus(csv) {
  return csv.split("\n").flatMap((line) => {
    const cells = line.split(",").map((cell2) => cell2.trim());
    if (cells.length < FIELDS.length + 1) return [];
    const cell = (field) => cells[FIELDS.indexOf(field)];
    const mebibytes = number(cell("memory.total"));
    const used = number(cell("memory.used"));
    return [
      {
        index: Number(cell("index")),
        uuid: cell("uuid"),
        name: cell("name"),
        driver: cell("driver_version"),
        memoryTotalBytes: mebibytes === null ? null : mebibytes * 2 ** 20,
        memoryUsedBytes: used === null ? null : used * 2 ** 20,
        smClockMHz: number(cell("clocks.sm")),
        smClockMaxMHz: number(cell("clocks.max.sm")),
        temperatureCelsius: number(cell("temperature.gpu")),
        utilization: number(cell("utilization.gpu")),
        performanceState: told(cell("pstate")),
        persistence: told(cell("persistence_mode")) === null ? null : cell("persistence_mode") === "Enabled",
        mig: cell("mig.mode.current") === "Enabled",
        throttling: throttleReasons(cells[FIELDS.length])
      }
    ];
  });
}
async function readGpuProcesses(run = runNvidiaSmi) {
  const text2 = await run([
    "--query-compute-apps=gpu_uuid,pid,process_name,used_gpu_memory",
    "--format=csv,noheader,nounits"
  ]);
  return text2 === null ? null : parseGpuProcesses(text2);
}
function parseGpuProcesses(csv) {
  return csv.split("\n").flatMap((line) => {
    const cells = line.split(",").map((cell) => cell.trim());
    const pid = Number(cells[1]);
    if (cells.length < 4 || !Number.isInteger(pid)) return [];
    const used = number(cells.at(-1));
    return [
      {
        uuid: cells[0],
        pid,
        name: cells.slice(2, -1).join(", "),
        usedBytes: used === null ? null : used * 2 ** 20
      }
    ];
  });
}
async function readMigParents(run = runNvidiaSmi) {
  return parseMigParents(await run(["-L"]) ?? "");
}
function parseMigParents(list) {
  const parents = /* @__PURE__ */ new Map();
  let gpu = "";
  for (const [, uuid] of list.matchAll(/UUID:\s*([\w/-]+)/g)) {
    if (uuid.startsWith("MIG-")) parents.set(uuid, gpu);
    else gpu = uuid;
  }
  return parents;
}
function told(cell) {
  return cell === "" || cell.startsWith("[") || cell === "N/A" ? null : cell;
}
function number(cell) {
  const text2 = told(cell);
  const value = text2 === null ? Number.NaN : Number(text2);
  return Number.isFinite(value) ? value : null;
}
function throttleReasons(cell) {
  const text2 = told(cell);
  if (text2 === null || !/^0x[0-9a-f]+$/i.test(text2)) return [];
  const bits = BigInt(text2);
  return THROTTLE_BITS.filter(([bit]) => (bits & bit) !== 0n).map(([, name]) => name);
}

// src/machine/gpu.ts
var NVIDIA = /* @__PURE__ */ new Set(["cuda", "tensorrt"]);
var onNvidiaGpu = (provider) => NVIDIA.has(provider);
async function snapshotGpu(provider, deviceId = 0, run = runNvidiaSmi, visible = process.env.CUDA_VISIBLE_DEVICES) {
  if (!onNvidiaGpu(provider)) return null;
  const gpus = await readGpus(run);
  const gpu = gpus && await chosen(gpus, { deviceId, visible, run });
  if (!gpu) return null;
  const processes = await readGpuProcesses(run) ?? [];
  return { gpu, processes: processes.filter(({ uuid }) => uuid === gpu.uuid) };
}
async function chosen(gpus, { deviceId, visible, run }) {
  const byIndex = (index) => gpus.find((gpu) => gpu.index === index);
  if (!visible?.trim()) return byIndex(deviceId) ?? gpus[deviceId];
  const name = visible.split(",")[deviceId]?.trim() ?? "";
  if (/^\d+$/.test(name)) return byIndex(Number(name));
  const uuid = name.startsWith("MIG-") ? (await readMigParents(run)).get(name) : name;
  return uuid ? gpus.find((gpu) => gpu.uuid.startsWith(uuid)) : void 0;
}
function countGpusAsNvidiaSmi(environment = process.env) {
  environment.CUDA_DEVICE_ORDER ??= "PCI_BUS_ID";
}
var CLOCK_CHANGE = 0.02;
var BUSY_PERCENT = 5;
var isBusy = ({ gpu }) => (gpu.utilization ?? 0) > BUSY_PERCENT;
var HOT_CELSIUS = 83;
function gpuUsers({ before, during, after, isOurs }) {
  const others = /* @__PURE__ */ new Map();
  for (const { processes } of [before, ...during, after].filter((look) => look !== null)) {
    for (const process2 of processes.filter((process3) => !isOurs(process3))) {
      others.set(process2.pid, `${process2.name} (pid ${process2.pid})`);
    }
  }
  if (others.size > 0) return [...others.values()].join(", ");
  return before && isBusy(before) ? "a process that nvidia-smi does not show" : null;
}
function gpuNotes(watch) {
  const { before, during, after } = watch;
  if (!before) return [];
  const notes = [];
  const { name } = before.gpu;
  const users = gpuUsers(watch);
  if (users) {
    notes.push({
      level: "warn",
      code: "noise.gpu-shared",
      message: `${name} was in use by ${users} as well: nothing is decided from latencies measured then. Run quantgate alone on the GPU.`
    });
  }
  const looks = [before, ...during, ...after ? [after] : []];
  const reasons = [...new Set(looks.flatMap(({ gpu }) => gpu.throttling))];
  const celsius = Math.max(...looks.map(({ gpu }) => gpu.temperatureCelsius ?? 0));
  if (reasons.length > 0) {
    notes.push({
      level: "warn",
      code: "noise.gpu-throttled",
      message: `${name} was held down by ${reasons.join(", ")}. Check cooling and power, or lock its clocks below that limit (nvidia-smi -lgc).`
    });
  } else if (after && clockChange(before.gpu, after.gpu) > CLOCK_CHANGE) {
    notes.push({
      level: "info",
      code: "noise.gpu-clocks",
      message: `${name}'s clock floats (${before.gpu.smClockMHz} MHz before, ${after.gpu.smClockMHz} MHz after). For absolute latencies lock it: nvidia-smi -lgc.`
    });
  }
  if (celsius >= HOT_CELSIUS) {
    notes.push({
      level: "info",
      code: "noise.gpu-hot",
      message: `${name} reached ${celsius} \xB0C: it may slow down without saying so. Check its cooling.`
    });
  }
  if (before.gpu.mig) {
    notes.push({
      level: "info",
      code: "noise.gpu-mig",
      message: `${name} is divided (MIG): figures hold for this instance, and the neighbours share its clocks and memory bandwidth.`
    });
  }
  if (before.gpu.persistence === false) {
    notes.push({
      level: "info",
      code: "noise.gpu-persistence",
      message: `Persistence mode of ${name} is off: the driver is loaded anew for each process, which latency.load holds. Turn it on: nvidia-smi -pm 1.`
    });
  }
  return notes;
}
function clockChange(before, after) {
  if (!before.smClockMHz || !after.smClockMHz) return 0;
  return Math.abs(after.smClockMHz / before.smClockMHz - 1);
}
function doubted(measurements, users) {
  const reason = `another process used the GPU during the timing: ${users}`;
  return measurements.map((measurement) => {
    if (measurement.status !== "ok" || !/^(latency|throughput)/.test(measurement.metric)) return measurement;
    const { interval, ratio, base } = measurement;
    return {
      ...measurement,
      reason,
      interval: interval && { ...interval, lo: null, hi: null },
      ratio: ratio && unbounded(ratio),
      base: base && { ...base, ratio: base.ratio && unbounded(base.ratio) }
    };
  });
}
var unbounded = (estimate) => ({
  ...estimate,
  interval: estimate.interval && { ...estimate.interval, lo: null, hi: null }
});

// src/machine/machine.ts
import { readdirSync, readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
function readMachineState(root = "/") {
  const stat = text(`${root}proc/stat`);
  const cpu = stat === null ? null : /^cpu\s+(.*)$/m.exec(stat)?.[1]?.split(/\s+/).map(Number);
  if (!cpu) return null;
  const [user = 0, nice = 0, system = 0, idle = 0, iowait = 0, irq = 0, softirq = 0, steal = 0] = cpu;
  const cpufreq = `${root}sys/devices/system/cpu`;
  const cores = directories(cpufreq, /^cpu\d+$/);
  const governors = new Set(
    cores.flatMap((core) => text(`${cpufreq}/${core}/cpufreq/scaling_governor`)?.trim() ?? [])
  );
  return {
    busy: user + nice + system + irq + softirq,
    stolen: steal,
    total: user + nice + system + idle + iowait + irq + softirq + steal,
    own: ownJiffies(text(`${root}proc/self/stat`)),
    quota: readCpuQuota(`${root}sys/fs/cgroup`),
    throttledPeriods: readThrottledPeriods(`${root}sys/fs/cgroup`),
    governor: governors.size > 0 ? [...governors].join(", ") : null,
    frequenciesMHz: cores.flatMap((core) => {
      const khz = Number(text(`${cpufreq}/${core}/cpufreq/scaling_cur_freq`) ?? Number.NaN);
      return Number.isFinite(khz) ? [khz / 1e3] : [];
    }),
    cores: availableParallelism()
  };
}
function ownJiffies(stat) {
  const fields = stat?.slice(stat.lastIndexOf(")") + 2).split(" ") ?? [];
  return [11, 12, 13, 14].reduce((sum, index) => sum + Number(fields[index] ?? 0), 0);
}
function directories(path, pattern) {
  try {
    return readdirSync(path).filter((name) => pattern.test(name));
  } catch {
    return [];
  }
}
function text(path) {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return null;
  }
}
function disturbance(before, after) {
  const total = Math.max(1, after.total - before.total);
  const others = after.busy - before.busy - (after.own - before.own);
  return {
    otherLoad: Math.max(0, others / total),
    stolen: Math.max(0, (after.stolen - before.stolen) / total),
    throttledPeriods: Math.max(0, (after.throttledPeriods ?? 0) - (before.throttledPeriods ?? 0))
  };
}

// src/machine/watch.ts
import { readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
var LOOK_EVERY_MS = 1e4;
var SETTLE_MS = 1e3;
var SETTLE_LOOKS = 3;
async function settled(look, settleMs) {
  let seen = await look();
  for (let again = 0; again < SETTLE_LOOKS && seen?.processes.length === 0 && isBusy(seen); again++) {
    await sleep(settleMs);
    seen = await look();
  }
  return seen;
}
async function watchGpu(look, work, { everyMs = LOOK_EVERY_MS, settleMs = SETTLE_MS } = {}) {
  const before = await settled(look, settleMs);
  const during = [];
  const strangers = /* @__PURE__ */ new Set();
  const own = /* @__PURE__ */ new Set();
  for (const { pid } of before?.processes ?? []) {
    (descendsFromUs(await ancestry(pid)) ? own : strangers).add(pid);
  }
  let looking = null;
  const looked = async () => {
    const seen = await look();
    for (const { pid, name } of seen?.processes ?? []) {
      if (!strangers.has(pid) && await startedByUs(pid, name)) own.add(pid);
    }
    return seen;
  };
  const sample = async () => {
    const seen = await looked();
    if (seen) during.push(seen);
  };
  const next = () => {
    looking ??= sample().finally(() => {
      looking = null;
    });
  };
  const timer = before ? setInterval(next, everyMs) : void 0;
  try {
    const result = await work();
    clearInterval(timer);
    await looking;
    const after = before && await looked();
    return { result, watch: { before, during, after, isOurs: ({ pid }) => own.has(pid) } };
  } finally {
    clearInterval(timer);
  }
}
var OUR_NAMES = /(^|\/)(node|trtexec)$|^\[Not Found\]$/;
async function startedByUs(pid, name) {
  const ancestors = await ancestry(pid);
  return ancestors === null ? OUR_NAMES.test(name) : descendsFromUs(ancestors);
}
var descendsFromUs = (ancestors) => ancestors?.includes(process.pid) ?? false;
async function ancestry(pid) {
  const pids = [pid];
  for (let current = pid; current > 1 && pids.length <= GENERATIONS; ) {
    const status = await readFile(`/proc/${current}/status`, "utf8").catch(() => null);
    if (status === null) return current === pid ? null : pids;
    current = Number(/^PPid:\s*(\d+)/m.exec(status)?.[1] ?? 0);
    pids.push(current);
  }
  return pids;
}
var GENERATIONS = 8;

// src/measure/timing/launches.ts
var FEWEST_LAUNCHES = 3;
var OVERRUN = 1.5;
async function runCampaign(subjects, options) {
  const { plan, now = () => performance.now() } = options;
  const started = now();
  const records = new Map(subjects.map((subject) => [subject.key, []]));
  let alive = [...subjects];
  let pilot = null;
  for (let launch = 0; ; ) {
    throwIfInterrupted(options.signal);
    const failed2 = await runLaunch(alive, { launch, plan, records });
    alive = alive.filter((subject) => !failed2.has(subject.key));
    launch++;
    const tookMs = now() - started;
    if (launch === plan.pilotLaunches) pilot = pilotOf(records, alive, options);
    const planned = pilot?.planned ?? null;
    options.onLaunch?.(launch, planned);
    const result = (stopped) => ({
      records,
      launches: launch,
      planned,
      pilotHalfWidth: pilot?.halfWidth ?? null,
      tookMs,
      stopped
    });
    if (alive.length === 0) return result("failed");
    if (planned !== null && launch >= planned) return result("precise");
    const afterNext = tookMs + tookMs / launch;
    const allowedMs = launch < FEWEST_LAUNCHES ? plan.budgetMs * OVERRUN : plan.budgetMs;
    if (launch >= plan.maxLaunches) return result("launches");
    if (afterNext > allowedMs) return result("budget");
  }
}
function pilotOf(records, alive, { pairs, plan }) {
  const keys = new Set(alive.map((subject) => subject.key));
  const widths = pairs.filter((pair) => keys.has(pair.subject) && keys.has(pair.reference)).map((pair) => {
    const logs = launchLogRatios(records.get(pair.subject), records.get(pair.reference));
    return meanInterval(logs, plan.confidence).halfWidth;
  });
  if (widths.length === 0) return { halfWidth: null, planned: plan.pilotLaunches };
  const halfWidth = Math.max(...widths);
  const needed = Math.ceil(plan.pilotLaunches * (halfWidth / plan.precision) ** 2);
  return { halfWidth, planned: Math.max(plan.pilotLaunches, needed) };
}
async function runLaunch(subjects, context) {
  const { launch, plan, records } = context;
  const failed2 = /* @__PURE__ */ new Set();
  const running = /* @__PURE__ */ new Map();
  const order = launch % 2 === 0 ? subjects : subjects.toReversed();
  const attempt = async (subject, work) => {
    if (failed2.has(subject.key)) return;
    try {
      await work();
    } catch (error) {
      failed2.add(subject.key);
      subject.onFailure(error);
    }
  };
  try {
    for (const subject of order) {
      await attempt(subject, async () => {
        const runner = await subject.start();
        const record = { launch, loadMs: runner.loadMs, warmUp: NOT_WARM, blocks: [] };
        running.set(subject.key, { runner, record });
        record.warmUp = await runner.warmUp(plan.warmUp);
      });
    }
    const warm = [...running].filter(([key]) => !failed2.has(key)).map(([, { record }]) => record.warmUp.medianMs);
    const { block, rounds } = plan.shape(Math.max(...warm));
    for (let round = 0; round < rounds; round++) {
      for (const subject of round % 2 === 0 ? order : order.toReversed()) {
        await attempt(subject, async () => {
          const { runner, record } = running.get(subject.key);
          record.blocks.push(await runner.block(block));
        });
      }
    }
  } finally {
    await Promise.all([...running.values()].map(({ runner }) => runner.stop()));
  }
  for (const [key, { record }] of running) {
    if (!failed2.has(key)) records.get(key).push(record);
  }
  return failed2;
}
var NOT_WARM = {
  firstMs: Number.NaN,
  runs: 0,
  tookMs: 0,
  medianMs: Number.NaN,
  stable: false,
  outputsReused: false,
  nonFinite: 0
};
function launchLogRatios(subject, reference) {
  const byLaunch = new Map(reference.map((record) => [record.launch, record]));
  const logs = [];
  for (const record of subject) {
    const other = byLaunch.get(record.launch);
    if (!other) continue;
    const rounds = record.blocks.map(
      (block, round) => Math.log(median(block.durationsMs) / median(other.blocks[round].durationsMs))
    );
    const mirrored = [];
    for (let i = 0; i + 1 < rounds.length; i += 2) mirrored.push((rounds[i] + rounds[i + 1]) / 2);
    logs.push(median(mirrored));
  }
  return logs;
}

// src/measure/timing/measurements.ts
function timingMeasurements(cellContext) {
  const { campaign, cell, subjects, plan } = cellContext;
  const confidence = earnedConfidence(plan.confidence, campaign.stopped);
  const context = { ...cellContext, plan: { ...plan, confidence } };
  const metrics = METRICS.filter((metric) => cell.concurrency === 1 || !metric.alone);
  return subjects.filter((subject) => !subject.base).flatMap((subject) => metrics.map((metric) => measurementOf(metric, subject, context))).filter((measurement) => measurement.status !== "skipped" || campaign.launches > 0);
}
function measurementOf(metric, subject, context) {
  const { request, cell, campaign, subjects } = context;
  const at = {
    model: request.model,
    variant: subject.variant,
    provider: request.provider,
    batch: cell.batch,
    threads: cell.threads,
    concurrency: cell.concurrency
  };
  const empty = blankMeasurement(at, metric.name);
  if (subject.failure !== null) return { ...empty, status: "invalid", reason: subject.failure };
  const records = campaign.records.get(subject.key);
  const n = metric.samples(records);
  if (n < metric.minSamples) {
    return {
      ...empty,
      status: "skipped",
      n,
      reason: `${n} samples; at least ${metric.minSamples} are needed`
    };
  }
  const original = campaign.records.get(ORIGINAL);
  const isOriginal = subject.variant === ORIGINAL;
  const { value, interval } = metric.estimate(records, context);
  return {
    ...empty,
    value,
    interval,
    n,
    ratio: isOriginal ? null : metric.ratio(records, original, context),
    base: baseOf(metric, subject, context, subjects),
    details: detailsOf(records, isOriginal ? null : original, context)
  };
}
function baseOf(metric, subject, context, subjects) {
  const base = subjects.find((other) => other.base && other.variant === subject.variant);
  if (!base || base.failure !== null) return null;
  const records = context.campaign.records.get(base.key);
  if (metric.samples(records) < metric.minSamples) return null;
  const head = context.campaign.records.get(subject.key);
  return {
    value: metric.estimate(records, context).value,
    ratio: metric.ratio(head, records, context),
    note: null
  };
}
function detailsOf(records, original, context) {
  const { campaign, plan } = context;
  const spread = original ? meanInterval(launchLogRatios(records, original), plan.confidence) : null;
  return {
    launches: records.length,
    msPerLaunch: Math.round(campaign.tookMs / campaign.launches),
    stopped: campaign.stopped,
    ...campaign.planned === null ? {} : { planned: campaign.planned },
    ...campaign.pilotHalfWidth === null ? {} : { pilotHalfWidth: campaign.pilotHalfWidth },
    outputs: records.every((record) => record.warmUp.outputsReused) ? "preallocated" : "fresh",
    ...spread ? { ratioDeviation: spread.standardDeviation } : {}
  };
}
var pooled = (records) => {
  const blocks = records.flatMap((record) => record.blocks);
  const all = new Float64Array(blocks.reduce((sum, block) => sum + block.durationsMs.length, 0));
  let offset = 0;
  for (const block of blocks) {
    all.set(block.durationsMs, offset);
    offset += block.durationsMs.length;
  }
  return all;
};
var runs = (records) => records.reduce((sum, { blocks }) => sum + blocks.reduce((n, block) => n + block.durationsMs.length, 0), 0);
function shared(a, b) {
  const byLaunch = new Map(b.map((record) => [record.launch, record]));
  return a.flatMap((record) => {
    const other = byLaunch.get(record.launch);
    return other ? [[record, other]] : [];
  });
}
function perLaunch(name, of, more = {}) {
  return {
    name,
    estimate: (records, context) => fromLogs(
      records.map((record) => Math.log(of(record, context))),
      context.plan.confidence
    ),
    ratio: (records, reference, context) => fromLogs(
      shared(records, reference).map(([a, b]) => Math.log(of(a, context) / of(b, context))),
      context.plan.confidence
    ),
    samples: more.samples ?? ((records) => records.length),
    minSamples: 1,
    alone: more.alone ?? false
  };
}
function tail(name, fraction) {
  const log = (records) => Math.log(percentile(pooled(records).sort(), fraction));
  return {
    name: `latency.${name}`,
    estimate: (records, { plan }) => jackknifeLogs(records, log, plan.confidence),
    ratio: (records, reference, { plan }) => jackknifeLogs(
      shared(records, reference),
      (pairs) => log(pairs.map(([a]) => a)) - log(pairs.map(([, b]) => b)),
      plan.confidence
    ),
    samples: runs,
    minSamples: MIN_SAMPLES[name]
  };
}
var P50 = {
  ...perLaunch("latency.p50", (record) => median(pooled([record])), { samples: runs }),
  ratio: (records, reference, { plan }) => fromStagedLogs(launchLogRatios(records, reference), plan.pilotLaunches, plan.confidence)
};
var METRICS = [
  P50,
  tail("p90", 0.9),
  tail("p95", 0.95),
  tail("p99", 0.99),
  perLaunch("latency.first", (record) => record.warmUp.firstMs, { alone: true }),
  perLaunch("latency.load", (record) => record.loadMs, { alone: true }),
  perLaunch(
    "throughput",
    (record, { cell }) => {
      const wallMs = record.blocks.reduce((sum, block) => sum + block.wallMs, 0);
      return runs([record]) * cell.batch * 1e3 / wallMs;
    },
    { samples: runs }
  )
];

// src/measure/timing/model-runner.ts
async function startRunner(request, cell, { file, cpus }) {
  const session = {
    provider: request.provider,
    threads: cell.threads,
    deviceId: request.deviceId
  };
  const workers = [];
  const stop = async () => {
    await Promise.all(workers.map((worker) => worker.kill()));
  };
  try {
    for (let i = 0; i < cell.concurrency; i++) {
      workers.push(
        await startWorker({
          model: file,
          session,
          ...request.context,
          cpus,
          deadlineMs: request.deadlineMs
        })
      );
    }
    const feeds = timingFeeds(workers[0].opened.inputs, {
      batch: cell.batch,
      shapes: request.benchmark.shapes,
      sample: request.sample ?? null
    });
    for (const worker of workers) await worker.call("feeds", { feeds });
  } catch (error) {
    await stop();
    throw error;
  }
  const awake = async (ask) => {
    for (const worker of workers) worker.resume();
    const replies = await Promise.all(workers.map(ask));
    if (pauses(request.provider)) for (const worker of workers) worker.pause();
    return replies;
  };
  return {
    loadMs: workers[0].opened.loadMs,
    warmUp: async (plan) => mergedWarmUp(await awake((worker) => worker.call("warmUp", plan))),
    block: async (plan) => mergedBlocks(await awake((worker) => worker.call("block", plan))),
    stop
  };
}
function pauses(provider) {
  return runsOnCpu(provider) && workersPause();
}
function mergedWarmUp(replies) {
  const [first] = replies;
  return {
    ...first,
    runs: replies.reduce((sum, reply) => sum + reply.runs, 0),
    stable: replies.every((reply) => reply.stable),
    outputsReused: replies.every((reply) => reply.outputsReused)
  };
}
function mergedBlocks(replies) {
  if (replies.length === 1) return replies[0];
  const runs2 = replies.reduce((sum, reply) => sum + reply.durationsMs.length, 0);
  const rate = replies.reduce((sum, reply) => sum + reply.durationsMs.length / reply.wallMs, 0);
  const durationsMs = new Float64Array(runs2);
  let offset = 0;
  for (const reply of replies) {
    durationsMs.set(reply.durationsMs, offset);
    offset += reply.durationsMs.length;
  }
  return { durationsMs, wallMs: runs2 / rate };
}

// src/measure/timing/request.ts
function cellLabel(benchmark, cell) {
  const parts = [];
  if (benchmark.batch.length > 1) parts.push(`batch ${cell.batch}`);
  if (benchmark.threads !== "auto" && benchmark.threads.length > 1) parts.push(`${cell.threads} threads`);
  if (benchmark.concurrency.length > 1) parts.push(`concurrency ${cell.concurrency}`);
  return parts.length > 0 ? ` (${parts.join(", ")})` : "";
}

// src/measure/timing/notes.ts
var OTHER_LOAD = 0.1;
var STOLEN = 0.02;
var DRIFT = 0.1;
var BINDING_FLOOR_MS = 0.1;
function timingNotes(context) {
  const { model } = context.request;
  return [
    ...budget(context),
    ...machine(context),
    ...drift(context),
    ...bindingFloor(context),
    ...outputs(context),
    ...pinning(context)
  ].map((note) => ({ ...note, model, variant: null })).concat(warmUps(context));
}
function budget({ campaign, plan, request, cell }) {
  const { launches, tookMs, planned, stopped } = campaign;
  if (stopped === "precise" || stopped === "failed" || request.variants.length === 0) return [];
  const launched = `${launches} ${launches === 1 ? "launch" : "launches"}`;
  const most = stopped === "launches";
  const end = most ? `The timing ended after ${launched}, the most that are made,` : `The budget of ${Number((plan.budgetMs / 1e3).toFixed(1))} s ended after ${launched},`;
  const needed = planned === null || planned > plan.maxLaunches ? "" : ` About ${Math.ceil(tookMs / launches * planned / 1e3)} s would do.`;
  const sure = Number(earnedConfidence(plan.confidence, stopped).toFixed(6));
  const advice = most ? "Measure on a quieter machine." : "Raise benchmark.budget, or measure on a quieter machine.";
  return [
    {
      level: "info",
      code: "latency.budget",
      message: `${end} before the latency ratio on ${request.provider}${cellLabel(request.benchmark, cell)} was known to \xB1${(plan.precision * 100).toFixed(1)} %. Its bounds are stated with a confidence of ${sure} instead of ${plan.confidence}.${needed} ${advice}`
    }
  ];
}
function machine({ machine: { before, after } }) {
  if (!before || !after) return [];
  const { otherLoad, stolen, throttledPeriods } = disturbance(before, after);
  const notes = [];
  if (otherLoad > OTHER_LOAD) {
    notes.push({
      level: "warn",
      code: "noise.load",
      message: `Other processes kept ${(otherLoad * before.cores).toFixed(1)} of ${before.cores} cores busy during the timing. Run quantgate alone on this machine.`
    });
  }
  if (stolen > STOLEN) {
    notes.push({
      level: "warn",
      code: "noise.steal",
      message: `The hypervisor gave ${percent(stolen)} of the CPU time to other machines. Expect wide intervals; a dedicated runner has none of this.`
    });
  }
  if (throttledPeriods > 0) {
    notes.push({
      level: "warn",
      code: "noise.quota",
      message: `The container's CPU limit stopped the process ${throttledPeriods} times during the timing. Raise the limit, or set benchmark.threads to at most ${Math.max(1, Math.floor(before.quota ?? 1))}.`
    });
  }
  if (before.governor !== null && before.governor !== "performance") {
    notes.push({
      level: "info",
      code: "noise.governor",
      message: `The CPU frequency governor is '${before.governor}': clocks follow the load. For absolute latencies set it to performance.`
    });
  }
  const change = median(after.frequenciesMHz) / median(before.frequenciesMHz);
  if (change < 0.9) {
    notes.push({
      level: "info",
      code: "noise.frequency",
      message: `The cores' clock was ${percent(1 - change)} lower after the timing than before: heat or a power limit. Ratios are not affected, absolute latencies are.`
    });
  }
  return notes;
}
function drift({ campaign, request }) {
  const medians = (campaign.records.get(ORIGINAL) ?? []).map(launchMedian);
  const third = Math.floor(medians.length / 3);
  if (third === 0) return [];
  const change = median(medians.slice(-third)) / median(medians.slice(0, third)) - 1;
  if (Math.abs(change) < DRIFT) return [];
  return [
    {
      level: "info",
      code: "noise.drift",
      message: `The original's latency on ${request.provider} ${change > 0 ? "rose" : "fell"} by ${percent(Math.abs(change))} during the timing. Alternating blocks keep that out of the ratios; the absolute latencies hold it.`
    }
  ];
}
function bindingFloor({ campaign, request }) {
  const medians = (campaign.records.get(ORIGINAL) ?? []).map(launchMedian);
  if (medians.length === 0 || median(medians) >= BINDING_FLOOR_MS) return [];
  return [
    {
      level: "info",
      code: "latency.binding-floor",
      message: `An inference on ${request.provider} takes less than ${BINDING_FLOOR_MS} ms, of which the call itself is about 0.01 ms: ratios are understated. Compare at a larger batch.`
    }
  ];
}
function outputs({ campaign, subjects }) {
  const reused = subjects.map(({ key }) => campaign.records.get(key)?.[0]?.warmUp.outputsReused);
  if (!reused.includes(true) || !reused.includes(false)) return [];
  return [
    {
      level: "warn",
      code: "latency.outputs",
      message: "The output shapes of some of these models vary from run to run, so that their outputs are allocated anew each time while the others' are written in place: expect them to look slower than they are."
    }
  ];
}
function pinning({ cell }) {
  const cpus = isolatedCpus();
  if (cpus.length === 0 || cpus.length < cell.threads * cell.concurrency) return [];
  return [
    { level: "info", code: "noise.pinned", message: `Timed on the isolated cores ${cpus.join(", ")}.` }
  ];
}
function launchMedian(record) {
  return median(record.blocks.map((block) => median(block.durationsMs)));
}
function warmUps({ campaign, subjects, request }) {
  return subjects.flatMap((subject) => {
    const unstable = campaign.records.get(subject.key).filter((record) => !record.warmUp.stable).length;
    if (unstable === 0 || unstable * 2 < campaign.launches) return [];
    return [
      {
        level: "info",
        code: "noise.warm-up",
        model: request.model,
        variant: subject.variant,
        message: `${subject.key} had not reached a steady speed after its warm-up in ${unstable} of ${campaign.launches} launches: something else uses this machine, or its clocks move. Measure on a quieter machine.`
      }
    ];
  });
}
function percent(share) {
  return `${(share * 100).toFixed(0)} %`;
}

// src/measure/timing/trtexec-latency.ts
import { join as join2 } from "node:path";

// src/runtime/trtexec.ts
import { accessSync, constants, existsSync, statSync } from "node:fs";
import { readFile as readFile2, rm } from "node:fs/promises";
import { delimiter, join } from "node:path";
var USUAL_PLACES = ["/usr/src/tensorrt/bin/trtexec", "/opt/tensorrt/bin/trtexec"];
var TIMEOUT_MS2 = 60 * 6e4;
var TRTEXEC_VARIABLE = "QUANTGATE_TRTEXEC";
function findTrtexec(environment = process.env) {
  const given = environment[TRTEXEC_VARIABLE];
  if (given) {
    if (existsSync(given)) return given;
    throw new UserError(`${TRTEXEC_VARIABLE} names ${given}, which does not exist. Correct it, or unset it.`);
  }
  const onPath = (environment.PATH ?? "").split(delimiter).filter(Boolean);
  return [...onPath.map((folder) => join(folder, "trtexec")), ...USUAL_PLACES].find(canBeRun) ?? null;
}
function canBeRun(path) {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
var MAX_OUTPUT_BYTES2 = 64 * 2 ** 20;
function trtexecRunner(command, { signal, timeoutMs = TIMEOUT_MS2 } = {}) {
  return async (args) => {
    const stdout = { limitBytes: MAX_OUTPUT_BYTES2 };
    const end = await runProgram(command, args, { signal, timeoutMs, stdout, keptLength: MAX_OUTPUT_BYTES2 });
    if (end.startError !== null) throw new MachineError(`${command} could not be run: ${end.startError}`);
    if (end.stopped === "output") {
      throw new MachineError(`${command}: more than ${MAX_OUTPUT_BYTES2} bytes of output; it was stopped.`);
    }
    if (end.stopped !== null) {
      throw new MachineError(`${command}: no end after ${timeoutMs / 1e3} s; it was stopped.`);
    }
    const output = `${end.stdout}
${end.stderr}`;
    return end.signal ? { code: 1, signal: end.signal, output } : { code: end.exitCode ?? 0, output };
  };
}
async function openTrtexec(run) {
  const { output } = await run(["--help"]);
  const version = parseVersion(output) ?? parseVersion((await run(["--version"])).output);
  if (!version) {
    const said = output.trim().split("\n").at(-1) ?? "";
    throw new MachineError(`trtexec does not tell its version${knownCause(output)}: ${said}`);
  }
  return { run, version, options: new Set(output.match(/--[A-Za-z][A-Za-z0-9]*/g) ?? []) };
}
function parseVersion(output) {
  const digits = /\[TensorRT v(\d{4,})\]/.exec(output)?.[1];
  if (!digits) {
    const [, major, minor, patch] = /(?:TensorRT|version)\D{0,12}(\d+)\.(\d+)\.(\d+)/i.exec(output) ?? [];
    return major ? { major: Number(major), minor: Number(minor), patch: Number(patch) } : null;
  }
  const number2 = Number(digits);
  return digits.length >= 6 ? { major: Math.floor(number2 / 1e4), minor: Math.floor(number2 / 100) % 100, patch: number2 % 100 } : { major: Math.floor(number2 / 1e3), minor: Math.floor(number2 / 100) % 10, patch: number2 % 100 };
}
async function buildEngine(trtexec, request) {
  const result = await trtexec.run(buildArguments(trtexec, request));
  if (!failed(result)) return;
  const cause = machineCause(result);
  if (cause) throw new MachineError(`TensorRT can't build an engine of ${request.model}${cause}`);
  throw new UserError(
    `TensorRT can't build an engine of ${request.model}: ${failureLine(result.output)}. If the original's engine builds, exclude that operator from quantization; else measure without tensorrt.`
  );
}
var failed = ({ code, signal, output }) => code !== 0 || signal !== void 0 || /&&&& FAILED/.test(output);
function machineCause({ signal, output }) {
  const line = failureLine(output);
  const starved = errorLines(output).find((error) => OUT_OF_MEMORY.test(error));
  if (starved) {
    return `: out of memory: ${starved}. Stop what else uses the GPU (nvidia-smi lists it), or choose another with benchmark.device.`;
  }
  const known = knownCause(output);
  if (known) return `${known}: ${line}`;
  if (NO_DEVICE.test(output)) return `: ${line}. CUDA does not start: see what nvidia-smi says.`;
  return signal ? `: trtexec was ended by ${signal}: ${line}` : null;
}
var OUT_OF_MEMORY = /out of memory|insufficient memory|OutOfMemory/i;
var NO_DEVICE = /CUDA initialization failure|Cuda failure|Cannot find (a )?CUDA device/i;
function buildArguments(trtexec, request) {
  const shapes = shapeList(request.shapes);
  return [
    `--onnx=${request.model}`,
    `--saveEngine=${request.engine}`,
    ...shapes ? [`--minShapes=${shapes}`, `--optShapes=${shapes}`, `--maxShapes=${shapes}`] : [],
    ...typing(trtexec, request.precision),
    ...trtexec.options.has("--skipInference") ? ["--skipInference"] : ["--buildOnly"],
    ...device(request.deviceId)
  ];
}
function typing({ version, options }, { int8, float16 }) {
  if (version.major >= 11) return [];
  if (version.major === 10 && options.has("--stronglyTyped")) return ["--stronglyTyped"];
  return [...int8 ? ["--int8"] : [], ...float16 || int8 ? ["--fp16"] : []];
}
async function timeEngine(trtexec, request) {
  await rm(request.times, { force: true });
  const result = await trtexec.run(timeArguments(trtexec, request));
  if (failed(result)) {
    const why = machineCause(result) ?? `: ${failureLine(result.output)}`;
    throw new MachineError(`trtexec can't run the engine ${request.engine}${why}`);
  }
  const times = await readFile2(request.times, "utf8").catch((error) => {
    throw new MachineError(`trtexec wrote no times to ${request.times}: ${messageOf(error)}`);
  });
  return parseTimes(times, request.transfers);
}
function timeArguments({ options }, request) {
  const shapes = shapeList(request.shapes);
  const transfers = options.has("--includeDataTransfers") ? request.transfers ? ["--includeDataTransfers"] : [] : request.transfers ? [] : ["--noDataTransfers"];
  return [
    `--loadEngine=${request.engine}`,
    `--exportTimes=${request.times}`,
    `--warmUp=${request.warmUpMs}`,
    `--duration=${request.durationS}`,
    "--iterations=10",
    ...shapes ? [`--shapes=${shapes}`] : [],
    ...transfers,
    ...device(request.deviceId)
  ];
}
var device = (id) => id === void 0 ? [] : [`--device=${id}`];
function shapeList(shapes) {
  return Object.entries(shapes).map(([name, dims]) => `${name}:${dims.join("x")}`).join(",");
}
function parseTimes(json, transfers) {
  const key = transfers ? "latencyMs" : "computeMs";
  let entries;
  try {
    entries = JSON.parse(json);
  } catch (error) {
    throw new MachineError(`trtexec's times can't be read: ${messageOf(error)}`);
  }
  const times = Array.isArray(entries) ? entries.map((entry) => Number(entry?.[key])) : [];
  if (times.length === 0 || times.some((ms) => !(ms > 0))) {
    throw new MachineError(`trtexec's times hold no ${key}`);
  }
  return Float64Array.from(times);
}
function failureLine(output) {
  const errors = errorLines(output);
  const telling = errors.find((line) => REASON.test(line)) ?? errors.find((line) => /node|operator|layer|unsupported|memory/i.test(line));
  return telling ?? errors[0] ?? (output.trim().split("\n").at(-1) || "it printed nothing");
}
var REASON = /In node \d+|UNSUPPORTED_|No importer registered|Could not find any implementation/;
var errorLines = (output) => output.split("\n").filter((line) => /\[E\]/.test(line)).map((line) => line.replace(/^.*?\[E\]\s*(\[TRT\]\s*)?/, "").trim());

// src/measure/timing/trtexec-latency.ts
var LAUNCHES = 5;
var WARM_UP_MS = 2e3;
var DURATION_S = 1;
async function measureTensorRt(request, engines) {
  const measurements = [];
  for (const batch of request.benchmark.batch) {
    const timed2 = await buildAll(engines, request, batch);
    await timeAll(engines, request, timed2);
    measurements.push(
      ...timed2.filter(({ base }) => !base).flatMap((engine) => asMeasurements(engine, timed2, { request, batch }))
    );
  }
  const { major, minor, patch } = engines.trtexec.version;
  return {
    measurements,
    notes: [
      {
        level: "info",
        code: "latency.trtexec",
        model: request.model,
        variant: null,
        message: `Latency on tensorrt is GPU time by trtexec ${major}.${minor}.${patch}, one engine build per file, without copies to and from the GPU (latency.end-to-end holds them). Do not compare it with other providers\u2019 wall time.`
      }
    ]
  };
}
async function buildAll(engines, request, batch) {
  const inputs = { batch, shapes: request.benchmark.shapes, sample: request.sample ?? null };
  const timed2 = [];
  for (const { name, file, base } of [{ name: ORIGINAL, ...request.original }, ...request.variants]) {
    for (const path of [file, base ?? null]) {
      if (path === null) continue;
      const engine = await engines.engineOf({ file: path, inputs, deviceId: request.deviceId });
      if (engine.failure !== null && name === ORIGINAL && path === file) throw engine.failure;
      timed2.push({
        ...engine,
        variant: name,
        base: path !== file,
        computeMs: [],
        transfersMs: [],
        runs: 0
      });
    }
  }
  return timed2;
}
async function timeAll({ trtexec, folder }, request, timed2) {
  const label = `latency of ${request.model} on tensorrt`;
  for (let launch = 0; launch < LAUNCHES; launch++) {
    request.context.log.progress(label, launch, LAUNCHES);
    for (const engine of launch % 2 === 0 ? timed2 : timed2.toReversed()) {
      if (engine.failure !== null) continue;
      try {
        await launchOnce(engine, { trtexec, request, times: join2(folder, "times.json") });
      } catch (error) {
        if (!(error instanceof MachineError) || engine === timed2[0]) throw error;
        engine.failure = error;
      }
    }
  }
  request.context.log.progress(label, LAUNCHES, LAUNCHES);
}
async function launchOnce(engine, { trtexec, request, times }) {
  for (const transfers of [false, true]) {
    throwIfInterrupted(request.context.signal);
    const durations = await timeEngine(trtexec, {
      engine: engine.engine,
      shapes: engine.shapes,
      times,
      transfers,
      warmUpMs: WARM_UP_MS,
      durationS: DURATION_S,
      deviceId: request.deviceId
    });
    (transfers ? engine.transfersMs : engine.computeMs).push(median(durations));
    if (!transfers) engine.runs += durations.length;
  }
}
function asMeasurements(engine, timed2, { request, batch }) {
  const original = timed2[0];
  const base = timed2.find(
    (other) => other.base && other.variant === engine.variant && other.failure === null
  );
  const measurement = (metric, times) => {
    const ratioTo = (reference) => fromLogs(
      times(engine).map((ms, launch) => Math.log(ms / times(reference)[launch])),
      request.confidence
    );
    const { model, provider } = request;
    const at = { model, variant: engine.variant, provider, batch, threads: null, concurrency: 1 };
    const filled = blankMeasurement(at, metric);
    if (engine.failure !== null) return { ...filled, status: "invalid", reason: engine.failure.message };
    const { value, interval } = fromLogs(times(engine).map(Math.log), request.confidence);
    return {
      ...filled,
      value,
      interval,
      n: engine.runs,
      ratio: engine === original ? null : ratioTo(original),
      base: base ? { value: median(times(base)), ratio: ratioTo(base), note: null } : null,
      details: { method: "trtexec", launches: LAUNCHES }
    };
  };
  return [
    measurement("latency.p50", ({ computeMs }) => computeMs),
    measurement("latency.end-to-end", ({ transfersMs }) => transfersMs)
  ];
}

// src/measure/timing/latency.ts
async function measureLatency(request) {
  const look = () => snapshotGpu(request.provider, request.deviceId, request.nvidiaSmi);
  const { result: results, watch } = await watchGpu(look, () => timed(request));
  const measurements = results.flatMap((result) => result.measurements);
  const notes = results.flatMap((result) => result.notes);
  const about = { model: request.model, variant: null };
  notes.push(...gpuNotes(watch).map((note) => ({ ...note, ...about })));
  if (onNvidiaGpu(request.provider) && !watch.before) {
    const message = `nvidia-smi does not answer, or does not show the GPU that ${request.provider} uses: nobody saw who else was on it, its clocks and its temperature.`;
    notes.push({ level: "info", code: "noise.gpu-unseen", message, ...about });
  }
  const users = gpuUsers(watch);
  return {
    measurements: users ? doubted(measurements, users) : measurements,
    notes: withoutRepeats(notes)
  };
}
async function timed(request) {
  return request.engines ? [await measureTensorRt(request, request.engines)] : measureCells(request);
}
async function measureCells(request) {
  const cells = cellsOf(request.benchmark);
  const results = [];
  for (const cell of cells) {
    results.push(await measureCell(request, cell, request.benchmark.budgetMs / cells.length));
  }
  return results;
}
function cellsOf(benchmark) {
  const cores = availableCores();
  return benchmark.batch.flatMap(
    (batch) => benchmark.concurrency.flatMap((concurrency) => {
      const share = Math.max(1, Math.floor(cores / concurrency));
      const threads = benchmark.threads === "auto" ? [share] : benchmark.threads;
      return threads.map((count) => ({ batch, threads: count, concurrency }));
    })
  );
}
async function measureCell(request, cell, budgetMs) {
  const subjects = timedSubjects(request, cell);
  const pairs = [];
  for (const subject of subjects) {
    if (subject.variant !== ORIGINAL && !subject.base)
      pairs.push({ subject: subject.key, reference: ORIGINAL });
    if (subject.base) pairs.push({ subject: subject.variant, reference: subject.key });
  }
  const plan = campaignPlan({
    provider: request.provider,
    threads: cell.threads,
    pauses: pauses(request.provider),
    precision: request.precision ?? DEFAULT_PRECISION,
    confidence: request.confidence,
    budgetMs
  });
  const label = `latency of ${request.model} on ${request.provider}${cellLabel(request.benchmark, cell)}`;
  request.context.log.debug(
    `${label}: ${plan.pilotLaunches} launches or more of ${subjects.length} processes, at most ${Math.round(budgetMs / 1e3)} s`
  );
  const before = readMachineState();
  const campaign = await runCampaign(subjects, {
    pairs,
    plan,
    signal: request.context.signal,
    onLaunch: (done, of) => request.context.log.progress(label, done, Math.max(done + 1, of ?? plan.pilotLaunches + 1))
  });
  request.context.log.progress(label, campaign.launches, campaign.launches);
  for (const subject of subjects) subject.failure ??= nonFiniteFailure(campaign, subject);
  const machine2 = { before, after: readMachineState() };
  const context = { request, cell, subjects, campaign, plan, machine: machine2 };
  return { measurements: timingMeasurements(context), notes: timingNotes(context) };
}
function nonFiniteFailure(campaign, subject) {
  const count = (key) => campaign.records.get(key)?.[0]?.warmUp.nonFinite ?? 0;
  if (count(ORIGINAL) > 0 || count(subject.key) === 0) return null;
  return `${count(subject.key)} output values are NaN or infinite on an input where the original's are finite`;
}
function timedSubjects(request, cell) {
  const models = [{ name: ORIGINAL, ...request.original }, ...request.variants];
  return models.flatMap((model) => {
    const head = timedSubject(request, cell, { variant: model.name, file: model.file, base: false });
    if (!model.base) return [head];
    return [head, timedSubject(request, cell, { variant: model.name, file: model.base, base: true })];
  });
}
function timedSubject(request, cell, what) {
  const cpus = isolatedCpus();
  const enough = cpus.length >= cell.threads * cell.concurrency;
  const subject = {
    ...what,
    key: what.base ? `${what.variant} (base)` : what.variant,
    failure: null,
    start: () => startRunner(request, cell, { file: what.file, cpus: enough ? cpus : [] }),
    onFailure(error) {
      if (error instanceof Interrupted || request.context.signal?.aborted) throw error;
      if (what.variant === ORIGINAL && !what.base) throw originalFailure(error, request);
      subject.failure = messageOf(error);
    }
  };
  return subject;
}
function originalFailure(error, request) {
  if (!(error instanceof WorkerError)) return error;
  if (error.failure === "refused" && !request.sample) {
    return new UserError(
      `${error.message}
The inputs were made up: give the sizes of dynamic axes in benchmark.shapes, or evaluation data.`
    );
  }
  if (error.failure === "refused") return new UserError(error.message);
  return new MachineError(`The original model can't be measured. ${error.message}`);
}
function withoutRepeats(notes) {
  const seen = /* @__PURE__ */ new Set();
  return notes.filter((note) => {
    const key = `${note.code} ${note.variant} ${note.code === "latency.budget" ? note.message : ""}`;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

export {
  runNvidiaSmi,
  readGpus,
  snapshotGpu,
  countGpusAsNvidiaSmi,
  startedByUs,
  TRTEXEC_VARIABLE,
  findTrtexec,
  trtexecRunner,
  openTrtexec,
  buildEngine,
  readMachineState,
  measureLatency
};
