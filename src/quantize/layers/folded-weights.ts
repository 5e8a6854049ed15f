/** Weights stored as int8 blocks that ONNX Runtime turns back into float32 when it loads the file.
 *
 *  Weight → Reshape(Mul(Cast(int8 blocks), Cast(float16 scales))): constant folding evaluates all of it at `basic` and above, so the
 *  model is a quarter of the size at the float model's speed. (DequantizeLinear in its place is exempt from folding and doubles
 *  EfficientNet-Lite0's time.) Any opset can express it. */
import type { NodeProto } from 'onnx-buf';
import { makeNode } from '../../onnx/build.js';
import type { Graph } from '../../onnx/graph.js';
import type { Model } from '../../onnx/model.js';
import { DataType } from '../../onnx/tensor/element-type.js';
import type { TensorType } from '../../onnx/tensor/tensor-type.js';
import { elementCount } from '../../tensor/dims.js';
import { allFinite, NOT_FINITE } from '../../tensor/finite.js';
import { halfBits } from '../../tensor/half.js';
import type { Decision } from '../method/result.js';
import { nodeLabel, type Selection } from '../method/selection.js';
import { blockLength, FoldedConvolutions, isNormalHalf, roundedBlocks } from './int8-blocks.js';
import { lookedUp } from './looked-up.js';
import { heldInBodies, keptForOthers, readersInBodies } from './shared-weights.js';
import { FoldedMatrices, isTransposed, transposedForm } from './transposed-weights.js';
import { FUSED_WEIGHT_INPUTS, weightInputs } from './weight-inputs.js';

/** Weights below this many values aren't worth four operators. */
const SMALLEST_FOLDED = 1024;
/** What an operator became whose weights alone are compressed. */
export const FOLDED = 'int8 weights, folded';

const FOLDABLE_LAYERS: ReadonlySet<string> = new Set([
  'LSTM',
  'GRU',
  'RNN',
  'Conv',
  'ConvTranspose',
  'DeformConv',
  'MatMul',
  'Gemm',
  'Einsum',
  ...FUSED_WEIGHT_INPUTS.keys(),
]);

/** Whether a layer's weights are rounded like any others where it stays float. A table that is looked up may hold coordinates: not here. */
export function isFoldableLayer({ opType }: NodeProto): boolean {
  return FOLDABLE_LAYERS.has(opType);
}

export interface Foldable {
  model: Pick<Model, 'graph'>;
  /** Gets those of the tensors that are made, for bodies that read them. */
  types?: Map<string, TensorType>;
}

/** Compresses the weights of every operator that still holds them as float32 or half; says what became of each.
 *  @param among only these operators. */
export function foldWeights(
  { model: { graph }, types }: Foldable,
  selection: Selection,
  among: (node: NodeProto) => boolean = () => true,
): Decision[] {
  const decisions: Decision[] = [];
  const folded = new Map<string, string>();
  const convolutions = new FoldedConvolutions();
  const matrices = new FoldedMatrices(graph);
  for (const node of graph.nodes) {
    if (!among(node)) continue;
    const weights = weightInputs(node).filter((index) => holdsWeights(graph, node, index));
    if (weights.length === 0) continue;
    const reason = foldRefusal(graph, node, { weights, selection });
    decisions.push({
      node: nodeLabel(node),
      opType: node.opType,
      became: reason === null ? FOLDED : 'float',
      reason,
    });
    if (reason !== null) continue;
    for (const index of weights) {
      const name = node.input[index]!;
      let made = folded.get(name);
      if (!made) {
        made =
          matrices.transposed(name) ?? foldWeight(graph, name, node.opType === 'Conv' ? convolutions : null);
        folded.set(name, made);
        matrices.add(name, made);
        types?.set(made, { dataType: graph.constant(name)!.dataType, shape: graph.dims(name) });
        decisions.push(
          ...followInBodies(graph, { from: name, to: made }, selection),
          ...followLookups(graph, { from: name, to: made }, selection),
        );
      }
      graph.setInput(node, index, made);
    }
  }
  for (const name of sharedByBodies(graph, selection, among)) {
    const made = foldWeight(graph, name, null);
    types?.set(made, { dataType: graph.constant(name)!.dataType, shape: graph.dims(name) });
    decisions.push(...followInBodies(graph, { from: name, to: made }, selection));
  }
  return decisions;
}

/** Weights that nobody reads but operators in bodies of several nodes: one body's alone are that body's own. */
function sharedByBodies(graph: Graph, selection: Selection, among: (node: NodeProto) => boolean): string[] {
  return [...graph.initializers.keys()].filter((name) => {
    const readers = graph.consumers(name);
    if (readers.length < 2 || readers.some((node) => node.input.includes(name)) || graph.isOutput(name))
      return false;
    if (!graph.isReal(name) || elementCount(graph.constant(name)!.dims) < SMALLEST_FOLDED) return false;
    const mayFold = (node: NodeProto): boolean =>
      readersInBodies(node, name).every((reader) => isFoldableLayer(reader) && among(reader)) &&
      heldInBodies(node, name, selection) === null;
    return readers.every(mayFold) && allFinite(graph.realValues(name));
  });
}

