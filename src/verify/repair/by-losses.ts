/** Layers to leave by what is lost in them, and what they read: where their effect on the outputs can't be seen. */
import { type Candidate, isAbove, isTooDear } from './candidate.js';
import { fewest } from './fewer-layers.js';
import { AMPLIFIERS, type LosingLayer } from './losing-layers.js';
import { FEW_FILES, type RepairOptions, type Search, sameNames } from './search.js';

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
/** The worst layers of the best file and what they read, farther and farther, until the goal is reached.
 *  @returns the last file where it reaches the goal, else the best one. */
export async function byRounds<T extends Candidate>(
  from: T,
  first: T,
  options: RepairOptions<T>,
  search: Search<T>,
): Promise<T> {
  const { floor, files, context } = options;
  let [best, last] = [from, from];
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
  return best;
}

/** What such an operator loses at least, in dB. */
const AMPLIFIED_DB = 10;

/** Leaves all that is before a logarithm: a spectrum that the model computes itself. In half precision where the logarithm loses much, else where the file is
 *  below the floor and nothing loses more than a layer before the logarithm. null where that doesn't reach the goal, or costs too much. */
export async function byAmplifiers<T extends Candidate>(
  first: T,
  options: RepairOptions<T>,
  search: Search<T>,
): Promise<T | null> {
  const { floor, context } = options;
  const isLow = !isAbove(first, floor);
  if (!options.halves && !isLow) return null;
  const worst = await first.worst();
  const lost = worst.filter(({ operator, loss }) => AMPLIFIERS.has(operator) && loss >= AMPLIFIED_DB);
  const before = options.halves
    ? leftAsTheyAre(first, lost, ALL_BEFORE)
    : reducedOf(first, worst[0]?.amplified ?? []);
  const excluded = new Set([...first.excluded, ...before]);
  if (excluded.size === first.excluded.length || !search.mayTry()) return null;
  context.log.info(`${(first.sqnr ?? 0).toFixed(1)} dB: trying with all before a logarithm as it is`);
  const file = await search.attempt([...excluded]);
  // A logarithm at the end of a model has all of it before it.
  const isWorthIt = options.halves && isLow ? file.quantized > 0 : !isTooDear(file, first, options);
  return search.reaches(file) && isWorthIt ? file : null;
}

/** How many files may be made to see which of the layers that can't be compared need be left: halves, down to single ones. */
const HIDDEN_REDUCTIONS = 14;

/** What can't be compared is tried: all of it left as it is, then parts of it given back. null where that doesn't reach the goal. */
export async function withHiddenLeft<T extends Candidate>(
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

/** The worst layers and what they read, as far as leaving them changes the file. */
function leftAsTheyAre(file: Candidate, worst: readonly LosingLayer[], round: Round): string[] {
  const names = worst
    .slice(0, round.layers)
    .flatMap(({ node, sources }) => [node, ...sources.slice(0, round.depth).flat()]);
  return reducedOf(file, names);
}

/** Of some layers those that the file changes. */
function reducedOf({ reduced }: Candidate, names: readonly string[]): string[] {
  return [...new Set(names)].filter((name) => reduced?.has(name) ?? true);
}
