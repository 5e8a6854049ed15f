/** What a method found out by running files, for the check that follows: what is known need not be run again. */
import type { GraphOptimizationLevel } from '../../runtime/runtime.js';
import type { Feeds } from '../../tensor/tensor.js';

export class Evidence {
  /** What the original gives for samples, at level `all`: every floating-point output. Bounded by whoever fills it. */
  readonly originals = new Map<Feeds, Feeds>();
  /** Levels at which the file, as it was written last, was opened and run. */
  readonly ranAt = new Set<GraphOptimizationLevel>();
}
