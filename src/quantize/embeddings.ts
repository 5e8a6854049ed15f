/** Embedding tables in 8 bits: rows are looked up as int8 and multiplied by their own scale afterwards.
 *
 *  Gather(table) becomes Gather(int8 table) → Cast → Mul by Gather(row scales): only the rows that were asked for are ever
 *  made float, and any opset can express it. */
import type { NodeProto } from 'onnx-buf';
import { intAttribute } from '../onnx/attributes.js';
import { makeNode } from '../onnx/build.js';
import { DataType } from '../onnx/element-type.js';
import type { Graph } from '../onnx/graph.js';
import { dimsOf } from '../onnx/tensor.js';
import { halfBits, halfValue } from './half.js';
import type { PreparedModel } from './prepare.js';
import type { Decision } from './quantize.js';
import { nodeLabel, type Selection } from './selection.js';
import { quantizeWeight } from './weights.js';

/** Tables below this are left alone: three more operators per lookup for a few kilobytes. */
export const SMALLEST_TABLE = 65_536;

/** Rewrites the lookups of every large constant float32 table; says what became of each. */
export function quantizeEmbeddings({ model: { graph } }: PreparedModel, selection: Selection): Decision[] {
  const decisions: Decision[] = [];
  const tables = new Map<string, Table>();
  for (const node of graph.nodes) {
    if (!isLookup(graph, node)) continue;
    const name = node.input[0]!;
    const reason = refusal(graph, node, selection);
    decisions.push({
      node: nodeLabel(node),
      opType: 'Gather',
      became: reason === null ? 'int8 table' : 'float',
      reason,
    });
    if (reason !== null) continue;
    let table = tables.get(name);
    if (!table) {
      table = addTable(graph, name);
      tables.set(name, table);
    }
    replaceLookup(graph, node, table);
  }
  return decisions;
}

/** A Gather of rows from a constant float32 matrix. */
export function isLookup(graph: Graph, node: NodeProto): boolean {
  if (node.opType !== 'Gather' || node.domain !== '') return false;
  const table = graph.constant(node.input[0] ?? '');
  if (table?.dataType !== DataType.FLOAT || table.dims.length !== 2) return false;
  return [0, -2].includes(intAttribute(node, 'axis', 0));
}

function refusal(graph: Graph, node: NodeProto, selection: Selection): string | null {
  const kept = selection.reasonToKeep(node);
  if (kept !== null) return kept;
  if (selection.override(node)?.weight?.startsWith('float')) return 'overridden';
  const [rows = 0, columns = 0] = dimsOf(graph.constant(node.input[0]!)!);
  return rows * columns < SMALLEST_TABLE ? `too small to pay: ${rows} × ${columns}` : null;
}

interface Table {
  data: string;
  scale: string;
  /** Scales are stored as float16: half the bytes, and the rows are rounded to them, so nothing is lost. */
  halfScale: boolean;
}

/** Smallest and largest normal float16. */
const HALF_RANGE = [2 ** -14, 65504] as const;

function addTable(graph: Graph, name: string): Table {
  const dims = dimsOf(graph.constant(name)!);
  const values = graph.constantValues(name) as Float32Array;
  const weight = { type: 'int8', axis: 0, symmetric: true } as const;
  let quantized = quantizeWeight(values, dims, weight);
  const halfScale = quantized.scale.every((scale) => scale >= HALF_RANGE[0] && scale < HALF_RANGE[1] / 2);
  if (halfScale) {
    // Rounded up, so that the largest value of a row still fits.
    const smallestScale = quantized.scale.map((scale) => halfValue(halfBits(scale * (1 + 2 ** -11))));
    quantized = quantizeWeight(values, dims, { ...weight, smallestScale });
  }
  const scale = quantized.scale;
  return {
    data: graph.addConstant(`${name}_quantized`, DataType.INT8, dims, quantized.data),
    scale: halfScale
      ? graph.addConstant(`${name}_scale`, DataType.FLOAT16, [dims[0]!, 1], Uint16Array.from(scale, halfBits))
      : graph.addConstant(`${name}_scale`, DataType.FLOAT, [dims[0]!, 1], scale),
    halfScale,
  };
}

function replaceLookup(graph: Graph, node: NodeProto, table: Table): void {
  const output = node.output[0]!;
  const indices = node.input[1]!;
  const rows = graph.freshName(`${table.data}_rows`);
  const scales = graph.freshName(`${table.scale}_rows`);
  const name = nodeLabel(node);
  const toFloat = (value: string): string => {
    const cast = graph.freshName(`${value}_cast`);
    const attributes = { to: { int: DataType.FLOAT } };
    graph.addNode(makeNode('Cast', [value], [cast], { name: cast, attributes }));
    return cast;
  };
  graph.removeNode(node);
  graph.addNode(makeNode('Gather', [table.data, indices], [rows], { name }));
  graph.addNode(makeNode('Gather', [table.scale, indices], [scales], { name: scales }));
  const factor = table.halfScale ? toFloat(scales) : scales;
  graph.addNode(makeNode('Mul', [toFloat(rows), factor], [output], { name: `${rows}_scaled` }));
}
