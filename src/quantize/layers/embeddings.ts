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
import type { Decision } from '../method/result.js';
import { nodeLabel, type Selection } from '../method/selection.js';
import type { PreparedModel } from '../prepare/prepare.js';
import { type LookedUp, lookedUp } from './looked-up.js';
import { blocksOfProduct, type TableBlocks } from './quantized-blocks.js';
import { type QuantizedRows, quantizedRows } from './quantized-rows.js';
import { keptForOthers } from './shared-weights.js';
import { addBlockTable, fitsBlocks, replaceByBlockLookup } from './table-blocks.js';

/** What a lookup became whose table is stored in 8 bits. */
export const INT8_TABLE = 'int8 table';

/** Tables below this are left alone: three more operators per lookup for a few kilobytes. */
const SMALLEST_TABLE = 65_536;

/** Bits of each table, by its name. */
export type TableBits = (table: string) => 4 | 8;

/** The same of one that a product's weight stands for: left, it would be stored a second time, in float32. */
const SMALLEST_SHARED_TABLE = 16_384;

/** Rewrites the lookups of every large constant float32 table; says what became of each. */
export function quantizeEmbeddings(
  { model, types }: Pick<PreparedModel, 'model'> & Partial<Pick<PreparedModel, 'types'>>,
  selection: Selection,
  bitsOf: TableBits = () => 8,
): Decision[] {
  const { graph } = model;
  const decisions: Decision[] = [];
  const forms = new Map<string, TableForm | null>();
  for (const node of graph.nodes) {
    const table = lookedUp(graph, node);
    if (!table) continue;
    // Blocks hold rows: columns that are looked up must be turned, which takes knowing how many dimensions there are.
    const indexRank = table.axis === 0 ? null : (types?.get(inputOf(node, 1))?.shape?.length ?? undefined);
    const key = `${table.axis} ${table.name} ${indexRank !== undefined}`;
    let reason = tableRefusal(graph, node, selection, { smallest: SMALLEST_SHARED_TABLE });
    if (reason === null && !forms.has(key)) {
      const mayBeBlocks = indexRank !== undefined;
      forms.set(key, formOf(graph, table, { mayBeBlocks, bits: bitsOf(table.name) }));
    }
    const form = reason === null ? forms.get(key)! : null;
    reason ??= form === null ? tableRefusal(graph, node, selection) : null;
    decisions.push({
      node: nodeLabel(node),
      opType: 'Gather',
      became: form === null ? 'float' : 'blocks' in form ? 'GatherBlockQuantized' : INT8_TABLE,
      reason,
    });
    if (form === null) continue;
    if ('blocks' in form) replaceByBlockLookup(graph, node, { ...form, indexRank: indexRank ?? null });
    else replaceLookup(graph, node, form.rows);
  }
  if ([...forms.values()].some((form) => form && 'blocks' in form)) model.setOpset('com.microsoft', 1);
  return decisions;
}

type TableForm = { blocks: TableBlocks } | { rows: Table };

/** What a product's weight already is takes no room, whatever its bits; else the table gets a form of its own, unless it is small (null). */
function formOf(
  graph: Graph,
  table: LookedUp,
  { mayBeBlocks, bits }: { mayBeBlocks: boolean; bits: 4 | 8 },
): TableForm | null {
  const isSmall = elementCount(graph.dims(table.name)) < SMALLEST_TABLE;
  const shared = mayBeBlocks ? blocksOfProduct(graph, table) : null;
  if (shared) return { blocks: shared };
  if (!isSmall && mayBeBlocks && bits === 4 && fitsBlocks(graph, table))
    return { blocks: addBlockTable(graph, table) };
  const known = quantizedRows(graph, table);
  if (known) return { rows: sharedTable(graph, table, known) };
  return isSmall ? null : { rows: addTable(graph, table) };
}

/** The tables whose rows 4 bits would put into blocks. */
export function tablesForBlocks(graph: Graph, selection: Selection): LookedUp[] {
  const found = graph.nodes.flatMap((node) => {
    const table = lookedUp(graph, node);
    return table && tableRefusal(graph, node, selection) === null && fitsBlocks(graph, table) ? [table] : [];
  });
  return [...new Map(found.map((table) => [`${table.axis} ${table.name}`, table])).values()];
}

/** Why a lookup's table stays float. */
export function tableRefusal(
  graph: Graph,
  node: NodeProto,
  selection: Selection,
  { smallest = SMALLEST_TABLE } = {},
): string | null {
  const kept = selection.reasonToKeep(node);
  if (kept !== null) return kept;
  if (selection.override(node)?.weight?.startsWith('float')) return 'overridden';
  const dims = graph.dims(inputOf(node, 0));
  if (elementCount(dims) < smallest) return `too small to pay: ${dims.join(' × ')}`;
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

function scaleDimsOf(dims: readonly number[], axis: number): number[] {
  return dims.map((dim, at) => (at === axis ? dim : 1));
}

function sharedTable(graph: Graph, { name, axis }: LookedUp, known: QuantizedRows): Table {
  const dims = scaleDimsOf(graph.dims(name), axis);
  const scale = graph.addConstant(`${name}_row_scale`, DataType.FLOAT, dims, known.scale);
  return { data: known.data, scale, axis, halfScale: false };
}

function addTable(graph: Graph, { name, axis }: LookedUp): Table {
  const dims = graph.dims(name);
  const scaleDims = scaleDimsOf(dims, axis);
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
