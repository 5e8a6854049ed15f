/** What operators cost in float and in 8 bits, by a table: what pays unless it was measured.
 *
 *  Microseconds on two cores with AVX-512 VNNI, fitted (relative errors) to node times in profiles of ONNX Runtime 1.30 at `all`:
 *  EfficientNet-Lite0 and UltraFace in float and in 8 bits for convolutions, two detectors for the rest.
 *  Only their proportions matter: sums of them are compared. */

import type { Graph } from '../../../onnx/graph.js';
import { readWeighted, type Weighted } from '../../../onnx/query/weighted.js';
import type { TensorType } from '../../../onnx/tensor/tensor-type.js';
import { elementCount } from '../../../tensor/dims.js';
import { paddedChannels } from './channel-padding.js';
import { isShift } from './composites.js';
import type { Group } from './group.js';

export interface GroupCost {
  float: number;
  int8: number;
}

export interface Costs {
  group(group: Group): GroupCost;
  /** Float tensor → 8 bits: QuantizeLinear and the change of layout that comes with it. */
  quantize(tensor: string): number;
  /** 8 bits → float tensor. */
  dequantize(tensor: string): number;
}

export interface CostContext {
  graph: Graph;
  /** Shapes with the dimensions of a real sample where they are known. */
  types: ReadonlyMap<string, TensorType>;
  /** Whether convolutions that read the model's input may get zero channels (channel-padding.ts). */
  padsChannels?: boolean;
}

/** Per thousand elements, or per million multiply-adds. */
const QUANTIZE = 0.25;
const DEQUANTIZE = 0.25;
/** Between the channels-last layout of the 8-bit convolutions and the blocked layout of the float ones: two transpositions, which
 *  run on one core while the kernels run on all (counted at twice what they take alone). */
const CHANGE_LAYOUT = 0.45;
/** From a model's input, which has few channels and neither layout. */
const CHANGE_INPUT_LAYOUT = 0.35;
/** Adding zero channels to an 8-bit image (channel-padding.ts). */
const PAD = 0.1;
const NODE_OVERHEAD = 3;
/** A convolution's own, in float and in 8 bits. */
const CONV_OVERHEAD = [8, 11] as const;
/** Per thousand addresses: the kernels that read the image in place are first told where each kernel position of each pixel lies. */
const ADDRESS = 0.7;
/** Per thousand kernel positions of pixels, and per thousand of their bytes: what other kernels read is first copied into a matrix. */
const COPY = [2, 0.03] as const;

/** [float, int8] per thousand output elements. */
const PER_ELEMENT: Record<string, readonly [number, number]> = {
  // A float Add behind a Conv is fused into it and costs almost nothing.
  Add: [0.1, 0.2],
  Mul: [0.25, 0.3],
  // h-swish: HardSigmoid and Mul, or Clip and QLinearMul.
  HardSigmoid: [0.45, 0.45],
  Concat: [0.13, 0.17],
  AveragePool: [0.6, 0.6],
  GlobalAveragePool: [0.1, 0.1],
  LeakyRelu: [0.3, 0.5],
  Sigmoid: [1.5, 0.6],
  Softmax: [3, 3],
  MaxPool: [0.08, 0.07],
  Transpose: [0.8, 0.4],
  Slice: [0.25, 0.15],
  Gather: [0.25, 0.15],
  Split: [0.25, 0.15],
  Resize: [1, 0.6],
  // A view: nothing is copied.
  Reshape: [0, 0],
  Squeeze: [0, 0],
  Unsqueeze: [0, 0],
  Flatten: [0, 0],
};

