/** Which operators must stay float32 in a half-precision model, and why. */
import type { NodeProto } from 'onnx-buf';
import { intAttribute, subgraphsOf } from '../../onnx/attributes.js';
import type { Graph } from '../../onnx/graph.js';
import { canonicalDomain } from '../../onnx/model.js';
import { inputOf, outputOf } from '../../onnx/node.js';
import { DataType } from '../../onnx/tensor/element-type.js';
import type { TensorType } from '../../onnx/tensor/tensor-type.js';
import { LARGEST_HALF } from '../../tensor/half.js';
import type { TensorRange } from '../calibrate/minmax.js';

/** Operators whose definition has no float16 form, from the first opset that has one (Infinity: none does). */
const FIRST_HALF_OPSET = new Map<string, number>([
  ['CumSum', 14],
  ['IsInf', 20],
  ['NonMaxSuppression', Number.POSITIVE_INFINITY],
  ['Range', Number.POSITIVE_INFINITY],
  ['ImageScaler', Number.POSITIVE_INFINITY],
  ['RandomNormal', Number.POSITIVE_INFINITY],
  ['RandomNormalLike', Number.POSITIVE_INFINITY],
  ['RandomUniform', Number.POSITIVE_INFINITY],
  ['RandomUniformLike', Number.POSITIVE_INFINITY],
  ['Multinomial', Number.POSITIVE_INFINITY],
  // Their type is an attribute's, not an input's.
  ['Bernoulli', Number.POSITIVE_INFINITY],
  ['BlackmanWindow', Number.POSITIVE_INFINITY],
  ['HammingWindow', Number.POSITIVE_INFINITY],
  ['HannWindow', Number.POSITIVE_INFINITY],
  ['MelWeightMatrix', Number.POSITIVE_INFINITY],
  ['EyeLike', Number.POSITIVE_INFINITY],
  // Their scales are float32; a model that is quantized already keeps its meaning.
  ['QuantizeLinear', Number.POSITIVE_INFINITY],
  ['DequantizeLinear', Number.POSITIVE_INFINITY],
  ['DynamicQuantizeLinear', Number.POSITIVE_INFINITY],
  ['QLinearConv', Number.POSITIVE_INFINITY],
  ['QLinearMatMul', Number.POSITIVE_INFINITY],
]);

/** Sums of many terms, and powers: they leave the half range (65504) or lose small terms long before their result does. */
const OVERFLOWING = new Set([
  'CumSum',
  'Pow',
  'ReduceL1',
  'ReduceL2',
  'ReduceLogSum',
  'ReduceLogSumExp',
  'ReduceProd',
  'ReduceSum',
  'ReduceSumSquare',
]);

/** Indices and ranks: equal halves would tie where float32 values didn't, and coordinates lose whole pixels. */
const INDEXING = new Set(['RoiAlign', 'MaxRoiPool', 'TopK', 'Upsample', 'GridSample']);

/** Inputs that the definition wants as float32 whatever the data's type. */
export function floatInputs(node: NodeProto, opset: number): ReadonlySet<number> {
  if (node.opType === 'Resize') return new Set(opset < 11 ? [1] : [1, 2]);
  // Scales of caches in 8 bits.
  if (node.opType === 'GroupQueryAttention') return GROUP_QUERY_SCALES;
  return NO_INPUTS;
}

const NO_INPUTS: ReadonlySet<number> = new Set();
const GROUP_QUERY_SCALES: ReadonlySet<number> = new Set([12, 13]);

/** A graph, or the body of a node, with what is known of every tensor that its nodes read or write. */
export interface TypedGraph {
  graph: Graph;
  types: ReadonlyMap<string, TensorType>;
  opset: number;
}

/** Operators of ONNX Runtime (com.microsoft, docs/ContribOperators.md) whose definition takes half. CUDA has half kernels of all of them, of
 *  GroupQueryAttention nothing else; WebGPU of most. Where a provider has none, the CPU computes, in float32 between Casts that ONNX Runtime
 *  inserts: as it would with the float32 operator. FusedConv and FusedGemm, which have no half kernel anywhere, are taken apart before. */
const HALF_CONTRIB = new Set([
  // Weights in 4 or 8 bits.
  'MatMulNBits',
  'GatherBlockQuantized',
  'FusedMatMul',
  'TransposeMatMul',
  'Attention',
  'MultiHeadAttention',
  'GroupQueryAttention',
  'RotaryEmbedding',
  'EmbedLayerNormalization',
  'SkipLayerNormalization',
  'SkipSimplifiedLayerNormalization',
  'BiasGelu',
  'FastGelu',
  'Gelu',
  'QuickGelu',
  'MoE',
]);

