/** Initializers with the same type, shape and bytes become one. */
import { mergeEqualInitializers } from '../../onnx/edit/equal-initializers.js';
import type { Model } from '../../onnx/model.js';
import type { RewriteContext } from './matching/context.js';

/** Larger tensors are left alone: reading them (from another file, perhaps) costs more than equal ones are likely. */
const MAX_BYTES = 2 ** 20;

export function dedupe(model: Model, _context: RewriteContext): number {
  return mergeEqualInitializers(model, { largestBytes: MAX_BYTES });
}
