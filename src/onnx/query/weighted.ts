/** Weighted operators: Conv, ConvTranspose, Gemm and MatMul with a constant weight, and what the axes of that weight mean.
 *
 *  | operator | weight | y |
 *  | --- | --- | --- |
 *  | Conv | [outputs, inputs / group, …kernel] | x ∗ w + bias |
 *  | ConvTranspose | [inputs, outputs / group, …kernel] | x ∗ᵀ w + bias |
 *  | Gemm | [inputs, outputs], with transB [outputs, inputs] | alpha · x · w + beta · bias |
 *  | MatMul | [inputs, outputs], or a stack of such matrices | x · w | */
import type { NodeProto } from 'onnx-buf';
import { elementCount } from '../../tensor/dims.js';
import { floatAttribute, intAttribute } from '../attributes.js';
import type { Graph } from '../graph.js';
import { canonicalDomain } from '../model.js';
import { dimsOf } from '../tensor/tensor.js';

/** How weights meet channels: [rows, columns, kernel], as they lie in memory. */
export interface WeightLayout {
  rows: number;
  columns: number;
  /** Weights between one output channel and one input channel; 1 for products. */
  kernel: number;
  /** Rows are output channels and columns input channels; otherwise the other way round. */
  rowsAreOutputs: boolean;
  /** Rows come in this many groups of equal size, and those of group g meet the channels g · columns, g · columns + 1, … */
  group: number;
}

export interface Weighted extends WeightLayout {
  node: NodeProto;
  opType: WeightedOperator;
  /** Names; '' for a bias that isn't there. */
  input: string;
  weight: string;
  bias: string;
  /** Shape of the weight: two dimensions and the kernel's, for MatMul those of the stack first. */
  dims: number[];
  /** Axis of the weight along which output channels lie (of one group, for a ConvTranspose). */
  outputAxis: number;
  /** Channels of the data input and of the output. */
  inputs: number;
  outputs: number;
  /** Axis of these channels in the data input and in the output; from the end for MatMul. */
  channelAxis: 1 | -1;
  /** Factors on the product and on the bias. */
  alpha: number;
  beta: number;
  /** Gemm reads its data input transposed. */
  transA: boolean;
}

export type WeightedOperator = 'Conv' | 'ConvTranspose' | 'Gemm' | 'MatMul';

const OPERATORS: ReadonlySet<string> = new Set<WeightedOperator>(['Conv', 'ConvTranspose', 'Gemm', 'MatMul']);

/** Whether a node is of one of the four operators, whatever its inputs are. */
export function isWeightedOperator(node: NodeProto): node is NodeProto & { opType: WeightedOperator } {
  return OPERATORS.has(node.opType) && canonicalDomain(node.domain) === '';
}

/** Reads a node as a weighted operator, weights of every element type included.
 *  null for other operators, and where the second input isn't constant or isn't at least a matrix. */
export function readWeighted(graph: Graph, node: NodeProto): Weighted | null {
  if (!isWeightedOperator(node)) return null;
  const { opType } = node;
  const [input = '', weight = '', bias = ''] = node.input;
  const tensor = graph.constant(weight);
  if (!tensor || tensor.dims.length < 2) return null;
  const dims = dimsOf(tensor);
  const matrixAxis = opType === 'MatMul' ? dims.length - 2 : 0;
  const layout = weightLayout(node, dims.slice(matrixAxis));
  const { rows, columns, rowsAreOutputs, group } = layout;
  const [inputs, outputs] = rowsAreOutputs ? [columns * group, rows] : [rows, columns * group];
  return {
    node,
    opType,
    input,
    weight,
    bias: opType === 'MatMul' ? '' : bias,
    dims,
    ...layout,
    inputs,
    outputs,
    outputAxis: matrixAxis + (rowsAreOutputs ? 0 : 1),
    channelAxis: opType === 'MatMul' ? -1 : 1,
    alpha: floatAttribute(node, 'alpha', 1),
    beta: floatAttribute(node, 'beta', 1),
    transA: intAttribute(node, 'transA', 0) !== 0,
  };
}

function weightLayout(node: NodeProto, [rows = 0, columns = 0, ...kernel]: readonly number[]): WeightLayout {
  return {
    rows,
    columns,
    kernel: elementCount(kernel),
    rowsAreOutputs: node.opType === 'Conv' || intAttribute(node, 'transB', 0) !== 0,
    group: intAttribute(node, 'group', 1),
  };
}

/** The channel that the first column of a row meets. */
export function firstColumn({ rows, columns, group }: WeightLayout, row: number): number {
  return Math.floor(row / (rows / group)) * columns;
}
