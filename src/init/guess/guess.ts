/** A guess: what a model may be for, on which data, prepared how. */
import type { RawInput } from '../../config/raw.js';
import type { ValueMeta } from '../../tensor/value-meta.js';
import type { Task } from '../../terms/metrics.js';
import type { DataSet } from '../find/data-set.js';
import type { Found } from '../find/find.js';
import type { ModelConfigFile } from './model-config.js';

export interface LookedAt {
  path: string;
  inputs: readonly ValueMeta[];
  outputs: readonly ValueMeta[];
  /** Needs calibration data for int8. */
  convolutional: boolean;
  modelConfig: ModelConfigFile | null;
  /** Why the file can't be read as a model. */
  problem: string | null;
}

/** Keys of a model as they are written, all but path and variants. */
export interface Guess {
  task: Task;
  output?: string;
  outputs?: Record<string, string>;
  decoder?: string;
  keys?: string;
  'label-offset'?: number;
  data: GuessedData;
  set: DataSet;
  /** Why, a clause each. */
  why: string[];
  /** A file says how to prepare the data: other ways are tried only where this one makes no sense. */
  told: boolean;
}

export interface GuessedData {
  /** Keys of a source beside its path. */
  source: Record<string, unknown>;
  input?: RawInput;
  tokenizer?: string;
  'class-names'?: readonly string[];
}

export interface Guesses {
  guesses: Guess[];
  /** What is missing before the model's accuracy can be judged, and where to put it; null: nothing. */
  missing: string | null;
}

/** Sets that the others are judged by: those to evaluate with, then those for nothing in particular; at most three. */
export function evaluationSets(found: Found, kinds: readonly DataSet['kind'][]): DataSet[] {
  const fitting = found.dataSets.filter(({ kind }) => kinds.includes(kind));
  const order = (set: DataSet) =>
    (set.labelled ? 0 : 10) +
    { evaluation: /\bval/i.test(set.path) ? 0 : 1, null: 2, train: 3 }[set.side ?? 'null'];
  return fitting.sort((a, b) => order(a) - order(b)).slice(0, MOST_SETS);
}

const MOST_SETS = 3;
