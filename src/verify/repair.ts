/** A file that loses too much is made again with the layers that lose most left as they are: as few of them as reach the goal. */
import { throwIfInterrupted } from '../errors.js';
import type { RunContext } from '../runtime/context.js';
import {
  type Candidate,
  costsTooMuch,
  isAbove,
  isOnlyDoubted,
  isTooDear,
  LEAST_GAIN_DB,
} from './candidate.js';
import type { LosingLayer } from './losing-layers.js';
import { TRY_MARGIN_DB } from './marks.js';

export interface Repaired<T> {
  /** The file that lies there. */
  file: T;
  /** How many files were made. */
  made: number;
  /** The goal is not reached, and the search ended because no more files may be made. */
  isCutShort: boolean;
}

/** Asked while layers are looked for: whether so many of all layers, which are given by the names of their operators, are more than may be left. */
export type IsTooMany = (count: number, layers: readonly (readonly string[])[]) => boolean;

export interface RepairOptions<T extends Candidate> {
  /** In dB: where the repair ends. */
  goal: number;
  /** In dB: a file at or above it is only exchanged for one that is surely better. */
  floor: number;
  /** How far above it the layers to leave are chosen for, in dB (marks.ts). Default: 1.5. */
  aimAbove?: number;
  /** How many files may be made to see whether fewer layers do. */
  reductions: number;
  /** How many files may be made in all: each costs what the method and the check cost. */
  files: number;
  /** The fewest layers without which the outputs of the first file should gain so much, in dB; null: what layers do to the outputs can't be seen. */
  layersFor(gain: number, isTooMany?: IsTooMany): Promise<readonly string[] | null>;
  /** Time that the file with these layers left as they are would take (`Candidate.cost`), before it is made; null: not known. */
  costOf?(excluded: readonly string[]): number | null;
  /** Makes the file with these layers left as they are, in the place of the one before. */
  attempt(excluded: readonly string[], effort: Effort): Promise<T>;
  /** Puts the first file back in its place. Default: it is made again. */
  restore?: () => Promise<void>;
  /** Asked before another file is made. Default: there is time. */
  isLate?: () => boolean;
  context: Pick<RunContext, 'log' | 'signal'>;
}

/** A try only shows how far a file is from the original; the one that is kept is made in full. */
export type Effort = 'try' | 'full';

/** A round of a repair: how many of the worst layers are left as they are, and how far what they read is too. */
interface Round {
  layers: number;
  depth: number;
}

/** What amplifies the rounding of all that is before it (the logarithm of a spectrum). */
const ALL_BEFORE: Round = { layers: 4, depth: Number.POSITIVE_INFINITY };
const ROUNDS: readonly Round[] = [
  { layers: 1, depth: 0 },
  { layers: 1, depth: 2 },
  { layers: 4, depth: 0 },
  { layers: 4, depth: 2 },
  { layers: 12, depth: 3 },
  ALL_BEFORE,
];
/** Where few files may be made. */
const LONG_STRIDES: readonly Round[] = [
  { layers: 1, depth: 0 },
  { layers: 4, depth: 2 },
  { layers: 12, depth: 3 },
  ALL_BEFORE,
];
const FEW_FILES = 8;

/** How many files may be made to see which of the layers that can't be compared need be left: halves, down to single ones. */
const HIDDEN_REDUCTIONS = 14;

/** The file with the fewest layers left as they are that reaches the goal; the best one where none does, or where the files are used up. */
export async function repaired<T extends Candidate>(
  first: T,
  options: RepairOptions<T>,
): Promise<Repaired<T>> {
  const search = new Search(first, options);
  const best = await searched(first, options, search);
  let file = await search.settled(best);
  if (best !== first && (file.sqnr ?? 0) < (first.sqnr ?? 0)) file = await search.settled(first);
  return { file, made: search.made, isCutShort: search.isCutShort && (file.sqnr ?? 0) < options.goal };
}

/** Makes files as long as there may be more. */
class Search<T extends Candidate> {
  readonly #options: RepairOptions<T>;
  readonly #first: T;
  /** The file that lies there. */
  last: T;
  made = 0;
  isCutShort = false;
  /** Layers of a file that need not be made: its time alone is too much. */
  foreseen: readonly string[] | null = null;

  constructor(first: T, options: RepairOptions<T>) {
    this.last = first;
    this.#first = first;
    this.#options = options;
  }

  /** Whether one more may be tried: the last file is kept for the best one, which may have to be made again. */
  mayTry(): boolean {
    const { files, isLate } = this.#options;
    const may = this.made < files - 1 && !isLate?.();
    if (!may) this.isCutShort = true;
    return may;
  }

