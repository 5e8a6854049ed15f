/** What a method found out by running files, for the check that follows: what is known need not be run again. */
import { rmSync } from 'node:fs';
import type { TensorProto } from 'onnx-buf';
import type { Dataset } from '../../data/samples/dataset.js';
import { scratchFolder } from '../../system/files/scratch.js';
import type { Feeds } from '../../tensor/tensor.js';
import type { BlockQuantized } from '../integers/block-quantize.js';
import type { QuantizedWeight } from '../integers/weights.js';
import type { FileRequest } from './file-request.js';
import type { QuantizeResult } from './result.js';

/** Means of the error of a product (before its factor alpha), [channels], by what the layer reads. */
export type MeanErrors = ReadonlyMap<string, Float32Array>;

/** A weight in 8 bits that was fitted to calibration data, and the integers and scales that it had before. */
export interface FittedIntegers {
  nearest: Pick<QuantizedWeight, 'data' | 'scale'>;
  weight: QuantizedWeight;
  /** What constants behind its layers take up; null: nothing. */
  means: MeanErrors | null;
  /** Mean square of the layer's output error over that of its output: with the integers before, and with these. */
  errors: Readonly<Record<'nearest' | 'error', number>>;
}

/** A weight in blocks that was fitted to calibration data. */
export interface FittedProduct {
  /** What its layers read: codes, scales, zero-points. */
  constants: readonly TensorProto[];
  /** What constants behind its layers take up; null: nothing. */
  means: MeanErrors | null;
  /** As FittedIntegers has them. */
  errors: FittedIntegers['errors'];
}

/** A weight's blocks in one format, fitted to calibration data. */
interface FittedBlocks {
  blocks: BlockQuantized;
  /** As FittedProduct has them. */
  means: MeanErrors | null;
  /** As FittedIntegers has them. */
  nearest: number;
  error: number;
}

/** The same in the weight's own format, and in a second one. */
export interface FittedWeight {
  own: FittedBlocks;
  /** null: none was asked for. */
  finer: FittedBlocks | null;
}

export class Evidence {
  /** What the original gives for samples, at level `all`: every floating-point output. Bounded by whoever fills it. */
  readonly originals = new Map<Feeds, Feeds>();
  /** No weight was fitted to those. */
  heldOut = false;
  /** Levels at which the file, as it was written last, was opened and run. */
  readonly ranAt = new Set<string>();
  /** Weights fitted for an earlier file of the model, by name: a repair makes several, and fitting takes long. */
  readonly fitted = new Map<string, FittedIntegers>();
  /** The same of weights in bodies, by what they hold and their form. */
  readonly fittedIntegersInBodies = new Map<string, FittedIntegers>();
  /** Large products that were fitted for an earlier file of the model, by weight and form. */
  readonly fittedProducts = new Map<string, FittedProduct>();
  /** The same of large products in bodies, by what they hold and their form. */
  readonly fittedInBodies = new Map<string, FittedWeight>();
  /** Ranges of the prepared model's tensors on a data set, as half precision needs them: a repair makes several files. */
  readonly ranges = new Map<Dataset, ReadonlyMap<string, { min: number; max: number }>>();
  /** Makes the file of the same model again with other layers left as they are (`options.leftNames`), or with the ranges of other samples (`calibration`),
   *  from what was found out for the first; null: the method finds out nothing that takes long. */
  remake: ((request: FileRequest) => Promise<QuantizeResult>) | null = null;
  /** Time that the file would take with these layers left as they are, by the table that plans it; null: the method plans by none. */
  plannedCost: ((options: FileRequest['options']) => number) | null = null;
  /** How much longer the file takes at least with each of its layers left as it is, by the same table, by the layer's name; null: the method plans by none. */
  leastCosts: ReadonlyMap<string, number> | null = null;
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
    this.plannedCost = null;
    this.leastCosts = null;
  }
}
