/** The exact rewrites, in the order in which they help each other. */

import type { Model } from '../../onnx/model.js';
import type { TensorType } from '../../onnx/tensor-type.js';
import { affineIntoNext } from './affine-into-next.js';
import { affineIntoPrevious } from './affine-into-previous.js';
import { batchNormToAffine } from './batch-norm.js';
import { constantReshape } from './constant-reshape.js';
import type { Rewrite } from './context.js';
import { dedupe } from './dedupe.js';
import { foldShapes } from './fold-shapes.js';
import { fusePatterns } from './fuse-patterns.js';
import { hardSwish } from './hard-swish.js';
import { imageScaler } from './image-scaler.js';
import { mergeAffine } from './merge-affine.js';
import { padIntoConv } from './pad-into-conv.js';
import { findPatterns } from './patterns.js';
import { sliceOfConcat } from './slice-of-concat.js';

/** By the name under which changes are counted. */
export const REWRITES: ReadonlyMap<string, Rewrite> = new Map<string, Rewrite>([
  ['fold-shapes', foldShapes],
  ['constant-reshape', constantReshape],
  ['slice-of-concat', sliceOfConcat],
  ['fuse-patterns', fusePatterns],
  ['image-scaler', imageScaler],
  ['pad-into-conv', padIntoConv],
  ['hard-swish', hardSwish],
  ['batch-norm', batchNormToAffine],
  ['merge-affine', mergeAffine],
  ['affine-into-previous', affineIntoPrevious],
  ['affine-into-next', affineIntoNext],
  ['dedupe', dedupe],
]);

/** A bound on the rounds of rewriting: each round that changes anything makes the graph smaller or simpler. */
const MAX_ROUNDS = 20;

/** Applies every rewrite until none finds anything, then drops what nothing reads. Gives changes by rewrite. */
export function applyRewrites(model: Model, types: Map<string, TensorType>): Record<string, number> {
  const counts: Record<string, number> = {};
  for (let round = 0; round < MAX_ROUNDS; round++) {
    let changes = 0;
    for (const [name, rewrite] of REWRITES) {
      const frozen = new Set(findPatterns(model.graph).flatMap((pattern) => pattern.nodes));
      const made = rewrite(model, { types, frozen });
      if (made > 0) {
        counts[name] = (counts[name] ?? 0) + made;
        model.graph.prune();
      }
      changes += made;
    }
    if (changes === 0) break;
  }
  return counts;
}
