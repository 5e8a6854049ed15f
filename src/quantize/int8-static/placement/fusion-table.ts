/** Which operators ONNX Runtime's CPU provider runs in 8 bits when Q/DQ surround them, and under which conditions.
 *
 *  Each row was observed on an `extended` dump of ONNX Runtime 1.30 (test/quantize/fusion.test.ts proves every row again).
 *  Operators without a row stay float: Q/DQ around them would only add work. */
import type { NodeProto } from 'onnx-buf';
import { intAttribute, stringAttribute } from '../../../onnx/attributes.js';
import type { Graph } from '../../../onnx/graph.js';
import { inputOf } from '../../../onnx/node.js';
import { readWeighted } from '../../../onnx/query/weighted.js';
import { DataType } from '../../../onnx/tensor/element-type.js';
import type { TensorType } from '../../../onnx/tensor/tensor-type.js';
import { elementCount } from '../../../tensor/dims.js';
import { allFinite, NOT_FINITE } from '../../../tensor/finite.js';

/** How the output's scale and zero-point come about. */
export type OutputRange =
  /** From its own calibrated range. */
  | 'own'
  /** Equal to those of the data input: the operator only moves or picks values. */
  | 'same'
  /** Known without data: [0, 1]. */
  | 'unit';

export interface FusionRow {
  /** What the runtime makes of the group; the operator's own name when it runs on 8 bits as it is. */
  fused: string;
  output: OutputRange;
  /** Whether the group also fuses without Q on its output (then the output is float). */
  floatOutput?: boolean;
  /** Relu or Clip behind it can be absorbed in the output's range. */
  absorbsActivation?: boolean;
  /** Indices of the inputs that carry data; the rest (weights, shapes) are constant. */
  dataInputs(node: NodeProto): number[];
  /** Why this node doesn't fuse; null when it does. */
  refuses?(node: NodeProto, context: FusionContext): string | null;
}

export interface FusionContext {
  graph: Graph;
  types: ReadonlyMap<string, TensorType>;
  /** Types without the dimensions of a sample: what a caller is free to change is no number. Default: `types`. */
  declared?: ReadonlyMap<string, TensorType> | undefined;
  /** Version of the default domain's operators. */
  opset: number;
  /** Groups of several kernels (composites.ts), which need affine uint8 activations; default true. */
  composites?: boolean;
}

const first = (): number[] => [0];
const firstTwo = (): number[] => [0, 1];
const all = (node: NodeProto): number[] => node.input.map((_, index) => index);

const ROWS: Record<string, FusionRow> = {
  Conv: {
    fused: 'QLinearConv',
    output: 'own',
    absorbsActivation: true,
    dataInputs: first,
    refuses: refusesConv,
  },
  Gemm: {
    fused: 'QGemm',
    output: 'own',
    floatOutput: true,
    absorbsActivation: true,
    dataInputs: first,
    refuses: refusesGemm,
  },
  MatMul: {
    fused: 'QLinearMatMul',
    output: 'own',
    floatOutput: true,
    absorbsActivation: true,
    dataInputs: first,
    refuses: refusesMatMul,
  },
  Add: {
    fused: 'QLinearAdd',
    output: 'own',
    absorbsActivation: true,
    dataInputs: firstTwo,
    refuses: refusesConstant,
  },
  Mul: {
    fused: 'QLinearMul',
    output: 'own',
    absorbsActivation: true,
    dataInputs: firstTwo,
    refuses: refusesConstant,
  },
  Concat: { fused: 'QLinearConcat', output: 'own', dataInputs: all, refuses: refusesConstant },
  AveragePool: { fused: 'QLinearAveragePool', output: 'own', dataInputs: first },
  GlobalAveragePool: { fused: 'QLinearGlobalAveragePool', output: 'own', dataInputs: first },
  LeakyRelu: { fused: 'QLinearLeakyRelu', output: 'own', dataInputs: first },
  Sigmoid: { fused: 'QLinearSigmoid', output: 'unit', dataInputs: first },
  Softmax: { fused: 'QLinearSoftmax', output: 'unit', dataInputs: first, refuses: refusesSoftmax },
  MaxPool: { fused: 'MaxPool', output: 'same', dataInputs: first, refuses: refusesMaxPool },
  Reshape: { fused: 'Reshape', output: 'same', dataInputs: first },
  Transpose: { fused: 'Transpose', output: 'same', dataInputs: first },
  Squeeze: { fused: 'Squeeze', output: 'same', dataInputs: first },
  Unsqueeze: { fused: 'Unsqueeze', output: 'same', dataInputs: first },
  Flatten: { fused: 'Flatten', output: 'same', dataInputs: first },
  DepthToSpace: { fused: 'DepthToSpace', output: 'same', dataInputs: first },
  Tile: { fused: 'Tile', output: 'same', dataInputs: first },
  Expand: { fused: 'Expand', output: 'same', dataInputs: first },
  ReduceMax: { fused: 'ReduceMax', output: 'same', dataInputs: first },
  Slice: { fused: 'Slice', output: 'same', dataInputs: first },
  Gather: { fused: 'Gather', output: 'same', dataInputs: first },
  Split: { fused: 'Split', output: 'same', dataInputs: first },
  Resize: { fused: 'Resize', output: 'same', dataInputs: first, refuses: refusesResize },
};

