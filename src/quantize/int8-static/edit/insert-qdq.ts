/** Puts QuantizeLinear and DequantizeLinear around the chosen groups and takes out the clamps that their ranges replace. */

import type { NodeProto } from 'onnx-buf';
import {
  type AttributeValue,
  floatAttribute,
  intAttribute,
  removeAttribute,
} from '../../../onnx/attributes.js';
import { makeNode } from '../../../onnx/build.js';
import { DataType } from '../../../onnx/element-type.js';
import type { Graph } from '../../../onnx/graph.js';
import { dimsOf } from '../../../onnx/tensor.js';
import { sameBytes } from '../../../tensor/same-bytes.js';
import { quantizeBias, smallestWeightScale } from '../../integers/bias.js';
import { convOrder, matMulOrder, type ReductionOrder } from '../../integers/saturation.js';
import type { ActivationParameters } from '../../integers/scale.js';
import type { QuantizedWeight } from '../../integers/weights.js';
import type { Group } from '../placement/group.js';
import type { WeightScheme } from '../placement/scheme.js';
import { correctionLayout } from '../recover/bias-correction.js';
import type { InputMoments } from '../recover/input-moments.js';
import { expandComposites } from './expand-composites.js';
import { padInputs, padWeights } from './pad-channels.js';
import type { WeightCache } from './weight-cache.js';

export interface InsertOptions {
  /** Of every tensor that is quantized: inputs of groups, and outputs of groups that don't end in float. */
  parameters: ReadonlyMap<string, ActivationParameters>;
  /** Domain of the Q/DQ operators: '' from opset 13 on, else 'com.microsoft'. */
  domain: '' | 'com.microsoft';
  /** How a node's weights are quantized. */
  scheme: (node: NodeProto) => WeightScheme;
  /** What the weights became in the files that were written before. */
  weights: WeightCache;
  bias: 'int32' | 'float32';
  /** Add zero channels where that makes a convolution faster (channel-padding.ts). */
  padsChannels: boolean;
  /** Mean of every channel of the float tensors that weighted operators read: biases are corrected with it (recover/). */
  means: ReadonlyMap<string, Float32Array> | null;
  /** Covariance of what weighted operators read, by what their group writes: weights are rounded with it (recover/). */
  moments: ReadonlyMap<string, InputMoments> | null;
}

/** Edits the graph; gives back the name of the 8-bit form of each quantized tensor. */
export function insertQuantization(
  graph: Graph,
  groups: readonly Group[],
  options: InsertOptions,
): Map<string, string> {
  const padded = options.padsChannels ? padWeights(graph, groups) : new Map<NodeProto, number>();
  const inserter = new Inserter(graph, options);
  for (const group of groups) inserter.absorbClamps(group);
  const readers = new Map<string, Set<NodeProto>>();
  const produced = new Set<string>();
  for (const group of groups) {
    for (const name of group.inputs) {
      if (!readers.has(name)) readers.set(name, new Set());
      readers.get(name)!.add(group.node);
    }
    for (const name of group.outputs) produced.add(name);
  }
  const quantized = new Map<string, string>();
  for (const name of options.parameters.keys()) {
    // What a group writes is only there in 8 bits: everyone reads that. What float code writes, float code goes on reading.
    quantized.set(name, inserter.quantizeTensor(name, produced.has(name) ? undefined : readers.get(name)));
  }
  for (const group of groups) inserter.quantizeWeights(group);
  padInputs(graph, padded, quantized);
  expandComposites(graph, groups, { parameters: options.parameters, quantized, domain: options.domain });
  return quantized;
}

class Inserter {
  readonly #graph: Graph;
  readonly #options: InsertOptions;
  /** Scale of a group's data input, by the name that its node reads now. */
  readonly #inputScale = new Map<string, number>();

  /** What weights became, by their names. */
  readonly #weights = new Map<string, { quantized: QuantizedWeight; dequantized: string }[]>();

  constructor(graph: Graph, options: InsertOptions) {
    this.#graph = graph;
    this.#options = options;
  }

