/** Transposes that move nothing: ONNX Runtime's `basic` level pushes every Transpose through the graph, which takes LayerNormalization and
 *  others apart and helps nobody where each only gives the same numbers another shape (those our own rewrites put together). */

import type { Graph } from '../../onnx/graph.js';
import { inferSymbolicShapes } from '../../onnx/shapes/symbolic-shapes.js';
import { movesNothing } from '../../onnx/shapes/views.js';

/** The optimizer without which ONNX Runtime leaves every Transpose where it stands. */
export const TRANSPOSE_OPTIMIZER = 'TransposeOptimizer';

/** Whether there are Transposes, and the graph's shapes prove that each of them moves only axes of length 1. */
export function transposesMoveNothing(graph: Graph): boolean {
  const transposes = graph.nodes.filter(({ opType, domain }) => opType === 'Transpose' && domain === '');
  if (transposes.length === 0) return false;
  const { shapes } = inferSymbolicShapes(graph);
  return transposes.every((node) => movesNothing(node, shapes));
}
