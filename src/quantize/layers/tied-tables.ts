/** Tables that a layer reads too (the output layer of a language model): lookups of a folded layer's table read its int8 blocks. */
import type { NodeProto } from 'onnx-buf';
import { makeNode } from '../../onnx/build.js';
import type { Graph } from '../../onnx/graph.js';
import { inputOf, outputOf } from '../../onnx/node.js';
import { DataType } from '../../onnx/tensor/element-type.js';
import { halfBits } from '../../tensor/half.js';
import type { Decision } from '../method/result.js';
import { nodeLabel, type Selection } from '../method/selection.js';
import type { PreparedModel } from '../prepare/prepare.js';
import { INT8_TABLE, tableRefusal } from './embeddings.js';
import { FOLDED, foldRefusal, unpacked } from './folded-weights.js';
import { blockLength, roundedBlocks } from './int8-blocks.js';
import type { LinearLayer } from './linear-layer.js';
import { type LookedUp, lookedUp, rowsOfTable } from './looked-up.js';
import { isTransposed, transposedForm } from './transposed-weights.js';
import { weightInputs } from './weight-inputs.js';

/** Stores each table once that layers which will be folded read as well, as it is or transposed; says what became of all its readers.
 *  @param among the layers that may be folded. */
export function foldTiedTables(
  { model: { graph }, types }: Pick<PreparedModel, 'model' | 'types'>,
  selection: Selection,
  among: (node: NodeProto) => boolean,
): Decision[] {
  const decisions: Decision[] = [];
  const seen = new Set<string>();
  for (const node of graph.nodes) {
    const table = lookedUp(graph, node);
    if (!table || seen.has(table.name)) continue;
    seen.add(table.name);
    const tied = tiedTo(graph, table, { types, selection, among });
    if (tied) decisions.push(...storeOnce(graph, table, tied));
  }
  return decisions;
}

/** Whether a layer's weight is a table that is looked up, as it is or transposed, with the layer's channels for its rows: both can read the same integers. */
export function readsTable(graph: Graph, { weight, transposed, depth, channels }: LinearLayer): boolean {
  return graph.nodes.some((node) => {
    const table = lookedUp(graph, node);
    const dims = table ? graph.dims(table.name) : [];
    if (!table || dims.length !== 2 || dims[table.axis] !== channels || dims[1 - table.axis] !== depth)
      return false;
    const liesAlike = transposed === (table.axis === 0);
    return liesAlike ? table.name === weight : isTransposed(graph, table.name, weight);
  });
}

interface Tied {
  lookups: { node: NodeProto; indexRank: number }[];
  /** Operators with a position of the table, or of its transposed, among their inputs. */
  layers: { node: NodeProto; input: number }[];
}

/** null where the table is no matrix, where no layer reads it, or a reader wants it as it is. */
function tiedTo(
  graph: Graph,
  table: LookedUp,
  {
    types,
    selection,
    among,
  }: { types: PreparedModel['types']; selection: Selection; among: (node: NodeProto) => boolean },
): Tied | null {
  if (graph.dims(table.name).length !== 2) return null;
  const tied: Tied = { lookups: [], layers: [] };
  for (const node of graph.consumers(table.name)) {
    const own = lookedUp(graph, node);
    if (!own) {
      if (!addLayer(node, table.name)) return null;
      continue;
    }
    const indexRank = types.get(inputOf(node, 1))?.shape?.length;
    if (own.axis !== table.axis || indexRank === undefined || tableRefusal(graph, node, selection))
      return null;
    tied.lookups.push({ node, indexRank });
  }
  for (const node of graph.nodes)
    for (const input of weightInputs(node)) {
      const name = node.input[input] ?? '';
      if (name !== table.name && graph.isFloats(name) && isTransposed(graph, table.name, name))
        addLayer(node, name);
    }
  return tied.layers.length > 0 ? tied : null;

  function addLayer(node: NodeProto, name: string): boolean {
    const input = node.input.indexOf(name);
    if (!among(node) || !weightInputs(node).includes(input)) return false;
    if (foldRefusal(graph, node, { weights: [input], selection }) !== null) return false;
    tied.layers.push({ node, input });
    return true;
  }
}

function storeOnce(graph: Graph, table: LookedUp, { lookups, layers }: Tied): Decision[] {
  const { name, axis } = table;
  const dims = graph.dims(name);
  const [rows, columns] = axis === 0 ? [dims[0]!, dims[1]!] : [dims[1]!, dims[0]!];
  const block = blockLength(columns);
  const made = roundedBlocks(rowsOfTable(graph, table), block, { half: false });
  const shape = [rows, columns / block];
  const stored = made.type === DataType.FLOAT16 ? Uint16Array.from(made.scales, halfBits) : made.scales;
  const codes = graph.addConstant(`${name}_int8`, DataType.INT8, [...shape, block], made.codes);
  const scales = graph.addConstant(`${name}_scale`, made.type, [...shape, 1], stored);
  const float = unpacked(graph, { codes, scales, name, to: DataType.FLOAT, dims: [rows, columns] });
  let turned: string | null = null;
  for (const { node, input } of layers) {
    const liesAsRows = (node.input[input] === name) === (axis === 0);
    if (!liesAsRows) turned ??= transposedForm(graph, float, name);
    graph.setInput(node, input, liesAsRows ? float : turned!);
  }
  for (const lookup of lookups) replaceLookup(graph, lookup, { codes, scales, columns, axis });
  const became = (nodes: readonly { node: NodeProto }[], form: string) =>
    nodes.map(({ node }) => ({ node: nodeLabel(node), opType: node.opType, became: form, reason: null }));
  return [...became(lookups, INT8_TABLE), ...became(layers, FOLDED)];
}

/** Blocks and scales of the rows looked up, multiplied and put together again. */
function replaceLookup(
  graph: Graph,
  { node, indexRank }: Tied['lookups'][number],
  { codes, scales, columns, axis }: { codes: string; scales: string; columns: number; axis: number },
): void {
  const [label, indices, output] = [nodeLabel(node), inputOf(node, 1), outputOf(node)];
  const rowsOf = (constant: string, name: string): string => {
    const found = graph.freshName(`${constant}_rows`);
    graph.addNode(
      makeNode('Gather', [constant, indices], [found], { name, attributes: { axis: { int: 0 } } }),
    );
    if (graph.constant(constant)!.dataType === DataType.FLOAT) return found;
    const cast = graph.freshName(`${found}_cast`);
    graph.addNode(
      makeNode('Cast', [found], [cast], { name: cast, attributes: { to: { int: DataType.FLOAT } } }),
    );
    return cast;
  };
  graph.removeNode(node);
  const product = graph.freshName(`${output}_blocks`);
  graph.addNode(
    makeNode('Mul', [rowsOf(codes, label), rowsOf(scales, `${label}_scales`)], [product], { name: product }),
  );
  // A zero is the length that the indices have there.
  const lengths = BigInt64Array.from([...Array(indexRank).fill(0), columns], BigInt);
  const shape = graph.addConstant(`${output}_shape`, DataType.INT64, [lengths.length], lengths);
  const values = axis === 0 ? output : graph.freshName(`${output}_rows`);
  graph.addNode(makeNode('Reshape', [product, shape], [values], { name: `${product}_joined` }));
  if (axis === 0) return;
  // Columns were looked up: the values of each come first.
  const perm = [indexRank, ...Array.from({ length: indexRank }, (_, at) => at)];
  graph.addNode(
    makeNode('Transpose', [values], [output], { name: values, attributes: { perm: { ints: perm } } }),
  );
}
