/** Operators that multiply by constant weights, and how an affine function before or after them goes into those weights. */
import type { NodeProto } from 'onnx-buf';
import { intsAttribute, setAttribute, stringAttribute } from '../../../onnx/attributes.js';
import type { Graph } from '../../../onnx/graph.js';
import { inputOf } from '../../../onnx/node.js';
import { firstColumn, readWeighted, type Weighted, type WeightLayout } from '../../../onnx/query/weighted.js';
import { DataType } from '../../../onnx/tensor/element-type.js';
import { allFinite } from '../../../tensor/finite.js';
import { isLargeConstant } from '../../prepare/copy-cost.js';
import type { Affine } from './affine.js';
import { isAll } from './affine.js';
import type { Declined, RewriteContext } from './context.js';

type Coefficients = Pick<Affine, 'scale' | 'offset'>;
type EditContext = Pick<RewriteContext, 'types'>;

/** A weighted operator of float32: y[o] = alpha · Σ_k w[o][k] · x[k] + b[o]. */
export interface Linear extends WeightLayout {
  node: NodeProto;
  /** Channel axis of the data input and of the output. */
  axis: number;
  /** The weights, a view of the initializer: read-only. */
  weight: Float32Array;
  /** One per output channel, Gemm's beta multiplied in; null: the operator has none and can't have one (MatMul). */
  bias: Float64Array | null;
  alpha: number;
  /** Zeros are added around the input: an offset before it isn't an offset after it. */
  padded: boolean;
}

/** Reads a node as a linear operator; null for other operators, weights that aren't constant float32, and odd shapes. */
export function readLinear(graph: Graph, node: NodeProto): Linear | null {
  const weighted = readWeighted(graph, node);
  if (!weighted || weighted.transA || !hasUsualRank(weighted)) return null;
  if (!graph.isFloats(weighted.weight) || weighted.dims.includes(0)) return null;
  const bias = weighted.opType === 'MatMul' ? null : readBias(graph, weighted);
  if (bias === undefined) return null;
  const { rows, columns, kernel, rowsAreOutputs, group, alpha } = weighted;
  const weight = graph.floats(weighted.weight);
  const layout = { rows, columns, kernel, rowsAreOutputs, group };
  return { node, axis: weighted.channelAxis, weight, ...layout, bias, alpha, padded: isPadded(weighted) };
}

function hasUsualRank({ opType, dims }: Weighted): boolean {
  return opType.startsWith('Conv') ? dims.length >= 3 : dims.length === 2;
}

/** An edit that is possible and not made yet. */
export type Edit = () => void;

/** The edit that makes the operator compute scale · y + offset. */
export function scaleOutput(
  graph: Graph,
  linear: Linear,
  { scale, offset }: Coefficients,
  context: EditContext,
): Edit | Declined {
  if (linear.bias === null && !isAll(offset, 0)) return { reason: `${linear.node.opType} has no bias` };
  const weight = isAll(scale, 1) ? null : new Float32Array(linear.weight.length);
  if (weight) {
    forEachKernel(linear, ({ start, end, output }) => {
      const factor = channelOf(scale, output);
      for (let i = start; i < end; i++) weight[i] = linear.weight[i]! * factor;
    });
  }
  const bias = linear.bias?.map(
    (value, channel) => value * channelOf(scale, channel) + channelOf(offset, channel),
  );
  return edit(graph, linear.node, { weight, bias: bias ?? null }, context);
}

/** The edit that makes the operator read x where it read scale · x + offset. */
export function scaleInput(
  graph: Graph,
  linear: Linear,
  { scale, offset }: Coefficients,
  context: EditContext,
): Edit | Declined {
  const shifts = !isAll(offset, 0);
  const { opType } = linear.node;
  if (shifts && linear.padded)
    return { reason: `${opType} pads its input with zeros, to which nothing is added` };
  if (shifts && linear.bias === null) return { reason: `${opType} has no bias` };
  const bias = linear.bias ? Float64Array.from(linear.bias) : null;
  const weight = isAll(scale, 1) ? null : new Float32Array(linear.weight.length);
  forEachKernel(linear, ({ start, end, output, input }) => {
    const factor = channelOf(scale, input);
    let sum = 0;
    for (let i = start; i < end; i++) {
      sum += linear.weight[i]!;
      if (weight) weight[i] = linear.weight[i]! * factor;
    }
    if (bias && shifts) bias[output] = bias[output]! + linear.alpha * sum * channelOf(offset, input);
  });
  return edit(graph, linear.node, { weight, bias }, context);
}

