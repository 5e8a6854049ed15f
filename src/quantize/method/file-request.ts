/** One file that a method is asked for. */

import type { Target } from '../../config/choices.js';
import type { QuantizeConfig } from '../../config/config.js';
import type { Dataset, DatasetPart } from '../../data/samples/dataset.js';
import type { RunContext } from '../../runtime/context.js';
import type { SelectionOptions } from './selection.js';

export interface FileRequest {
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
  /** Check on an `extended` dump that every planned group fused. */
  verify: boolean;
  /** Number of the GPU that method auto compares its candidates on. */
  deviceId?: number;
}
