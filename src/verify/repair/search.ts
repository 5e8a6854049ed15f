/** What a repair is asked, and the files that it makes on its way. */
import { throwIfInterrupted } from '../../errors.js';
import type { RunContext } from '../../runtime/context.js';
import type { Candidate } from './candidate.js';
import { TRY_MARGIN_DB } from './marks.js';

/** Asked while layers are looked for, which are given by the names of their operators: what may be left where the first file may stay. */
export interface Affordable {
  /** Whether so many of all layers surely cost too much. */
  isTooMany(count: number, layers: readonly (readonly string[])[]): boolean;
  /** Whether this one alone does. */
  isTooDear(layer: readonly string[]): boolean;
}

/** Layers that would do surely cost more than they are worth. */
export const TOO_DEAR = 'too dear';

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
  layersFor(gain: number, affordable?: Affordable): Promise<readonly string[] | typeof TOO_DEAR | null>;
  /** Time that the file with these layers left as they are would take (`Candidate.cost`), before it is made; null: not known. */
  costOf?(excluded: readonly string[]): number | null;
  /** Time by which that file surely takes more than the first, whatever else is left; null: not known. */
  leastCostOf?(layer: readonly string[]): number | null;
  /** Bytes of a layer's weights in the original, where layers may be given back for the size's sake. */
  bytesOf?(layer: string): number;
  /** Names of all operators in half precision, where that is the reduced type: what is before a logarithm is left first, and all of them at last, for their
   *  weights stay in half. */
  halves?: readonly string[];
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

/** Fewer files than these are few: longer strides, and nothing for what is only faster. */
export const FEW_FILES = 8;

/** Makes files as long as there may be more. */
export class Search<T extends Candidate> {
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

/** Whether two lists name the same layers, in whatever order. */
export function sameNames(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((name) => b.includes(name));
}
