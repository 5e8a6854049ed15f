/** Layers to leave by what they do to the outputs. */
import {
  type Candidate,
  costsTooMuch,
  isAbove,
  isOnlyDoubted,
  isTooDear,
  LEAST_GAIN_DB,
} from './candidate.js';
import { TRY_MARGIN_DB } from './marks.js';
import { type Affordable, type RepairOptions, type Search, sameNames, TOO_DEAR } from './search.js';

/** How far above the goal the layers to leave are chosen for, and how much more is asked for where they give too little, in dB. */
export const AIM_ABOVE_DB = 1.5;
/** How often what was expected of them is corrected by what the file gave. */
const AIMS = 4;
/** What a layer costs at least that is left as it is, of what they cost on average: small ones may be among the loud. */
const LEAST_COST = 0.25;
/** How often more is asked for, where that gives the layers again that gave too little. */
const MORE = 3;

/** Leaves the layers that do most to the outputs, for the goal, and where that costs too much for as much as can be had. The best file of those that
 *  are worth it. */
export async function byOutputs<T extends Candidate>(
  first: T,
  options: RepairOptions<T>,
  search: Search<T>,
): Promise<T> {
  const { goal, floor, aimAbove = AIM_ABOVE_DB, layersFor, context } = options;
  // The samples at hand first: what others may lose is worth little more.
  const missing = (file: T) =>
    goal + aimAbove - (isOnlyDoubted(file, options) ? sqnrOf(file) : (file.seen ?? 0));
  const affordable = affordableFor(first, options);
  const leftFor = async (gain: number) => {
    const found = await layersFor(gain, affordable);
    if (found === TOO_DEAR) search.foreseen ??= [];
    return withLayers(first.excluded, found);
  };
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
    else last = await triedWith(excluded, last, { context, search });
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
  return isAbove(best, floor) || dearest === null ? worthIt(best, first, floor) : dearest;
}

function withLayers(
  excluded: readonly string[],
  found: Awaited<ReturnType<RepairOptions<Candidate>['layersFor']>>,
): string[] {
  return [...new Set([...excluded, ...(found === TOO_DEAR || found === null ? [] : found)])];
}

/** Anything, where the first file may not stay. */
function affordableFor<T extends Candidate>(first: T, options: RepairOptions<T>): Affordable {
  const { floor, costOf, leastCostOf } = options;
  const { cost } = first;
  const isAny = !isAbove(first, floor) || cost === null;
  return {
    isTooMany(count, layers) {
      const all = isAny ? null : (costOf?.(layers.flat()) ?? null);
      if (isAny || all === null) return false;
      const each = (LEAST_COST * (all - cost)) / layers.length;
      return costsTooMuch(cost + count * each, first, options);
    },
    isTooDear(layer) {
      const more = isAny ? null : (leastCostOf?.(layer) ?? null);
      return !isAny && more !== null && costsTooMuch(cost + more, first, options);
    },
  };
}

/** The best file, unless the first one may stay and is nearly as good. */
function worthIt<T extends Candidate>(best: T, first: T, floor: number): T {
  const gains = sqnrOf(best) >= sqnrOf(first) + LEAST_GAIN_DB;
  return isAbove(first, floor) && !gains ? first : best;
}

const sqnrOf = (file: Candidate) => file.sqnr ?? 0;

/** How far below what was aimed at a file must be, in dB, for one more to be made. */
const FAR_BELOW_DB = 1.5;

/** One more file with more layers left, where what is left costs few bytes, and the goal was reached far below what was aimed at. */
export async function nearerToAim<T extends Candidate>(
  file: T,
  first: T,
  options: RepairOptions<T>,
  search: Search<T>,
): Promise<T> {
  const { goal, aimAbove = AIM_ABOVE_DB, bytesOf, layersFor, context } = options;
  const aim = goal + aimAbove;
  const [before, sqnr] = [first.sqnr ?? 0, file.sqnr ?? 0];
  const short = aim - sqnr;
  if (!bytesOf || short < FAR_BELOW_DB || !search.mayTry()) return file;
  const excluded = withLayers(file.excluded, await layersFor(aim - before + short));
  if (excluded.length === file.excluded.length) return file;
  const more = await triedWith(excluded, file, { context, search });
  const gains = search.reaches(more) && (more.sqnr ?? 0) >= sqnr + LEAST_GAIN_DB;
  return gains && !isTooDear(more, first, options) ? more : file;
}

/** Another file with these layers as they are, after `last`. */
async function triedWith<T extends Candidate>(
  excluded: string[],
  last: T,
  { context, search }: Pick<RepairOptions<T>, 'context'> & { search: Search<T> },
): Promise<T> {
  context.log.info(`${sqnrOf(last).toFixed(1)} dB: trying with ${excluded.length} layers as they are`);
  return await search.attempt(excluded);
}

function told(sqnr: number | null): string {
  return sqnr === null ? 'nothing' : `${sqnr.toFixed(1)} dB`;
}