function channelOf(values: Float64Array, channel: number): number {
  return values[values.length === 1 ? 0 : channel]!;
}

interface Kernel {
  /** Where the weights between this pair of channels lie. */
  start: number;
  end: number;
  output: number;
  input: number;
}

function forEachKernel(linear: Linear, visit: (kernel: Kernel) => void): void {
  const { rows, columns, kernel, rowsAreOutputs } = linear;
  for (let row = 0; row < rows; row++) {
    const first = firstColumn(linear, row);
    for (let column = 0; column < columns; column++) {
      const start = (row * columns + column) * kernel;
      const [output, input] = rowsAreOutputs ? [row, first + column] : [first + column, row];
      visit({ start, end: start + kernel, output, input });
    }
  }
}

/** Whether the weight would be there twice if this node got one of its own. */
function mustShare(graph: Graph, node: NodeProto): boolean {
  const name = inputOf(node, 1);
  const isAlone = graph.consumers(name).length === 1 && !graph.isOutput(name);
  return !isAlone && isLargeConstant(graph, name);
}

/** Writes weights and bias as initializers of this node alone: the old ones may be shared. null keeps what is there. Declines
 *  where the copy of a shared weight would make the model larger. */
function edit(
  graph: Graph,
  node: NodeProto,
  { weight, bias }: { weight: Float32Array | null; bias: Float64Array | null },
  { types }: EditContext,
): Edit | Declined {
  const biasValues = bias ? Float32Array.from(bias) : null;
  if (weight && mustShare(graph, node)) return { reason: `others read the weights of ${node.opType} too` };
  if ((weight && !allFinite(weight)) || (biasValues && !allFinite(biasValues)))
    return { reason: `the weights of ${node.opType} would not stay finite` };
  const dims = graph.dims(inputOf(node, 1));
  const set = (index: number, shape: number[], data: Float32Array) => {
    const old = node.input[index] || `${node.output[0]}_bias`;
    const name = graph.addConstant(old, DataType.FLOAT, shape, data);
    types.set(name, { dataType: DataType.FLOAT, shape });
    graph.setInput(node, index, name);
  };
  return () => {
    if (weight) set(1, dims, weight);
    if (!biasValues || (!node.input[2] && biasValues.every((value) => value === 0))) return;
    set(2, [biasValues.length], biasValues);
    if (node.opType === 'Gemm') setAttribute(node, 'beta', { float: 1 });
  };
}

/** The bias as one value per output channel (zeros when there is none); undefined when it isn't constant or has another shape. */
function readBias(graph: Graph, { bias, beta, outputs }: Weighted): Float64Array | undefined {
  if (!bias) return new Float64Array(outputs);
  if (
    !graph.isFloats(bias) ||
    graph
      .dims(bias)
      .slice(0, -1)
      .some((dim) => dim !== 1)
  )
    return undefined;
  const values = Float64Array.from(graph.floats(bias), (value) => value * beta);
  if (values.length === outputs) return values;
  return values.length === 1 ? new Float64Array(outputs).fill(values[0] ?? 0) : undefined;
}

function isPadded({ node, opType }: Weighted): boolean {
  // Each output pixel of a transposed convolution sees another part of the kernel: as if it were padded.
  if (opType === 'ConvTranspose') return true;
  if (opType !== 'Conv') return false;
  const auto = stringAttribute(node, 'auto_pad', 'NOTSET');
  if (auto === 'VALID') return false;
  return auto !== 'NOTSET' || (intsAttribute(node, 'pads') ?? []).some((pad) => pad !== 0);
}
