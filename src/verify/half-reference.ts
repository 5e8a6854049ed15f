/** What a float16 file computes where half precision really is half precision.
 *
 *  ONNX Runtime's CPU provider has no half kernels for most operators: it computes them in float32, and takes out the Casts that it put in
 *  between itself. What it gives says nothing of a GPU. So the file is written anew for float32: every value that it holds in half is
 *  rounded to half and back by a pair of Casts of its own, which stay, and every half constant is its float32 value. Sums inside of an
 *  operator stay float32, as on GPUs that accumulate in float32. */
import type { NodeProto } from 'onnx-buf';
import { intAttribute, setAttribute, subgraphsOf } from '../onnx/attributes.js';
import { makeNode } from '../onnx/build.js';
import { copyModel } from '../onnx/copy-model.js';
import { DataType } from '../onnx/element-type.js';
import type { Graph } from '../onnx/graph.js';
import type { Model } from '../onnx/model.js';
import { dimsOf, makeTensor, tensorValues } from '../onnx/tensor.js';
import type { TensorType } from '../onnx/tensor-type.js';
import { fromHalf } from '../tensor/half.js';

/** The model in float32 with half precision spelled out; null: its inputs or outputs are
 *  half, or bodies of If, Loop or Scan hold half values.
 *  @param types of every tensor of the main graph. */
export function halfReference(model: Model, types: ReadonlyMap<string, TensorType>): Model | null {
  const isHalf = (name: string) => types.get(name)?.dataType === DataType.FLOAT16;
  const ends = [...model.graph.inputs, ...model.graph.outputs];
  if (ends.some(({ name }) => isHalf(name))) return null;
  if (model.graph.nodes.some((node) => subgraphsOf(node).length > 0 && readsHalf(node, isHalf))) return null;
  const copy = copyModel(model);
  const { graph } = copy;
  for (const tensor of [...graph.initializers.values()]) {
    if (tensor.dataType !== DataType.FLOAT16) continue;
    graph.setInitializer(
      makeTensor(
        tensor.name,
        DataType.FLOAT,
        dimsOf(tensor),
        fromHalf(tensorValues(tensor, graph.directory) as Uint16Array),
      ),
    );
  }
  for (const node of [...graph.nodes]) {
    if (castsTo(node) === DataType.FLOAT16) setAttribute(node, 'to', { int: DataType.FLOAT });
    node.output.forEach((name, index) => {
      if (name !== '' && isHalf(name)) roundBehind(graph, node, index);
    });
  }
  graph.setValueInfo([]);
  return copy;
}

function readsHalf(node: NodeProto, isHalf: (name: string) => boolean): boolean {
  const inner = subgraphsOf(node).flatMap((body) => [
    ...body.initializer.map(({ dataType }) => dataType === DataType.FLOAT16),
    ...body.node.flatMap(({ input }) => input.map(isHalf)),
  ]);
  return node.input.some(isHalf) || node.output.some(isHalf) || inner.some(Boolean);
}

function castsTo(node: NodeProto): number | null {
  return node.opType === 'Cast' && node.domain === '' ? intAttribute(node, 'to', 0) : null;
}

/** Puts a pair of Casts, to half and back, behind an output of a node. */
function roundBehind(graph: Graph, node: NodeProto, index: number): void {
  const name = node.output[index]!;
  const exact = graph.freshName(`${name}_exact`);
  graph.setOutput(node, index, exact);
  const half = graph.freshName(`${name}_half`);
  const cast = (from: string, to: string, dataType: DataType) =>
    graph.addNode(
      makeNode('Cast', [from], [to], {
        name: graph.freshName(`${to}_cast`),
        attributes: { to: { int: dataType } },
      }),
    );
  cast(exact, half, DataType.FLOAT16);
  cast(half, name, DataType.FLOAT);
}
