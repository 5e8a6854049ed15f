/** A guess as the keys of a config. */
import type { Config } from '../config/config.js';
import type { RawModel, RawSource } from '../config/raw.js';
import { parseConfig } from '../config/read/load.js';
import type { DataSet } from './find/data-set.js';
import { type Found, nearest } from './find/find.js';
import type { Guess } from './guess/guess.js';

/** Samples that calibrate, at most. */
const CALIBRATION = 200;
/** Of one set that is split, one in so many calibrates. */
const SHARE = 4;
/** Sets of so few samples aren't split. */
const FEWEST = 8;

/** Sets that are read as a whole. */
const WHOLE: readonly DataSet['kind'][] = ['documents', 'retrieval', 'questions'];

/** The model with data to evaluate only, as it is tried. */
export function asTried(path: string, guess: Guess): RawModel {
  return { ...head(path, guess), data: { evaluation: source(guess), ...rest(guess) } } as RawModel;
}

/**
 * The model with both sides of its data: a set for training calibrates, else the one set is split.
 * @param samples of the guess's set
 */
export function asWritten(
  path: string,
  guess: Guess,
  { found, samples }: { found: Found; samples: number },
): RawModel {
  const calibration = calibrationSet(found, guess);
  const own = source(guess);
  const keys = head(path, guess);
  if (guess.task === 'none') {
    const set = { ...asSource(own), ...(calibration === null ? {} : sourceOf(calibration)) };
    return { ...keys, data: { calibration: { ...set, limit: CALIBRATION }, ...rest(guess) } };
  }
  if (calibration !== null) {
    const other = { ...asSource(own), ...sourceOf(calibration), limit: CALIBRATION };
    return { ...keys, data: { evaluation: own, calibration: other, ...rest(guess) } };
  }
  if (samples < FEWEST || WHOLE.includes(guess.set.kind))
    return { ...keys, data: { evaluation: own, ...rest(guess) } };
  const split = { calibration: Math.min(CALIBRATION, Math.floor(samples / SHARE)) };
  const data = typeof own === 'string' ? { path: own, split } : { evaluation: own, split };
  return { ...keys, data: { ...data, ...rest(guess) } };
}

/** A config of these models alone, as it would be read from the folder `root`. Throws UserError. */
export async function configOf(root: string, models: readonly RawModel[]): Promise<Config> {
  return await parseConfig(JSON.stringify({ version: 1, models }), { file: null, directory: root });
}

function head(
  path: string,
  { task, output, outputs, decoder, keys, 'label-offset': offset }: Guess,
): Omit<RawModel, 'data'> {
  return {
    path,
    ...(task === 'none' ? {} : { task }),
    ...(output === undefined ? {} : { output }),
    ...(outputs === undefined ? {} : { outputs }),
    ...(decoder === undefined ? {} : { decoder }),
    ...(keys === undefined ? {} : { keys }),
    ...(offset === undefined ? {} : { 'label-offset': offset }),
  };
}

function rest({ data: { source: _, ...more } }: Guess): Record<string, unknown> {
  return more;
}

function source({ set, data }: Guess): string | RawSource {
  const keys = Object.keys(data.source);
  return keys.length === 0 ? set.path : ({ path: set.path, ...data.source } as RawSource);
}

function asSource(own: string | RawSource): RawSource {
  return typeof own === 'string' ? { path: own } : own;
}

function sourceOf(set: DataSet): RawSource {
  return { path: set.path, ...set.with } as RawSource;
}

/** The nearest set of the same kind for training; null: there is none. */
function calibrationSet({ dataSets }: Found, { set }: Guess): DataSet | null {
  const kinds = set.kind === 'classes' ? ['classes', 'images'] : [set.kind];
  const fitting = dataSets.filter(
    (other) => other.path !== set.path && other.side === 'train' && kinds.includes(other.kind),
  );
  const path = nearest(
    fitting.map((other) => other.path),
    set.path,
  );
  return fitting.find((other) => other.path === path) ?? null;
}
