/** One measurement at a time on a GPU, across all processes of this machine: a lock by the GPU's UUID. */
import { mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { codeOf, throwIfInterrupted } from '../errors.js';
import type { WorkerContext } from '../runtime/context.js';
import { snapshotGpu } from './gpu.js';
import type { RunNvidiaSmi } from './nvidia-smi.js';

/** Another measurement may take its whole budget. */
const LOCK_POLL_MS = 1_000;
/** Signing a lock takes no longer than this. */
const UNSIGNED_MS = 10_000;

export interface GpuLockOptions {
  directory?: string;
  pollMs?: number;
  context: WaitContext;
}

/** What says that we wait, and ends it. */
type WaitContext = Pick<WorkerContext, 'log' | 'signal'>;

/** Which GPU a measurement is to have for itself. */
export interface GpuPlace {
  provider: string;
  deviceId?: number | undefined;
  nvidiaSmi?: RunNvidiaSmi | undefined;
  context: WaitContext;
}

/** Runs `work` while no other quantgate on this machine measures on the GPU behind the provider. On the CPU nobody waits. */
export async function aloneOnGpu<T>(place: GpuPlace, work: () => Promise<T>): Promise<T> {
  const { provider, deviceId, nvidiaSmi, context } = place;
  const uuid = (await snapshotGpu(provider, deviceId, nvidiaSmi))?.gpu.uuid ?? null;
  return withGpuLock(uuid, work, { context });
}

/** Runs `work` while no other quantgate on this machine measures on the GPU of this UUID (null: no GPU, no waiting). Throws Interrupted. */
export async function withGpuLock<T>(
  uuid: string | null,
  work: () => Promise<T>,
  options: GpuLockOptions,
): Promise<T> {
  if (uuid === null) return work();
  const { log, signal } = options.context;
  const lock = join(options.directory ?? tmpdir(), `quantgate-gpu-${uuid.replace(/[^\w-]/g, '_')}.lock`);
  const owner = join(lock, 'pid');
  for (let waited = false; !(await acquired(lock, owner)); waited = true) {
    if (!waited) log.info(`waiting for another measurement on GPU ${uuid} (${lock})`);
    await sleep(options.pollMs ?? LOCK_POLL_MS, undefined, { signal }).catch(() =>
      throwIfInterrupted(signal),
    );
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
    if (codeOf(error) !== 'EEXIST') throw error;
    if (await isStale(lock, owner)) await breakLock(lock, owner);
    return false;
  }
  await writeFile(owner, String(process.pid));
  return true;
}

/** One breaks it at a time, and looks again: whoever saw the dead owner a moment ago may be late, and the lock somebody else's. */
async function breakLock(lock: string, owner: string): Promise<void> {
  const guard = `${lock}.breaking`;
  try {
    await mkdir(guard);
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
    if (await isOlder(guard, UNSIGNED_MS)) await rm(guard, { recursive: true, force: true });
    return;
  }
  try {
    if (await isStale(lock, owner)) await rm(lock, { recursive: true, force: true });
  } finally {
    await rm(guard, { recursive: true, force: true });
  }
}

/** The owner is gone, or died between making the directory and signing it. */
async function isStale(lock: string, owner: string): Promise<boolean> {
  const pid = Number(await readFile(owner, 'utf8').catch(() => ''));
  if (pid > 0) return !isAlive(pid);
  return isOlder(lock, UNSIGNED_MS);
}

async function isOlder(path: string, ms: number): Promise<boolean> {
  const made = await stat(path).catch(() => null);
  return made !== null && Date.now() - made.mtimeMs > ms;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Another user's process is alive too.
    return codeOf(error) === 'EPERM';
  }
}
