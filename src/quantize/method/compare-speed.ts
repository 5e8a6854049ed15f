/** A quick look whether the quantized file is really faster here: no file is handed out that is slower than its original.
 *
 *  Not a benchmark (measure/ is): a few alternating runs, judged by their fastest quarter, which other work on the machine
 *  disturbs least. */
import type { Runtime, Session } from '../../runtime/runtime.js';
import type { Feeds } from '../../tensor/tensor.js';

export interface SpeedOptions {
  runtime: Runtime;
  feeds: Feeds;
  threads?: number;
}

/** Alternations at least and at most, and the time after which none is begun. Of two equally fast models one has all its six runs
 *  faster than all of the other's once in 924 times (6!·6!/12!): then it is over. */
const LEAST_ROUNDS = 6;
const MOST_ROUNDS = 60;
const BUDGET_MS = 500;
const WARM_UP_RUNS = 2;

/** Time of the quantized file ÷ time of the original, at `all`, on one sample. */
export async function speedRatio(
  original: string,
  quantized: string,
  options: SpeedOptions,
): Promise<number> {
  const { runtime, feeds, threads } = options;
  const sessions: Session[] = [];
  try {
    for (const file of [original, quantized]) {
      sessions.push(await runtime.open(file, { ...(threads === undefined ? {} : { threads }) }));
    }
    const runs = sessions.map((session) => session.prepare(feeds));
    const times = runs.map((): number[] => []);
    for (const { run } of runs) for (let i = 0; i < WARM_UP_RUNS; i++) await run();
    const start = performance.now();
    for (let round = 0; round < MOST_ROUNDS; round++) {
      if (round >= LEAST_ROUNDS && (performance.now() - start > BUDGET_MS || apart(times))) break;
      // Who runs first takes turns.
      for (const index of round % 2 === 0 ? [0, 1] : [1, 0]) {
        const begin = performance.now();
        await runs[index]!.run();
        times[index]!.push(performance.now() - begin);
      }
    }
    const [before, after] = times.map(lowerQuartile) as [number, number];
    return after / before;
  } finally {
    for (const session of sessions) await session.release();
  }
}

/** Whether every run of one was faster than every run of the other. */
function apart(times: readonly number[][]): boolean {
  const [before, after] = times as [number[], number[]];
  return Math.max(...after) < Math.min(...before) || Math.max(...before) < Math.min(...after);
}

function lowerQuartile(values: number[]): number {
  return values.sort((a, b) => a - b)[Math.floor(values.length / 4)]!;
}
