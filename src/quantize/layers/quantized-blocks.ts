/** A table that a product reads too (the output layer of a language model): where the product's weight lies in blocks, lookups can read the same. */
import type { NodeProto } from 'onnx-buf';
import { intAttribute } from '../../onnx/attributes.js';
import { makeNode } from '../../onnx/build.js';
import type { Graph } from '../../onnx/graph.js';
import { inputOf } from '../../onnx/node.js';
import { DataType } from '../../onnx/tensor/element-type.js';
import { tensorBytes } from '../../onnx/tensor/tensor.js';
import { type LookedUp, rowsOfTable } from './looked-up.js';
import { RoundingNoise } from './rounding-noise.js';

export interface TableBlocks {
  /** What GatherBlockQuantized reads: data as [rows, bytes of a row], scales, zero points if there are any. */
  inputs: string[];
  bits: number;
  blockSize: number;
}

/** The blocks of a product that is in the graph already, and whose weight is this table; null where there is none. */
export function blocksOfProduct(graph: Graph, table: LookedUp): TableBlocks | null {
  const own = graph.dims(table.name);
  if (own.length !== 2) return null;
  const dims = table.axis === 0 ? own : own.toReversed();
  for (const node of graph.nodes) {
    const found = readBlocks(graph, node, dims);
    if (!found || !standsFor(graph, rowsOfTable(graph, table), found)) continue;
    const { data, bits, blockSize, scales, zeroPoints } = found;
    const [rows = 0, columns = 0] = dims;
    const shape = BigInt64Array.of(BigInt(rows), BigInt((columns * bits) / 8));
    const rowsOf = graph.freshName(`${data}_rows`);
    graph.addNode(
      makeNode('Reshape', [data, graph.addConstant(`${data}_shape`, DataType.INT64, [2], shape)], [rowsOf], {
        name: rowsOf,
      }),
    );
    return { inputs: [rowsOf, scales, ...(zeroPoints === '' ? [] : [zeroPoints])], bits, blockSize };
  }
  return null;
}

interface Blocks extends Omit<TableBlocks, 'inputs'> {
  data: string;
  scales: string;
  /** '': the middle of the codes. */
  zeroPoints: string;
}

function readBlocks(graph: Graph, node: NodeProto, [rows, columns]: readonly number[]): Blocks | null {
  if (node.opType !== 'MatMulNBits') return null;
  const [bits, blockSize] = [intAttribute(node, 'bits', 4), intAttribute(node, 'block_size', 0)];
  if (intAttribute(node, 'N', 0) !== rows || intAttribute(node, 'K', 0) !== columns) return null;
  // A row that ends within a block has bytes that no column stands for.
  if ((bits !== 4 && bits !== 8) || columns % blockSize !== 0) return null;
  const [data, scales, zeroPoints] = [inputOf(node, 1), inputOf(node, 2), node.input[3] ?? ''];
  if (!graph.constant(data) || !graph.isFloats(scales)) return null;
  if (zeroPoints !== '' && graph.constant(zeroPoints)?.dataType !== DataType.UINT8) return null;
  return { data, scales, zeroPoints, bits, blockSize };
}

function standsFor(graph: Graph, values: Float32Array, blocks: Blocks): boolean {
  const { bits, blockSize } = blocks;
  const scales = graph.floats(blocks.scales);
  const perRow = graph.dims(blocks.scales)[1] ?? 1;
  const codes = tensorBytes(graph.constant(blocks.data)!, graph.directory);
  const zeros =
    blocks.zeroPoints === '' ? null : tensorBytes(graph.constant(blocks.zeroPoints)!, graph.directory);
  const zeroBytes = Math.ceil(perRow / 2);
  const noise = new RoundingNoise();
  for (let block = 0; block < scales.length; block++) {
    const scale = scales[block]!;
    const inRow = block % perRow;
    const zero = zeros
      ? nibble(zeros[Math.floor(block / perRow) * zeroBytes + (inRow >> 1)]!, inRow)
      : 2 ** (bits - 1);
    noise.expect(blockSize, scale);
    for (let i = block * blockSize; i < (block + 1) * blockSize; i++) {
      const code = bits === 8 ? codes[i]! : nibble(codes[i >> 1]!, i);
      noise.add((code - zero) * scale - values[i]!);
    }
  }
  return noise.isOfRounding;
}

/** The lower four bits come first. */
function nibble(byte: number, index: number): number {
  return index % 2 === 0 ? byte & 15 : byte >> 4;
}