  absorbClamps(group: Group): void {
    const last = group.clamps.at(-1);
    if (!last) return;
    for (const clamp of group.clamps) this.#graph.removeNode(clamp);
    this.#graph.setOutput(group.node, 0, last.output[0]!);
  }

  quantizeTensor(name: string, among: ReadonlySet<NodeProto> | undefined): string {
    const graph = this.#graph;
    const { scale, zeroPoint, type } = this.#options.parameters.get(name)!;
    const [dataType, array] =
      type === 'uint8' ? ([DataType.UINT8, Uint8Array] as const) : ([DataType.INT8, Int8Array] as const);
    const scaleName = graph.addConstant(`${name}_scale`, DataType.FLOAT, [], Float32Array.of(scale));
    const zeroPointName = graph.addConstant(`${name}_zero_point`, dataType, [], array.of(zeroPoint));
    const dequantized = graph.freshName(`${name}_DequantizeLinear_Output`);
    graph.replaceUses(name, dequantized, among);
    const quantized = graph.freshName(`${name}_QuantizeLinear_Output`);
    this.#addNode('QuantizeLinear', [name, scaleName, zeroPointName], quantized);
    this.#addNode('DequantizeLinear', [quantized, scaleName, zeroPointName], dequantized);
    this.#inputScale.set(dequantized, scale);
    return quantized;
  }

  quantizeWeights(group: Group): void {
    const { node } = group;
    const layout = weightLayout(node, this.#graph);
    if (!layout) return;
    const graph = this.#graph;
    const inputScale = this.#inputScale.get(node.input[0]!)!;
    const weight = graph.constant(node.input[1]!)!;
    const dims = dimsOf(weight);
    const values = scaled(graph.constantValues(node.input[1]!) as Float32Array, layout.weightFactor);
    const biasName = node.input[2] || `${node.output[0]}_bias`;
    const ownBias = node.input[2]
      ? scaled(graph.constantValues(biasName) as Float32Array, layout.biasFactor)
      : undefined;
    const { perChannel, saturationSafe, fullRange } = this.#options.scheme(node);
    const axis = perChannel ? layout.axis : null;
    const channels = axis === null ? 1 : dims[axis]!;
    const pairs = saturationSafe ? layout.order : null;
    const cache = this.#options.weights;
    let quantized = cache.quantize(
      weight,
      { values, dims },
      {
        key: [node.opType, layout.axis, layout.weightFactor, perChannel, fullRange, pairs !== null].join(),
        type: 'int8',
        axis,
        symmetric: true,
        fullRange,
        pairs,
        // A float bias too: ONNX Runtime makes an int32 one of it when it loads the file.
        ...(ownBias ? { smallestScale: smallestWeightScale(ownBias, inputScale, channels) } : {}),
      },
    );
    const moments = this.#options.moments?.get(group.outputs[0]!);
    // Moments know nothing of the channels that padding added.
    if (moments?.inputs === values.length / dims[0]!) {
      quantized = cache.round(values, quantized, { moments, pairs });
    }
    const scaleDims = axis === null ? [] : [channels];
    const dequantized = this.#weightConstants(node.input[1]!, { quantized, dims, scaleDims });
    graph.setInput(node, 1, dequantized);
    if (node.opType === 'Gemm') {
      removeAttribute(node, 'alpha');
      removeAttribute(node, 'beta');
    }
    const bias = this.#correctedBias(group, { values, dims, quantized, bias: ownBias });
    if (!bias) return;
    if (this.#options.bias === 'float32') {
      if (bias !== ownBias || layout.biasFactor !== 1) {
        graph.setInput(node, 2, graph.addConstant(`${biasName}_scaled`, DataType.FLOAT, [bias.length], bias));
      }
      return;
    }
    const integers = quantizeBias(bias, inputScale, quantized.scale);
    const biasData = graph.addConstant(`${biasName}_quantized`, DataType.INT32, [bias.length], integers.data);
    const biasScale = graph.addConstant(`${biasName}_scale`, DataType.FLOAT, scaleDims, integers.scale);
    const biasOut = graph.freshName(`${biasName}_DequantizeLinear_Output`);
    const biasZero = graph.addConstant(
      `${biasName}_zero_point`,
      DataType.INT32,
      scaleDims,
      new Int32Array(channels),
    );
    const biasAxis: Record<string, AttributeValue> = axis === null ? {} : { axis: { int: 0 } };
    this.#addNode('DequantizeLinear', [biasData, biasScale, biasZero], biasOut, biasAxis);
    graph.setInput(node, 2, biasOut);
  }

  /** The bias without the mean shift that rounding the weights causes. */
  #correctedBias(
    { node, inputs }: Group,
    weight: {
      values: Float32Array;
      dims: readonly number[];
      quantized: QuantizedWeight;
      bias: Float32Array | undefined;
    },
  ): Float32Array | undefined {
    const { values, dims, quantized, bias } = weight;
    const means = this.#options.means?.get(inputs[0]!);
    const layout = correctionLayout(node, dims);
    if (!means || !layout) return bias;
    const shift = this.#options.weights.shift(values, quantized, { layout, means });
    return shift.map((value, channel) => (bias?.[channel] ?? 0) - value);
  }

