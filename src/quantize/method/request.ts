/** What the quantizer is asked: the terms that all its methods share. */

import type { Evidence } from './evidence.js';
import type { FileRequest } from './file-request.js';
import type { Preparations } from './preparations.js';

export interface QuantizeRequest extends FileRequest {
  /** Models that were prepared for other files: whoever makes several of one model has them. Default: the model is prepared for this file. */
  preparations?: Preparations;
  /** Takes what the method finds out by running files; default: nobody asks. */
  evidence?: Evidence;
}
