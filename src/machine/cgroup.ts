/** The container's limits on this process, as the kernel's cgroups state them (version 2, then version 1). */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = '/sys/fs/cgroup';

/** Cores' worth of CPU time per period; null: no limit. */
export function readCpuQuota(root = ROOT): number | null {
  const v2 = readFirst([`cpu.max`], root);
  if (v2 !== null) {
    const [quota, period] = v2.trim().split(/\s+/);
    return quota === 'max' || !quota ? null : Number(quota) / Number(period ?? 100_000);
  }
  const quota = readFirst(['cpu/cpu.cfs_quota_us', 'cpu,cpuacct/cpu.cfs_quota_us'], root);
  const period = readFirst(['cpu/cpu.cfs_period_us', 'cpu,cpuacct/cpu.cfs_period_us'], root);
  if (quota === null || period === null || Number(quota) <= 0) return null;
  return Number(quota) / Number(period);
}

/** Bytes; null: no limit. */
export function readMemoryLimit(root = ROOT): number | null {
  const text = readFirst(['memory.max', 'memory/memory.limit_in_bytes'], root);
  if (text === null || text.trim() === 'max') return null;
  const bytes = Number(text);
  // Version 1 says "no limit" with the largest page-aligned number.
  return Number.isFinite(bytes) && bytes < 2 ** 60 ? bytes : null;
}

/** Periods in which the quota stopped the group, so far. null: not told. */
export function readThrottledPeriods(root = ROOT): number | null {
  const text = readFirst(['cpu.stat', 'cpu/cpu.stat', 'cpu,cpuacct/cpu.stat'], root);
  const match = text === null ? null : /^nr_throttled (\d+)$/m.exec(text);
  return match ? Number(match[1]) : null;
}

/** In a container with its own cgroup namespace the group's files lie at the root; elsewhere at the path that /proc/self/cgroup names. */
function readFirst(names: readonly string[], root: string): string | null {
  const own = root === ROOT ? ownGroup() : '';
  for (const directory of own ? [join(root, own), root] : [root]) {
    for (const name of names) {
      try {
        return readFileSync(join(directory, name), 'utf8');
      } catch {
        // Not this version or not this place.
      }
    }
  }
  return null;
}

function ownGroup(): string {
  try {
    return /^0::(\/.*)$/m.exec(readFileSync('/proc/self/cgroup', 'utf8'))?.[1] ?? '';
  } catch {
    return '';
  }
}