  /** Constants and DequantizeLinear of a weight; those of an equal one (a tied weight) are used again. */
  #weightConstants(
    name: string,
    { quantized, dims, scaleDims }: { quantized: QuantizedWeight; dims: number[]; scaleDims: number[] },
  ): string {
    const graph = this.#graph;
    const made = this.#weights.get(name) ?? [];
    const equal = made.find(
      (other) =>
        other.quantized.axis === quantized.axis &&
        sameBytes(other.quantized.scale, quantized.scale) &&
        sameBytes(other.quantized.data, quantized.data),
    );
    if (equal) return equal.dequantized;
    const data = graph.addConstant(`${name}_quantized`, DataType.INT8, dims, quantized.data);
    const scale = graph.addConstant(`${name}_scale`, DataType.FLOAT, scaleDims, quantized.scale);
    const zeroPoint = graph.addConstant(`${name}_zero_point`, DataType.INT8, scaleDims, quantized.zeroPoint);
    const dequantized = graph.freshName(`${name}_DequantizeLinear_Output`);
    const { axis } = quantized;
    this.#addNode(
      'DequantizeLinear',
      [data, scale, zeroPoint],
      dequantized,
      axis === null ? {} : { axis: { int: axis } },
    );
    this.#weights.set(name, [...made, { quantized, dequantized }]);
    return dequantized;
  }

  #addNode(
    opType: string,
    inputs: string[],
    output: string,
    attributes?: Record<string, AttributeValue>,
  ): void {
    const name = this.#graph.freshName(output.replace(/_Output$/, ''));
    this.#graph.addNode(
      makeNode(opType, inputs, [output], {
        name,
        domain: this.#options.domain,
        ...(attributes ? { attributes } : {}),
      }),
    );
  }
}

interface WeightLayout {
  /** Axis of the output channels. */
  axis: number;
  order: ReductionOrder | null;
  /** Gemm's alpha and beta, folded into weight and bias: the integer kernel wants both to be 1. */
  weightFactor: number;
  biasFactor: number;
}

function weightLayout(node: NodeProto, graph: Graph): WeightLayout | null {
  const plain = { weightFactor: 1, biasFactor: 1 };
  const dims = (): number[] => dimsOf(graph.constant(node.input[1]!)!);
  switch (node.opType) {
    case 'Conv':
      return { axis: 0, order: convOrder(dims(), intAttribute(node, 'group', 1)), ...plain };
    case 'MatMul':
      return { axis: 1, order: matMulOrder(dims()), ...plain };
    case 'Gemm': {
      const transposed = intAttribute(node, 'transB', 0) !== 0;
      return {
        axis: transposed ? 0 : 1,
        order: matMulOrder(dims(), transposed),
        weightFactor: floatAttribute(node, 'alpha', 1),
        biasFactor: floatAttribute(node, 'beta', 1),
      };
    }
    default:
      return null;
  }
}

function scaled(values: Float32Array, factor: number): Float32Array {
  return factor === 1 ? values : values.map((value) => value * factor);
}
