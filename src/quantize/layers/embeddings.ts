/** Embedding tables in 8 or 4 bits: only the rows that are looked up are ever made float.
 *
 *  8 bits: Gather(table) becomes Gather(int8 table) → Cast → Mul by Gather(row scales), which any opset can express.
 *  4 bits: ONNX Runtime's GatherBlockQuantized. */
import type { NodeProto } from 'onnx-buf';
import { intAttribute } from '../../onnx/attributes.js';
import { makeNode } from '../../onnx/build.js';
import type { Graph } from '../../onnx/graph.js';
import { inputOf, outputOf } from '../../onnx/node.js';
import { DataType } from '../../onnx/tensor/element-type.js';
import { allFinite, NOT_FINITE } from '../../tensor/finite.js';
import { halfBits, halfValue, LARGEST_HALF, SMALLEST_NORMAL_HALF } from '../../tensor/half.js';
import {
  type BlockFormat,
  type BlockQuantized,
  packRows,
  quantizeBlocks,
} from '../integers/block-quantize.js';
import { quantizeWeight } from '../integers/weights.js';
import type { Decision } from '../method/request.js';
import { nodeLabel, type Selection } from '../method/selection.js';
import type { PreparedModel } from '../prepare/prepare.js';
import { blocksOfProduct, type TableBlocks } from './quantized-blocks.js';
import { quantizedRows } from './quantized-rows.js';
import { keptForOthers } from './shared-weights.js';

/** What a lookup became whose table is stored in 8 bits. */
export const INT8_TABLE = 'int8 table';

/** Tables below this are left alone: three more operators per lookup for a few kilobytes. */
const SMALLEST_TABLE = 65_536;

/** Bits of each table, by its name. */
export type TableBits = (table: string) => 4 | 8;

/** Rewrites the lookups of every large constant float32 table; says what became of each. */
export function quantizeEmbeddings(
  { model }: Pick<PreparedModel, 'model'>,
  selection: Selection,
  bitsOf: TableBits = () => 8,
): Decision[] {
  const { graph } = model;
  const decisions: Decision[] = [];
  const tables = new Map<string, Table>();
  const blockTables = new Map<string, TableBlocks | null>();
  for (const node of graph.nodes) {
    if (!isLookup(graph, node)) continue;
    const name = inputOf(node, 0);
    const reason = refusal(graph, node, selection);
    if (reason === null && !blockTables.has(name)) {
      const ownBlocks = () =>
        bitsOf(name) === 4 && fitsBlocks(graph, name) ? addBlockTable(graph, name) : null;
      // What the output layer reads takes no room, whatever its bits.
      blockTables.set(name, blocksOfProduct(graph, name) ?? ownBlocks());
    }
    const blocks = blockTables.get(name) ?? null;
    decisions.push({
      node: nodeLabel(node),
      opType: 'Gather',
      became: reason !== null ? 'float' : blocks ? 'GatherBlockQuantized' : INT8_TABLE,
      reason,
    });
    if (reason !== null) continue;
    if (blocks) {
      replaceByBlockLookup(graph, node, blocks);
      continue;
    }
    let table = tables.get(name);
    if (!table) {
      table = addTable(graph, name);
      tables.set(name, table);
    }
    replaceLookup(graph, node, table);
  }
  if ([...blockTables.values()].some((blocks) => blocks !== null)) model.setOpset('com.microsoft', 1);
  return decisions;
}

/** Names of the tables that 4 bits would put into blocks. */
export function tablesForBlocks(graph: Graph, selection: Selection): string[] {
  const lookups = graph.nodes.filter((node) => isLookup(graph, node));
  const tables = lookups
    .filter((node) => refusal(graph, node, selection) === null)
    .map((node) => inputOf(node, 0));
  return [...new Set(tables)].filter((name) => fitsBlocks(graph, name));
}

/** Two 4-bit values share a byte: a row must hold an even number of them. */
function fitsBlocks(graph: Graph, table: string): boolean {
  return graph.dims(table)[1]! % 2 === 0;
}

/** Values of a table's row that share a scale in 4 bits. */
export const TABLE_FORMAT: BlockFormat = { bits: 4, blockSize: 32, symmetric: false };

/** A Gather of rows from a constant float32 matrix. */
export function isLookup(graph: Graph, node: NodeProto): boolean {
  if (node.opType !== 'Gather' || node.domain !== '') return false;
  const table = graph.constant(inputOf(node, 0));
  if (table?.dataType !== DataType.FLOAT || table.dims.length !== 2) return false;
  return [0, -2].includes(intAttribute(node, 'axis', 0));
}