  async attempt(excluded: readonly string[], effort: Effort = 'try'): Promise<T> {
    throwIfInterrupted(this.#options.context.signal);
    this.made++;
    this.last = await this.#options.attempt(excluded, effort);
    return this.last;
  }

  /** @param goal default: the repair's. */
  reaches({ sqnr, isTry }: Candidate, goal = this.#options.goal): boolean {
    return (sqnr ?? 0) >= goal + (isTry ? TRY_MARGIN_DB : 0);
  }

  /** This file in its place, made in full. */
  async settled(best: T): Promise<T> {
    if (best === this.last && !best.isTry) return best;
    const { restore } = this.#options;
    if (best !== this.#first || best.isTry || !restore) return await this.attempt(best.excluded, 'full');
    await restore();
    this.last = best;
    return best;
  }
}

async function searched<T extends Candidate>(
  first: T,
  options: RepairOptions<T>,
  search: Search<T>,
): Promise<T> {
  const { floor, files, context } = options;
  let best = await byOutputs(first, options, search);
  if (search.reaches(best)) return await faster(best, first, options, search);
  if ((search.made > 0 || search.foreseen !== null) && isAbove(best, floor)) return best;
  if (isOnlyDoubted(first, options)) return best;
  let last = best;
  for (const round of files < FEW_FILES ? LONG_STRIDES : ROUNDS) {
    const excluded = [...new Set([...best.excluded, ...leftAsTheyAre(best, await best.worst(), round)])];
    if (excluded.length <= best.excluded.length || sameNames(excluded, last.excluded)) continue;
    if (!search.mayTry()) break;
    context.log.info(`${(last.sqnr ?? 0).toFixed(1)} dB: trying with ${excluded.length} layers as they are`);
    last = await search.attempt(excluded);
    if (isAbove(best, floor) && isTooDear(last, first, options)) continue;
    if ((last.sqnr ?? 0) > (best.sqnr ?? 0)) best = last;
    if (search.reaches(last)) return await fewest(first, last, options, search);
  }
  const found = await withHiddenLeft(best, first, options, search);
  if (found) return found;
  const gains = (best.sqnr ?? 0) >= (first.sqnr ?? 0) + LEAST_GAIN_DB;
  return isAbove(first, floor) && !gains ? first : best;
}

/** How far above the goal the layers to leave are chosen for, and how much more is asked for where they give too little, in dB. */
const AIM_ABOVE_DB = 1.5;
/** How often what was expected of them is corrected by what the file gave. */
const AIMS = 4;
/** What a layer costs at least that is left as it is, of what they cost on average: small ones may be among the loud. */
const LEAST_COST = 0.25;
/** How often more is asked for, where that gives the layers again that gave too little. */
const MORE = 3;

/** Leaves the layers that do most to the outputs, for the goal, and where that costs too much for as much as can be had. The best file of those that
 *  are worth it. */
async function byOutputs<T extends Candidate>(
  first: T,
  options: RepairOptions<T>,
  search: Search<T>,
): Promise<T> {
  const { goal, floor, aimAbove = AIM_ABOVE_DB, layersFor, context } = options;
  const sqnrOf = (file: T | null) => file?.sqnr ?? 0;
  // The samples at hand first: what others may lose is worth little more.
  const missing = (file: T) =>
    goal + aimAbove - (isOnlyDoubted(file, options) ? sqnrOf(file) : (file.seen ?? 0));
  const isTooMany: IsTooMany = (count, layers) => {
    const all = isAbove(first, floor) ? (options.costOf?.(layers.flat()) ?? null) : null;
    if (all === null || first.cost === null) return false;
    const each = (LEAST_COST * (all - first.cost)) / layers.length;
    const isSure = costsTooMuch(first.cost + count * each, first, options);
    if (isSure) search.foreseen ??= [];
    return isSure;
  };
  const leftFor = async (gain: number) => [
    ...new Set([...first.excluded, ...((await layersFor(gain, isTooMany)) ?? [])]),
  ];
  const least = floor + TRY_MARGIN_DB - (first.seen ?? 0);
  const isLooked = (excluded: readonly string[]) =>
    sameNames(excluded, last.excluded) || (search.foreseen !== null && sameNames(excluded, search.foreseen));
  let [best, last, base, dearest] = [first, first, first, null as T | null];
  context.log.debug(
    `repair: ${told(first.seen)} seen, ${told(first.sqnr)} believed, ${told(goal)} is the goal`,
  );
  let [gain, cheap, dear] = [missing(first), 0, Number.POSITIVE_INFINITY];
  for (let step = 0; step < AIMS && gain < dear; step++) {
    let excluded = await leftFor(gain);
    const mayAskForMore = step > 0 && dear === Number.POSITIVE_INFINITY;
    for (let more = 0; mayAskForMore && more < MORE && isLooked(excluded); more++) {
      gain += AIM_ABOVE_DB * 2 ** more;
      excluded = await leftFor(gain);
    }
    if (excluded.length <= first.excluded.length || isLooked(excluded)) break;
    // Where the first file may stay, one that is too dear is of no use.
    const isForeseen =
      isAbove(first, floor) && costsTooMuch(options.costOf?.(excluded) ?? null, base, options);
    if (isForeseen) search.foreseen = excluded;
    else if (!search.mayTry()) break;
    else {
      context.log.info(`${sqnrOf(last).toFixed(1)} dB: trying with ${excluded.length} layers as they are`);
      last = await search.attempt(excluded);
    }
    if (isForeseen || isTooDear(last, base, options)) {
      if (!isForeseen && isAbove(last, floor)) dearest = last;
      dear = gain;
      gain = Math.max((cheap + dear) / 2, least);
      continue;
    }
    if (sqnrOf(last) > sqnrOf(best)) best = last;
    if (search.reaches(last)) {
      if (!last.isTry || !search.mayTry()) return last;
      // What is left out of a try may cost more than a try must be above the goal: more is left then.
      last = await search.settled(last);
      best = last;
      if (search.reaches(last)) return last;
    }
    if (isOnlyDoubted(last, options) && !isOnlyDoubted(base, options)) base = last;
    cheap = gain;
    gain += Math.max(missing(last), 1);
    if (gain >= dear) gain = (cheap + dear) / 2;
  }
  if (!isAbove(best, floor) && dearest !== null) return dearest;
  const gains = sqnrOf(best) >= sqnrOf(first) + LEAST_GAIN_DB;
  return isAbove(first, floor) && !gains ? first : best;
}

function told(sqnr: number | null): string {
  return sqnr === null ? 'nothing' : `${sqnr.toFixed(1)} dB`;
}

/** What can't be compared is tried: all of it left as it is, then parts of it given back. null where that doesn't reach the goal. */
async function withHiddenLeft<T extends Candidate>(
  best: T,
  first: T,
  options: RepairOptions<T>,
  search: Search<T>,
): Promise<T | null> {
  const { floor, context } = options;
  const hidden = best.hidden.filter((name) => !best.excluded.includes(name));
  if (hidden.length === 0 || !search.mayTry()) return null;
  context.log.info(
    `${(best.sqnr ?? 0).toFixed(1)} dB: trying with ${hidden.length} layers of bodies as they are`,
  );
  const found = await search.attempt([...best.excluded, ...hidden]);
  if (!search.reaches(found)) return null;
  const least = await fewest(best, found, { ...options, reductions: HIDDEN_REDUCTIONS }, search);
  return !isAbove(best, floor) || !isTooDear(least, first, options) ? least : null;
}

/** A file that reaches the goal, with fewer layers left as they are where that does as well: parts of them are given back, halves first. */
async function fewest<T extends Candidate>(
  first: T,
  found: T,
  { reductions, goal }: RepairOptions<T>,
  search: Search<T>,
): Promise<T> {
  let best = found;
  let left = reductions;
  const given = (): string[] => best.excluded.filter((name) => !first.excluded.includes(name));
  for (
    let size = Math.ceil(given().length / 2);
    size >= 1 && given().length > 1;
    size = Math.floor(size / 2)
  ) {
    // From the end: what is named first loses most.
    for (let end = given().length; end > 0 && left > 0 && given().length > 1; end -= size) {
      const back = new Set(given().slice(Math.max(0, end - size), end));
      if (back.size === given().length) continue;
      if (!search.mayTry()) left = 0;
      if (left-- <= 0) break;
      const fewer = await search.attempt(best.excluded.filter((name) => !back.has(name)));
      if (search.reaches(fewer, goal) && fewer.quantized > 0) best = fewer;
    }
  }
  return best;
}

/** How many files may be made to see whether fewer layers do where those that are left cost time. */
const FASTER_REDUCTIONS = 6;
/** What share of the time that the first file saves may be lost without that: the search has its price, too. */
const LITTLE_TIME = 0.05;
/** What share of the dB that the repair won fewer layers must keep. */
const LEAST_KEPT = 0.6;

/** A repair that took time from the file, with layers given back that bring little: layers were ranked one beside the other, and the first set that
 *  reaches the goal may go far beyond it. */
async function faster<T extends Candidate>(
  best: T,
  first: T,
  options: RepairOptions<T>,
  search: Search<T>,
): Promise<T> {
  const saved = best.saved ?? 0;
  const isSlower = first.saved !== null && saved < first.saved * (1 - LITTLE_TIME);
  if (!isSlower || options.files < FEW_FILES) return best;
  const [before, after] = [first.sqnr ?? 0, best.sqnr ?? 0];
  const goal = Math.max(options.goal, before + LEAST_KEPT * (after - before));
  const found = await fewest(first, best, { ...options, goal, reductions: FASTER_REDUCTIONS }, search);
  return (found.saved ?? 0) > saved ? found : best;
}

function sameNames(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((name) => b.includes(name));
}

/** The worst layers and what they read, as far as leaving them changes the file. */
function leftAsTheyAre({ reduced }: Candidate, worst: readonly LosingLayer[], round: Round): string[] {
  const names = new Set(
    worst
      .slice(0, round.layers)
      .flatMap(({ node, sources }) => [node, ...sources.slice(0, round.depth).flat()]),
  );
  return [...names].filter((name) => reduced?.has(name) ?? true);
}
