/** How many of the layers get 8 bits: as few as hold the floor, or as many as the size lets. */
import type { RunContext } from '../../runtime/context.js';
import type { Upgrade } from './upgrades.js';

/** A file that was written in the place of the one before. */
export interface MixedFile {
  bytes: number;
  /** In dB; null: there is nothing to judge by. */
  sqnr(): Promise<number | null>;
}

export interface ChooseOptions {
  make(upgrades: readonly Upgrade[]): Promise<MixedFile>;
  /** In dB. */
  minSqnr: number | null;
  maxBytes: number | null;
  context: Pick<RunContext, 'log'>;
}

/** The file that lies there. */
export interface Chosen {
  upgrades: readonly Upgrade[];
  bytes: number;
  sqnr: number | null;
  /** Larger than it may be, with 4 bits everywhere. */
  tooLarge: boolean;
}

/** @param upgrades those first that are to be had first. */
export async function chooseUpgrades(upgrades: readonly Upgrade[], options: ChooseOptions): Promise<Chosen> {
  const { minSqnr, maxBytes, make, context } = options;
  const first = await make([]);
  const known = new Map<number, Chosen>();
  let last = -1;
  const allowed = await withinSize(upgrades, first, options);
  const judged = async (count: number): Promise<Chosen> => {
    const before = known.get(count);
    if (before && last === count) return before;
    const chosen = allowed.slice(0, count);
    const file = await make(chosen);
    last = count;
    const sqnr = before ? before.sqnr : await file.sqnr();
    const said = sqnr === null ? '' : `: ${sqnr.toFixed(1)} dB`;
    if (!before) context.log.info(`8 bits in ${count} of ${upgrades.length} layers${said}`);
    const tooLarge = maxBytes !== null && file.bytes > maxBytes;
    const found = { upgrades: chosen, bytes: file.bytes, sqnr, tooLarge };
    known.set(count, found);
    return found;
  };
  if (minSqnr === null) return await judged(allowed.length);
  const holds = async (count: number) => ((await judged(count)).sqnr ?? Number.NEGATIVE_INFINITY) >= minSqnr;
  return await judged(await fewest(allowed.length, holds));
}

/** The fewest of 0 … most that hold, found by halving; `most` where none does. */
async function fewest(most: number, holds: (count: number) => Promise<boolean>): Promise<number> {
  if (await holds(0)) return 0;
  if (!(await holds(most))) return most;
  let [fails, found] = [0, most];
  while (found - fails > 1) {
    const middle = Math.floor((fails + found) / 2);
    if (await holds(middle)) found = middle;
    else fails = middle;
  }
  return found;
}

/** Those that the file has room for, one after the other; one that is too large is passed over. */
async function withinSize(
  upgrades: readonly Upgrade[],
  first: MixedFile,
  { make, maxBytes }: ChooseOptions,
): Promise<readonly Upgrade[]> {
  if (maxBytes === null) return upgrades;
  let room = maxBytes - first.bytes;
  let allowed = upgrades.filter(({ bytes }) => {
    if (bytes > room) return false;
    room -= bytes;
    return true;
  });
  // The bytes of names and shapes are in the file alone.
  while (allowed.length > 0 && (await make(allowed)).bytes > maxBytes) allowed = allowed.slice(0, -1);
  return allowed;
}
