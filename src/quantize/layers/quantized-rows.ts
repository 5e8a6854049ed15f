/** A table that a product reads too (the output layer of a language model): where the product's weight is in 8 bits, row by row, lookups
 *  can read the same integers. */
import type { NodeProto } from 'onnx-buf';
import { intAttribute } from '../../onnx/attributes.js';
import { DataType } from '../../onnx/element-type.js';
import type { Graph } from '../../onnx/graph.js';
import { inputOf } from '../../onnx/node.js';
import { dimsOf, tensorValues } from '../../onnx/tensor.js';

export interface QuantizedRows {
  /** Name of the int8 constant, of the table's shape. */
  data: string;
  /** One per row; the zero-points are 0. */
  scale: Float32Array;
}

/** The 8-bit form of a table that is in the graph already; null where there is none. */
export function quantizedRows(graph: Graph, table: string): QuantizedRows | null {
  const dims = graph.dims(table);
  for (const node of graph.nodes) {
    const rows = readRows(graph, node, dims);
    if (rows && standsFor(graph.floats(table), rows, graph)) return rows;
  }
  return null;
}

function readRows(graph: Graph, node: NodeProto, dims: readonly number[]): QuantizedRows | null {
  if (node.opType !== 'DequantizeLinear' || intAttribute(node, 'axis', 1) !== 0) return null;
  const data = graph.constant(inputOf(node, 0));
  const scale = graph.constantValues(inputOf(node, 1));
  if (data?.dataType !== DataType.INT8 || dimsOf(data).join() !== dims.join()) return null;
  if (!(scale instanceof Float32Array) || scale.length !== dims[0]) return null;
  const zeroPoint = node.input[2] ? graph.constantValues(node.input[2]) : undefined;
  if (node.input[2] && (!zeroPoint || [...zeroPoint].some((value) => Number(value) !== 0))) return null;
  return { data: inputOf(node, 0), scale };
}

/** Rounding, adaptively or to the nearest, moves a value by less than a step. */
const LARGEST_MOVE = 1.01;

function standsFor(values: Float32Array, { data, scale }: QuantizedRows, graph: Graph): boolean {
  const codes = tensorValues(graph.constant(data)!) as Int8Array;
  const columns = values.length / scale.length;
  return values.every((value, i) => {
    const step = scale[Math.floor(i / columns)]!;
    return Math.abs(codes[i]! * step - value) <= step * LARGEST_MOVE;
  });
}