function refusal(graph: Graph, node: NodeProto, selection: Selection): string | null {
  const kept = selection.reasonToKeep(node);
  if (kept !== null) return kept;
  if (selection.override(node)?.weight?.startsWith('float')) return 'overridden';
  const [rows = 0, columns = 0] = graph.dims(inputOf(node, 0));
  if (rows * columns < SMALLEST_TABLE) return `too small to pay: ${rows} × ${columns}`;
  const held = keptForOthers(graph, inputOf(node, 0), selection);
  if (held !== null) return held;
  return allFinite(graph.floats(inputOf(node, 0))) ? null : NOT_FINITE;
}

interface Table {
  data: string;
  scale: string;
  /** Scales are stored as float16: half the bytes, and the rows are rounded to them, so nothing is lost. */
  halfScale: boolean;
}

function addTable(graph: Graph, name: string): Table {
  const dims = graph.dims(name);
  const known = quantizedRows(graph, name);
  if (known) {
    const scale = graph.addConstant(`${name}_row_scale`, DataType.FLOAT, [dims[0]!, 1], known.scale);
    return { data: known.data, scale, halfScale: false };
  }
  const values = graph.floats(name);
  let halfScale = false;
  const { data, scale } = quantizeWeight(values, dims, {
    type: 'int8',
    axis: 0,
    symmetric: true,
    widen(scales) {
      halfScale = scales.every((value) => value >= SMALLEST_NORMAL_HALF && value < LARGEST_HALF / 2);
      // Rounded up, so that the largest value of a row still fits.
      return halfScale ? scales.map((value) => halfValue(halfBits(value * (1 + 2 ** -11)))) : scales;
    },
  });
  return {
    data: graph.addConstant(`${name}_quantized`, DataType.INT8, dims, data),
    scale: halfScale
      ? graph.addConstant(`${name}_scale`, DataType.FLOAT16, [dims[0]!, 1], Uint16Array.from(scale, halfBits))
      : graph.addConstant(`${name}_scale`, DataType.FLOAT, [dims[0]!, 1], scale),
    halfScale,
  };
}

function replaceLookup(graph: Graph, node: NodeProto, table: Table): void {
  const output = outputOf(node);
  const indices = inputOf(node, 1);
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

/** Adds the constants that GatherBlockQuantized reads: data, scales, zero_points. */
function addBlockTable(graph: Graph, name: string): TableBlocks {
  const [rows = 0, columns = 0] = graph.dims(name);
  const values = graph.floats(name);
  const quantized = quantizeBlocks(values, columns, TABLE_FORMAT);
  const { blocks } = quantized;
  const inputs = [
    graph.addConstant(
      `${name}_blocks`,
      DataType.UINT8,
      [rows, columns / 2],
      packRows(unpaddedRows(quantized, columns), columns),
    ),
    graph.addConstant(`${name}_scales`, DataType.FLOAT, [rows, blocks], quantized.scales),
    graph.addConstant(
      `${name}_zero_points`,
      DataType.UINT8,
      [rows, Math.ceil(blocks / 2)],
      packRows(quantized.zeroPoints, blocks, DEFAULT_ZERO_POINT),
    ),
  ];
  return { inputs, bits: TABLE_FORMAT.bits, blockSize: TABLE_FORMAT.blockSize };
}

/** What fills the last nibble of a row with an odd number of blocks. */
const DEFAULT_ZERO_POINT = 8;

/** Codes without what fills up each row's last block. */
function unpaddedRows({ codes, blocks }: BlockQuantized, columns: number): Uint8Array {
  const stride = blocks * TABLE_FORMAT.blockSize;
  if (stride === columns) return codes;
  const rows = codes.length / stride;
  const result = new Uint8Array(rows * columns);
  for (let row = 0; row < rows; row++) {
    result.set(codes.subarray(row * stride, row * stride + columns), row * columns);
  }
  return result;
}

function replaceByBlockLookup(graph: Graph, node: NodeProto, { inputs, bits, blockSize }: TableBlocks): void {
  const [data = '', ...factors] = inputs;
  graph.removeNode(node);
  graph.addNode(
    makeNode('GatherBlockQuantized', [data, inputOf(node, 1), ...factors], [outputOf(node)], {
      name: nodeLabel(node),
      domain: 'com.microsoft',
      attributes: {
        bits: { int: bits },
        block_size: { int: blockSize },
        gather_axis: { int: 0 },
        quantize_axis: { int: 1 },
      },
    }),
  );
}
