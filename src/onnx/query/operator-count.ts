/** How many operators a model has. */
import type { NodeProto } from 'onnx-buf';
import { subgraphsOf } from '../attributes.js';
import type { Model } from '../model.js';

/** Operators, those of subgraphs included; Constant nodes are weights, not operators. */
export function countOperators(model: Model): number {
  const count = (nodes: readonly NodeProto[]): number =>
    nodes.reduce((sum, node) => {
      const inner = subgraphsOf(node).reduce((total, graph) => total + count(graph.node), 0);
      return sum + (node.opType === 'Constant' ? 0 : 1) + inner;
    }, 0);
  return count(model.graph.nodes);
}
