/** Layers that are given back: where fewer of them do as well. */
import { AIM_ABOVE_DB } from './by-outputs.js';
import type { Candidate } from './candidate.js';
import { FEW_FILES, type RepairOptions, type Search } from './search.js';

/** A file that reaches the goal, with fewer layers left as they are where that does as well: parts of them are given back, halves first. */
export async function fewest<T extends Candidate>(
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
export async function faster<T extends Candidate>(
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

/** How far above what was aimed at a file must be, in dB, and what its repair must have cost, of the original's size, to look whether fewer bytes do. */
const FAR_ABOVE_DB = 1;
const LITTLE_SIZE = 0.02;
/** How far below the aim a file of fewer bytes may be, in dB. */
const BELOW_AIM_DB = 1;
/** How many files may be made for that, and what share of the bytes that are left a part must have to be worth one. */
const SMALLER_REDUCTIONS = 8;
const LITTLE_SHARE = 0.03;

/** A repair that cost bytes and went beyond its aim, with layers given back that are not needed for it, those with the most bytes first: where layers can't be told
 *  apart one by one, whole groups of them are left. */
export async function smaller<T extends Candidate>(
  found: T,
  first: T,
  options: RepairOptions<T>,
  search: Search<T>,
): Promise<T> {
  const { goal, aimAbove = AIM_ABOVE_DB, bytesOf } = options;
  const aim = goal + aimAbove;
  const isFar = (found.sqnr ?? 0) >= aim + FAR_ABOVE_DB && found.size >= first.size + LITTLE_SIZE;
  if (!bytesOf || !isFar) return found;
  let best = found;
  const sum = (names: readonly string[]) => names.reduce((bytes, name) => bytes + bytesOf(name), 0);
  const left = found.excluded.filter((name) => !first.excluded.includes(name));
  const least = LITTLE_SHARE * sum(left);
  const each = (names: readonly string[]) => sum(names) / names.length;
  // Without all that is left it would be the first file.
  const worthIt = (parts: readonly string[][]): string[][] =>
    parts
      .flatMap((part) => (part.length >= givenBy(best, first) ? halvesByBytes(part, bytesOf) : [part]))
      .filter((part) => sum(part) >= least)
      .toSorted((a, b) => each(b) - each(a));
  let parts = worthIt([left]);
  // As many again as the search may make: where these are few, layers are told apart least.
  const most = Math.min(SMALLER_REDUCTIONS, options.files);
  for (let files = 0; files < most && parts.length > 0 && !options.isLate?.(); files++) {
    const part = parts.shift()!;
    const fewer = await search.attempt(best.excluded.filter((name) => !part.includes(name)));
    const isEnough = search.reaches(fewer, aim - BELOW_AIM_DB) && fewer.size < best.size;
    if (isEnough) best = fewer;
    parts = worthIt(isEnough ? parts : [...parts, ...halvesByBytes(part, bytesOf)]);
  }
  return best;
}

function givenBy(file: Candidate, first: Candidate): number {
  return file.excluded.length - first.excluded.length;
}

/** The largest layers with about half of the bytes, and the others; nothing of a single layer. */
function halvesByBytes(names: readonly string[], bytesOf: (name: string) => number): string[][] {
  if (names.length < 2) return [];
  const order = names.toSorted((a, b) => bytesOf(b) - bytesOf(a));
  const half = order.reduce((bytes, name) => bytes + bytesOf(name), 0) / 2;
  let [count, bytes] = [0, 0];
  while (count < order.length - 1 && bytes < half) bytes += bytesOf(order[count++]!);
  return [order.slice(0, count), order.slice(count)];
}
