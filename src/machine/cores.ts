/** How many cores this process may really use: affinity, physical cores and the container's quota together. */
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { readCpuQuota } from './cgroup.js';

/** Intra-op threads that `threads: auto` stands for: as ONNX Runtime chooses (physical cores), but within the container's quota. */
export function availableCores(): number {
  const quota = readCpuQuota();
  const allowed = Math.min(availableParallelism(), physicalCores() ?? Infinity);
  return Math.max(1, quota === null ? allowed : Math.min(allowed, Math.ceil(quota)));
}

/** Physical cores by /proc/cpuinfo; null where it doesn't tell (arm64, not Linux). */
export function physicalCores(cpuinfo: string | null = readText('/proc/cpuinfo')): number | null {
  if (cpuinfo === null) return null;
  const cores = new Set<string>();
  for (const block of cpuinfo.split(/\n\s*\n/)) {
    const physical = /^physical id\s*:\s*(\d+)$/m.exec(block)?.[1];
    const core = /^core id\s*:\s*(\d+)$/m.exec(block)?.[1];
    if (physical !== undefined && core !== undefined) cores.add(`${physical}:${core}`);
  }
  return cores.size > 0 ? cores.size : null;
}

/** Cores that the administrator keeps the scheduler off (isolcpus): ours to pin to. [] on most machines. */
export function isolatedCpus(list: string | null = readText('/sys/devices/system/cpu/isolated')): number[] {
  return (list ?? '').split(',').flatMap((range) => {
    const match = /^\s*(\d+)(?:-(\d+))?\s*$/.exec(range);
    if (!match) return [];
    const first = Number(match[1]);
    return Array.from({ length: Number(match[2] ?? first) - first + 1 }, (_, i) => first + i);
  });
}

function readText(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}
