/** The GPU that a measurement uses: who else is on it, whether its clocks are held down, and one measurement at a time on it. */
import { mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Log } from '../log.js';
import type { Note } from './measurement.js';
import {
  type GpuProcess,
  type GpuState,
  type RunNvidiaSmi,
  readGpuProcesses,
  readGpus,
  runNvidiaSmi,
} from './nvidia-smi.js';

/** Providers that compute on an NVIDIA GPU. */
const NVIDIA: ReadonlySet<string> = new Set(['cuda', 'tensorrt']);

/** One look at the GPU. */
export interface GpuSnapshot {
  gpu: GpuState;
  /** Processes on it; empty in containers that hide them. */
  processes: GpuProcess[];
}

/** The GPU behind a provider and device id; null on other providers, and where nvidia-smi doesn't tell. */
export async function snapshotGpu(
  provider: string,
  deviceId = 0,
  run: RunNvidiaSmi = runNvidiaSmi,
): Promise<GpuSnapshot | null> {
  if (!NVIDIA.has(provider)) return null;
  const gpus = await readGpus(run);
  const gpu = gpus?.find(({ index }) => index === deviceId) ?? gpus?.[deviceId];
  if (!gpu) return null;
  const processes = (await readGpuProcesses(run)) ?? [];
  return { gpu, processes: processes.filter(({ uuid }) => uuid === gpu.uuid) };
}

/** Clocks that differ by more than this between before and after make absolute latencies doubtful. */
const CLOCK_CHANGE = 0.02;
/** Busy with something else, percent. */
const BUSY = 5;

type Say = Pick<Note, 'level' | 'code' | 'message'>;

/** What disturbed, or may have disturbed, a measurement between two looks (the first before any process of ours was on the GPU). */
export function gpuNotes(before: GpuSnapshot | null, after: GpuSnapshot | null): Say[] {
  if (!before || !after) return [];
  const notes: Say[] = [];
  const { name } = before.gpu;
  const others = before.processes.map((process) => `${process.name} (pid ${process.pid})`);
  if (others.length > 0 || (before.gpu.utilization ?? 0) > BUSY) {
    const who = others.length > 0 ? others.join(', ') : 'a process that nvidia-smi does not show';
    notes.push({
      level: 'warn',
      code: 'noise.gpu-shared',
      message: `${name} was already in use by ${who}. Run quantgate alone on the GPU.`,
    });
  }
  const reasons = [...new Set([...before.gpu.throttling, ...after.gpu.throttling])];
  if (reasons.length > 0) {
    notes.push({
      level: 'warn',
      code: 'noise.gpu-throttled',
      message: `${name} was held down by ${reasons.join(', ')}. Check cooling and power, or lock its clocks below that limit (nvidia-smi -lgc).`,
    });
  } else if (clockChange(before.gpu, after.gpu) > CLOCK_CHANGE) {
    notes.push({
      level: 'info',
      code: 'noise.gpu-clocks',
      message: `${name}'s clock floats (${before.gpu.smClockMHz} MHz before, ${after.gpu.smClockMHz} MHz after). For absolute latencies lock it: nvidia-smi -lgc.`,
    });
  }
  if (before.gpu.persistence === false) {
    notes.push({
      level: 'info',
      code: 'noise.gpu-persistence',
      message: `Persistence mode of ${name} is off: the driver is loaded anew for each process, which latency.load holds. Turn it on: nvidia-smi -pm 1.`,
    });
  }
  return notes;
}

function clockChange(before: GpuState, after: GpuState): number {
  if (!before.smClockMHz || !after.smClockMHz) return 0;
  return Math.abs(after.smClockMHz / before.smClockMHz - 1);
}

/** Another measurement may take its whole budget. */
const LOCK_POLL_MS = 1_000;
/** Signing a lock takes no longer than this. */
const UNSIGNED_MS = 10_000;

export interface GpuLockOptions {
  directory?: string;
  pollMs?: number;
  signal?: AbortSignal;
  log?: Log;
}

/** Runs `work` while no other quantgate on this machine measures on the GPU of this UUID (null: no GPU, no waiting). */
export async function withGpuLock<T>(
  uuid: string | null,
  work: () => Promise<T>,
  options: GpuLockOptions = {},
): Promise<T> {
  if (uuid === null) return work();
  const lock = join(options.directory ?? tmpdir(), `quantgate-gpu-${uuid.replace(/[^\w-]/g, '_')}.lock`);
  const owner = join(lock, 'pid');
  for (let waited = false; !(await acquired(lock, owner)); waited = true) {
    if (!waited) options.log?.info(`waiting for another measurement on GPU ${uuid} (${lock})`);
    await sleep(options.pollMs ?? LOCK_POLL_MS, undefined, options.signal ? { signal: options.signal } : {});
  }
  try {
    return await work();
  } finally {
    await rm(lock, { recursive: true, force: true });
  }
}

/** Making a directory is atomic. A lock whose owner is gone is broken. */
async function acquired(lock: string, owner: string): Promise<boolean> {
  try {
    await mkdir(lock);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    if (await isStale(lock, owner)) await rm(lock, { recursive: true, force: true });
    return false;
  }
  await writeFile(owner, String(process.pid));
  return true;
}

/** The owner is gone, or died between making the directory and signing it. */
async function isStale(lock: string, owner: string): Promise<boolean> {
  const pid = Number(await readFile(owner, 'utf8').catch(() => ''));
  if (pid > 0) return !isAlive(pid);
  const made = await stat(lock).catch(() => null);
  return made !== null && Date.now() - made.mtimeMs > UNSIGNED_MS;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Another user's process is alive too.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
