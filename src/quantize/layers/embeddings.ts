/** Embedding tables in 8 or 4 bits: only what is looked up is ever made float.
 *
 *  8 bits: Gather(table) becomes Gather(int8 table) → Cast → Mul by Gather(scales), one scale for each index, which any opset can express; tables
 *  of any rank, along any axis.
 *  4 bits: ONNX Runtime's GatherBlockQuantized, of matrices. */
import type { NodeProto } from 'onnx-buf';
import { makeNode } from '../../onnx/build.js';
import type { Graph } from '../../onnx/graph.js';
import { inputOf, outputOf } from '../../onnx/node.js';
import { DataType } from '../../onnx/tensor/element-type.js';
import { elementCount } from '../../tensor/dims.js';
import { allFinite, NOT_FINITE } from '../../tensor/finite.js';
import { halfBits, halfValue, LARGEST_HALF, SMALLEST_NORMAL_HALF } from '../../tensor/half.js';
import { quantizeWeight } from '../integers/weights.js';
import type { Decision } from '../method/request.js';
import { nodeLabel, type Selection } from '../method/selection.js';
import type { PreparedModel } from '../prepare/prepare.js';
import { type LookedUp, lookedUp } from './looked-up.js';
import { blocksOfProduct, type TableBlocks } from './quantized-blocks.js';
import { quantizedRows } from './quantized-rows.js';
import { keptForOthers } from './shared-weights.js';
import { addBlockTable, fitsBlocks, replaceByBlockLookup } from './table-blocks.js';

/** What a lookup became whose table is stored in 8 bits. */
export const INT8_TABLE = 'int8 table';

/** Tables below this are left alone: three more operators per lookup for a few kilobytes. */
const SMALLEST_TABLE = 65_536;

/** Bits of each table, by its name. */
export type TableBits = (table: string) => 4 | 8;

/** Rewrites the lookups of every large constant float32 table; says what became of each. */
export function quantizeEmbeddings(
  { model, types }: Pick<PreparedModel, 'model'> & Partial<Pick<PreparedModel, 'types'>>,
  selection: Selection,
  bitsOf: TableBits = () => 8,
): Decision[] {
  const { graph } = model;
  const decisions: Decision[] = [];
  const tables = new Map<string, Table>();
  const blockTables = new Map<string, TableBlocks | null>();
  for (const node of graph.nodes) {
    const table = lookedUp(graph, node);
    if (!table) continue;
    const reason = refusal(graph, node, selection);
    const key = `${table.axis} ${table.name}`;
    // Blocks hold rows: columns that are looked up must be turned, which takes knowing how many dimensions there are.
    const indexRank = table.axis === 0 ? null : (types?.get(inputOf(node, 1))?.shape?.length ?? undefined);
    if (reason === null && indexRank !== undefined && !blockTables.has(key)) {
      const ownBlocks = () =>
        bitsOf(table.name) === 4 && fitsBlocks(graph, table) ? addBlockTable(graph, table) : null;
      // What the output layer reads takes no room, whatever its bits.
      blockTables.set(key, blocksOfProduct(graph, table) ?? ownBlocks());
    }
    const blocks = indexRank === undefined ? null : (blockTables.get(key) ?? null);
    decisions.push({
      node: nodeLabel(node),
      opType: 'Gather',
      became: reason !== null ? 'float' : blocks ? 'GatherBlockQuantized' : INT8_TABLE,
      reason,
    });
    if (reason !== null) continue;
    if (blocks) {
      replaceByBlockLookup(graph, node, { blocks, indexRank: indexRank ?? null });
      continue;
    }
    let made = tables.get(key);
    if (!made) {
      made = addTable(graph, table);
      tables.set(key, made);
    }
    replaceLookup(graph, node, made);
  }
  if ([...blockTables.values()].some((blocks) => blocks !== null)) model.setOpset('com.microsoft', 1);
  return decisions;
}

/** The tables whose rows 4 bits would put into blocks. */
export function tablesForBlocks(graph: Graph, selection: Selection): LookedUp[] {
  const found = graph.nodes.flatMap((node) => {
    const table = lookedUp(graph, node);
    return table && refusal(graph, node, selection) === null && fitsBlocks(graph, table) ? [table] : [];
  });
  return [...new Map(found.map((table) => [`${table.axis} ${table.name}`, table])).values()];
}

function refusal(graph: Graph, node: NodeProto, selection: Selection): string | null {
  const kept = selection.reasonToKeep(node);
  if (kept !== null) return kept;
  if (selection.override(node)?.weight?.startsWith('float')) return 'overridden';
  const dims = graph.dims(inputOf(node, 0));
  if (elementCount(dims) < SMALLEST_TABLE) return `too small to pay: ${dims.join(' × ')}`;
  const held = keptForOthers(graph, inputOf(node, 0), selection);
  if (held !== null) return held;
  return allFinite(graph.floats(inputOf(node, 0))) ? null : NOT_FINITE;
}

interface Table {
  data: string;
  scale: string;
  axis: number;
  /** Scales are stored as float16: half the bytes, and the rows are rounded to them, so nothing is lost. */
  halfScale: boolean;
}

function addTable(graph: Graph, { name, axis }: LookedUp): Table {
  const dims = graph.dims(name);
  const scaleDims = dims.map((dim, at) => (at === axis ? dim : 1));
  const known = quantizedRows(graph, { name, axis });
  if (known) {
    const scale = graph.addConstant(`${name}_row_scale`, DataType.FLOAT, scaleDims, known.scale);
    return { data: known.data, scale, axis, halfScale: false };
  }
  const values = graph.floats(name);
  let halfScale = false;
  const { data, scale } = quantizeWeight(values, dims, {
    type: 'int8',
    axis,
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
      ? graph.addConstant(`${name}_scale`, DataType.FLOAT16, scaleDims, Uint16Array.from(scale, halfBits))
      : graph.addConstant(`${name}_scale`, DataType.FLOAT, scaleDims, scale),
    axis,
    halfScale,
  };
}

function replaceLookup(graph: Graph, node: NodeProto, table: Table): void {
  const output = outputOf(node);
  const indices = inputOf(node, 1);
  const rows = graph.freshName(`${table.data}_rows`);
  const scales = graph.freshName(`${table.scale}_rows`);
  const name = nodeLabel(node);
  const attributes = { axis: { int: table.axis } };
  const toFloat = (value: string): string => {
    const cast = graph.freshName(`${value}_cast`);
    graph.addNode(
      makeNode('Cast', [value], [cast], { name: cast, attributes: { to: { int: DataType.FLOAT } } }),
    );
    return cast;
  };
  graph.removeNode(node);
  graph.addNode(makeNode('Gather', [table.data, indices], [rows], { name, attributes }));
  graph.addNode(makeNode('Gather', [table.scale, indices], [scales], { name: scales, attributes }));
  const factor = table.halfScale ? toFloat(scales) : scales;
  graph.addNode(makeNode('Mul', [toFloat(rows), factor], [output], { name: `${rows}_scaled` }));
}
