/** Weights stored as int8 blocks that ONNX Runtime turns back into float32 when it loads the file.
 *
 *  Weight → Reshape(Mul(Cast(int8 blocks), Cast(float16 scales))): constant folding evaluates all of it at `basic` and above, so the
 *  model is a quarter of the size at the float model's speed. (DequantizeLinear in its place is exempt from folding and doubles
 *  EfficientNet-Lite0's time.) Any opset can express it. */
import type { NodeProto } from 'onnx-buf';
import { makeNode } from '../../onnx/build.js';
import { DataType } from '../../onnx/element-type.js';
import type { Graph } from '../../onnx/graph.js';
import type { Model } from '../../onnx/model.js';
import { elementCount } from '../../onnx/tensor.js';
import type { TensorType } from '../../onnx/tensor-type.js';
import { allFinite, NOT_FINITE } from '../../tensor/finite.js';
import { halfBits, halfValue, LARGEST_HALF, SMALLEST_NORMAL_HALF } from '../../tensor/half.js';
import { roundHalfEven } from '../integers/scale.js';
import type { Decision } from '../method/request.js';
import { nodeLabel, type Selection } from '../method/selection.js';
import { heldInBodies, keptForOthers, readersInBodies } from './shared-weights.js';
import { FUSED_WEIGHT_INPUTS, weightInputs } from './weight-inputs.js';

/** Weights below this many values aren't worth four operators. */
const SMALLEST_FOLDED = 1024;
/** Values that share a scale (2 bytes: 3 % of the block). */
const BLOCK = 64;
/** Below this, a block's scale would take more room than the precision is worth. */
const SMALLEST_BLOCK = 16;

/** What an operator became whose weights alone are compressed. */
export const FOLDED = 'int8 weights, folded';

const FOLDABLE_LAYERS: ReadonlySet<string> = new Set([
  'LSTM',
  'GRU',
  'RNN',
  'Conv',
  'ConvTranspose',
  'MatMul',
  'Gemm',
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
  for (const node of graph.nodes) {
    if (!among(node)) continue;
    const weights = weightInputs(node).filter((index) => holdsWeights(graph, node, index));
    if (weights.length === 0) continue;
    const reason = refusal(graph, node, { weights, selection });
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
        made = foldWeight(graph, name);
        folded.set(name, made);
        types?.set(made, { dataType: graph.constant(name)!.dataType, shape: graph.dims(name) });
        decisions.push(...followInBodies(graph, { from: name, to: made }, selection));
      }
      graph.setInput(node, index, made);
    }
  }
  return decisions;
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

/** Whether a weight is of float32, or half. Half tables are left: they may be the scales of one that is in 8 bits. */
function holdsWeights(graph: Graph, node: NodeProto, index: number): boolean {
  const name = node.input[index] ?? '';
  return node.opType === 'Gather' ? graph.isFloats(name) : graph.isReal(name);
}

function refusal(
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

function foldWeight(graph: Graph, name: string): string {
  const dims = graph.dims(name);
  const values = graph.realValues(name);
  const to = graph.constant(name)!.dataType;
  const block = blockLength(elementCount(dims.slice(1)));
  // Weights that are half have no room for what float32 scales would save.
  const { codes, scales, type } = roundedBlocks(values, block, { half: to === DataType.FLOAT16 });
  const codesName = graph.addConstant(`${name}_int8`, DataType.INT8, [scales.length, block], codes);
  const stored = type === DataType.FLOAT16 ? Uint16Array.from(scales, halfBits) : scales;
  const scaleName = graph.addConstant(`${name}_scale`, type, [scales.length, 1], stored);
  const shape = graph.addConstant(
    `${name}_shape`,
    DataType.INT64,
    [dims.length],
    BigInt64Array.from(dims, BigInt),
  );
  // What is of the weight's type needs no Cast.
  const inItsType = (value: string, type: DataType): string => {
    if (type === to) return value;
    const cast = graph.freshName(`${value}_cast`);
    const attributes = { to: { int: to } };
    graph.addNode(makeNode('Cast', [value], [cast], { name: cast, attributes }));
    return cast;
  };
  const product = graph.freshName(`${name}_blocks`);
  const weight = graph.freshName(`${name}_float`);
  graph.addNode(
    makeNode('Mul', [inItsType(codesName, DataType.INT8), inItsType(scaleName, type)], [product], {
      name: product,
    }),
  );
  graph.addNode(makeNode('Reshape', [product, shape], [weight], { name: weight }));
  return weight;
}

/** The largest divisor of a channel's length that makes a good block; the whole channel where there is none. */
export function blockLength(channelLength: number): number {
  for (let length = Math.min(BLOCK, channelLength); length >= SMALLEST_BLOCK; length--) {
    if (channelLength % length === 0) return length;
  }
  return Math.max(1, channelLength);
}

interface Blocks {
  codes: Int8Array;
  scales: Float32Array;
  /** Sum of squared differences. */
  error: number;
}

/** What half scales may lose against float32 ones: 1 dB. */
const WORTH = 10 ** 0.1;

/** Symmetric int8 blocks with scales in half, or in float32 where half has too few bits for them: weights next to zero, or beyond its range. */
function roundedBlocks(
  values: Float32Array,
  block: number,
  { half }: { half: boolean },
): Blocks & { type: DataType } {
  const halves = { ...roundBlocks(values, block, toHalfScale), type: DataType.FLOAT16 };
  const { scales } = halves;
  if (half || scales.every((scale) => scale >= SMALLEST_NORMAL_HALF && scale < LARGEST_HALF)) return halves;
  const floats = { ...roundBlocks(values, block, (scale) => scale), type: DataType.FLOAT };
  return halves.error <= floats.error * WORTH ? halves : floats;
}

/** Rounded up by half a unit in the last place of a half, so that the largest value still fits 127. */
function toHalfScale(scale: number): number {
  return halfValue(halfBits(scale * (1 + 2 ** -11)));
}

/** @param toScale the scale as it is stored. */
function roundBlocks(values: Float32Array, block: number, toScale: (scale: number) => number): Blocks {
  const codes = new Int8Array(values.length);
  const scales = new Float32Array(values.length / block);
  let error = 0;
  for (let b = 0, start = 0; b < scales.length; b++, start += block) {
    let largest = 0;
    for (let i = start; i < start + block; i++) largest = Math.max(largest, Math.abs(values[i]!));
    scales[b] = toScale(largest / 127) || SMALLEST_SCALE;
    const scale = scales[b]!;
    for (let i = start; i < start + block; i++) {
      const code = Math.max(-127, Math.min(127, roundHalfEven(values[i]! / scale)));
      codes[i] = code;
      error += (values[i]! - code * scale) ** 2;
    }
  }
  return { codes, scales, error };
}

/** The smallest half: for blocks whose values are (next to) zero. */
const SMALLEST_SCALE = 2 ** -24;
