/** Weights with several readers: for whom they stay as they are. */
import type { Graph } from '../../onnx/graph.js';
import { isLargeConstant } from '../prepare/copy-cost.js';
import { nodeLabel, type Selection } from './selection.js';

/** Why a node's weight stays as it is though the node may change: an excluded operator goes on reading it, and a second form of it would
 *  only make the file larger. null where nothing holds it. */
export function keptForOthers(graph: Graph, weight: string, selection: Selection): string | null {
  if (!isLargeConstant(graph, weight)) return null;
  const holder = graph.consumers(weight).find((reader) => selection.isExcluded(reader));
  return holder ? `its weight must stay for '${nodeLabel(holder)}', which is excluded` : null;
}
