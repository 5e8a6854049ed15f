/** Models that choose the length of what they give: speech synthesis rounds how long each sound lasts, and as many frames follow. One rounding
 *  that falls the other way shifts all of them, so that outputs can't be compared value by value. They can where both models are given
 *  the same lengths: what is rounded becomes an output, and what reads it an input. */
import type { NodeProto } from 'onnx-buf';
import { makeNode, makeValue } from '../build.js';
import type { Graph } from '../graph.js';
import type { Model } from '../model.js';
import { outputOf } from '../node.js';
import { DataType } from '../tensor/element-type.js';
import type { TensorType } from '../tensor/tensor-type.js';

/** What is rounded, and the input that stands for it: by name. */
export interface HeldLength {
  tensor: string;
  input: string;
}

const ROUNDING = new Set(['Ceil', 'Floor', 'Round']);
/** Arithmetic on sizes, after the rounding. */
const SIZE_ARITHMETIC = new Set(
  (
    'Add Cast Clip Concat CumSum Div Gather Identity Max Min Mul ReduceMax ReduceSum Reshape Slice Squeeze Sub Unsqueeze ' +
    'Relu Where'
  ).split(' '),
);
/** Inputs that give an operator's output its size. */
const SIZES: Readonly<Record<string, readonly number[]>> = {
  ConstantOfShape: [0],
  Expand: [1],
  Range: [0, 1, 2],
  Tile: [1],
};
const LAYERS = new Set(['Conv', 'ConvTranspose', 'Gemm', 'MatMul', 'LSTM', 'GRU', 'RNN']);

/** Values that a model computes by its layers, rounds, and makes sizes of. */
export function heldLengths({ graph }: Model): HeldLength[] {
  return graph.nodes
    .filter((node) => ROUNDING.has(node.opType) && node.domain === '')
    .filter((node) => isReached(node, graph, makesSizes) && isComputed(node, graph))
    .map((node) => ({ tensor: outputOf(node), input: `${outputOf(node)}_held` }));
}

/** Whether sizes come of what a node gives. */
function isReached(
  from: NodeProto,
  graph: Graph,
  isGoal: (node: NodeProto, name: string) => boolean,
): boolean {
  const names = new Set(from.output);
  for (const name of names)
    for (const reader of graph.consumers(name)) {
      if (isGoal(reader, name)) return true;
      if (SIZE_ARITHMETIC.has(reader.opType)) for (const output of reader.output) names.add(output);
    }
  return false;
}

function makesSizes(node: NodeProto, name: string): boolean {
  return node.domain === '' && (SIZES[node.opType] ?? []).some((index) => node.input[index] === name);
}

/** Whether layers are among what a node's input comes of; sizes of tensors (Shape) come of none. */
function isComputed(node: NodeProto, graph: Graph): boolean {
  const nodes = new Set([node]);
  for (const each of nodes) {
    if (LAYERS.has(each.opType)) return true;
    if (each.opType === 'Shape' || each.opType === 'Size') continue;
    for (const name of each.input) {
      const producer = graph.producer(name);
      if (producer) nodes.add(producer);
    }
  }
  return false;
}

/** Makes an input of what each length is read from, and an output of what computes it. The model is changed.
 *  @param types of the model's tensors.
 *  @returns false where it has no such tensors; then it is not changed. */
export function holdLengths(
  { graph }: Model,
  lengths: readonly HeldLength[],
  types: ReadonlyMap<string, TensorType>,
): boolean {
  const isThere = ({ tensor, input }: HeldLength) =>
    graph.producer(tensor) !== undefined &&
    types.has(tensor) &&
    !graph.isInput(input) &&
    !graph.producer(input);
  if (!lengths.every(isThere)) return false;
  for (const { tensor, input } of lengths) {
    const { dataType, shape } = types.get(tensor)!;
    const dims = (shape ?? []).map((dim, axis) =>
      typeof dim === 'number' && dim >= 0 ? dim : `${input}_${axis}`,
    );
    const readers = new Set(graph.consumers(tensor));
    const read = dataType === DataType.FLOAT ? input : graph.freshName(`${input}_cast`);
    graph.replaceUses(tensor, read, readers);
    graph.addInput(makeValue(input, DataType.FLOAT, dims));
    if (read !== input)
      graph.addNode(makeNode('Cast', [input], [read], { attributes: { to: { int: dataType } } }));
    if (!graph.isOutput(tensor)) graph.addOutput(makeValue(tensor, dataType, dims));
  }
  return true;
}

/** Takes `holdLengths` back, in the model that was made of the one that was changed. */
export function releaseLengths({ graph }: Model, lengths: readonly HeldLength[], original: Model): void {
  for (const { tensor, input } of lengths) {
    graph.replaceUses(input, tensor);
    graph.removeInput(input);
    if (!original.graph.isOutput(tensor)) graph.removeOutputs(({ name }) => name === tensor);
  }
}