/** Operators that give mean and deviation beside their result. */
const NORMALIZATIONS = new Set([
  'LayerNormalization',
  'SimplifiedLayerNormalization',
  'SkipLayerNormalization',
  'SkipSimplifiedLayerNormalization',
]);
/** Where those are, among the outputs. */
const [MEAN, DEVIATION] = [1, 2];

function isHalfContrib({ domain, opType }: NodeProto): boolean {
  return domain === 'com.microsoft' && HALF_CONTRIB.has(opType);
}

/** Why a node must stay float32, by the node alone; null when half is fine. */
export function unsafeReason(node: NodeProto, { types, opset }: TypedGraph): string | null {
  if (canonicalDomain(node.domain) !== '' && !isHalfContrib(node))
    return `operators of the domain '${node.domain}' are left alone`;
  if (subgraphsOf(node).length > 0)
    return 'it hands on float32; what its subgraphs hold is decided for each operator';
  const first = FIRST_HALF_OPSET.get(node.opType);
  if (first !== undefined && opset < first) return `${node.opType} has no float16 form`;
  if (NORMALIZATIONS.has(node.opType) && [MEAN, DEVIATION].some((index) => (node.output[index] ?? '') !== ''))
    return 'its mean and deviation are float32 (stash_type)';
  if (OVERFLOWING.has(node.opType)) return 'sums and powers overflow the half range';
  if (INDEXING.has(node.opType)) return 'it computes indices or coordinates';
  if (node.output.some((name) => name !== '' && !types.has(name))) return 'its output is not a tensor';
  if (node.input.some((name) => name !== '' && !types.has(name))) return 'its input is not a tensor';
  return null;
}

/** Why a node stays float32 for the CPU provider's sake; null: it need not.
 *
 *  ONNX Runtime 1.30 ends with a segmentation fault when it opens, at level `all`, a half MatMul by a constant behind a half Transpose: its
 *  MatmulTransposeFusion and FuseFp16InitializerToFp32NodeTransformer meet there. Behind a float32 Transpose it doesn't. */
export function cpuReason(node: NodeProto, { graph }: Pick<TypedGraph, 'graph'>): string | null {
  if (node.opType !== 'Transpose' || node.domain !== '') return null;
  const crashes = graph
    .consumers(outputOf(node))
    .some(
      ({ opType, domain, input }) =>
        opType === 'MatMul' && domain === '' && input.some((name) => graph.constant(name)),
    );
  return crashes ? 'ONNX Runtime crashes on a half product behind a half Transpose' : null;
}

/** Nodes that compute numbers which become integers (sizes, indices): half is exact to 2048 only. */
export function integerArithmetic({ graph, types }: TypedGraph): Set<NodeProto> {
  const found = new Set<NodeProto>();
  const queue: NodeProto[] = graph.nodes.filter((node) => isCastToInteger(node, types));
  for (let node = queue.pop(); node; node = queue.pop()) {
    if (found.has(node)) continue;
    found.add(node);
    for (const name of node.input) {
      const producer = graph.producer(name);
      if (producer && types.get(name)?.dataType === DataType.FLOAT && ARITHMETIC.has(producer.opType)) {
        queue.push(producer);
      }
    }
  }
  return found;
}

const ARITHMETIC = new Set(
  'Add Sub Mul Div Floor Ceil Round Neg Abs Min Max Sqrt Mod Concat Slice Gather Squeeze Unsqueeze Reshape Cast Where'.split(
    ' ',
  ),
);

const INTEGERS = new Set<number>([
  DataType.INT8,
  DataType.UINT8,
  DataType.INT16,
  DataType.UINT16,
  DataType.INT32,
  DataType.UINT32,
  DataType.INT64,
  DataType.UINT64,
]);

function isCastToInteger(node: NodeProto, types: TypedGraph['types']): boolean {
  return (
    node.opType === 'Cast' &&
    INTEGERS.has(intAttribute(node, 'to', 0)) &&
    types.get(inputOf(node, 0))?.dataType === DataType.FLOAT
  );
}

/** Observed magnitudes from here on leave too little room below the largest half. */
const LARGEST_SAFE = LARGEST_HALF / 2;

/** Why a node must stay float32 by the values it was seen to read or write; null when they fit. */
export function rangeReason(node: NodeProto, ranges: ReadonlyMap<string, TensorRange>): string | null {
  for (const name of [...node.input, ...node.output]) {
    const range = ranges.get(name);
    if (!range) continue;
    const largest = Math.max(-range.min, range.max);
    if (!(largest < LARGEST_SAFE)) return `its values reach ${largest.toPrecision(3)}`;
  }
  return null;
}

/** Float32 tensors that nodes write, for the calibration that rangeReason needs. */
export function floatTensors({ graph, types }: Pick<TypedGraph, 'graph' | 'types'>): string[] {
  return graph.nodes
    .flatMap((node) => node.output)
    .filter((name) => name !== '' && types.get(name)?.dataType === DataType.FLOAT);
}
