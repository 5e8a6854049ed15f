/** Tables that are read transposed, too (the output layer of a language model): ONNX Runtime's `basic` level makes a second constant of them. */
import type { NodeProto, TensorProto } from 'onnx-buf';
import { subgraphsOf } from '../../onnx/attributes.js';
import { readModelOutline } from '../../onnx/file/read-outline.js';
import type { Graph } from '../../onnx/graph.js';
import { inputOf, outputOf } from '../../onnx/node.js';
import { tensorByteLength } from '../../onnx/tensor/tensor.js';
import { isLarge } from './copy-cost.js';

/** Puts the Transpose of a table that others read back into the prepared graph and its bodies, in place of the copy. (When the file is loaded it is folded
 *  again.)
 *  @param path of the model that was prepared. */
export function restoreTransposes(graph: Graph, path: string): void {
  const original = readModelOutline(path).graph;
  for (const node of original.nodes) {
    if (node.opType !== 'Transpose' || !isCopied(graph, node)) continue;
    graph.removeInitializer(outputOf(node));
    graph.addNode(node);
  }
  const tables = new Map([...graph.initializers].filter(([name]) => graph.consumers(name).length > 0));
  for (const node of graph.nodes) {
    if (subgraphsOf(node).length === 0) continue;
    const before = original.producer(outputOf(node));
    if (before) graph.editSubgraphs(node, () => restoreInBodies(node, before, tables));
  }
}

/** @param tables constants of the graphs around the bodies. */
function restoreInBodies(node: NodeProto, before: NodeProto, tables: ReadonlyMap<string, TensorProto>): void {
  // ONNX Runtime's dump has the attributes in another order.
  const originals = new Map(before.attribute.map(({ name, g }) => [name, g]));
  for (const { name, g: body } of node.attribute) {
    const original = originals.get(name);
    if (!body || !original) continue;
    const own = new Map(body.initializer.map((tensor) => [tensor.name, tensor]));
    const seen = new Map([...tables, ...own]);
    const outputs = new Set(body.output.map((value) => value.name));
    for (const transpose of original.node) {
      if (transpose.opType !== 'Transpose' || outputs.has(outputOf(transpose))) continue;
      const [table, copy] = [seen.get(inputOf(transpose, 0)), own.get(outputOf(transpose))];
      if (!table || !copy || !isLarge(copy) || tensorByteLength(table) !== tensorByteLength(copy)) continue;
      body.initializer = body.initializer.filter((tensor) => tensor !== copy);
      body.node.unshift(transpose);
    }
    for (const inner of body.node) {
      const same = original.node.find(({ output }) => output.includes(outputOf(inner)));
      if (same) restoreInBodies(inner, same, seen);
    }
  }
}

function isCopied(graph: Graph, node: NodeProto): boolean {
  const [table, copy] = [graph.initializers.get(inputOf(node, 0)), graph.initializers.get(outputOf(node))];
  if (!table || !copy || graph.isOutput(copy.name)) return false;
  return (
    isLarge(copy) &&
    tensorByteLength(table) === tensorByteLength(copy) &&
    graph.consumers(table.name).length > 0
  );
}
