/** The exact rewrites, in the order in which they help each other. */

import { setImmediate as nextTurn } from 'node:timers/promises';
import type { NodeProto } from 'onnx-buf';
import type { Target } from '../../config/choices.js';
import { throwIfInterrupted } from '../../errors.js';
import type { Log } from '../../log.js';
import type { Model } from '../../onnx/model.js';
import type { TensorType } from '../../onnx/tensor/tensor-type.js';
import { isCpu } from '../method/compare-speed.js';
import { nodeLabel } from '../method/selection.js';
import { affineIntoNext } from './affine-into-next.js';
import { affineIntoPrevious } from './affine-into-previous.js';
import { batchNormToAffine } from './batch-norm.js';
import { constantReshape } from './constant-reshape.js';
import { dedupe } from './dedupe.js';
import { doubleLayers } from './double-layers.js';
import { foldShapes } from './fold-shapes.js';
import { fusePatterns } from './fuse-patterns.js';
import { hardSwish } from './hard-swish.js';
import { imageScaler } from './image-scaler.js';
import { lstmCell } from './lstm-cell.js';
import type { Rewrite } from './matching/context.js';
import { findPatterns } from './matching/patterns.js';
import { mergeAffine } from './merge-affine.js';
import { mergeViews } from './merge-views.js';
import { padIntoConv } from './pad-into-conv.js';
import { pointConvolution } from './point-convolution.js';
import { sliceOfConcat } from './slice-of-concat.js';
import { slicesIntoSplit } from './slices-into-split.js';
import { stackedMatrix } from './stacked-matrix.js';
import { unfuse } from './unfuse.js';

/** By the name under which changes are counted. */
const REWRITES: ReadonlyMap<string, Rewrite> = new Map<string, Rewrite>([
  ['unfuse', unfuse],
  ['double-layers', doubleLayers],
  ['stacked-matrix', stackedMatrix],
  ['fold-shapes', foldShapes],
  ['constant-reshape', constantReshape],
  ['slice-of-concat', sliceOfConcat],
  ['point-convolution', pointConvolution],
  ['lstm-cell', lstmCell],
  ['slices-into-split', slicesIntoSplit],
  ['merge-views', mergeViews],
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

export interface RewriteOptions {
  /** Is told what the rewrites recognized and left, and why. */
  log?: Pick<Log, 'debug'>;
  /** Where the model will run. Default: cpu. */
  target?: Target;
  signal?: AbortSignal | undefined;
}

/** Providers of other targets have no kernel for LSTM, or none in 8 bits. */
const ONLY_ON_CPU: ReadonlySet<string> = new Set(['lstm-cell']);

/** Applies every rewrite until none finds anything, then drops what nothing reads. Gives changes by rewrite.
 *  @throws Interrupted once the signal is aborted. */
export async function applyRewrites(
  model: Model,
  types: Map<string, TensorType>,
  { log, target = 'cpu', signal }: RewriteOptions = {},
): Promise<Record<string, number>> {
  // Signals are only heard between two turns of the event loop.
  const pause = async () => {
    await nextTurn();
    throwIfInterrupted(signal);
  };
  const counts: Record<string, number> = {};
  // Only what the last round left has been left for good.
  let left = new Set<string>();
  for (let round = 0; round < MAX_ROUNDS; round++) {
    left = new Set();
    let changes = 0;
    for (const [name, rewrite] of REWRITES) {
      if (ONLY_ON_CPU.has(name) && !isCpu(target)) continue;
      await pause();
      const frozen = new Set(findPatterns(model.graph).flatMap((pattern) => pattern.nodes));
      const decline = (node: NodeProto, reason: string): void => {
        left.add(`Rewrite ${name} leaves ${node.opType} '${nodeLabel(node)}': ${reason}.`);
      };
      const made = await rewrite(model, { types, frozen, decline, pause });
      if (made > 0) {
        counts[name] = (counts[name] ?? 0) + made;
        model.graph.prune();
      }
      changes += made;
    }
    if (changes === 0) break;
  }
  for (const message of left) log?.debug(message);
  return counts;
}
