/** A race of files: which of several is fastest here.
 *
 *  On a busy machine the threads of a run wait for each other at every operator, and the file with more operators looks slower than it is: there the
 *  files run on one thread, and the CPU time of their runs counts, which what other processes do hardly changes. */
import { type Session, SPIN_WITHIN_RUNS } from '../../runtime/runtime.js';
import type { BlockPlan, BlockReply } from '../../runtime/worker/protocol.js';
import { startWorker, type Worker } from '../../runtime/worker/worker.js';
import type { Feeds } from '../../tensor/tensor.js';
import { inWebAssembly } from '../../terms/provider.js';
import type { SpeedOptions } from './compare-speed.js';
import { elapsed, inTurns, lowerQuartile, withSessions } from './in-turns.js';
import { OtherWork, ownCpuMs } from './other-work.js';

export interface RaceOptions extends SpeedOptions {
  provider: string;
  /** Number of the GPU. */
  deviceId?: number;
  /** Time for all of them together. */
  budgetMs: number;
  /** What is asked: the time of each file, or which are fastest, and how fast. Then files that are far behind are not looked at for longer than it takes to see that.
   *  Default: times. */
  asks?: 'times' | 'fastest';
  /** Other processes' work: where it turns out to be much, the files run once more as on a busy machine; it is as good as known to be; or whatever there is of it,
   *  the files are not run once more. Default: watched. */
  otherWork?: 'watched' | 'expected' | 'ignored';
}

export interface RaceResult {
  /** Milliseconds of one run of every file, in the files' order. */
  times: number[];
  /** The same of each round. */
  rounds: readonly number[][];
  /** Whether the files ran as on a busy machine: on one thread, by their CPU time. */
  onBusyMachine: boolean;
}

/** A block of runs: long enough for the clock, short enough to take turns often. */
const BLOCK_MS = 15;

export async function race(files: readonly string[], options: RaceOptions): Promise<RaceResult> {
  const { provider, context, otherWork = 'watched' } = options;
  if (inWebAssembly(provider)) return resultOf(await inWorkers(files, options), { onBusyMachine: false });
  const mayWait = provider === 'cpu' && context.threads !== 1;
  if (!mayWait || otherWork !== 'expected') {
    const others = new OtherWork();
    const rounds = await inSessions(files, options);
    const isMisled = mayWait && otherWork === 'watched' && others.isMuch;
    if (!isMisled) return resultOf(rounds, { onBusyMachine: false });
    context.log.debug(
      'Other processes keep this machine busy: the files are compared on one thread, by their CPU time.',
    );
  }
  const alone = { ...options, context: { ...context, threads: 1 } };
  return resultOf(await inSessions(files, alone, CPU_CLOCK), { onBusyMachine: true });
}

/** Windows counts CPU time in steps as long as a block. */
const CPU_CLOCK = process.platform === 'win32' ? () => performance.now() : ownCpuMs;

function resultOf(
  rounds: readonly number[][],
  { onBusyMachine }: Pick<RaceResult, 'onBusyMachine'>,
): RaceResult {
  return { times: rounds.map(lowerQuartile), rounds, onBusyMachine };
}

async function inSessions(
  files: readonly string[],
  { provider, deviceId, feeds, budgetMs, asks, context: { runtime, threads, signal } }: RaceOptions,
  now?: () => number,
): Promise<number[][]> {
  const session = { provider, deviceId, threads, configEntries: SPIN_WITHIN_RUNS };
  return await withSessions(files, { runtime, session }, async (sessions) => {
    const blocks: (() => Promise<number>)[] = [];
    for (const one of sessions) blocks.push(await blockOf(one, feeds, now));
    return await inTurns(blocks, { budgetMs, signal, isOver: OVER[asks ?? 'times'] });
  });
}

/** A busy machine can make anything look slow once: a file is faster only if it is in each of so many comparisons. */
const LOOKS = 4;
/** Time that each of them may take. */
const LOOK_MS = 500;
/** A ratio up to this is the machine's noise. */
const NOISE = 1.03;

/** Whether the first file is faster than the second in every one of several comparisons, each of many interleaved runs in sessions opened anew. */
export async function isSurelyFaster(
  file: string,
  other: string,
  options: Omit<RaceOptions, 'budgetMs'>,
): Promise<boolean> {
  let { otherWork } = options;
  for (let look = 0; look < LOOKS; look++) {
    const raced = await race([file, other], {
      ...options,
      budgetMs: LOOK_MS,
      ...(otherWork && { otherWork }),
    });
    const [own, others] = raced.times;
    if (!(others! > NOISE * own!)) return false;
    if (raced.onBusyMachine) otherWork = 'expected';
  }
  return true;
}

async function inWorkers(files: readonly string[], options: RaceOptions): Promise<number[][]> {
  const { budgetMs, asks, context } = options;
  return await withWorkers(
    files,
    options,
    async (runs) => await inTurns(runs, { budgetMs, signal: context.signal, isOver: OVER[asks ?? 'times'] }),
  );
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
async function blockOf(session: Session, feeds: Feeds, now?: () => number): Promise<() => Promise<number>> {
  const { run } = session.prepare(feeds);
  // The first run allocates and packs.
  await run();
  const once = await elapsed(run);
  const runs = Math.max(1, Math.round(BLOCK_MS / Math.max(0.01, once)));
  const block = async () => {
    for (let i = 0; i < runs; i++) await run();
  };
  return async () => (await elapsed(block, now)) / runs;
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

/** A file is far behind from so many times the time of the fastest on, in every round. */
const FAR_BEHIND = 1.1;

/** Whether that holds of the files that are not far behind the fastest. */
function isFastestKnown(times: readonly number[][]): boolean {
  if (times[0]!.length < STEADY_ROUNDS) return false;
  const [fastest] = times.toSorted((a, b) => lowerQuartile(a) - lowerQuartile(b));
  const isFar = (own: readonly number[]) => own.every((time, round) => time > FAR_BEHIND * fastest![round]!);
  return areSteady([fastest!, ...times.filter((own) => !isFar(own))]);
}

const OVER: Readonly<Record<NonNullable<RaceOptions['asks']>, (times: readonly number[][]) => boolean>> = {
  times: areSteady,
  fastest: isFastestKnown,
};
