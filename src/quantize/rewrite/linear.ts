/** Operators that multiply by constant weights, and how an affine function before or after them goes into those weights. */
import type { NodeProto } from 'onnx-buf';
import {
  floatAttribute,
  intAttribute,
  intsAttribute,
  setAttribute,
  stringAttribute,
} from '../../onnx/attributes.js';
import { DataType } from '../../onnx/element-type.js';
import type { Graph } from '../../onnx/graph.js';
import { dimsOf } from '../../onnx/tensor.js';
import { allFinite } from '../../tensor/finite.js';
import type { Affine } from './affine.js';
import { isAll } from './affine.js';
import type { RewriteContext } from './context.js';

type Coefficients = Pick<Affine, 'scale' | 'offset'>;

/** A weighted operator: y[o] = alpha · Σ_k w[o][k] · x[k] + b[o]. */
export interface Linear {
  node: NodeProto;
  /** Channel axis of the data input and of the output. */
  axis: number;
  /** The weights, a view of the initializer: read-only. */
  weight: Float32Array;
  /** The weights seen as [rows, columns, kernel]. */
  rows: number;
  columns: number;
  kernel: number;
  /** Rows are output channels and columns input channels; otherwise the other way round. */
  rowsAreOutputs: boolean;
  /** Rows of group g meet the columns' channels g · columns, g · columns + 1, … */
  group: number;
  /** One per output channel; null: the operator has none and can't have one (MatMul). */
  bias: Float64Array | null;
  alpha: number;
  /** Zeros are added around the input: an offset before it isn't an offset after it. */
  padded: boolean;
}

/** Reads a node as a linear operator; null for other operators, weights that aren't constant float32, and odd shapes. */
export function readLinear(graph: Graph, node: NodeProto): Linear | null {
  if (node.domain !== '') return null;
  switch (node.opType) {
    case 'Conv':
    case 'ConvTranspose':
      return readConv(graph, node);
    case 'Gemm':
      return readGemm(graph, node);
    case 'MatMul':
      return readMatMul(graph, node);
    default:
      return null;
  }
}

/** An edit that is possible and not made yet. */
export type Edit = () => void;

/** The edit that makes the operator compute scale · y + offset; null when it can't hold the offset. */
export function scaleOutput(
  graph: Graph,
  linear: Linear,
  { scale, offset }: Coefficients,
  context: RewriteContext,
): Edit | null {
  if (linear.bias === null && !isAll(offset, 0)) return null;
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

/** The edit that makes the operator read x where it read scale · x + offset; null where that isn't the same. */
export function scaleInput(
  graph: Graph,
  linear: Linear,
  { scale, offset }: Coefficients,
  context: RewriteContext,
): Edit | null {
  const shifts = !isAll(offset, 0);
  if (shifts && (linear.padded || linear.bias === null)) return null;
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
  const { rows, columns, kernel, group, rowsAreOutputs } = linear;
  for (let row = 0; row < rows; row++) {
    const firstColumn = Math.floor(row / (rows / group)) * columns;
    for (let column = 0; column < columns; column++) {
      const start = (row * columns + column) * kernel;
      const [output, input] = rowsAreOutputs ? [row, firstColumn + column] : [firstColumn + column, row];
      visit({ start, end: start + kernel, output, input });
    }
  }
}

/** Writes weights and bias as initializers of this node alone: the old ones may be shared. null keeps what is there. */
function edit(
  graph: Graph,
  node: NodeProto,
  { weight, bias }: { weight: Float32Array | null; bias: Float64Array | null },
  { types }: RewriteContext,
): Edit | null {
  const biasValues = bias ? Float32Array.from(bias) : null;
  if ((weight && !allFinite(weight)) || (biasValues && !allFinite(biasValues))) return null;
  const dims = dimsOf(graph.constant(node.input[1]!)!);
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

/** A constant float32 input; null when it isn't one, or is empty. */
function floats(graph: Graph, name: string | undefined): { values: Float32Array; dims: number[] } | null {
  const tensor = name ? graph.constant(name) : undefined;
  if (tensor?.dataType !== DataType.FLOAT) return null;
  const values = graph.constantValues(name!) as Float32Array;
  return values.length === 0 ? null : { values, dims: dimsOf(tensor) };
}

/** The bias input as one value per output channel (zeros when there is none); null when it isn't constant or has another shape. */
function readBias(graph: Graph, name: string | undefined, outputs: number): Float64Array | null {
  if (!name) return new Float64Array(outputs);
  const bias = floats(graph, name);
  if (!bias || bias.dims.slice(0, -1).some((dim) => dim !== 1)) return null;
  if (bias.values.length === outputs) return Float64Array.from(bias.values);
  return bias.values.length === 1 ? new Float64Array(outputs).fill(bias.values[0]!) : null;
}

function isPadded(node: NodeProto): boolean {
  // Each output pixel of a transposed convolution sees another part of the kernel: as if it were padded.
  if (node.opType === 'ConvTranspose') return true;
  const auto = stringAttribute(node, 'auto_pad', 'NOTSET');
  if (auto === 'VALID') return false;
  return auto !== 'NOTSET' || (intsAttribute(node, 'pads') ?? []).some((pad) => pad !== 0);
}

/** Conv weights are [outputs, inputs / group, …kernel], those of ConvTranspose [inputs, outputs / group, …kernel]. */
function readConv(graph: Graph, node: NodeProto): Linear | null {
  const weight = floats(graph, node.input[1]);
  if (!weight || weight.dims.length < 3) return null;
  const [rows, columns] = weight.dims as [number, number];
  const group = intAttribute(node, 'group', 1);
  const rowsAreOutputs = node.opType === 'Conv';
  const bias = readBias(graph, node.input[2], rowsAreOutputs ? rows : columns * group);
  if (!bias) return null;
  const kernel = weight.values.length / rows / columns;
  const padded = isPadded(node);
  return {
    node,
    axis: 1,
    weight: weight.values,
    rows,
    columns,
    kernel,
    rowsAreOutputs,
    group,
    bias,
    alpha: 1,
    padded,
  };
}

function readGemm(graph: Graph, node: NodeProto): Linear | null {
  const weight = floats(graph, node.input[1]);
  if (weight?.dims.length !== 2 || intAttribute(node, 'transA', 0) !== 0) return null;
  const [rows, columns] = weight.dims as [number, number];
  const rowsAreOutputs = intAttribute(node, 'transB', 0) !== 0;
  const beta = floatAttribute(node, 'beta', 1);
  const bias = readBias(graph, node.input[2], rowsAreOutputs ? rows : columns)?.map((value) => value * beta);
  if (!bias) return null;
  const alpha = floatAttribute(node, 'alpha', 1);
  const shape = { rows, columns, kernel: 1, rowsAreOutputs, group: 1 };
  return { node, axis: 1, weight: weight.values, ...shape, bias, alpha, padded: false };
}

function readMatMul(graph: Graph, node: NodeProto): Linear | null {
  const weight = floats(graph, node.input[1]);
  if (weight?.dims.length !== 2) return null;
  const [rows, columns] = weight.dims as [number, number];
  const shape = { rows, columns, kernel: 1, rowsAreOutputs: false, group: 1 };
  return { node, axis: -1, weight: weight.values, ...shape, bias: null, alpha: 1, padded: false };
}