/** Lets operators in bodies of If, Loop and Scan read what became of a weight that they share with the graph around them. */
function followInBodies(
  graph: Graph,
  { from, to }: { from: string; to: string },
  selection: Selection,
): Decision[] {
  const decisions: Decision[] = [];
  for (const node of graph.consumers(from)) {
    const readers = readersInBodies(node, from);
    if (readers.length === 0 || node.input.includes(from) || heldInBodies(node, from, selection) !== null)
      continue;
    for (const reader of readers)
      decisions.push({ node: nodeLabel(reader), opType: reader.opType, became: FOLDED, reason: null });
    graph.replaceUses(from, to, new Set([node]));
  }
  return decisions;
}

/** Lets lookups read what became of a table that a layer multiplies by, as it is or turned: it would stand in the file beside its folded form. A layer's
 *  weight holds no coordinates. */
function followLookups(
  graph: Graph,
  { from, to }: { from: string; to: string },
  selection: Selection,
): Decision[] {
  const decisions: Decision[] = [];
  for (const node of graph.nodes) {
    const name = lookedUp(graph, node)?.name;
    if (name === undefined || (name !== from && !isTransposed(graph, from, name))) continue;
    if (foldRefusal(graph, node, { weights: [0], selection }) !== null) continue;
    graph.setInput(node, 0, name === from ? to : transposedForm(graph, to, name));
    decisions.push({ node: nodeLabel(node), opType: node.opType, became: FOLDED, reason: null });
  }
  return decisions;
}

/** Whether a weight is of float32, or half. Half tables are left: they may be the scales of one that is in 8 bits. */
function holdsWeights(graph: Graph, node: NodeProto, index: number): boolean {
  const name = node.input[index] ?? '';
  return node.opType === 'Gather' ? graph.isFloats(name) : graph.isReal(name);
}

/** Why a layer's weights are not folded. @param options.weights positions among its inputs. */
export function foldRefusal(
  graph: Graph,
  node: NodeProto,
  { weights, selection }: { weights: readonly number[]; selection: Selection },
): string | null {
  const kept = selection.reasonToKeep(node);
  if (kept !== null) return kept;
  if (selection.override(node)?.weight?.startsWith('float')) return 'overridden';
  const values = Math.max(...weights.map((index) => elementCount(graph.constant(node.input[index]!)!.dims)));
  if (values < SMALLEST_FOLDED) return `too small to pay: ${values} values`;
  for (const index of weights) {
    const held = keptForOthers(graph, node.input[index]!, selection, { bodies: 'follow' });
    if (held !== null) return held;
  }
  const finite = weights.every((index) => allFinite(graph.realValues(node.input[index]!)));
  return finite ? null : NOT_FINITE;
}

function foldWeight(graph: Graph, name: string, convolutions: FoldedConvolutions | null): string {
  const dims = graph.dims(name);
  const values = graph.realValues(name);
  const to = graph.constant(name)!.dataType;
  const block = blockLength(elementCount(dims.slice(1)));
  const key = [to, ...dims].join();
  const twin = to === DataType.FLOAT ? convolutions?.find(key, values, dims[0]!) : null;
  // Weights that are half have no room for what float32 scales would save.
  const made = twin ? null : roundedBlocks(values, block, { half: to === DataType.FLOAT16 });
  const scales = made?.scales ?? twin!.scales;
  const type = made?.type ?? (scales.every(isNormalHalf) ? DataType.FLOAT16 : DataType.FLOAT);
  const codesName = made
    ? graph.addConstant(`${name}_int8`, DataType.INT8, [scales.length, block], made.codes)
    : twin!.codes;
  if (made) convolutions?.add(key, { values, codes: codesName, scales });
  const stored = type === DataType.FLOAT16 ? Uint16Array.from(scales, halfBits) : scales;
  const scaleName = graph.addConstant(`${name}_scale`, type, [scales.length, 1], stored);
  return unpacked(graph, { codes: codesName, scales: scaleName, name, to, dims });
}

/** What ONNX Runtime turns into the weight when it loads the file; the name of its float form.
 *  @param weight.codes int8 constant whose last axis is a block. @param weight.scales constant of one for each block. */
export function unpacked(
  graph: Graph,
  {
    codes,
    scales,
    name,
    to,
    dims,
  }: { codes: string; scales: string; name: string; to: DataType; dims: readonly number[] },
): string {
  const shape = graph.addConstant(
    `${name}_shape`,
    DataType.INT64,
    [dims.length],
    BigInt64Array.from(dims, BigInt),
  );
  const product = graph.freshName(`${name}_blocks`);
  const weight = graph.freshName(`${name}_float`);
  const inputs = [inType(graph, codes, to), inType(graph, scales, to)];
  graph.addNode(makeNode('Mul', inputs, [product], { name: product }));
  graph.addNode(makeNode('Reshape', [product, shape], [weight], { name: weight }));
  return weight;
}

/** What is of the weight's type needs no Cast. */
function inType(graph: Graph, constant: string, to: DataType): string {
  if (graph.constant(constant)!.dataType === to) return constant;
  const cast = graph.freshName(`${constant}_cast`);
  graph.addNode(makeNode('Cast', [constant], [cast], { name: cast, attributes: { to: { int: to } } }));
  return cast;
}
