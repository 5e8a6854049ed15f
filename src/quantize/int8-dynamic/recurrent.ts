/** LSTM in dynamic INT8: ONNX Runtime's DynamicQuantizeLSTM, which quantizes the input once and the state at every step.
 *
 *  W [directions, 4 · hidden, inputs] and R [directions, 4 · hidden, hidden] are stored the other way round, in 8 bits with a scale for
 *  each row of a gate. GRU and RNN have no such kernel: their weights are compressed only (layers/folded-weights.ts). */
import type { NodeProto } from 'onnx-buf';
import { intAttribute } from '../../onnx/attributes.js';
import { makeNode } from '../../onnx/build.js';
import type { Graph } from '../../onnx/graph.js';
import type { Model } from '../../onnx/model.js';
import { inputOf } from '../../onnx/node.js';
import { DataType } from '../../onnx/tensor/element-type.js';
import { reductionOrder } from '../integers/saturation.js';
import { quantizeWeight } from '../integers/weights.js';
import { transpose } from '../layers/linear-layer.js';

export interface RecurrentLayer {
  node: NodeProto;
  directions: number;
  /** Rows of the gates of one direction: 4 · hidden. */
  gates: number;
  inputs: number;
  hidden: number;
}

export interface RecurrentOptions {
  perChannel: boolean;
  saturationSafe: boolean;
}

/** Positions of the weights among LSTM's inputs, of which it has eight; DynamicQuantizeLSTM (docs/ContribOperators.md of onnxruntime) reads
 *  scales and zero-points after them. */
const W = 1;
const R = 2;
const INPUTS = 8;
export const WEIGHTS = [W, R] as const;

/** An LSTM that the kernel can take; null for other operators and forms. */
export function recurrentLayer(graph: Graph, node: NodeProto): RecurrentLayer | null {
  if (node.opType !== 'LSTM' || node.domain !== '' || intAttribute(node, 'layout', 0) !== 0) return null;
  if (!WEIGHTS.every((index) => graph.isFloats(node.input[index] ?? ''))) return null;
  const [directions = 0, gates = 0, inputs = 0] = graph.dims(inputOf(node, W));
  const hidden = graph.dims(inputOf(node, R))[2] ?? 0;
  if (directions * gates * inputs * hidden === 0) return null;
  return { node, directions, gates, inputs, hidden };
}

/** Replaces LSTMs of the graph; weights with several readers are stored once. */
export function quantizeRecurrent(
  model: Model,
  layers: readonly RecurrentLayer[],
  options: RecurrentOptions,
): void {
  const weights = new Map<string, QuantizedGates>();
  for (const layer of layers) model.graph.replaceNode(layer.node, [twinOf(model, layer, options, weights)]);
}

/** Constants of W or R: values, scale and zero-point. */
export type QuantizedGates = readonly [data: string, scale: string, zeroPoint: string];

/** The same LSTM in 8 bits, reading and writing the same values; not in the graph. Its constants are. */
export function twinOf(
  model: Model,
  layer: RecurrentLayer,
  options: RecurrentOptions,
  weights: Map<string, QuantizedGates>,
): NodeProto {
  const { graph } = model;
  const { node } = layer;
  model.setOpset('com.microsoft', 1);
  const [w, r] = WEIGHTS.map((index) => {
    const name = inputOf(node, index);
    const made = weights.get(name) ?? addQuantizedGates(graph, name, options);
    weights.set(name, made);
    return made;
  }) as [QuantizedGates, QuantizedGates];
  const inputs = Array.from({ length: INPUTS }, (_, index) => node.input[index] ?? '');
  inputs[W] = w[0];
  inputs[R] = r[0];
  const twin = makeNode('DynamicQuantizeLSTM', [...inputs, w[1], w[2], r[1], r[2]], node.output, {
    name: node.name,
    domain: 'com.microsoft',
  });
  twin.attribute = node.attribute.filter(({ name }) => name !== 'layout');
  return twin;
}

/** [directions, gates, depth] in float32 → [directions, depth, gates] in 8 bits. */
function addQuantizedGates(graph: Graph, name: string, options: RecurrentOptions): QuantizedGates {
  const [directions = 0, gates = 0, depth = 0] = graph.dims(name);
  const values = graph.floats(name);
  const size = gates * depth;
  const data = new Int8Array(directions * size);
  const channels = options.perChannel ? gates : 1;
  const scale = new Float32Array(directions * channels);
  const layout = { rows: depth, columns: gates, kernel: 1, rowsAreOutputs: false, group: 1 };
  for (let direction = 0; direction < directions; direction++) {
    const rows = values.subarray(direction * size, (direction + 1) * size);
    const quantized = quantizeWeight(transpose(rows, gates, depth), [depth, gates], {
      type: 'int8',
      axis: options.perChannel ? 1 : null,
      symmetric: true,
      pairs: options.saturationSafe ? reductionOrder(layout) : null,
    });
    data.set(quantized.data, direction * size);
    scale.set(quantized.scale, direction * channels);
  }
  const shape = options.perChannel ? [directions, gates] : [directions];
  return [
    graph.addConstant(`${name}_quantized`, DataType.INT8, [directions, depth, gates], data),
    graph.addConstant(`${name}_scale`, DataType.FLOAT, shape, scale),
    graph.addConstant(`${name}_zero_point`, DataType.INT8, shape, new Int8Array(scale.length)),
  ];
}
