/** Sparse constants as ordinary ones: ONNX Runtime makes them dense when it opens a model, and no quantizer gains by their form. */
import type { GraphProto, NodeProto, SparseTensorProto, TensorProto } from 'onnx-buf';
import { UserError } from '../../errors.js';
import { elementCount } from '../../tensor/dims.js';
import { attribute, removeAttribute, setAttribute, subgraphsOf } from '../attributes.js';
import { DataType } from '../tensor/element-type.js';
import { dimsOf, makeTensor, tensorValues } from '../tensor/tensor.js';

/** Whether a graph, or a body in it, has sparse initializers or Constant nodes. */
export function holdsSparse({ sparseInitializer, node }: GraphProto): boolean {
  return (
    sparseInitializer.length > 0 ||
    node.some((one) => sparseValue(one) !== undefined || subgraphsOf(one).some(holdsSparse))
  );
}

/** Turns the sparse initializers and Constant nodes of a graph and of its bodies into dense ones. Gives their number.
 *  @throws UserError when one has no values, or its indices lie outside of it. */
export function densify(graph: GraphProto, directory: string | null): number {
  const { sparseInitializer } = graph;
  let count = sparseInitializer.length;
  graph.initializer = [...graph.initializer, ...sparseInitializer.map((sparse) => dense(sparse, directory))];
  graph.sparseInitializer = [];
  for (const node of graph.node) {
    const sparse = sparseValue(node);
    if (sparse) {
      setAttribute(node, 'value', { tensor: dense(sparse, directory) });
      removeAttribute(node, 'sparse_value');
      count++;
    }
    for (const body of subgraphsOf(node)) count += densify(body, directory);
  }
  return count;
}

function sparseValue(node: NodeProto): SparseTensorProto | undefined {
  if (node.opType !== 'Constant' || node.domain !== '') return undefined;
  return attribute(node, 'sparse_value')?.sparseTensor;
}

/** SparseTensorProto (ONNX IR): `indices` are [NNZ] into the flattened tensor, or [NNZ, rank] coordinates. */
function dense({ values, indices, dims }: SparseTensorProto, directory: string | null): TensorProto {
  if (!values || !indices)
    throw new UserError('model.damaged', `A sparse initializer has no ${values ? 'indices' : 'values'}.`);
  const shape = dims.map(Number);
  const stored = tensorValues(values, directory);
  const result = new (stored.constructor as new (length: number) => typeof stored)(elementCount(shape));
  const at = indices.dataType === DataType.INT64 ? tensorValues(indices, directory) : [];
  const rank = dimsOf(indices).length === 2 ? shape.length : 1;
  for (let i = 0; i < stored.length; i++) {
    let index = 0;
    for (let axis = 0; axis < rank; axis++) {
      index = (rank === 1 ? 0 : index * shape[axis]!) + Number(at[i * rank + axis]);
    }
    if (!(index >= 0 && index < result.length)) {
      throw new UserError(
        'model.damaged',
        `Sparse initializer '${values.name}' has an index outside of its ${result.length} values.`,
      );
    }
    result[index] = stored[i]!;
  }
  return makeTensor(values.name, values.dataType, shape, result);
}
