/** What every rewrite gets and gives. */

import type { NodeProto } from 'onnx-buf';
import type { Model } from '../../../onnx/model.js';
import type { SymbolicShapes } from '../../../onnx/shapes/symbolic-shapes.js';
import type { TensorType } from '../../../onnx/tensor/tensor-type.js';

export interface RewriteContext {
  /** Element type and shape of every tensor; rewrites add those of the tensors they make. */
  types: Map<string, TensorType>;
  /** Pieces of an operator that ONNX Runtime puts together when they are left alone (patterns.ts). */
  frozen: ReadonlySet<NodeProto>;
  /** Says that a rewrite recognizes what begins at a node and leaves it, and why: a sentence's second half, without a full stop. */
  decline(node: NodeProto, reason: string): void;
}

/** Of rewrites that change large weights, one after the other. */
export interface PausingContext extends RewriteContext {
  /** Hears of an interruption. @throws Interrupted */
  pause(): Promise<void>;
}

/** Of rewrites that go by what the graph proves about shapes. */
export interface ShapeContext extends RewriteContext {
  /** Of the graph as the rewrite finds it: inferred once for all rewrites between two changes. */
  inferShapes(): SymbolicShapes;
}

/** What can't be done, and why. */
export interface Declined {
  reason: string;
}

export function isDeclined<T extends object>(result: T | Declined): result is Declined {
  return 'reason' in result;
}

/** Changes the model without changing what it computes (up to float rounding); gives the number of changes.
 *  Graph inputs and outputs keep their names; nodes of other domains are never touched, except what
 *  ONNX Runtime's optimizer has fused (unfuse.ts). */
export type Rewrite = (model: Model, context: PausingContext & ShapeContext) => number | Promise<number>;
