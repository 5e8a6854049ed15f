/** Weights with several readers: what a copy of their own may cost, and for whom they stay as they are. */
import type { Graph } from '../../onnx/graph.js';
import { tensorByteLength } from '../../onnx/tensor.js';
import { nodeLabel, type Selection } from './selection.js';

/** Up to this size, a copy for one of several readers may cost less than what it saves. */
export const LARGEST_COPY_BYTES = 4096;

/** Whether a second form of a constant beside the first one would cost more than it saves. */
export function isLargeConstant(graph: Graph, name: string): boolean {
  const tensor = graph.constant(name);
  return tensor !== undefined && tensorByteLength(tensor) > LARGEST_COPY_BYTES;
}

/** Why a node's weight stays as it is though the node may change: an excluded operator goes on reading it, and a second form of it would
 *  only make the file larger. null where nothing holds it. */
export function keptForOthers(graph: Graph, weight: string, selection: Selection): string | null {
  if (!isLargeConstant(graph, weight)) return null;
  const holder = graph.consumers(weight).find((reader) => selection.isExcluded(reader));
  return holder ? `its weight must stay for '${nodeLabel(holder)}', which is excluded` : null;
}
