/** Embedding tables in 4 bits: blocks that ONNX Runtime's GatherBlockQuantized looks rows up in. */
import type { NodeProto } from 'onnx-buf';
import { makeNode } from '../../onnx/build.js';
import type { Graph } from '../../onnx/graph.js';
import { inputOf, outputOf } from '../../onnx/node.js';
import { DataType } from '../../onnx/tensor/element-type.js';
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

/** Adds the constants that GatherBlockQuantized reads: data, scales, zero_points. */
export function addBlockTable(graph: Graph, table: LookedUp): TableBlocks {
  const { name, axis } = table;
  const dims = graph.dims(name);
  const [rows, columns] = [dims[axis]!, dims[1 - axis]!];
  const quantized = quantizeBlocks(rowsOfTable(graph, table), columns, TABLE_FORMAT);
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
