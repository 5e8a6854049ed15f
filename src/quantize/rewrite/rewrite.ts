/** The exact rewrites, in the order in which they help each other. */

import { setImmediate as nextTurn } from 'node:timers/promises';
import type { NodeProto } from 'onnx-buf';
import type { Target } from '../../config/choices.js';
import { throwIfInterrupted } from '../../errors.js';
import type { Log } from '../../log.js';
import type { Graph } from '../../onnx/graph.js';
import type { Model } from '../../onnx/model.js';
import { inferSymbolicShapes, type SymbolicShapes } from '../../onnx/shapes/symbolic-shapes.js';
import type { TensorType } from '../../onnx/tensor/tensor-type.js';
import { isCpu } from '../method/compare-speed.js';
import { nodeLabel } from '../method/selection.js';
import { affineIntoNext } from './affine/affine-into-next.js';
import { affineIntoPrevious } from './affine/affine-into-previous.js';
import { batchNormToAffine } from './affine/batch-norm.js';
import { imageScaler } from './affine/image-scaler.js';
import { mergeAffine } from './affine/merge-affine.js';
import { dedupe } from './dedupe.js';
import { fusePatterns } from './fuse-patterns.js';
import { hardSwish } from './hard-swish.js';
import { doubleLayers } from './layers/double-layers.js';
import { lstmCell } from './layers/lstm-cell.js';
import { padIntoConv } from './layers/pad-into-conv.js';
import { pointConvolution } from './layers/point-convolution.js';
import { stackedMatrix } from './layers/stacked-matrix.js';
import { unfuse } from './layers/unfuse.js';
import { loopConstants } from './loop-constants.js';
import type { Rewrite, ShapeContext } from './matching/context.js';
import { findPatterns } from './matching/patterns.js';
import { constantReshape } from './shapes/constant-reshape.js';
import { foldShapes } from './shapes/fold-shapes.js';
import { mergeViews } from './shapes/merge-views.js';
import { sliceOfConcat } from './shapes/slice-of-concat.js';
import { slicesIntoSplit } from './shapes/slices-into-split.js';

/** By the name under which changes are counted. */
const REWRITES: ReadonlyMap<string, Rewrite> = new Map<string, Rewrite>([
  ['loop-constants', loopConstants],
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

/** What holds until the graph changes. */
function knowledgeOf(
  graph: Graph,
  types: ReadonlyMap<string, TensorType>,
): Pick<ShapeContext, 'frozen' | 'inferShapes'> {
  let shapes: SymbolicShapes | undefined;
  return {
    frozen: new Set(findPatterns(graph).flatMap((pattern) => pattern.nodes)),
    inferShapes: () => {
      shapes ??= inferSymbolicShapes(graph, (name) => types.get(name)?.shape?.length);
      return shapes;
    },
  };
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
  let known = knowledgeOf(model.graph, types);
  for (let round = 0; round < MAX_ROUNDS; round++) {
    left = new Set();
    let changes = 0;
    for (const [name, rewrite] of REWRITES) {
      if (ONLY_ON_CPU.has(name) && !isCpu(target)) continue;
      await pause();
      const decline = (node: NodeProto, reason: string): void => {
        left.add(`Rewrite ${name} leaves ${node.opType} '${nodeLabel(node)}': ${reason}.`);
      };
      const made = await rewrite(model, { types, ...known, decline, pause });
      if (made > 0) {
        counts[name] = (counts[name] ?? 0) + made;
        model.graph.prune();
        known = knowledgeOf(model.graph, types);
      }
      changes += made;
    }
    if (changes === 0) break;
  }
  for (const message of left) log?.debug(message);
  return counts;
}
