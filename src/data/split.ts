/** One set of samples in two: some calibrate, the others evaluate. */
import { createHash } from 'node:crypto';
import type { SplitConfig } from '../config/data-config.js';
import { UserError } from '../errors.js';
import { shownPath } from '../system/files/shown-path.js';
import { readAhead } from './samples/read-ahead.js';
import type { Source } from './samples/source.js';

/** Files being hashed at once. */
const HASHED_AHEAD = 4;

/** Equal samples: they go to one side together. */
interface Twins {
  /** In [0, 1), from the samples' bytes: what decides. */
  draw: number;
  class: number | null;
  indices: number[];
}

/**
 * Whether each sample is on the side of `split.part`. Of each class those with the lowest draws calibrate, as many as its share of all samples asks
 * for; the draws come from the samples' own bytes, so that a sample stays where it is when others are added, but for few at the border. Throws UserError
 * where nothing would be left to evaluate.
 */
export async function sideOf(source: Source, split: SplitConfig, path: string): Promise<Uint8Array> {
  if (split.calibration >= source.length) {
    throw new UserError(
      'data.split',
      `${shownPath(path)} holds ${source.length} samples: \`split: { calibration: ${split.calibration} }\` would leave none to evaluate.`,
    );
  }
  const calibrates = new Uint8Array(source.length);
  const classes = await twinsByClass(source);
  const quotas = quotasOf(classes, split.calibration, source.length);
  for (const [index, twins] of classes) {
    let left = quotas.get(index)!;
    for (const { indices } of twins.sort((a, b) => a.draw - b.draw)) {
      if (left <= 0) break;
      for (const one of indices) calibrates[one] = 1;
      left -= indices.length;
    }
  }
  return split.part === 'calibration' ? calibrates : calibrates.map((one) => 1 - one);
}

async function twinsByClass(source: Source): Promise<Map<number | null, Twins[]>> {
  const twins = new Map<string, Twins>();
  const indices = Uint32Array.from({ length: source.length }, (_, index) => index);
  const hashed = readAhead(
    indices,
    HASHED_AHEAD,
    async (index) => [index, await source.hash(index)] as const,
  );
  for await (const [index, hash] of hashed) {
    const known = twins.get(hash);
    if (known) known.indices.push(index);
    else twins.set(hash, { draw: drawOf(hash), class: source.classOf?.(index) ?? null, indices: [index] });
  }
  const classes = new Map<number | null, Twins[]>();
  for (const one of twins.values()) {
    const own = classes.get(one.class);
    if (own) own.push(one);
    else classes.set(one.class, [one]);
  }
  return classes;
}

/** Not the sample's own hash: its first digits may be what a data set is sorted by. */
function drawOf(hash: string): number {
  return createHash('sha256').update(`split ${hash}`).digest().readUIntBE(0, 6) / 2 ** 48;
}

/** Samples of each class that calibrate: its share, the rest to the largest remainders (equal ones to the lower class). */
function quotasOf(
  classes: ReadonlyMap<number | null, readonly Twins[]>,
  wanted: number,
  total: number,
): Map<number | null, number> {
  const shares = [...classes].map(([index, twins]) => {
    const exact = (wanted * twins.reduce((sum, { indices }) => sum + indices.length, 0)) / total;
    return { index, quota: Math.floor(exact), rest: exact - Math.floor(exact) };
  });
  let left = wanted - shares.reduce((sum, { quota }) => sum + quota, 0);
  for (const share of shares.sort((a, b) => b.rest - a.rest || (a.index ?? -1) - (b.index ?? -1))) {
    if (left-- <= 0) break;
    share.quota++;
  }
  return new Map(shares.map(({ index, quota }) => [index, quota]));
}
