/** A file that loses too much is made again with the layers that lose most left as they are: as few of them as reach the goal. */
import { throwIfInterrupted } from '../errors.js';
import type { RunContext } from '../runtime/context.js';
import type { LosingLayer } from './losing-layers.js';

/** A file that was made and compared. */
export interface Candidate {
  /** Of its outputs, in dB; null: it could not be compared. */
  sqnr: number | null;
  /** Layers that lose most; empty where the goal is reached. */
  worst: readonly LosingLayer[];
  /** Layers that can't be compared one by one (in bodies of If, Loop and Scan); empty where the goal is reached. */
  hidden: readonly string[];
  /** Layers left as they are. */
  excluded: readonly string[];
  /** Operators in the reduced type. */
  quantized: number;
}

export interface RepairOptions<T extends Candidate> {
  /** In dB: where the repair ends. */
  goal: number;
  /** In dB: a file at or above it is only exchanged for one that is surely better. */
  floor: number;
  /** How many files may be made to see whether fewer layers do. */
  reductions: number;
  /** Makes the file with these layers left as they are, in the place of the one before. */
  attempt(excluded: readonly string[]): Promise<T>;
  context: Pick<RunContext, 'log' | 'signal'>;
}

/** The rounds of a repair: how many of the worst layers are left as they are, and how far what they read is too. */
const ROUNDS = [
  { layers: 1, depth: 0 },
  { layers: 1, depth: 2 },
  { layers: 4, depth: 0 },
  { layers: 4, depth: 2 },
  { layers: 12, depth: 3 },
  // What amplifies the rounding of all that is before it (the logarithm of a spectrum).
  { layers: 4, depth: Number.POSITIVE_INFINITY },
] as const;

/** How many files may be made to see which of the layers that can't be compared need be left: halves, down to single ones. */
const HIDDEN_REDUCTIONS = 14;

/** What a file above the floor must gain, in dB, to be worth the layers that it leaves. */
const LEAST_GAIN_DB = 1;

/** The file with the fewest layers left as they are that reaches the goal; the best one where none does. It is the one that lies there. */
export async function repaired<T extends Candidate>(first: T, options: RepairOptions<T>): Promise<T> {
  const { goal, floor, context } = options;
  let [best, last] = [first, first];
  for (const round of ROUNDS) {
    throwIfInterrupted(context.signal);
    const excluded = [...new Set([...best.excluded, ...leftAsTheyAre(best.worst, round)])];
    if (excluded.length <= best.excluded.length || sameNames(excluded, last.excluded)) continue;
    context.log.info(`${(last.sqnr ?? 0).toFixed(1)} dB: trying with ${excluded.length} layers as they are`);
    last = await options.attempt(excluded);
    // A file in which nothing is left in the reduced type is no repair of one that is good enough.
    if (last.quantized === 0 && (first.sqnr ?? 0) >= floor) continue;
    if ((last.sqnr ?? 0) > (best.sqnr ?? 0)) best = last;
    if ((last.sqnr ?? 0) >= goal) return await reduced(first, last, options);
  }
  const found = await withHiddenLeft(best, first, options);
  if (found) return found;
  if ((first.sqnr ?? 0) >= floor && (best.sqnr ?? 0) < (first.sqnr ?? 0) + LEAST_GAIN_DB) best = first;
  return best === last && best.hidden.length === 0 ? best : await options.attempt(best.excluded);
}

/** What can't be compared is tried: all of it left as it is, then parts of it given back. null where that doesn't reach the goal. */
async function withHiddenLeft<T extends Candidate>(
  best: T,
  first: T,
  options: RepairOptions<T>,
): Promise<T | null> {
  const { goal, floor, context, attempt } = options;
  const hidden = best.hidden.filter((name) => !best.excluded.includes(name));
  if (hidden.length === 0) return null;
  throwIfInterrupted(context.signal);
  context.log.info(
    `${(best.sqnr ?? 0).toFixed(1)} dB: trying with ${hidden.length} layers of bodies as they are`,
  );
  const found = await attempt([...best.excluded, ...hidden]);
  if ((found.sqnr ?? 0) < goal) return null;
  const least = await reduced(best, found, { ...options, reductions: HIDDEN_REDUCTIONS });
  if (least.quantized > 0 || (first.sqnr ?? 0) < floor) return least;
  return null;
}

/** A file that reaches the goal, with fewer layers left as they are where that does as well: parts of them are given back, halves first. */
async function reduced<T extends Candidate>(first: T, found: T, options: RepairOptions<T>): Promise<T> {
  const { goal, reductions, attempt } = options;
  let [best, last] = [found, found];
  let left = reductions;
  const given = (): string[] => best.excluded.filter((name) => !first.excluded.includes(name));
  for (
    let size = Math.ceil(given().length / 2);
    size >= 1 && given().length > 1;
    size = Math.floor(size / 2)
  ) {
    // From the end: what is named first loses most.
    for (let end = given().length; end > 0 && left > 0 && given().length > 1; end -= size) {
      throwIfInterrupted(options.context.signal);
      const back = new Set(given().slice(Math.max(0, end - size), end));
      if (back.size === given().length) continue;
      left--;
      last = await attempt(best.excluded.filter((name) => !back.has(name)));
      if ((last.sqnr ?? 0) >= goal && last.quantized > 0) best = last;
    }
  }
  return best === last ? best : await attempt(best.excluded);
}

function sameNames(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((name) => b.includes(name));
}

function leftAsTheyAre(worst: readonly LosingLayer[], round: (typeof ROUNDS)[number]): string[] {
  return [
    ...new Set(
      worst
        .slice(0, round.layers)
        .flatMap(({ node, sources }) => [node, ...sources.slice(0, round.depth).flat()]),
    ),
  ];
}
