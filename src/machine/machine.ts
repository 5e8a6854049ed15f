/** The state of the machine at one moment, as Linux tells it: what may disturb a measurement. null: not told. */
import { readdirSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { readCpuQuota, readThrottledPeriods } from './cgroup.js';

export interface MachineState {
  /** Jiffies of all CPUs so far: busy with anything, stolen by the hypervisor, in total (/proc/stat). */
  busy: number;
  stolen: number;
  total: number;
  /** Jiffies that this process and its ended children have used (/proc/self/stat). */
  own: number;
  /** Cores' worth of quota; null: none. */
  quota: number | null;
  /** Periods in which the quota stopped this group so far. */
  throttledPeriods: number | null;
  /** e.g. 'performance'; several are joined. */
  governor: string | null;
  /** Frequencies of the cores now, MHz. */
  frequenciesMHz: number[];
  cores: number;
}

/** Files under `root` are read, '/' unless a test says otherwise. */
export function readMachineState(root = '/'): MachineState | null {
  const stat = text(`${root}proc/stat`);
  const cpu = stat === null ? null : /^cpu\s+(.*)$/m.exec(stat)?.[1]?.split(/\s+/).map(Number);
  if (!cpu) return null;
  const [user = 0, nice = 0, system = 0, idle = 0, iowait = 0, irq = 0, softirq = 0, steal = 0] = cpu;
  const cpufreq = `${root}sys/devices/system/cpu`;
  const cores = directories(cpufreq, /^cpu\d+$/);
  const governors = new Set(
    cores.flatMap((core) => text(`${cpufreq}/${core}/cpufreq/scaling_governor`)?.trim() ?? []),
  );
  return {
    busy: user + nice + system + irq + softirq,
    stolen: steal,
    total: user + nice + system + idle + iowait + irq + softirq + steal,
    own: ownJiffies(text(`${root}proc/self/stat`)),
    quota: readCpuQuota(`${root}sys/fs/cgroup`),
    throttledPeriods: readThrottledPeriods(`${root}sys/fs/cgroup`),
    governor: governors.size > 0 ? [...governors].join(', ') : null,
    frequenciesMHz: cores.flatMap((core) => {
      const khz = Number(text(`${cpufreq}/${core}/cpufreq/scaling_cur_freq`) ?? Number.NaN);
      return Number.isFinite(khz) ? [khz / 1000] : [];
    }),
    cores: availableParallelism(),
  };
}

/** utime + stime + cutime + cstime of proc(5); the name in parentheses may hold spaces. */
function ownJiffies(stat: string | null): number {
  const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ') ?? [];
  return [11, 12, 13, 14].reduce((sum, index) => sum + Number(fields[index] ?? 0), 0);
}

/** Of proc(5)'s jiffies on Linux, whatever the kernel's own ticks are. */
const JIFFIES_PER_SECOND = 100;

/** Processor time, in seconds, that a process and its ended children have used; null where Linux doesn't tell. */
export function usedCpuSeconds(pid: number): number | null {
  const stat = text(`/proc/${pid}/stat`);
  return stat === null ? null : ownJiffies(stat) / JIFFIES_PER_SECOND;
}

function directories(path: string, pattern: RegExp): string[] {
  try {
    return readdirSync(path).filter((name) => pattern.test(name));
  } catch {
    return [];
  }
}

function text(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}

/** What happened between two states, as shares of the machine's time. */
export interface Disturbance {
  /** Busy with other processes: share of all cores' time, 0…1. */
  otherLoad: number;
  /** Taken by the hypervisor: share of all cores' time. */
  stolen: number;
  throttledPeriods: number;
}

export function disturbance(before: MachineState, after: MachineState): Disturbance {
  const total = Math.max(1, after.total - before.total);
  const others = after.busy - before.busy - (after.own - before.own);
  return {
    otherLoad: Math.max(0, others / total),
    stolen: Math.max(0, (after.stolen - before.stolen) / total),
    throttledPeriods: Math.max(0, (after.throttledPeriods ?? 0) - (before.throttledPeriods ?? 0)),
  };
}
