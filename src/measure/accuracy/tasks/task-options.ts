/** What a model's configuration says about how its outputs are scored. */
import type { ValueMeta } from '../../../tensor/value-meta.js';

export interface TaskOptions {
  /** Index of the output that belongs to label 0: 1 for models with a background class. */
  labelOffset: number;
  /** The model's outputs. */
  outputs?: readonly ValueMeta[];
  /** Names of outputs by what they hold (`boxes`, `scores`, …). */
  roles?: Readonly<Record<string, string>>;
  /** How a detector's outputs are read; null: the task's default, or none. */
  decoder?: string | null;
  /** Symbols of a recognizer's classes, as its key file has them; null: there is none. */
  keys?: readonly string[] | null;
}
