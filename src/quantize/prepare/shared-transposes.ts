/** Tables that are read transposed, too (the output layer of a language model): ONNX Runtime's `basic` level makes a second constant of them. */
import type { NodeProto } from 'onnx-buf';
import { readModelOutline } from '../../onnx/file/read-outline.js';
import type { Graph } from '../../onnx/graph.js';
import { inputOf, outputOf } from '../../onnx/node.js';
import { tensorByteLength } from '../../onnx/tensor/tensor.js';
import { isLargeConstant } from './copy-cost.js';

/** Puts the Transpose of a table that others read back into the prepared graph, in place of the copy. (When the file is loaded it is folded
 *  again.)
 *  @param path of the model that was prepared. */
export function restoreTransposes(graph: Graph, path: string): void {
  for (const node of readModelOutline(path).graph.nodes) {
    if (node.opType !== 'Transpose' || !isCopied(graph, node)) continue;
    graph.removeInitializer(outputOf(node));
    graph.addNode(node);
  }
}

function isCopied(graph: Graph, node: NodeProto): boolean {
  const [table, copy] = [graph.initializers.get(inputOf(node, 0)), graph.initializers.get(outputOf(node))];
  if (!table || !copy || graph.isOutput(copy.name)) return false;
  return (
    isLargeConstant(graph, copy.name) &&
    tensorByteLength(table) === tensorByteLength(copy) &&
    graph.consumers(table.name).length > 0
  );
}