/** The row of an operator of the default domain; undefined when it has none. */
export function fusionRow(node: NodeProto): FusionRow | undefined {
  return node.domain === '' || node.domain === 'ai.onnx' ? ROWS[node.opType] : undefined;
}

function refusesConv(node: NodeProto, { graph }: FusionContext): string | null {
  const [, weight = '', bias = ''] = node.input;
  return refusesFloats(graph, weight, 'weight') ?? (bias ? refusesFloats(graph, bias, 'bias') : null);
}

function refusesGemm(node: NodeProto, { graph }: FusionContext): string | null {
  const weighted = readWeighted(graph, node);
  if (!weighted) return 'its weight is not a float32 constant';
  const { weight, bias, outputs, transA } = weighted;
  const refused =
    refusesFloats(graph, weight, 'weight') ?? (bias ? refusesFloats(graph, bias, 'bias') : null);
  if (refused !== null) return refused;
  if (transA) return 'its data input is transposed';
  if (!bias) return null;
  const dims = graph.dims(bias);
  const isPerChannel = elementCount(dims) === outputs && (dims.at(-1) ?? 1) === outputs;
  return isPerChannel ? null : 'its bias is not one value per output channel';
}

function refusesMatMul(node: NodeProto, { graph }: FusionContext): string | null {
  const weight = graph.constant(inputOf(node, 1));
  if (!weight) return 'both of its inputs are computed: 8-bit kernels for that are no faster';
  if (weight.dataType !== DataType.FLOAT) return 'its weight is not a float32 constant';
  if (weight.dims.length !== 2) return 'its weight is not a matrix';
  return refusesFloats(graph, inputOf(node, 1), 'weight');
}

/** Why this constant has no scale. */
function refusesFloats(graph: Graph, name: string, what: 'weight' | 'bias'): string | null {
  if (!graph.isFloats(name)) return `its ${what} is not a float32 constant`;
  if (allFinite(graph.floats(name))) return null;
  return what === 'weight' ? NOT_FINITE : 'its bias holds NaN or infinity';
}

function refusesConstant(node: NodeProto, { graph }: FusionContext): string | null {
  return node.input.some((name) => graph.constant(name))
    ? 'one of its inputs is constant: float costs less than requantizing'
    : null;
}

function refusesMaxPool(node: NodeProto): string | null {
  return node.output.length > 1 && node.output[1] ? 'its indices are used' : null;
}

/** Softmax takes one axis from this opset on, everything from an axis on before. */
const SOFTMAX_OF_ONE_AXIS = 13;

/** ONNX Runtime 1.30's QLinearSoftmax gives 0 instead of 1 over a single element. */
function refusesSoftmax(node: NodeProto, { types, declared = types, opset }: FusionContext): string | null {
  const shape = declared.get(inputOf(node, 0))?.shape;
  if (!shape || shape.length === 0)
    return 'the length of its axis is not known, and its 8-bit kernel fails over one element';
  const ofOneAxis = opset >= SOFTMAX_OF_ONE_AXIS;
  const axis = intAttribute(node, 'axis', ofOneAxis ? -1 : 1);
  const from = axis < 0 ? axis + shape.length : axis;
  const dims = ofOneAxis ? shape.slice(from, from + 1) : shape.slice(from);
  if (dims.some((dim) => typeof dim === 'number' && dim > 1)) return null;
  return 'its axis may have a single element, over which its 8-bit kernel fails';
}

function refusesResize(node: NodeProto): string | null {
  return stringAttribute(node, 'mode', 'nearest') === 'nearest'
    ? null
    : 'only nearest-neighbour resizing runs in 8 bits';
}
