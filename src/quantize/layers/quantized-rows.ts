/** A table that a product reads too (the output layer of a language model): where the product's weight is in 8 bits, row by row, lookups
 *  can read the same integers. */
import type { NodeProto } from 'onnx-buf';
import { intAttribute } from '../../onnx/attributes.js';
import { makeNode } from '../../onnx/build.js';
import type { Graph } from '../../onnx/graph.js';
import { inputOf } from '../../onnx/node.js';
import { DataType } from '../../onnx/tensor/element-type.js';
import { tensorValues } from '../../onnx/tensor/tensor.js';
import type { LookedUp } from './looked-up.js';
import { RoundingNoise } from './rounding-noise.js';

export interface QuantizedRows {
  /** Name of the int8 constant, of the table's shape. */
  data: string;
  /** One per row; the zero-points are 0. */
  scale: Float32Array;
}

/** The 8-bit form of a table that is in the graph already; null where there is none. A form that lies the other way round is transposed, which
 *  ONNX Runtime does once, when it loads the file. */
export function quantizedRows(graph: Graph, { name, axis }: LookedUp): QuantizedRows | null {
  const own = graph.dims(name);
  if (own.length !== 2) return null;
  for (const node of graph.nodes) {
    const form = readDequantized(graph, node) ?? readInteger(graph, node);
    if (!form) continue;
    const isTransposed = form.axis !== axis;
    const dims = isTransposed ? own.toReversed() : own;
    if (graph.dims(form.data).join() !== dims.join() || form.scale.length !== own[axis]) continue;
    if (!standsFor({ values: graph.floats(name), axis }, form, graph)) continue;
    return { data: isTransposed ? transposed(graph, form.data) : form.data, scale: form.scale };
  }
  return null;
}

interface Form extends QuantizedRows {
  /** Of the table's rows. */
  axis: 0 | 1;
}

/** Integers that are made float again, channel by channel. */
function readDequantized(graph: Graph, node: NodeProto): Form | null {
  if (node.opType !== 'DequantizeLinear') return null;
  const axis = intAttribute(node, 'axis', 1);
  if (axis !== 0 && axis !== 1) return null;
  return formOf(graph, {
    axis,
    data: inputOf(node, 0),
    scale: inputOf(node, 1),
    zeroPoint: node.input[2] ?? '',
  });
}

/** Integers that are multiplied as they are: MatMulInteger → Cast → Mul by (scale of the input · scales of the columns). */
function readInteger(graph: Graph, node: NodeProto): Form | null {
  if (node.opType !== 'MatMulInteger') return null;
  const cast = graph.onlyReader(node.output[0]!);
  const product = cast?.opType === 'Cast' ? graph.onlyReader(cast.output[0]!) : undefined;
  const scales = product?.input.find((name) => name !== cast!.output[0]);
  const factors = scales === undefined ? undefined : graph.producer(scales);
  const scale = factors?.input.find((name) => graph.isFloats(name));
  if (product?.opType !== 'Mul' || factors?.opType !== 'Mul' || scale === undefined) return null;
  return formOf(graph, { axis: 1, data: inputOf(node, 1), scale, zeroPoint: node.input[3] ?? '' });
}

function formOf(
  graph: Graph,
  { axis, data, scale, zeroPoint }: { axis: 0 | 1; data: string; scale: string; zeroPoint: string },
): Form | null {
  const scales = graph.constantValues(scale);
  if (graph.constant(data)?.dataType !== DataType.INT8 || !(scales instanceof Float32Array)) return null;
  const zeros = zeroPoint === '' ? [] : graph.constantValues(zeroPoint);
  if (!zeros || [...zeros].some((value) => Number(value) !== 0)) return null;
  return { axis, data, scale: scales };
}

function transposed(graph: Graph, data: string): string {
  const output = graph.freshName(`${data}_rows`);
  graph.addNode(
    makeNode('Transpose', [data], [output], { name: output, attributes: { perm: { ints: [1, 0] } } }),
  );
  return output;
}

function standsFor(
  { values, axis }: { values: Float32Array; axis: number },
  form: Form,
  graph: Graph,
): boolean {
  const { scale } = form;
  const codes = tensorValues(graph.constant(form.data)!) as Int8Array;
  const [rows, columns] = [scale.length, values.length / scale.length];
  const strides = (at: number) => (at === 0 ? [columns, 1] : [1, rows]) as [number, number];
  const [rowStride, columnStride] = strides(form.axis);
  const [valueRow, valueColumn] = strides(axis);
  const noise = new RoundingNoise();
  for (let row = 0; row < rows; row++) {
    const step = scale[row]!;
    noise.expect(columns, step);
    for (let column = 0; column < columns; column++)
      noise.add(
        codes[row * rowStride + column * columnStride]! * step -
          values[row * valueRow + column * valueColumn]!,
      );
  }
  return noise.isOfRounding;
}
