/** What is added behind an operator: a bias in a node of its own. */
import type { NodeProto } from 'onnx-buf';
import type { Graph } from '../graph.js';

export interface Addition {
  node: NodeProto;
  /** Name of what is added. */
  addend: string;
}

/** The Add that alone reads a value, and what it adds; null: none does, or it adds the value to itself. */
export function additionTo(value: string, graph: Graph): Addition | null {
  const node = graph.onlyReader(value);
  if (node?.opType !== 'Add' || node.domain !== '') return null;
  const addend = node.input.find((name) => name !== value);
  return addend === undefined ? null : { node, addend };
}
