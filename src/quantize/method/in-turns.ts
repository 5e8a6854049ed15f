/** Files that run in turns in one process, so that they see the same machine. */
import { throwIfInterrupted } from '../../errors.js';
import type { Runtime, Session, SessionOptions } from '../../runtime/runtime.js';

/** Rounds at least and at most. Six runs of each of two equally fast models come out with all of one faster than all of the other once
 *  in 462 times (2 · 6!·6!/12!): then it is over. */
const LEAST_ROUNDS = 6;
const MOST_ROUNDS = 60;

export interface TurnOptions {
  budgetMs: number;
  /** Asked between rounds: nothing more can be learnt. */
  isOver?: (times: readonly number[][]) => boolean;
  signal?: AbortSignal | undefined;
}

/** Times of every runner, round by round; there and back again (ABBA), so that drift hits all alike. */
export async function inTurns(
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

/** Opens a session for each file, and closes them all whatever happens. */
export async function withSessions<T>(
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

/** What a clock says goes by, in milliseconds. Default: time. */
export async function elapsed(run: () => Promise<void>, now = () => performance.now()): Promise<number> {
  const started = now();
  await run();
  return now() - started;
}

/** Which other work on the machine disturbs least. */
export function lowerQuartile(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) / 4)]!;
}
