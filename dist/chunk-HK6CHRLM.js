import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);
import {
  startProgram,
  superviseChild
} from "./chunk-7TIY6MZ6.js";
import {
  MachineError,
  throwIfInterrupted
} from "./chunk-IYM25C4U.js";

// src/machine/cores.ts
import { readFileSync as readFileSync2 } from "node:fs";
import { availableParallelism } from "node:os";

// src/machine/cgroup.ts
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

// src/machine/cores.ts
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

// src/system/run-program.ts
import { createWriteStream, existsSync } from "node:fs";
import { pipeline } from "node:stream/promises";
var KEPT_LENGTH = 2e4;
var NO_ROOM = /* @__PURE__ */ new Set(["EAGAIN", "EMFILE", "ENFILE", "ENOMEM"]);
async function runProgram(program, args, options = {}) {
  throwIfInterrupted(options.signal);
  const { directory, environment, input, keptLength = KEPT_LENGTH } = options;
  const notStarted = (error2) => ({
    ...NOTHING,
    startError: startErrorText(error2, program, directory)
  });
  let child;
  try {
    const stdin = input === void 0 ? "ignore" : "pipe";
    child = startProgram(program, args, { directory, environment, stdio: [stdin, "pipe", "pipe"] });
  } catch (error2) {
    return notStarted(error2);
  }
  const supervision = superviseChild(child, options);
  child.stdin?.on("error", () => {
  }).end(input);
  const said = new Tail(keptLength);
  const stderr = new Tail(keptLength);
  child.stderr?.setEncoding("utf8").on("data", (text2) => {
    stderr.add(text2);
    said.add(text2);
  });
  const reading = readStdout(child.stdout, { to: options.stdout, said, stop: supervision.stop });
  const end = await supervision.ended;
  if (end.startError !== null) return notStarted(end.startError);
  const { text, error } = await reading;
  if (error !== null && (end.stopped ?? "error") === "error") throw error;
  return { ...end, startError: null, stdout: text, stderr: stderr.text, said: said.text };
}
var NOTHING = { stopped: null, exitCode: null, signal: null, stdout: "", stderr: "", said: "" };
async function readStdout(stdout, { to, said, stop }) {
  try {
    if (!stdout || !to) {
      stdout?.setEncoding("utf8").on("data", (text) => said.add(text));
      return { text: "", error: null };
    }
    if ("file" in to) {
      await pipeline(stdout, createWriteStream(to.file));
      return { text: "", error: null };
    }
    const chunks = [];
    let bytes = 0;
    for await (const chunk of stdout) {
      bytes += chunk.length;
      if (bytes <= to.limitBytes) chunks.push(chunk);
      else stop("output");
    }
    return { text: Buffer.concat(chunks).toString("utf8"), error: null };
  } catch (error) {
    stop("error");
    return { text: "", error };
  }
}
function startErrorText(error, program, directory) {
  const { code, message } = error;
  if (code !== void 0 && NO_ROOM.has(code)) {
    throw new MachineError(
      `${program} can't be started: ${message}. The machine has no room for one more process: end others, or raise its limits.`
    );
  }
  if (code === "ENOENT" && directory !== void 0 && !existsSync(directory)) {
    return `the folder ${directory} that it should run in does not exist`;
  }
  if (code === "ENOENT") return `${message}. Is ${program} installed?`;
  if (code === "EACCES") return `${message}. May ${program} be executed?`;
  return message;
}
var Tail = class {
  constructor(length) {
    this.length = length;
  }
  length;
  kept = "";
  add(text) {
    this.kept += text;
    if (this.kept.length > 2 * this.length) this.kept = this.kept.slice(-this.length);
  }
  get text() {
    return this.kept.slice(-this.length);
  }
};

export {
  runProgram,
  readCpuQuota,
  readMemoryLimit,
  readThrottledPeriods,
  availableCores,
  isolatedCpus
};
