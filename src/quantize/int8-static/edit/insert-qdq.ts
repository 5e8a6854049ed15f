/** Puts QuantizeLinear and DequantizeLinear around the chosen groups and takes out the clamps that their ranges replace. */

import type { NodeProto } from 'onnx-buf';
import { type AttributeValue, removeAttribute } from '../../../onnx/attributes.js';
import { makeNode } from '../../../onnx/build.js';
import type { Graph } from '../../../onnx/graph.js';
import { outputOf } from '../../../onnx/node.js';
import { readWeighted, type Weighted } from '../../../onnx/query/weighted.js';
import { DataType } from '../../../onnx/tensor/element-type.js';
import { sameBytes } from '../../../tensor/same-bytes.js';
import { quantizeBias } from '../../integers/bias.js';
import { reductionOrder } from '../../integers/saturation.js';
import type { ActivationParameters } from '../../integers/scale.js';
import type { QuantizedWeight } from '../../integers/weights.js';
import type { Group } from '../placement/group.js';
import type { WeightScheme } from '../placement/scheme.js';
import type { InputMoments } from '../recover/covariance.js';
import { momentsKey } from '../recover/input-moments.js';
import { expandComposites } from './expand-composites.js';
import { padInputs, padWeights } from './pad-channels.js';
import { ScaledWeights } from './scaled-weights.js';
import { SmallestScales } from './smallest-scales.js';
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
  /** What the target's kernels take as scales of weights. */
  scaleSigns: 'any' | 'positive';
  /** Add zero channels where that makes a convolution faster (channel-padding.ts). */
  padsChannels: boolean;
  /** Mean of every channel of the float tensors that weighted operators read: biases are corrected with it (recover/). */
  means: ReadonlyMap<string, Float32Array> | null;
  /** Covariance of what weighted operators read, by what their group writes: weights are rounded with it (recover/). */
  moments: ReadonlyMap<string, InputMoments> | null;
  /** What outputs of the model are off by in the mean, by their names: their biases take it up (recover/). */
  drifts: ReadonlyMap<string, Float32Array> | null;
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
  inserter.agreeOnWeights(groups);
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

  readonly #smallestScales = new SmallestScales();

  readonly #scaledWeights = new ScaledWeights();

  /** Names of the constants that hold a weight's integers. */
  readonly #integers = new Map<QuantizedWeight['data'], string>();

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
    this.#graph.setOutput(group.node, 0, outputOf(last));
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

  /** Looks at all biases first: every reader of a weight gets the same integers, which are stored once. */
  agreeOnWeights(groups: readonly Group[]): void {
    for (const { node } of groups) {
      const weighted = this.#weighted(node);
      if (!weighted) continue;
      const bias = this.#scaledBias(weighted);
      if (!bias) continue;
      const inputScale = this.#inputScale.get(weighted.input)!;
      const channels = this.#options.scheme(node).perChannel ? weighted.outputs : 1;
      this.#smallestScales.add(weighted, { bias, inputScale, channels });
    }
  }

  quantizeWeights(group: Group): void {
    const { node } = group;
    const weighted = this.#weighted(node);
    if (!weighted) return;
    const inputScale = this.#inputScale.get(weighted.input)!;
    const weight = scaled(this.#graph.floats(weighted.weight), weighted.alpha);
    const bias = this.#scaledBias(weighted);
    const quantized = this.#quantizedWeight(group, weighted, weight);
    this.#graph.setInput(node, 1, this.#weightConstants(weighted, quantized));
    // Both are in weight and bias now: the integer kernel wants them to be 1.
    removeAttribute(node, 'alpha');
    removeAttribute(node, 'beta');
    const corrected = this.#correctedBias(group, weighted, { weight, bias, quantized });
    if (!corrected) return;
    if (this.#options.bias === 'int32') this.#setIntegerBias(weighted, corrected, { inputScale, quantized });
    else if (corrected !== bias || weighted.beta !== 1) this.#setFloatBias(weighted, corrected);
  }

  /** The operator as it is now, where it is one whose weights are quantized here. */
  #weighted(node: NodeProto): Weighted | null {
    const weighted = readWeighted(this.#graph, node);
    return weighted?.opType === 'ConvTranspose' ? null : weighted;
  }

  /** With Gemm's beta multiplied in. */
  #scaledBias({ bias, beta }: Weighted): Float32Array | undefined {
    return bias ? scaled(this.#graph.floats(bias), beta) : undefined;
  }

  #quantizedWeight(group: Group, weighted: Weighted, weight: Float32Array): QuantizedWeight {
    const { opType, outputAxis, outputs, columns, kernel, alpha, dims } = weighted;
    const { perChannel, saturationSafe, fullRange } = this.#options.scheme(group.node);
    const pairs = saturationSafe ? reductionOrder(weighted) : null;
    const cache = this.#options.weights;
    // For a float bias too: ONNX Runtime makes an int32 one of it when it loads the file.
    const smallestScale = this.#smallestScales.of(weighted, perChannel ? outputs : 1);
    const key = [opType, outputAxis, alpha, perChannel, fullRange, pairs !== null].join();
    const family = {
      key: `${key} ${dims}`,
      channels: outputs,
      smallestScale,
      signs: this.#options.scaleSigns,
    };
    const mayBeScaled = opType === 'Conv' && perChannel;
    const scaledOne = mayBeScaled ? this.#scaledWeights.find(weight, family) : null;
    if (scaledOne) return scaledOne;
    const nearest = cache.quantize(
      this.#graph.constant(weighted.weight)!,
      { values: weight, dims },
      {
        key,
        type: 'int8',
        axis: perChannel ? outputAxis : null,
        symmetric: true,
        fullRange,
        pairs,
        smallestScale,
      },
    );
    const moments = this.#options.moments?.get(momentsKey(group));
    const seen = moments && cache.widened(moments, columns * kernel);
    const quantized = seen ? cache.round(weight, nearest, { moments: seen, pairs }) : nearest;
    if (mayBeScaled) this.#scaledWeights.add(family.key, weight, quantized);
    return quantized;
  }

  /** The bias without the mean shift that rounding the weights causes, and without what the output of the model is off by. */
  #correctedBias(
    group: Group,
    weighted: Weighted,
    {
      weight,
      bias,
      quantized,
    }: { weight: Float32Array; bias: Float32Array | undefined; quantized: QuantizedWeight },
  ): Float32Array | undefined {
    const { opType, node, outputs } = weighted;
    if (opType === 'MatMul') return bias;
    const { means, drifts, weights } = this.#options;
    const ofInput = means?.get(group.inputs[0] ?? '');
    const drift = group.clamps.length === 0 ? drifts?.get(outputOf(node)) : undefined;
    const shifts = [
      ...(ofInput ? [weights.shift(weight, quantized, { layout: weighted, means: ofInput })] : []),
      ...(drift?.length === outputs ? [drift] : []),
    ];
    return shifts.reduce<Float32Array | undefined>(
      (before, shift) => shift.map((value, channel) => (before?.[channel] ?? 0) - value),
      bias,
    );
  }

  #setFloatBias(weighted: Weighted, bias: Float32Array): void {
    const name = this.#graph.addConstant(`${biasName(weighted)}_scaled`, DataType.FLOAT, [bias.length], bias);
    this.#graph.setInput(weighted.node, 2, name);
  }

  /** The bias as int32 in the scale of the products, which the kernel adds as it is. */
  #setIntegerBias(
    weighted: Weighted,
    bias: Float32Array,
    { inputScale, quantized }: { inputScale: number; quantized: QuantizedWeight },
  ): void {
    const graph = this.#graph;
    const base = biasName(weighted);
    const { data, scale } = quantizeBias(bias, inputScale, quantized.scale);
    const dims = quantized.axis === null ? [] : [scale.length];
    const inputs = [
      graph.addConstant(`${base}_quantized`, DataType.INT32, [bias.length], data),
      graph.addConstant(`${base}_scale`, DataType.FLOAT, dims, scale),
    ];
    const output = graph.freshName(`${base}_DequantizeLinear_Output`);
    inputs.push(graph.addConstant(`${base}_zero_point`, DataType.INT32, dims, new Int32Array(scale.length)));
    this.#addNode('DequantizeLinear', inputs, output, quantized.axis === null ? {} : { axis: { int: 0 } });
    graph.setInput(weighted.node, 2, output);
  }

  /** Constants and DequantizeLinear of a weight; those of an equal one (a tied weight) are used again. */
  #weightConstants({ weight: name, dims }: Weighted, quantized: QuantizedWeight): string {
    const graph = this.#graph;
    const { axis } = quantized;
    const scaleDims = axis === null ? [] : [quantized.scale.length];
    const made = this.#weights.get(name) ?? [];
    const equal = made.find(
      (other) =>
        other.quantized.axis === quantized.axis &&
        sameBytes(other.quantized.scale, quantized.scale) &&
        sameBytes(other.quantized.data, quantized.data),
    );
    if (equal) return equal.dequantized;
    const data =
      this.#integers.get(quantized.data) ??
      graph.addConstant(`${name}_quantized`, DataType.INT8, dims, quantized.data);
    this.#integers.set(quantized.data, data);
    const scale = graph.addConstant(`${name}_scale`, DataType.FLOAT, scaleDims, quantized.scale);
    const zeroPoint = graph.addConstant(`${name}_zero_point`, DataType.INT8, scaleDims, quantized.zeroPoint);
    const dequantized = graph.freshName(`${name}_DequantizeLinear_Output`);
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
      makeNode(opType, inputs, [output], { name, domain: this.#options.domain, attributes }),
    );
  }
}

/** What the constants of a bias are named after; an operator without one gets one named after its output. */
function biasName({ bias, node }: Weighted): string {
  return bias || `${outputOf(node)}_bias`;
}

function scaled(values: Float32Array, factor: number): Float32Array {
  return factor === 1 ? values : values.map((value) => value * factor);
}
