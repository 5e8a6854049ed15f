/** A weight that is a stack of one matrix, [1, inputs, outputs], becomes the matrix: MatMul gives the same where its other input has three
 *  dimensions or more, and matrices are what every kernel for 8 bits takes. */
import type { NodeProto } from 'onnx-buf';
import type { Graph } from '../../../onnx/graph.js';
import type { Model } from '../../../onnx/model.js';
import { inputOf } from '../../../onnx/node.js';
import type { RewriteContext } from '../matching/context.js';

export function stackedMatrix({ graph }: Model, { types, decline }: RewriteContext): number {
  const changed = new Set<string>();
  for (const node of graph.nodes) {
    const name = inputOf(node, 1);
    if (node.opType !== 'MatMul' || node.domain !== '' || changed.has(name)) continue;
    const tensor = graph.initializers.get(name);
    const dims = tensor ? graph.dims(name) : [];
    const ones = dims.slice(0, -2);
    if (!tensor || ones.length === 0 || ones.some((dim) => dim !== 1)) continue;
    const readers = graph.consumers(name);
    if (
      graph.isOutput(name) ||
      !readers.every((reader) => keepsRank(graph, reader, { name, rank: dims.length, types }))
    ) {
      decline(node, 'the stack of one matrix gives its output a dimension, or is read otherwise');
      continue;
    }
    const matrix = graph.freshName(`${name}_matrix`);
    const shape = dims.slice(-2);
    graph.setInitializer(
      Object.assign(Object.create(Object.getPrototypeOf(tensor)), tensor, {
        name: matrix,
        dims: shape.map(BigInt),
      }),
    );
    types.set(matrix, { dataType: tensor.dataType, shape });
    graph.replaceUses(name, matrix);
    changed.add(matrix);
  }
  return changed.size;
}

/** Whether a reader multiplies by the stack, and what it multiplies has as many dimensions. */
function keepsRank(
  graph: Graph,
  reader: NodeProto,
  { name, rank, types }: { name: string; rank: number; types: RewriteContext['types'] },
): boolean {
  const isFactor = reader.opType === 'MatMul' && reader.domain === '' && inputOf(reader, 1) === name;
  const other = inputOf(reader, 0);
  const shape = types.get(other)?.shape;
  return isFactor && other !== name && !graph.constant(other) && (shape?.length ?? 0) >= rank;
}
