/** A file that loses too much is made again with the layers that lose most left as they are: as few of them as reach the goal. */
import { byAmplifiers, byRounds, withHiddenLeft } from './by-losses.js';
import { byOutputs, nearerToAim } from './by-outputs.js';
import { type Candidate, isAbove, isOnlyDoubted, LEAST_GAIN_DB } from './candidate.js';
import { faster, smaller } from './fewer-layers.js';
import { type RepairOptions, Search, sameNames } from './search.js';

export interface Repaired<T> {
  /** The file that lies there. */
  file: T;
  /** How many files were made. */
  made: number;
  /** The goal is not reached, and the search ended because no more files may be made. */
  isCutShort: boolean;
}

/** The file with the fewest layers left as they are that reaches the goal; the best one where none does, or where the files are used up. */
export async function repaired<T extends Candidate>(
  first: T,
  options: RepairOptions<T>,
): Promise<Repaired<T>> {
  const search = new Search(first, options);
  const found = await searched(first, options, search);
  const best = await withAllLeft(found, options, search);
  let file = await search.settled(best);
  if (best !== first && (file.sqnr ?? 0) < (first.sqnr ?? 0)) file = await search.settled(first);
  return { file, made: search.made, isCutShort: search.isCutShort && (file.sqnr ?? 0) < options.goal };
}

async function searched<T extends Candidate>(
  first: T,
  options: RepairOptions<T>,
  search: Search<T>,
): Promise<T> {
  const { floor } = options;
  const spectrum = await byAmplifiers(first, options, search);
  if (spectrum) return spectrum;
  const heard = await byOutputs(first, options, search);
  if (search.reaches(heard)) {
    const near = await nearerToAim(heard, first, options, search);
    const fast = await faster(near, first, options, search);
    return await smaller(fast, first, options, search);
  }
  if ((search.made > 0 || search.foreseen !== null) && isAbove(heard, floor)) return heard;
  if (isOnlyDoubted(first, options)) return heard;
  const best = await byRounds(heard, first, options, search);
  if (search.reaches(best)) return best;
  const found = await withHiddenLeft(best, first, options, search);
  if (found) return found;
  const gains = (best.sqnr ?? 0) >= (first.sqnr ?? 0) + LEAST_GAIN_DB;
  return isAbove(first, floor) && !gains ? first : best;
}

/** Where no half precision reaches the floor: a file that computes in float32 as before, of weights in half. The best one where that doesn't reach it either, or
 *  is as large as the original. */
async function withAllLeft<T extends Candidate>(
  best: T,
  { floor, halves, isLate, context }: RepairOptions<T>,
  search: Search<T>,
): Promise<T> {
  if (!halves || isAbove(best, floor) || sameNames(halves, best.excluded) || isLate?.()) return best;
  context.log.info(`${(best.sqnr ?? 0).toFixed(1)} dB: trying with weights alone in half`);
  const file = await search.attempt(halves);
  return isAbove(file, floor) && file.size < 1 ? file : best;
}
