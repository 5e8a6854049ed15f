/** Divides the channels of an activation by dividing the constants of what writes it.
 *
 *  That is the LayerNormalization or constant Mul right before it; or, behind attention, the layer that makes the values: mixing
 *  positions leaves channels apart, so that heads(softmax(…) · heads(x·W + b)) / s = heads(softmax(…) · heads(x·W/s + b/s)). Either
 *  way nobody else may read what is divided. */
import type { NodeProto } from 'onnx-buf';
import { intsAttribute } from '../../../onnx/attributes.js';
import type { Graph } from '../../../onnx/graph.js';
import { inputOf } from '../../../onnx/node.js';
import { DataType } from '../../../onnx/tensor/element-type.js';
import type { LinearLayer } from '../../layers/linear-layer.js';

export interface DivisionOptions {
  /** The layers that read the activation: nobody else may. */
  reading: readonly LinearLayer[];
  /** All layers: one whose weights are divided is told its new ones. */
  layers: readonly LinearLayer[];
  /** What each channel is divided by. */
  factors: Float32Array;
  /** Constants divided by these factors so far: their copies by their names. */
  divided: Map<string, string>;
}

/** The edit that divides, not made yet; null where it can't be done. */
export function foldDivision(graph: Graph, name: string, options: DivisionOptions): (() => void) | null {
  const { reading, layers, factors } = options;
  const producer = graph.producer(name);
  const nodes = new Set(reading.map((layer) => layer.node));
  if (!producer || graph.isOutput(name) || graph.consumers(name).some((node) => !nodes.has(node)))
    return null;
  const own = channelConstants(graph, producer, factors.length);
  if (own) {
    return () => {
      for (const index of own) divide(graph, producer, { index, ...options });
    };
  }
  const values = valuesBehindAttention(graph, producer, factors.length);
  if (!values) return null;
  return () => {
    if (values.bias) divide(graph, values.bias.node, { index: values.bias.index, ...options });
    divide(graph, values.product, { index: 1, ...options });
    const layer = layers.find(({ node }) => node === values.product);
    if (layer) layer.weight = inputOf(values.product, 1);
  };
}

/** Input indices of the constants whose division divides a node's output channel by channel; undefined if it can't be done so. */
function channelConstants(graph: Graph, node: NodeProto, depth: number): number[] | undefined {
  if (node.domain !== '') return undefined;
  if (node.opType === 'LayerNormalization') {
    const indices = node.input[2] ? [1, 2] : [1];
    return indices.every((index) => isVector(graph, node.input[index], depth)) ? indices : undefined;
  }
  if (node.opType === 'Mul') {
    const index = [1, 0].find((candidate) => isVector(graph, node.input[candidate], depth));
    return index === undefined ? undefined : [index];
  }
  return undefined;
}

interface Values {
  /** MatMul with constant weights [depth, channels]. */
  product: NodeProto;
  /** The Add behind it, and which of its inputs is the bias. */
  bias: { node: NodeProto; index: number } | null;
}

const HEADS_FIRST = [0, 2, 1, 3];

/** The layer behind [batch, position, channel] ← heads merged ← softmax · (heads apart ← layer); null where it is spelled otherwise. */
function valuesBehindAttention(graph: Graph, merge: NodeProto, depth: number): Values | null {
  const inner = before(graph, merge, { index: 0, opType: 'Transpose' });
  const mix = inner && before(graph, inner, { index: 0, opType: 'MatMul' });
  const apart = mix && before(graph, mix, { index: 1, opType: 'Transpose' });
  const split = apart && before(graph, apart, { index: 0, opType: 'Reshape' });
  if (!split || merge.opType !== 'Reshape' || merge.domain !== '') return null;
  const swaps = [inner, apart].every((node) => String(intsAttribute(node, 'perm')) === String(HEADS_FIRST));
  const [merged, heads] = [merge, split].map((node) => graph.constantValues(inputOf(node, 1)));
  if (!swaps || merged?.length !== 3 || heads?.length !== 4) return null;
  if (Number(merged[2]) !== depth || Number(heads[2]) * Number(heads[3]) !== depth) return null;
  const add = before(graph, split, { index: 0, opType: 'Add' });
  const at = add ? add.input.findIndex((name) => isVector(graph, name, depth)) : -1;
  if (add && at < 0) return null;
  const product = before(graph, add ?? split, { index: add ? 1 - at : 0, opType: 'MatMul' });
  const weight = product && graph.constant(inputOf(product, 1));
  if (!weight || weight.dataType !== DataType.FLOAT || weight.dims.length !== 2) return null;
  // Others read the weight as it is: it would be there twice.
  if (!graph.onlyReader(inputOf(product, 1))) return null;
  return { product, bias: add ? { node: add, index: at } : null };
}

/** The node that writes an input, if it is such an operator and only this node reads it. */
function before(
  graph: Graph,
  node: NodeProto,
  { index, opType }: { index: number; opType: string },
): NodeProto | null {
  const name = node.input[index] ?? '';
  const producer = graph.producer(name);
  const isAlone = graph.onlyReader(name) !== undefined;
  return producer?.opType === opType && producer.domain === '' && isAlone ? producer : null;
}

function isVector(graph: Graph, name: string | undefined, depth: number): boolean {
  const tensor = graph.constant(name ?? '');
  return tensor?.dataType === DataType.FLOAT && tensor.dims.length === 1 && Number(tensor.dims[0]) === depth;
}

/** Gives a node a divided copy of a constant [channels] or [depth, channels]; the one that was made before, where there is one. */
function divide(
  graph: Graph,
  node: NodeProto,
  { index, factors, divided }: Pick<DivisionOptions, 'factors' | 'divided'> & { index: number },
): void {
  const name = node.input[index]!;
  let copy = divided.get(name);
  if (copy === undefined) {
    const values = graph.floats(name).map((value, i) => value / factors[i % factors.length]!);
    copy = graph.addConstant(`${name}_smoothed`, DataType.FLOAT, graph.dims(name), values);
    divided.set(name, copy);
  }
  graph.setInput(node, index, copy);
}
