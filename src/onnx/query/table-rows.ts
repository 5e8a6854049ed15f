/** The tables that a model looks its inputs up in: a vocabulary, as the model has it. */
import type { NodeProto, TensorProto } from 'onnx-buf';
import type { Part, TableLookup } from '../../tensor/value-meta.js';
import { intAttribute, intsAttribute, subgraphsOf } from '../attributes.js';
import { Graph } from '../graph.js';
import { inputOf, outputOf } from '../node.js';
import { DataType } from '../tensor/element-type.js';
import { dimsOf } from '../tensor/tensor.js';

/** They keep each value, and its place. */
const SAME_PLACE = new Set(['Cast', 'Identity']);
/** They keep each value, not its place. */
const MOVING = new Set([
  'Concat',
  'Expand',
  'Flatten',
  'Reshape',
  'Squeeze',
  'Tile',
  'Transpose',
  'Unsqueeze',
]);
/** The table's rows stay what they are. */
const AROUND_TABLE = new Set(['Cast', 'DequantizeLinear', 'Identity']);
/** com.microsoft's fused embedding: which input is looked up in which. */
const FUSED_TABLES = [
  [0, 2],
  [1, 4],
] as const;

/** A graph, or a body within it, whose nodes read the values around it. */
interface Scope {
  graph: Graph;
  outer: Scope | null;
}

/** Values of the input on their way: the parts that are left of them; null where they no longer lie as in the input. */
interface Way {
  value: string;
  parts: readonly Part[];
  moved: boolean;
}

/**
 * Of an input whose values, or parts of them, are indices of a Gather from a constant: the tables, each with what is looked up in it.
 * What is computed from an input, and a part that isn't constant, is not followed.
 */
export function tableLookups(graph: Graph, input: string): TableLookup[] {
  const found = lookups({ graph, outer: null }, { value: input, parts: [], moved: false });
  return [...new Map(found.map((lookup) => [JSON.stringify(lookup), lookup])).values()];
}

function lookups(scope: Scope, way: Way): TableLookup[] {
  return scope.graph.consumers(way.value).flatMap((node) => {
    const inBodies = subgraphsOf(node).flatMap((body) =>
      lookups({ graph: new Graph(body, scope.graph.directory), outer: scope }, way),
    );
    const found = rowsOf(scope, node, way.value).map((rows) => ({ rows, parts: way.parts }));
    return [...inBodies, ...found, ...onward(scope.graph, node, way).flatMap((next) => lookups(scope, next))];
  });
}

/** Rows of the tables that `node` looks the value up in. */
function rowsOf(scope: Scope, node: NodeProto, value: string): number[] {
  if (node.opType === 'EmbedLayerNormalization')
    return FUSED_TABLES.flatMap(([indices, table]) =>
      inputOf(node, indices) === value ? (tableDims(scope, inputOf(node, table))?.slice(0, 1) ?? []) : [],
    );
  if (node.opType !== 'Gather' || inputOf(node, 1) !== value) return [];
  const dims = tableDims(scope, inputOf(node, 0)) ?? [];
  const rows = dims.at(intAttribute(node, 'axis', 0));
  return rows === undefined ? [] : [rows];
}

function tableDims(scope: Scope, name: string): number[] | null {
  for (let at: Scope | null = scope; at !== null; at = at.outer) {
    const constant: TensorProto | undefined = at.graph.constant(name);
    if (constant) return dimsOf(constant);
    const producer = at.graph.producer(name);
    if (producer) return AROUND_TABLE.has(producer.opType) ? tableDims(at, inputOf(producer, 0)) : null;
  }
  return null;
}

/** Where the values go on to. */
function onward(graph: Graph, node: NodeProto, way: Way): Way[] {
  const { value, parts, moved } = way;
  const on = (change: Partial<Way> = {}): Way[] => [{ ...way, ...change, value: outputOf(node) }];
  if (node.opType === 'Concat' && node.input.includes(value)) return on({ moved: true });
  if (inputOf(node, 0) !== value) return [];
  // No number keeps its value there.
  if (node.opType === 'Cast' && intAttribute(node, 'to', 0) === DataType.BOOL) return [];
  if (SAME_PLACE.has(node.opType)) return on();
  if (MOVING.has(node.opType)) return on({ moved: true });
  if (moved) return [];
  if (node.opType === 'Split')
    return splitParts(graph, node).map((part, at) => ({
      value: outputOf(node, at),
      parts: [...parts, part],
      moved,
    }));
  if (node.opType === 'Slice') {
    const taken = sliceParts(graph, node);
    return taken === null ? [] : on({ parts: [...parts, ...taken] });
  }
  if (node.opType !== 'Gather') return [];
  const indices = constants(graph, inputOf(node, 1));
  return indices === null
    ? []
    : on({ parts: [...parts, { axis: intAttribute(node, 'axis', 0), indices }], moved: true });
}

/** null: not constant, or not there. */
function constants(graph: Graph, name: string): number[] | null {
  const values = name === '' ? undefined : graph.constantValues(name);
  return values === undefined ? null : Array.from(values, Number);
}

/** Before opset 10 they were attributes. */
function sliceParts(graph: Graph, node: NodeProto): Part[] | null {
  const read = (index: number, name: string) =>
    inputOf(node, index) === ''
      ? (intsAttribute(node, name) ?? null)
      : constants(graph, inputOf(node, index));
  const [starts, ends] = [read(1, 'starts'), read(2, 'ends')];
  if (starts === null || ends === null) return null;
  const isGiven = (index: number) => inputOf(node, index) !== '';
  const axes = read(3, 'axes') ?? (isGiven(3) ? null : starts.map((_, axis) => axis));
  const steps = read(4, 'steps') ?? (isGiven(4) ? null : starts.map(() => 1));
  if (axes === null || steps === null) return null;
  return starts.map((start, at) => ({ axis: axes[at]!, start, end: ends[at]!, step: steps[at]! }));
}

/** Nothing where the sizes follow from the shape. Before opset 13 they were an attribute. */
function splitParts(graph: Graph, node: NodeProto): Part[] {
  const sizes = inputOf(node, 1) === '' ? intsAttribute(node, 'split') : constants(graph, inputOf(node, 1));
  let end = 0;
  return (sizes ?? []).map((size) => {
    const start = end;
    end += size;
    return { axis: intAttribute(node, 'axis', 0), start, end, step: 1 };
  });
}
