/** A convolution of one point (length 1 in all directions, and a kernel of 1) that views surround is a Gemm: exporters of Keras write a Dense
 *  layer over a sequence of one step so, with a Transpose on each side.
 *
 *  Only between views, which take in the two that it adds: elsewhere (squeeze and excite) a convolution is the shorter way. */
import type { NodeProto } from 'onnx-buf';
import { makeNode } from '../../../onnx/build.js';
import type { Graph } from '../../../onnx/graph.js';
import type { Model } from '../../../onnx/model.js';
import { inputOf, outputOf } from '../../../onnx/node.js';
import type { Dimension } from '../../../onnx/shapes/dimension.js';
import { isView, type ViewContext } from '../../../onnx/shapes/views.js';
import { DataType } from '../../../onnx/tensor/element-type.js';
import type { RewriteContext, ShapeContext } from '../matching/context.js';
import { constantShape, makeReshape } from '../matching/reshape.js';

/** Gemm's bias may be left out from here on. */
const BARE_GEMM_OPSET = 11;

export function pointConvolution(model: Model, { types, frozen, inferShapes }: ShapeContext): number {
  const { graph } = model;
  const convolutions = graph.nodes.filter((node) => node.opType === 'Conv' && node.domain === '');
  if (convolutions.length === 0 || model.opset() < BARE_GEMM_OPSET) return 0;
  const { shapes } = inferShapes();
  let changes = 0;
  for (const node of convolutions) {
    if (frozen.has(node) || !isPoint(node, { graph, shapes })) continue;
    replaceConvolution(graph, node, { batch: shapes.get(inputOf(node, 0))![0]!, types });
    changes++;
  }
  return changes;
}

function isPoint(node: NodeProto, context: ViewContext): boolean {
  const { graph, shapes } = context;
  const [input = '', weight = '', bias = ''] = node.input;
  const [output, shape] = [outputOf(node), shapes.get(input)];
  const given = shapes.get(output);
  const dims = graph.isFloats(weight) && !graph.isOutput(weight) ? graph.dims(weight) : [];
  const isOne = [shape, given, dims].every(
    (of) => of && of.length > 2 && of.slice(2).every((dim) => dim === 1),
  );
  // One group: each output channel reads all input channels.
  if (!isOne || shape![0] === 0 || shape![1] !== dims[1] || given![1] !== dims[0]) return false;
  const isOwn = graph.consumers(weight).length === 1 && (bias === '' || graph.isFloats(bias));
  const before = graph.producer(input);
  const readers = graph.consumers(output);
  return (
    isOwn &&
    before !== undefined &&
    isView(before, context) &&
    readers.length > 0 &&
    !graph.isOutput(output) &&
    readers.every((reader) => isView(reader, context))
  );
}

function replaceConvolution(
  graph: Graph,
  node: NodeProto,
  { batch, types }: { batch: Dimension; types: RewriteContext['types'] },
): void {
  const [input = '', weight = '', bias = ''] = node.input;
  const [outputs = 0, inputs = 0, ...kernel] = graph.dims(weight);
  const matrix = graph.addConstant(
    `${weight}_matrix`,
    DataType.FLOAT,
    [outputs, inputs],
    graph.floats(weight),
  );
  types.set(matrix, { dataType: DataType.FLOAT, shape: [outputs, inputs] });
  const row = (base: string, channels: number): string => {
    const name = graph.freshName(`${base}_row`);
    const shape = [typeof batch === 'number' ? batch : '', channels];
    types.set(name, { dataType: DataType.FLOAT, shape });
    return name;
  };
  const view = (names: readonly [string, string], [from, made]: readonly [Dimension[], Dimension[]]) =>
    makeReshape(graph, names, { dims: constantShape(made, from)!, types });
  const [data, product] = [row(input, inputs), row(outputOf(node), outputs)];
  const [points, rows] = [
    (channels: number) => [batch, channels, ...kernel],
    (channels: number) => [batch, channels],
  ];
  graph.replaceNode(node, [
    view([input, data], [points(inputs), rows(inputs)]),
    makeNode('Gemm', [data, matrix, ...(bias === '' ? [] : [bias])], [product], {
      name: node.name,
      attributes: { transB: { int: 1 } },
    }),
    view([product, outputOf(node)], [rows(outputs), points(outputs)]),
  ]);
}
