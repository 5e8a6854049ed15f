/** Quick interleaved comparisons of files on this machine: whether a quantized file is really faster, and which of several is fastest.
 *
 *  Not a benchmark (measure/timing is, in processes of their own), but good enough to choose by: all files are open in one process
 *  (onnxruntime-web in one each) and run in turns, so that they see the same machine, and are judged by their lower quartile, which other work disturbs least. */
import { cpus } from 'node:os';
import type { Target } from '../../config/choices.js';
import { throwIfInterrupted } from '../../errors.js';
import type { RunContext } from '../../runtime/context.js';
import { type Runtime, type Session, type SessionOptions, SPIN_WITHIN_RUNS } from '../../runtime/runtime.js';
import type { BlockPlan, BlockReply } from '../../runtime/worker/protocol.js';
import { startWorker, type Worker } from '../../runtime/worker/worker.js';
import type { Feeds } from '../../tensor/tensor.js';
import { inWebAssembly } from '../../terms/provider.js';

export interface SpeedOptions {
  context: RunContext;
  feeds: Feeds;
}

export interface RaceOptions extends SpeedOptions {
  provider: string;
  /** Number of the GPU. */
  deviceId?: number;
  /** Time for all of them together. */
  budgetMs: number;
}

/** Rounds at least and at most. Six runs of each of two equally fast models come out with all of one faster than all of the other once
 *  in 462 times (2 · 6!·6!/12!): then it is over. */
const LEAST_ROUNDS = 6;
const MOST_ROUNDS = 60;
/** Time after which `speedRatio` begins no round. */
const BUDGET_MS = 500;
const WARM_UP_RUNS = 2;
/** A block of runs in a race: long enough for the clock, short enough to take turns often. */
const BLOCK_MS = 15;

/** Time of the quantized file ÷ time of the original, at `all`, on one sample. */
export async function speedRatio(
  original: string,
  quantized: string,
  { context: { runtime, threads }, feeds }: SpeedOptions,
): Promise<number> {
  return await withSessions([original, quantized], { runtime, session: { threads } }, async (sessions) => {
    const runs = sessions.map((session) => session.prepare(feeds));
    for (const { run } of runs) for (let i = 0; i < WARM_UP_RUNS; i++) await run();
    const timed = runs.map((prepared) => () => elapsed(prepared.run));
    const times = await inTurns(timed, { budgetMs: BUDGET_MS, isOver: areApart });
    const [before, after] = times.map(lowerQuartile) as [number, number];
    return after / before;
  });
}

/** A busy machine can make anything look slow once: a file is slower only if it is in each of so many comparisons. */
const LOOKS = 4;
/** A ratio up to this is the machine's noise. */
const NOISE = 1.03;
/** Share of all cores' time from which other processes' work counts: threads then wait for each other at every operator, and the file with
 *  more operators looks slower than it is. */
const BUSY_SHARE = 0.1;

/** Ratios of the comparisons in which a file was slower: all of them. */
export interface Slowdown {
  least: number;
  most: number;
  looks: number;
}

/** How much slower a quantized file is than its original; null unless it was slower in every one of several comparisons, each of many
 *  interleaved runs. While other processes keep the machine busy, it must be slower on one thread, too, which waits for no other. */
export async function sureSlowdown(
  original: string,
  quantized: string,
  options: SpeedOptions,
): Promise<Slowdown | null> {
  const before = coreTimes();
  const slowdown = await slowdownInEachLook(original, quantized, options);
  if (slowdown === null || options.context.threads === 1) return slowdown;
  if (othersShare(before, coreTimes()) < BUSY_SHARE) return slowdown;
  options.context.log.debug(
    'Other processes keep this machine busy: the files are compared on one thread, too.',
  );
  return await slowdownInEachLook(original, quantized, {
    ...options,
    context: { ...options.context, threads: 1 },
  });
}

async function slowdownInEachLook(
  original: string,
  quantized: string,
  options: SpeedOptions,
): Promise<Slowdown | null> {
  const ratios: number[] = [];
  while (ratios.length < LOOKS) {
    const ratio = await speedRatio(original, quantized, options);
    if (!(ratio > NOISE)) return null;
    ratios.push(ratio);
  }
  return { least: Math.min(...ratios), most: Math.max(...ratios), looks: LOOKS };
}

