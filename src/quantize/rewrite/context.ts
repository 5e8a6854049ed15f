/** What every rewrite gets and gives. */

import type { NodeProto } from 'onnx-buf';
import type { Model } from '../../onnx/model.js';
import type { TensorType } from '../../onnx/tensor-type.js';

export interface RewriteContext {
  /** Element type and shape of every tensor; rewrites add those of the tensors they make. */
  types: Map<string, TensorType>;
  /** Pieces of an operator that ONNX Runtime puts together when they are left alone (patterns.ts). */
  frozen: ReadonlySet<NodeProto>;
}

/** Changes the model without changing what it computes (up to float rounding); gives the number of changes.
 *  Graph inputs and outputs keep their names; nodes of other domains are never touched. */
export type Rewrite = (model: Model, context: RewriteContext) => number;