export function tableCosts(context: CostContext): Costs {
  const thousands = (tensor: string): number => elements(tensor, context) / 1000;
  const { graph } = context;
  return {
    group(group) {
      const { node } = group;
      const weighted = readWeighted(graph, node);
      if (weighted?.opType === 'Conv') return convCost(group, weighted, context);
      // Another zero-point costs nothing at all.
      if (isShift(group)) return { float: 0.25 * thousands(group.outputs[0]!) + NODE_OVERHEAD, int8: 0 };
      if (weighted) return matMulCost(group, weighted, context);
      const [float, int8] = PER_ELEMENT[node.opType] ?? [0.3, 0.3];
      // Operators that shrink their input read more than they write.
      const size = Math.max(thousands(group.inputs[0]!), thousands(group.outputs[0]!));
      return { float: float * size + NODE_OVERHEAD, int8: int8 * size + NODE_OVERHEAD };
    },
    quantize(tensor) {
      const change = graph.isInput(tensor) ? CHANGE_INPUT_LAYOUT : CHANGE_LAYOUT;
      return thousands(tensor) * (QUANTIZE + (hasLayout(tensor, context) ? change : 0)) + NODE_OVERHEAD;
    },
    dequantize(tensor) {
      return (
        thousands(tensor) * (DEQUANTIZE + (hasLayout(tensor, context) ? CHANGE_LAYOUT : 0)) + NODE_OVERHEAD
      );
    },
  };
}

function convCost({ inputs, outputs }: Group, weighted: Weighted, context: CostContext): GroupCost {
  const { rows: channels, columns: depth, kernel: area, group: groups } = weighted;
  const input = elements(inputs[0]!, context) / 1000;
  const output = elements(outputs[0]!, context) / 1000;
  const macs = (output * depth * area) / 1000;
  const weights = (channels * depth * area) / 1000;
  const pixels = output / channels;
  const [floatOverhead, int8Overhead] = CONV_OVERHEAD;
  if (depth === 1 && groups > 1) {
    return {
      float: 27 * macs + 0.08 * output + 0.04 * input + floatOverhead,
      int8: 27 * macs + 0.08 * output + ADDRESS * pixels * area + int8Overhead,
    };
  }
  // Fewer than 8 input channels leave the blocked float kernel's vectors half empty. Weights come from memory: four bytes each in float.
  const float = 18.8 * macs * (depth < 8 ? 1.4 : 1) + 0.16 * output + 0.4 * weights;
  // The symmetric kernel reads the image in place when the channels come in fours; else it is unrolled into a matrix first.
  const padded = context.padsChannels ? paddedChannels(weighted, context.graph) : null;
  const wider = (padded ?? depth) / depth;
  const inPlace = (padded ?? depth) % 4 === 0 && groups === 1;
  const direct = area === 1 && groups === 1;
  const reading = direct ? 0 : pixels * area * (inPlace ? ADDRESS : groups * (COPY[0] + COPY[1] * depth));
  const padding = padded === null ? 0 : PAD * input * wider + NODE_OVERHEAD;
  const int8 = (3.7 * macs + 0.05 * input) * wider + 0.136 * output + 0.11 * weights + reading + padding;
  return { float: float + floatOverhead, int8: int8 + int8Overhead };
}

function matMulCost({ outputs }: Group, { dims, inputs }: Weighted, context: CostContext): GroupCost {
  const weights = elementCount(dims) / 1000;
  const output = elements(outputs[0]!, context) / 1000;
  const macs = (output * inputs) / 1000;
  return {
    float: 18.8 * macs + 0.22 * weights + NODE_OVERHEAD,
    int8: 5 * macs + 0.075 * weights + 0.12 * output + NODE_OVERHEAD,
  };
}

/** Elements of a tensor; unknown dimensions count as 1. */
function elements(tensor: string, { types }: CostContext): number {
  let count = 1;
  for (const dim of types.get(tensor)?.shape ?? []) if (typeof dim === 'number') count *= dim;
  return count;
}

/** Images change layout between float and 8-bit operators; sequences and vectors don't. */
function hasLayout(tensor: string, { types }: CostContext): boolean {
  const shape = types.get(tensor)?.shape;
  return (
    shape !== null &&
    shape !== undefined &&
    shape.length === 4 &&
    elementCount(shape.slice(2).map(dimension)) > 1
  );
}

function dimension(dim: number | string): number {
  return typeof dim === 'number' ? dim : 1;
}