/** Milliseconds so far of all cores together: in all, at work, and at work for this process. */
interface CoreTimes {
  total: number;
  busy: number;
  own: number;
}

function coreTimes(): CoreTimes {
  let [total, idle] = [0, 0];
  for (const { times } of cpus()) {
    total += times.user + times.nice + times.sys + times.idle + times.irq;
    idle += times.idle;
  }
  const { user, system } = process.cpuUsage();
  return { total, busy: total - idle, own: (user + system) / 1000 };
}

/** Other processes' share of all cores' time between two looks; 0 where the system tells no times. */
function othersShare(from: CoreTimes, to: CoreTimes): number {
  const total = to.total - from.total;
  return total > 0 ? (to.busy - from.busy - (to.own - from.own)) / total : 0;
}

/** 'takes 1.10 to 1.20 times the original's time here (in each of 4 comparisons)' */
export function slowdownText({ least, most, looks }: Slowdown): string {
  const [from, to] = [least.toFixed(2), most.toFixed(2)];
  const times = from === to ? from : `${from} to ${to}`;
  return `takes ${times} times the original's time here (in each of ${looks} comparisons)`;
}

/** Whether what is made for this target runs on this machine's CPU, so that its speed can be seen here. */
export function runsHere(target: Target): boolean {
  return target === (process.arch === 'arm64' ? 'arm64' : 'cpu');
}

/** Whether ONNX Runtime's CPU provider runs what is made for this target, natively or as WebAssembly. */
export function isCpu(target: Target): boolean {
  return target === 'cpu' || target === 'arm64' || target === 'wasm';
}

/** Whether 8-bit products of this target may be added in 16 bits, so that weights keep to 7: x64 without VNNI, WebAssembly's relaxed SIMD. */
export function saturates(target: Target): boolean {
  return target === 'cpu' || target === 'wasm';
}

/** A race: milliseconds of one run of every file, in the files' order. */
export async function race(files: readonly string[], options: RaceOptions): Promise<number[]> {
  const { provider, deviceId, feeds, budgetMs } = options;
  const { runtime, threads, signal } = options.context;
  if (inWebAssembly(provider)) {
    return await withWorkers(files, options, async (runs) =>
      (await inTurns(runs, { budgetMs, signal, isOver: areSteady })).map(lowerQuartile),
    );
  }
  const session = { provider, deviceId, threads, configEntries: SPIN_WITHIN_RUNS };
  return await withSessions(files, { runtime, session }, async (sessions) => {
    const blocks: (() => Promise<number>)[] = [];
    for (const one of sessions) blocks.push(await blockOf(one, feeds));
    return (await inTurns(blocks, { budgetMs, signal, isOver: areSteady })).map(lowerQuartile);
  });
}

/** Time that each comparison of `isSurelyFaster` may take. */
const LOOK_MS = 500;

/** Whether the first file is faster than the second in every one of several comparisons, each of many interleaved runs. */
export async function isSurelyFaster(
  file: string,
  other: string,
  options: Omit<RaceOptions, 'budgetMs'>,
): Promise<boolean> {
  for (let look = 0; look < LOOKS; look++) {
    const [own, others] = await race([file, other], { ...options, budgetMs: LOOK_MS });
    if (!(others! > NOISE * own!)) return false;
  }
  return true;
}

/** Opens a session for each file, and closes them all whatever happens. */
async function withSessions<T>(
  files: readonly string[],
  { runtime, session }: { runtime: Runtime; session: SessionOptions },
  use: (sessions: readonly Session[]) => Promise<T>,
): Promise<T> {
  const sessions: Session[] = [];
  try {
    for (const file of files) sessions.push(await runtime.open(file, session));
    return await use(sessions);
  } finally {
    for (const one of sessions) await one.release();
  }
}

/** Opens each file in a worker of its own, where alone such a provider runs, and ends them all whatever happens. A runner gives the
 *  milliseconds of one run. */
