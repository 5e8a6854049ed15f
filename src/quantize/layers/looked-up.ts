/** Constants that a model looks its inputs up in. */
import type { NodeProto } from 'onnx-buf';
import { intAttribute } from '../../onnx/attributes.js';
import type { Graph } from '../../onnx/graph.js';
import { inputOf } from '../../onnx/node.js';
import { DataType } from '../../onnx/tensor/element-type.js';
import { transpose } from './linear-layer.js';

/** A constant that is looked up along an axis. */
export interface LookedUp {
  name: string;
  /** From the front. */
  axis: number;
}

/** What a Gather looks up in, if that is a constant float32 matrix, or a tensor of more dimensions. */
export function lookedUp(graph: Graph, node: NodeProto): LookedUp | null {
  if (node.opType !== 'Gather' || node.domain !== '') return null;
  const name = inputOf(node, 0);
  const table = graph.constant(name);
  if (table?.dataType !== DataType.FLOAT || table.dims.length < 2) return null;
  const axis = intAttribute(node, 'axis', 0);
  return { name, axis: axis < 0 ? axis + table.dims.length : axis };
}

/** The table as rows of what is looked up together, [rows, values]. */
export function rowsOfTable(graph: Graph, { name, axis }: LookedUp): Float32Array {
  const values = graph.floats(name);
  if (axis === 0) return values;
  const [depth = 0, rows = 0] = graph.dims(name);
  return transpose(values, depth, rows);
}
