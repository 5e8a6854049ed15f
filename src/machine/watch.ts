/** Looks at the GPU before, while and after a measurement runs, and tells our own processes from others. Not run on a GPU so far. */
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { type GpuSnapshot, type GpuWatch, isBusy } from './gpu.js';

/** Looks while a measurement runs: seldom, for a look costs the GPU a little. */
const LOOK_EVERY_MS = 10_000;

/** nvidia-smi's utilization is of up to the last second (its manual): what just ended there may still be in it. */
const SETTLE_MS = 1_000;
const SETTLE_LOOKS = 3;

/** A look that does not take the past second's work, our own probe's or the last measurement's, for somebody else's. */
async function settled(
  look: () => Promise<GpuSnapshot | null>,
  settleMs: number,
): Promise<GpuSnapshot | null> {
  let seen = await look();
  for (let again = 0; again < SETTLE_LOOKS && seen?.processes.length === 0 && isBusy(seen); again++) {
    await sleep(settleMs);
    seen = await look();
  }
  return seen;
}

/** Runs `work` between looks at the GPU. `look` gives null where there is none to look at. */
export async function watchGpu<T>(
  look: () => Promise<GpuSnapshot | null>,
  work: () => Promise<T>,
  { everyMs = LOOK_EVERY_MS, settleMs = SETTLE_MS } = {},
): Promise<{ result: T; watch: GpuWatch }> {
  const before = await settled(look, settleMs);
  const during: GpuSnapshot[] = [];
  const strangers = new Set<number>();
  const own = new Set<number>();
  for (const { pid } of before?.processes ?? []) {
    // Ours already: method auto races candidates in this process, and its CUDA context stays.
    (descendsFromUs(await ancestry(pid)) ? own : strangers).add(pid);
  }
  let looking: Promise<void> | null = null;
  const looked = async (): Promise<GpuSnapshot | null> => {
    const seen = await look();
    for (const { pid, name } of seen?.processes ?? []) {
      if (!strangers.has(pid) && (await startedByUs(pid, name))) own.add(pid);
    }
    return seen;
  };
  const sample = async () => {
    const seen = await looked();
    if (seen) during.push(seen);
  };
  // A look that takes longer than the interval is not joined by a second one.
  const next = () => {
    looking ??= sample().finally(() => {
      looking = null;
    });
  };
  const timer = before ? setInterval(next, everyMs) : undefined;
  try {
    const result = await work();
    clearInterval(timer);
    await looking;
    const after = before && (await looked());
    return { result, watch: { before, during, after, isOurs: ({ pid }) => own.has(pid) } };
  } finally {
    clearInterval(timer);
  }
}

/** What our workers and trtexec are called, where a container shows pids of the host that mean nothing here. */
const OUR_NAMES = /(^|\/)(node|trtexec)$|^\[Not Found\]$/;

/** Whether a process is this one or descends from it; by its name where its pid means nothing here. */
export async function startedByUs(pid: number, name: string): Promise<boolean> {
  const ancestors = await ancestry(pid);
  return ancestors === null ? OUR_NAMES.test(name) : descendsFromUs(ancestors);
}

const descendsFromUs = (ancestors: readonly number[] | null): boolean =>
  ancestors?.includes(process.pid) ?? false;

/** The process, its parent, and so on, as far as a worker can be from us; null: there is no such process here. */
async function ancestry(pid: number): Promise<number[] | null> {
  const pids = [pid];
  for (let current = pid; current > 1 && pids.length <= GENERATIONS; ) {
    const status = await readFile(`/proc/${current}/status`, 'utf8').catch(() => null);
    if (status === null) return current === pid ? null : pids;
    current = Number(/^PPid:\s*(\d+)/m.exec(status)?.[1] ?? 0);
    pids.push(current);
  }
  return pids;
}

const GENERATIONS = 8;