async function withWorkers<T>(
  files: readonly string[],
  { provider, feeds, context }: RaceOptions,
  use: (runners: readonly (() => Promise<number>)[]) => Promise<T>,
): Promise<T> {
  const workers: Worker[] = [];
  try {
    for (const model of files) {
      workers.push(await startWorker({ ...context, model, session: { provider, threads: context.threads } }));
    }
    for (const worker of workers) {
      await worker.call('feeds', { feeds });
      await worker.call('block', FIRST_BLOCK);
      worker.pause();
    }
    return await use(
      workers.map((worker) => async () => lowerQuartile([...(await blockIn(worker)).durationsMs])),
    );
  } finally {
    await Promise.all(workers.map((worker) => worker.kill()));
  }
}

/** One block; meanwhile the other workers, and afterwards this one, are frozen. */
async function blockIn(worker: Worker): Promise<BlockReply> {
  worker.resume();
  const reply = await worker.call('block', BLOCK);
  worker.pause();
  return reply;
}

/** V8 compiles WebAssembly twice: quickly, and while it runs better. */
const FIRST_BLOCK: BlockPlan = { minRuns: 3, minMs: 1_000, maxMs: 3_000, dropRuns: 0, dropMs: 0 };
const BLOCK: BlockPlan = { minRuns: 1, minMs: BLOCK_MS, maxMs: Infinity, dropRuns: 0, dropMs: 0 };

/** Gives the milliseconds of one run, by the mean of a block of them. */
async function blockOf(session: Session, feeds: Feeds): Promise<() => Promise<number>> {
  const { run } = session.prepare(feeds);
  // The first run allocates and packs.
  await run();
  const once = await elapsed(run);
  const runs = Math.max(1, Math.round(BLOCK_MS / Math.max(0.01, once)));
  const block = async () => {
    for (let i = 0; i < runs; i++) await run();
  };
  return async () => (await elapsed(block)) / runs;
}

interface TurnOptions {
  budgetMs: number;
  /** Asked between rounds: nothing more can be learnt. */
  isOver?: (times: readonly number[][]) => boolean;
  signal?: AbortSignal | undefined;
}

/** Times of every runner, round by round; there and back again (ABBA), so that drift hits all alike. */
async function inTurns(
  runners: readonly (() => Promise<number>)[],
  { budgetMs, isOver, signal }: TurnOptions,
): Promise<number[][]> {
  const times = runners.map((): number[] => []);
  const entries = [...runners.entries()];
  const started = performance.now();
  for (let round = 0; round < MOST_ROUNDS; round++) {
    throwIfInterrupted(signal);
    const isEnough = () => performance.now() - started > budgetMs || isOver?.(times) === true;
    if (round >= LEAST_ROUNDS && isEnough()) break;
    for (const [index, run] of round % 2 === 0 ? entries : entries.toReversed())
      times[index]!.push(await run());
  }
  return times;
}

async function elapsed(run: () => Promise<void>): Promise<number> {
  const started = performance.now();
  await run();
  return performance.now() - started;
}

/** Whether every run of one was faster than every run of the other. */
function areApart(times: readonly number[][]): boolean {
  const [before, after] = times as [number[], number[]];
  return Math.max(...after) < Math.min(...before) || Math.max(...before) < Math.min(...after);
}

/** Rounds of a race from which on it may be over early, and how far the ratios of its two halves may then be apart. */
const STEADY_ROUNDS = 12;
const STEADY = 0.01;

/** Whether rounds of even and of odd number, each by themselves, put every file in the same place beside the first. */
function areSteady(times: readonly number[][]): boolean {
  if (times[0]!.length < STEADY_ROUNDS) return false;
  const [even, odd] = [0, 1].map((half) => {
    const own = times.map((runs) => lowerQuartile(runs.filter((_, round) => round % 2 === half)));
    return own.map((time) => time / own[0]!);
  }) as [number[], number[]];
  return even.every((ratio, index) => Math.abs(Math.log(ratio / odd[index]!)) < STEADY);
}

function lowerQuartile(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) / 4)]!;
}
