/** Weights with several readers: for whom they stay as they are. */
import type { Graph } from '../../onnx/graph.js';
import { nodeLabel, type Selection } from '../method/selection.js';
import { isLargeConstant } from '../prepare/copy-cost.js';
import { weightInputs } from './weight-inputs.js';

/** Why a node's weight stays as it is though the node may change: somebody goes on reading it in float32, and a second form of it would
 *  only make the file larger. null where nothing holds it. */
export function keptForOthers(graph: Graph, weight: string, selection: Selection): string | null {
  if (!isLargeConstant(graph, weight)) return null;
  const readers = graph.consumers(weight);
  const excluded = readers.find((reader) => selection.isExcluded(reader));
  if (excluded) return `its weight must stay for '${nodeLabel(excluded)}', which is excluded`;
  if (selection.isListed) return null;
  if (graph.isOutput(weight)) return 'its weight is an output of the model, too';
  const holder = readers.find((reader) => weightInputs(reader).every((i) => reader.input[i] !== weight));
  return holder ? `its weight must stay for '${nodeLabel(holder)}', which reads it as it is` : null;
}
