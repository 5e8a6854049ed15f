/** Linear layers: every MatMul or Gemm whose second factor is a constant matrix of float32 (or half, on request). */
import type { NodeProto } from 'onnx-buf';
import type { Graph } from '../../onnx/graph.js';
import { readWeighted } from '../../onnx/query/weighted.js';
import { DataType } from '../../onnx/tensor/element-type.js';
import { dimsOf } from '../../onnx/tensor/tensor.js';

/** Weights below which the integer product doesn't pay for quantizing the activation: measured on 2 cores with AVX512-VNNI,
 *  128 × 128 breaks even with one row and takes 0.67 × the float time with 16; 64 × 64 takes 1.29 × with one row. */
export const SMALLEST_PAYING_WEIGHT = 128 * 128;

export interface LinearLayer {
  node: NodeProto;
  /** Name of the activation, [..., depth]. */
  input: string;
  /** Name of the weight's constant. */
  weight: string;
  depth: number;
  channels: number;
  /** Stored [channels, depth] (Gemm with transB) instead of [depth, channels]. */
  transposed: boolean;
  /** Factor on the product (Gemm's alpha). */
  alpha: number;
  /** Gemm's addend and its factor. */
  bias: { name: string; beta: number } | null;
}

/** What layers hold their weights in, and compute in. */
export type LayerType = DataType.FLOAT | DataType.FLOAT16;

/** The layer that a MatMul or Gemm is, or why it isn't one. */
export function linearLayer(
  graph: Graph,
  node: NodeProto,
  type: LayerType = DataType.FLOAT,
): LinearLayer | { reason: string } {
  const [input = '', weight = ''] = node.input;
  const tensor = graph.constant(weight);
  if (!tensor) {
    return graph.constant(input)
      ? { reason: 'the first factor is the constant one' }
      : { reason: 'both factors are computed' };
  }
  if (tensor.dataType !== type)
    return { reason: `the weight is not ${type === DataType.FLOAT ? 'float32' : 'float16'}` };
  const dims = dimsOf(tensor);
  if (dims.length !== 2) return { reason: `the weight has ${dims.length} dimensions` };
  if (dims.includes(0)) return { reason: 'the weight is empty' };
  if (graph.constant(input)) return { reason: 'both factors are constant' };
  const weighted = readWeighted(graph, node);
  if (!weighted) return { reason: 'it is no product' };
  if (weighted.transA) return { reason: 'transA is set' };
  const { inputs, outputs, rowsAreOutputs, alpha, beta, bias } = weighted;
  return {
    node,
    input,
    weight,
    depth: inputs,
    channels: outputs,
    transposed: rowsAreOutputs,
    alpha,
    bias: bias === '' ? null : { name: bias, beta },
  };
}

/** The layer's weight as [depth, channels], row-major; a view of the file's bytes where it is stored so: read-only. */
export function layerWeights(graph: Graph, layer: LinearLayer): Float32Array {
  const stored = graph.realValues(layer.weight);
  return layer.transposed ? transpose(stored, layer.channels, layer.depth) : stored;
}

/** [rows, columns] → [columns, rows]. Walks in tiles, so that both sides stay in cache. */
export function transpose<T extends Float32Array | Int8Array | Uint8Array>(
  values: T,
  rows: number,
  columns: number,
): T {
  const result = new (values.constructor as new (length: number) => T)(values.length);
  const tile = 32;
  for (let r0 = 0; r0 < rows; r0 += tile) {
    for (let c0 = 0; c0 < columns; c0 += tile) {
      const r1 = Math.min(rows, r0 + tile);
      const c1 = Math.min(columns, c0 + tile);
      for (let r = r0; r < r1; r++)
        for (let c = c0; c < c1; c++) result[c * rows + r] = values[r * columns + c]!;
    }
  }
  return result;
}

/** Whether the layer's addend can be had by a plain Add: there is none, or beta is 1, or it can be multiplied in beforehand. */
export function hasPlainAddend(graph: Graph, { bias }: LinearLayer): boolean {
  return !bias || bias.beta === 1 || graph.isFloats(bias.name);
}

/** Name of the layer's addend with beta multiplied in (see hasPlainAddend); null without one. */
export function addendName(graph: Graph, { bias }: LinearLayer): string | null {
  if (!bias) return null;
  if (bias.beta === 1) return bias.name;
  const values = graph.floats(bias.name).map((value) => value * bias.beta);
  return graph.addConstant(`${bias.name}_scaled`, DataType.FLOAT, graph.dims(bias.name), values);
}
