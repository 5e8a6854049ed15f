/** Groups that no single 8-bit kernel stands for, but a few of them, or none at all.
 *
 *  h-swish: x · HardSigmoid(x), as the rewrites spell it. Over 8-bit values its gate, Clip(x + 3, 0, 6) / 6, is only a Clip and
 *  another scale and zero-point, so that QLinearMul of the tensor with its own clipped form is the whole function.
 *
 *  A constant added to a tensor is only another zero-point. (A constant multiplied is only another scale, but that goes into the
 *  next weights exactly: rewrite/.) */
import type { NodeProto } from 'onnx-buf';
import { floatAttribute } from '../../../onnx/attributes.js';
import type { Graph } from '../../../onnx/graph.js';
import { inputOf, outputOf } from '../../../onnx/node.js';
import { isClamp } from '../../../onnx/query/clamp.js';
import { DataType } from '../../../onnx/tensor/element-type.js';
import { type FusionRow, fusionRow } from './fusion-table.js';
import type { Group } from './group.js';

export interface Composite {
  row: FusionRow;
  /** Nodes behind the group's own that belong to it. */
  absorbed: NodeProto[];
}

const HARD_SWISH: FusionRow = { fused: 'QLinearMul', output: 'own', dataInputs: () => [0] };
const SHIFT_LEFT: FusionRow = { fused: 'another zero-point', output: 'own', dataInputs: () => [0] };
const SHIFT_RIGHT: FusionRow = { fused: 'another zero-point', output: 'own', dataInputs: () => [1] };

/** HardSigmoid is Clip(x · alpha + beta, 0, 1): h-swish's gate opens at −3 and is open at 3. */
export const HARD_SIGMOID_OPENS = -3;
export const HARD_SIGMOID_OPEN = 3;
/** From this opset on Clip takes 8-bit integers. */
const INTEGER_CLIP_OPSET = 12;
/** Steps between the lowest and the highest 8-bit integer. */
export const LEVELS = 255;

/** The composite that a node begins; null when it begins none. */
export function readComposite(node: NodeProto, graph: Graph, opset: number): Composite | null {
  if (node.domain !== '') return null;
  if (node.opType === 'HardSigmoid') return opset < INTEGER_CLIP_OPSET ? null : readHardSwish(node, graph);
  return node.opType === 'Add' ? readShift(node, graph) : null;
}

export function isHardSwish({ row }: Group): boolean {
  return row === HARD_SWISH;
}

export function isShift({ row }: Group): boolean {
  return row === SHIFT_LEFT || row === SHIFT_RIGHT;
}

function readHardSwish(gate: NodeProto, graph: Graph): Composite | null {
  const slope = floatAttribute(gate, 'alpha', 0.2) * (HARD_SIGMOID_OPEN - HARD_SIGMOID_OPENS);
  if (Math.abs(slope - 1) > 1e-5 || Math.abs(floatAttribute(gate, 'beta', 0.5) - 0.5) > 1e-5) return null;
  const [input, output] = [inputOf(gate, 0), outputOf(gate)];
  const product = graph.onlyReader(output);
  if (product?.opType !== 'Mul' || product.domain !== '' || !product.input.includes(input)) return null;
  // The input gets a scale of its own: nobody else may depend on it.
  if (graph.consumers(input).some((reader) => reader !== gate && reader !== product)) return null;
  return graph.isOutput(input) || !choosesItsRange(input, graph)
    ? null
    : { row: HARD_SWISH, absorbed: [product] };
}

function readShift(add: NodeProto, graph: Graph): Composite | null {
  const index = add.input.findIndex((name) => !graph.constant(name));
  const input = add.input[index];
  if (input === undefined || graph.isOutput(input) || graph.consumers(input).length > 1) return null;
  if (offsetOf(add, graph) === null || !choosesItsRange(input, graph)) return null;
  return { row: index === 0 ? SHIFT_LEFT : SHIFT_RIGHT, absorbed: [] };
}

/** The one number that an Add adds; null when it adds several or none. */
export function offsetOf(add: NodeProto, graph: Graph): number | null {
  const name = add.input.find((candidate) => graph.constant(candidate));
  const tensor = name === undefined ? undefined : graph.constant(name);
  if (tensor?.dataType !== DataType.FLOAT || tensor.dims.length > 1) return null;
  const values = graph.constantValues(name!)!;
  return values.length === 1 && Number.isFinite(Number(values[0])) ? Number(values[0]) : null;
}

/** Whoever writes the tensor can take any scale and zero-point: it doesn't pass on those of its input, and clamps nothing. */
function choosesItsRange(name: string, graph: Graph): boolean {
  const producer = graph.producer(name);
  if (!producer) return graph.isInput(name);
  if (isClamp(producer) || offsetOf(producer, graph) !== null) return false;
  const row = fusionRow(producer);
  return row === undefined || row.output === 'own';
}
