/** Layers that multiply in double precision by constant weights do so in float32: what they read is cast, and so is what they give. No kernel for 8
 *  bits takes double, and its weights are twice as large. Everything else stays double. */
import type { NodeProto } from 'onnx-buf';
import { makeNode } from '../../../onnx/build.js';
import type { Graph } from '../../../onnx/graph.js';
import type { Model } from '../../../onnx/model.js';
import { inputOf, outputOf } from '../../../onnx/node.js';
import { DataType } from '../../../onnx/tensor/element-type.js';
import type { TensorType } from '../../../onnx/tensor/tensor-type.js';
import { elementCount } from '../../../tensor/dims.js';
import type { RewriteContext } from '../matching/context.js';

/** Smaller weights aren't worth two Casts. */
const SMALLEST_WEIGHT = 1024;

/** Operators, and where they hold their weights. */
const WEIGHTED: Readonly<Record<string, number>> = { MatMul: 1, Gemm: 1, Gather: 0, Einsum: 1 };

export function doubleLayers({ graph }: Model, { types, decline }: RewriteContext): number {
  let changes = 0;
  const narrowed = new Map<string, string>();
  for (const node of graph.nodes) {
    const position = node.domain === '' ? WEIGHTED[node.opType] : undefined;
    if (position === undefined || !isLargeDouble(graph, inputOf(node, position))) continue;
    if (!fits(graph, inputOf(node, position))) {
      decline(node, 'its weights are beyond float32');
      continue;
    }
    const readers = graph.consumers(inputOf(node, position));
    if (readers.some(({ opType, domain }) => domain !== '' || WEIGHTED[opType] === undefined)) {
      decline(node, 'others read its weights in double precision');
      continue;
    }
    toFloat(graph, node, { types, narrowed });
    changes++;
  }
  return changes;
}

function isLargeDouble(graph: Graph, name: string): boolean {
  const tensor = graph.constant(name);
  return tensor?.dataType === DataType.DOUBLE && elementCount(tensor.dims) >= SMALLEST_WEIGHT;
}

function fits(graph: Graph, name: string): boolean {
  return (graph.constantValues(name) as Float64Array).every((value) => Number.isFinite(Math.fround(value)));
}

/** @param narrowed the float32 form of each double value, made once. */
function toFloat(
  graph: Graph,
  node: NodeProto,
  { types, narrowed }: { types: Map<string, TensorType>; narrowed: Map<string, string> },
): void {
  for (const [index, name] of [...node.input.entries()]) {
    if (types.get(name)?.dataType !== DataType.DOUBLE) continue;
    const made = narrowed.get(name) ?? floatForm(graph, name, types);
    narrowed.set(name, made);
    graph.setInput(node, index, made);
  }
  const output = outputOf(node);
  const float = graph.freshName(`${output}_float`);
  types.set(float, { dataType: DataType.FLOAT, shape: types.get(output)?.shape ?? null });
  graph.setOutput(node, 0, float);
  const attributes = { to: { int: DataType.DOUBLE } };
  graph.addNode(makeNode('Cast', [float], [output], { name: `${output}_cast`, attributes }));
}

function floatForm(graph: Graph, name: string, types: Map<string, TensorType>): string {
  const shape = types.get(name)?.shape ?? null;
  if (graph.constant(name)) {
    const values = Float32Array.from(graph.constantValues(name) as Float64Array);
    const made = graph.addConstant(`${name}_float`, DataType.FLOAT, graph.dims(name), values);
    types.set(made, { dataType: DataType.FLOAT, shape });
    return made;
  }
  const made = graph.freshName(`${name}_float`);
  types.set(made, { dataType: DataType.FLOAT, shape });
  const attributes = { to: { int: DataType.FLOAT } };
  graph.addNode(makeNode('Cast', [name], [made], { name: made, attributes }));
  return made;
}
