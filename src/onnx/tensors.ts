/** Every tensor message of a model, whatever holds it: initializers and attributes, dense and sparse, in bodies and functions too. */
import type { AttributeProto, GraphProto, ModelProto, NodeProto, TensorProto } from 'onnx-buf';
import { subgraphsOf } from './attributes.js';

/** Those of the main graph's initializers first. */
export function* tensorsOf(model: ModelProto): Generator<TensorProto> {
  if (model.graph) yield* tensorsOfGraph(model.graph);
  for (const { node } of model.functions) yield* tensorsOfNodes(node);
}

function* tensorsOfGraph(graph: GraphProto): Generator<TensorProto> {
  yield* graph.initializer;
  for (const { values, indices } of graph.sparseInitializer) yield* present(values, indices);
  yield* tensorsOfNodes(graph.node);
}

function* tensorsOfNodes(nodes: readonly NodeProto[]): Generator<TensorProto> {
  for (const node of nodes) {
    for (const attribute of node.attribute) yield* tensorsOfAttribute(attribute);
    for (const body of subgraphsOf(node)) yield* tensorsOfGraph(body);
  }
}

function* tensorsOfAttribute({
  t,
  tensors,
  sparseTensor,
  sparseTensors,
}: AttributeProto): Generator<TensorProto> {
  yield* present(t, ...tensors);
  for (const sparse of sparseTensor ? [sparseTensor, ...sparseTensors] : sparseTensors) {
    yield* present(sparse.values, sparse.indices);
  }
}

function present(...tensors: readonly (TensorProto | undefined)[]): TensorProto[] {
  return tensors.filter((tensor) => tensor !== undefined);
}
