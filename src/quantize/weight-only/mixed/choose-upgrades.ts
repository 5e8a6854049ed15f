/** How many of the layers get 8 bits: as few as hold the floor, or as many as the size lets; and how few stay float32, where 8 bits don't hold it. */
import type { RunContext } from '../../../runtime/context.js';
import type { Upgrade } from './upgrades.js';

/** A file that was written in the place of the one before. */
export interface MixedFile {
  bytes: number;
  /** In dB; null: there is nothing to judge by. */
  sqnr(): Promise<number | null>;
}

export interface ChooseOptions {
  make(upgrades: readonly Upgrade[], floats: readonly Upgrade[]): Promise<MixedFile>;
  /** Layers that may stay float32, those first that are to be had first. */
  floats: readonly Upgrade[];
  /** In dB. */
  minSqnr: number | null;
  maxBytes: number | null;
  context: Pick<RunContext, 'log'>;
}

/** The file that lies there. */
export interface Chosen {
  upgrades: readonly Upgrade[];
  /** Those of them that have float32 instead. */
  floats: readonly Upgrade[];
  bytes: number;
  sqnr: number | null;
  /** Larger than it may be, with 4 bits everywhere. */
  tooLarge: boolean;
  /** What float32 in so many layers would reach, in dB, where that is below the floor, too. */
  tried?: { floats: number; sqnr: number };
}

/** Those that have 8 bits, not float32 instead. */
export function inEightBits({ upgrades, floats }: Pick<Chosen, 'upgrades' | 'floats'>): readonly Upgrade[] {
  const kept = new Set(floats.map(({ product }) => product));
  return upgrades.filter(({ product }) => product === undefined || !kept.has(product));
}

/** @param upgrades those first that are to be had first. */
export async function chooseUpgrades(upgrades: readonly Upgrade[], options: ChooseOptions): Promise<Chosen> {
  const { minSqnr, maxBytes, make, context } = options;
  const known = new Map<number, Chosen>();
  let last = -1;
  const allowed = await withinSize(upgrades, async (some) => await make(some, []), maxBytes);
  let floats: readonly Upgrade[] = [];
  const judged = async (count: number): Promise<Chosen> => {
    const before = known.get(count);
    if (before && last === count) return before;
    const chosen = allowed.slice(0, count);
    const kept = floats.slice(0, Math.max(0, count - allowed.length));
    const file = await make(chosen, kept);
    last = count;
    const sqnr = before ? before.sqnr : await file.sqnr();
    const said = sqnr === null ? '' : `: ${sqnr.toFixed(1)} dB`;
    const float = kept.length > 0 ? `, ${kept.length} of them in float32` : '';
    if (!before) context.log.info(`8 bits in ${chosen.length} of ${upgrades.length} layers${float}${said}`);
    const tooLarge = maxBytes !== null && file.bytes > maxBytes;
    const found = { upgrades: chosen, floats: kept, bytes: file.bytes, sqnr, tooLarge };
    known.set(count, found);
    return found;
  };
  if (minSqnr === null) return await judged(allowed.length);
  const holds = async (count: number) =>
    ((known.get(count) ?? (await judged(count))).sqnr ?? Number.NEGATIVE_INFINITY) >= minSqnr;
  const count = await fewest({ least: 0, most: allowed.length }, holds);
  if (await holds(count)) return await judged(count);
  // Float32 everywhere is no file of this method.
  const others = options.floats.slice(0, -1);
  last = -1;
  floats = await withinSize(others, async (some) => await make(allowed, some), maxBytes);
  const withFloats = await fewest({ least: count, most: count + floats.length }, holds);
  if (await holds(withFloats)) return await judged(withFloats);
  const best = known.get(count + floats.length)?.sqnr ?? null;
  const made = await judged(count);
  return floats.length === 0 || best === null
    ? made
    : { ...made, tried: { floats: floats.length, sqnr: best } };
}

/** The fewest of `least` … `most` that hold, found by halving; `most` where none does. */
async function fewest(
  { least, most }: { least: number; most: number },
  holds: (count: number) => Promise<boolean>,
): Promise<number> {
  if (await holds(least)) return least;
  if (!(await holds(most))) return most;
  let [fails, found] = [least, most];
  while (found - fails > 1) {
    const middle = Math.floor((fails + found) / 2);
    if (await holds(middle)) found = middle;
    else fails = middle;
  }
  return found;
}

/** Those that the file has room for, one after the other; one that is too large is passed over. @param maxBytes null: there is room for all. */
async function withinSize(
  upgrades: readonly Upgrade[],
  make: (upgrades: readonly Upgrade[]) => Promise<MixedFile>,
  maxBytes: number | null,
): Promise<readonly Upgrade[]> {
  if (maxBytes === null) return upgrades;
  let room = maxBytes - (await make([])).bytes;
  let allowed = upgrades.filter(({ bytes }) => {
    if (bytes > room) return false;
    room -= bytes;
    return true;
  });
  // The bytes of names and shapes are in the file alone.
  while (allowed.length > 0 && (await make(allowed)).bytes > maxBytes) allowed = allowed.slice(0, -1);
  return allowed;
}
