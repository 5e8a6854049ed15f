/** Weights with several readers: for whom they stay as they are. */
import type { NodeProto } from 'onnx-buf';
import { subgraphsOf } from '../../onnx/attributes.js';
import type { Graph } from '../../onnx/graph.js';
import { outerReferences, referencesOf } from '../../onnx/scopes.js';
import { nodeLabel, type Selection } from '../method/selection.js';
import { isLargeConstant } from '../prepare/copy-cost.js';
import { weightInputs } from './weight-inputs.js';

export interface SharedOptions {
  /** Whether the operators in bodies of If, Loop and Scan that read a weight will read what becomes of it (follow), or go on reading the weight
   *  (keep, default). */
  bodies?: 'follow' | 'keep';
}

/** Why a node's weight stays as it is though the node may change: somebody goes on reading it in float32, and a second form of it would
 *  only make the file larger. null where nothing holds it. */
export function keptForOthers(
  graph: Graph,
  weight: string,
  selection: Selection,
  { bodies = 'keep' }: SharedOptions = {},
): string | null {
  if (!isLargeConstant(graph, weight)) return null;
  const readers = graph.consumers(weight);
  const excluded = readers.find((reader) => selection.isExcluded(reader));
  if (excluded) return `its weight must stay for '${nodeLabel(excluded)}', which is excluded`;
  if (selection.isListed) return null;
  if (graph.isOutput(weight)) return 'its weight is an output of the model, too';
  for (const reader of readers) {
    const held = reader.input.includes(weight)
      ? readsAsItIs(reader, weight)
      : bodies === 'follow'
        ? heldInBodies(reader, weight, selection)
        : `its weight must stay for operators in a body of '${nodeLabel(reader)}', which read it, too`;
    if (held !== null) return held;
  }
  return null;
}

function readsAsItIs(reader: NodeProto, weight: string): string | null {
  if (weightInputs(reader).some((i) => reader.input[i] === weight)) return null;
  return `its weight must stay for '${nodeLabel(reader)}', which reads it as it is`;
}

/** Why a weight of the graph around a node's bodies stays as it is for what they hold; null: every operator there that reads it may read it rounded.
 *  A table that is looked up may hold coordinates: it is left. */
export function heldInBodies(node: NodeProto, weight: string, selection: Selection): string | null {
  for (const body of subgraphsOf(node)) {
    if (!outerReferences(body).includes(weight)) continue;
    if (body.output.some(({ name }) => name === weight))
      return `its weight is an output of a body of '${nodeLabel(node)}', too`;
    for (const reader of body.node) {
      if (!referencesOf(reader).includes(weight)) continue;
      const inner = nodeLabel(reader);
      if (selection.reasonToKeep(reader) !== null || selection.override(reader)?.weight?.startsWith('float'))
        return `its weight must stay for '${inner}' in a body of '${nodeLabel(node)}', which is left as it is`;
      const held =
        reader.input.includes(weight) && (reader.opType === 'Gather' || readsAsItIs(reader, weight) !== null)
          ? `its weight must stay for '${inner}' in a body of '${nodeLabel(node)}', which reads it as it is`
          : heldInBodies(reader, weight, selection);
      if (held !== null) return held;
    }
  }
  return null;
}

/** The operators in a node's bodies that read a value of the graph around them. */
export function readersInBodies(node: NodeProto, name: string): NodeProto[] {
  return subgraphsOf(node)
    .filter((body) => outerReferences(body).includes(name))
    .flatMap((body) => body.node)
    .flatMap((reader) => [
      ...(reader.input.includes(name) ? [reader] : []),
      ...readersInBodies(reader, name),
    ]);
}
