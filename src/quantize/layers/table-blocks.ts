/** Embedding tables in 4 bits: blocks that ONNX Runtime's GatherBlockQuantized looks rows up in. */
import type { NodeProto, TensorProto } from 'onnx-buf';
import { makeNode } from '../../onnx/build.js';
import type { Graph } from '../../onnx/graph.js';
import { inputOf, outputOf } from '../../onnx/node.js';
import { DataType } from '../../onnx/tensor/element-type.js';
import { elementCount } from '../../tensor/dims.js';
import {
  type BlockFormat,
  type BlockQuantized,
  packRows,
  quantizeBlocks,
} from '../integers/block-quantize.js';
import { nodeLabel } from '../method/selection.js';
import { type LookedUp, rowsOfTable } from './looked-up.js';
import type { TableBlocks } from './quantized-blocks.js';

/** Values of a table's row that share a scale in 4 bits. */
export const TABLE_FORMAT: BlockFormat = { bits: 4, blockSize: 32, symmetric: false };

/** Only matrices have a block form, and two 4-bit values share a byte: a row must hold an even number of them. */
export function fitsBlocks(graph: Graph, { name, axis }: LookedUp): boolean {
  const dims = graph.dims(name);
  return dims.length === 2 && dims[1 - axis]! % 2 === 0;
}

/** A table's rows as GatherBlockQuantized reads them. */
interface PackedTable {
  data: Uint8Array;
  scales: Float32Array;
  zeroPoints: Uint8Array;
}

/** Mixed precision writes a file several times, and a table is most of a small model: packed once as long as its constant lives. By axis. */
const packed = new WeakMap<TensorProto, Map<number, PackedTable>>();
/** Elements of a table that is kept so. */
const MOST_KEPT = 2 ** 26;

function packedTable(graph: Graph, table: LookedUp): PackedTable {
  const constant = graph.constant(table.name)!;
  const known = packed.get(constant);
  const made = known?.get(table.axis) ?? packTable(graph, table);
  if (elementCount(constant.dims.map(Number)) <= MOST_KEPT)
    packed.set(constant, (known ?? new Map()).set(table.axis, made));
  return made;
}

function packTable(graph: Graph, table: LookedUp): PackedTable {
  const columns = graph.dims(table.name)[1 - table.axis]!;
  const quantized = quantizeBlocks(rowsOfTable(graph, table), columns, TABLE_FORMAT);
  return {
    data: packRows(unpaddedRows(quantized, columns), columns),
    scales: quantized.scales,
    zeroPoints: packRows(quantized.zeroPoints, quantized.blocks, DEFAULT_ZERO_POINT),
  };
}

/** Adds the constants that GatherBlockQuantized reads: data, scales, zero_points. */
export function addBlockTable(graph: Graph, table: LookedUp): TableBlocks {
  const { name, axis } = table;
  const dims = graph.dims(name);
  const [rows, columns] = [dims[axis]!, dims[1 - axis]!];
  const { data, scales, zeroPoints } = packedTable(graph, table);
  const perRow = (values: ArrayLike<number>): number[] => [rows, values.length / rows];
  const inputs = [
    graph.addConstant(`${name}_blocks`, DataType.UINT8, [rows, columns / 2], data),
    graph.addConstant(`${name}_scales`, DataType.FLOAT, perRow(scales), scales),
    graph.addConstant(`${name}_zero_points`, DataType.UINT8, perRow(zeroPoints), zeroPoints),
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

/** @param indexRank dimensions of the indices; null where the table's rows are looked up as they lie. */
export function replaceByBlockLookup(
  graph: Graph,
  node: NodeProto,
  { blocks: { inputs, bits, blockSize }, indexRank }: { blocks: TableBlocks; indexRank: number | null },
): void {
  const [data = '', ...factors] = inputs;
  const output = outputOf(node);
  const rows = indexRank === null ? output : graph.freshName(`${output}_rows`);
  graph.removeNode(node);
  graph.addNode(
    makeNode('GatherBlockQuantized', [data, inputOf(node, 1), ...factors], [rows], {
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
  if (indexRank === null) return;
  // Columns were looked up: the values of each come first.
  const perm = [indexRank, ...Array.from({ length: indexRank }, (_, axis) => axis)];
  graph.addNode(
    makeNode('Transpose', [rows], [output], { name: rows, attributes: { perm: { ints: perm } } }),
  );
}
