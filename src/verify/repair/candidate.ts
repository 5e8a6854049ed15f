/** A file that a repair made, and what it may cost beside the first one. */
import type { LosingLayer } from './losing-layers.js';

/** A file that was made and compared. */
export interface Candidate {
  /** What may be believed of its outputs on other samples, in dB (marks.ts); null: it could not be compared. */
  sqnr: number | null;
  /** What they are on the samples that are compared. */
  seen: number | null;
  /** Layers that lose most; asked for while the file is in its place, or again later. */
  worst(): Promise<readonly LosingLayer[]>;
  /** Layers that can't be compared one by one (in bodies of If, Loop and Scan); empty where the goal is reached. */
  hidden: readonly string[];
  /** Layers left as they are. */
  excluded: readonly string[];
  /** Operators in the reduced type. */
  quantized: number;
  /** Bytes that their weights have in the original. */
  reducedBytes: number;
  /** Time that the file takes, by a table; null: not known. */
  cost: number | null;
  /** How much less that is than what the original takes, by the same table; null: not known. */
  saved: number | null;
  /** Of the file to the original, in bytes. */
  size: number;
  /** Made without what takes long and changes little. */
  isTry: boolean;
  /** Names of all that a repair can change; null: any layer may matter. */
  reduced: ReadonlySet<string> | null;
}

/** What a file above the floor must gain, in dB, to be worth the layers that it leaves. */
export const LEAST_GAIN_DB = 1;
/** And what its time may grow by. */
const MOST_COST = 1.1;
/** And how much of what the first file saved in bytes it must save, too. */
const LEAST_SAVED = 0.5;
/** And how much of the weights that the first file has in the reduced type must be in it: what is left in float32 may be stored in half, so that it costs
 *  few bytes, but computes as slowly as before. */
const LEAST_REDUCED = 0.2;

/** What a file that reaches the goal on the samples at hand may pay for the doubt whether it does on others: of the original's size, of its own time, and
 *  of its weights in the reduced type. */
const DOUBT_GROWTH = 0.02;
const DOUBT_COST = 1.02;
const DOUBT_LEFT = 0.1;

/** Whether a file is no repair of one that is good enough: nothing is left in the reduced type, it takes more time, or what the method saves is lost. */
export function isTooDear(file: Candidate, first: Candidate, options: { goal: number }): boolean {
  const saves = isOnlyDoubted(first, options)
    ? file.size <= first.size + DOUBT_GROWTH
    : 1 - file.size >= LEAST_SAVED * (1 - first.size);
  const leavesTooMuch = file.cost === null && leavesMost(file, first, options);
  return file.quantized === 0 || costsTooMuch(file.cost, first, options) || leavesTooMuch || !saves;
}

/** Whether a file whose time is not known has too little in the reduced type. */
function leavesMost(file: Candidate, first: Candidate, options: { goal: number }): boolean {
  const least = isOnlyDoubted(first, options) ? 1 - DOUBT_LEFT : LEAST_REDUCED;
  return file.reducedBytes < least * first.reducedBytes;
}

/** Whether a file of this cost takes too much more time than the first; one whose time is not known does not. */
export function costsTooMuch(cost: number | null, first: Candidate, options: { goal: number }): boolean {
  const most = isOnlyDoubted(first, options) ? DOUBT_COST : MOST_COST;
  return cost !== null && first.cost !== null && cost > first.cost * most;
}

/** Whether a file is good enough to stay, on the samples at hand. */
export function isAbove({ seen }: Candidate, floor: number): boolean {
  return (seen ?? 0) >= floor;
}

/** Whether the samples at hand say nothing against a file, and only others like them may. */
export function isOnlyDoubted({ seen }: Candidate, { goal }: { goal: number }): boolean {
  return (seen ?? 0) >= goal;
}
