/** What the quantizer is asked and what it answers: the terms that all its methods share. */

import type { Method, Target } from '../../config/choices.js';
import type { QuantizeConfig } from '../../config/config.js';
import type { Dataset, DatasetPart } from '../../data/samples/dataset.js';
import type { RunContext } from '../../runtime/context.js';
import type { Note } from '../../terms/measurement.js';
import type { AutoCandidate } from '../../terms/report.js';
import type { Evidence } from './evidence.js';
import type { Preparations } from './preparations.js';
import type { SelectionOptions } from './selection.js';

export interface QuantizeRequest {
  /** Path of the float model. */
  model: string;
  /** Path of the file to write. */
  out: string;
  options: QuantizeConfig & Pick<SelectionOptions, 'includeNames' | 'leftNames' | 'exactNames'>;
  /** The file is a try that a search compares: what takes long and changes little is left out where a method has such steps. */
  isTry?: boolean;
  target: Target;
  /** Samples to calibrate on; int8-static needs them. */
  calibration: Dataset | null;
  /** Parts of `calibration` that the file is made again of (Evidence.remake): what the pass over all samples tells of each is kept. Default: none. */
  parts?: readonly DatasetPart[];
  context: RunContext;
  /** Models that were prepared for other files: whoever makes several of one model has them. Default: the model is prepared for this file. */
  preparations?: Preparations;
  /** Check on an `extended` dump that every planned group fused. */
  verify: boolean;
  /** Takes what the method finds out by running files; default: nobody asks. */
  evidence?: Evidence;
  /** Number of the GPU that method auto compares its candidates on. */
  deviceId?: number;
}

/** What one operator became. */
export interface Decision {
  /** Node name, or its first output where it has none. */
  node: string;
  opType: string;
  /** What the runtime will run: 'QLinearConv', 'MatMulNBits', 'float16', 'float', … */
  became: string;
  /** Why it stayed float; null when it didn't. */
  reason: string | null;
}

/** What the reader of the result should know; the report says of which model and variant. */
export type QuantizeNote = Pick<Note, 'level' | 'code' | 'message'>;

export interface QuantizeResult {
  file: string;
  method: Method;
  target: Target;
  groups: { quantized: number; float: number };
  decisions: Decision[];
  notes: QuantizeNote[];
  /** Everything needed to make the same file again. */
  provenance: Record<string, unknown>;
  /** What method auto tried; absent for others. */
  candidates?: AutoCandidate[];
}
