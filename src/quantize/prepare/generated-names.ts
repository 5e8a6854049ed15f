/** Names that ONNX Runtime gave while it prepared a model, and that a later session would give once more. */
import type { GraphProto } from 'onnx-buf';
import { subgraphsOf } from '../../onnx/attributes.js';
import { addDefinedNames, renameReads } from '../../onnx/scopes.js';

/** Shapes that its MatMulAddFusion adds. From the level `extended` on it also fuses the products before an attention, calls their shapes so without
 *  looking whether the file holds these names already, and refuses the file then ("Attempt to replace the existing tensor", 1.30 to 1.32). */
const GENERATED = /^gemm_(?:input|output)_shape(?:_token_\d+)?$/;

/** Gives such initializers of a graph and its bodies names of their own. */
export function renameGenerated(graph: GraphProto): void {
  const taken = new Set<string>();
  addDefinedNames(graph, taken);
  renameIn(graph, taken);
}

function renameIn(graph: GraphProto, taken: Set<string>): void {
  const kept = new Set([...graph.input, ...graph.output].map(({ name }) => name));
  for (const tensor of graph.initializer) {
    const { name } = tensor;
    if (!GENERATED.test(name) || kept.has(name)) continue;
    tensor.name = freshName(`prepared_${name}`, taken);
    for (const node of graph.node) renameReads(node, name, tensor.name);
    for (const value of graph.valueInfo) if (value.name === name) value.name = tensor.name;
  }
  for (const body of graph.node.flatMap(subgraphsOf)) renameIn(body, taken);
}

/** A file that was prepared before holds such names already. */
function freshName(base: string, taken: Set<string>): string {
  let name = base;
  for (let i = 1; taken.has(name); i++) name = `${base}_${i}`;
  taken.add(name);
  return name;
}
