/** What a method found out by running files, for the check that follows: what is known need not be run again. */
import { rmSync } from 'node:fs';
import type { GraphOptimizationLevel } from '../../runtime/runtime.js';
import { scratchFolder } from '../../system/scratch.js';
import type { Feeds } from '../../tensor/tensor.js';
import type { QuantizeRequest, QuantizeResult } from './request.js';

export class Evidence {
  /** What the original gives for samples, at level `all`: every floating-point output. Bounded by whoever fills it. */
  readonly originals = new Map<Feeds, Feeds>();
  /** Levels at which the file, as it was written last, was opened and run. */
  readonly ranAt = new Set<GraphOptimizationLevel>();
  /** Makes the file of the same model again with other layers left as they are (`options.leftNames`), from what was found out for the first; null:
   *  the method finds out nothing that takes long. */
  remake: ((request: QuantizeRequest) => Promise<QuantizeResult>) | null = null;
  #folder: string | null = null;

  /** For files that are needed until `close`. */
  folder(): string {
    this.#folder ??= scratchFolder('evidence');
    return this.#folder;
  }

  close(): void {
    if (this.#folder !== null) rmSync(this.#folder, { recursive: true, force: true });
    this.#folder = null;
    this.remake = null;
  }
}
