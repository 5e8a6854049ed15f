/** Which of several files is fastest here: all in one process, run in turns, so that they see the same machine.
 *
 *  Good enough to choose by; the figures of the report come from processes of their own (measure/timing/latency.ts). */
import { type Runtime, SPIN_WITHIN_RUNS } from '../runtime/runtime.js';
import type { Feeds } from '../tensor/tensor.js';

export interface RaceOptions {
  runtime: Runtime;
  provider: string;
  /** Number of the GPU. */
  deviceId?: number;
  threads?: number;
  feeds: Feeds;
  /** Time for all of them together. */
  budgetMs: number;
  signal?: AbortSignal;
}

/** Blocks per file at least and at most; each is long enough for the clock and short enough to take turns often. */
const MIN_BLOCKS = 6;
const MAX_BLOCKS = 60;
const BLOCK_MS = 15;

/** Time of one run in milliseconds, per file, in the files' order: the lower quartile of its blocks, which other work on the machine
 *  disturbs least. */
export async function race(files: readonly string[], options: RaceOptions): Promise<number[]> {
  const { runtime, provider, deviceId, threads, feeds, budgetMs } = options;
  const sessions = [];
  try {
    for (const file of files) {
      const session = {
        provider,
        configEntries: SPIN_WITHIN_RUNS,
        ...(deviceId === undefined ? {} : { deviceId }),
        ...(threads === undefined ? {} : { threads }),
      };
      sessions.push(await runtime.open(file, session));
    }
    const runners = [];
    for (const session of sessions) {
      const prepared = session.prepare(feeds);
      // The first runs allocate and pack.
      await prepared.run();
      const started = performance.now();
      await prepared.run();
      const runs = Math.max(1, Math.round(BLOCK_MS / Math.max(0.01, performance.now() - started)));
      runners.push({ prepared, runs, blocks: [] as number[] });
    }
    const started = performance.now();
    for (let round = 0; round < MAX_BLOCKS; round++) {
      options.signal?.throwIfAborted();
      if (round >= MIN_BLOCKS && performance.now() - started > budgetMs) break;
      // There and back again (ABBA), so that drift hits all alike.
      const order = round % 2 === 0 ? runners : [...runners].reverse();
      for (const { prepared, runs, blocks } of order) {
        const from = performance.now();
        for (let run = 0; run < runs; run++) await prepared.run();
        blocks.push((performance.now() - from) / runs);
      }
    }
    return runners.map(({ blocks }) => lowerQuartile(blocks));
  } finally {
    for (const session of sessions) await session.release();
  }
}

function lowerQuartile(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) / 4)]!;
}
