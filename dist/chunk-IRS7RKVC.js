import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);

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

export {
  readCpuQuota,
  readMemoryLimit,
  readThrottledPeriods,
  availableCores,
  isolatedCpus
};
