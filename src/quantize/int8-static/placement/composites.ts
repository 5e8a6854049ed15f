/** Groups that no single 8-bit kernel stands for, but a few of them, or none at all.
 *
 *  h-swish: x · HardSigmoid(x), as the rewrites spell it. Over 8-bit values its gate, Clip(x + 3, 0, 6) / 6, is only a Clip and
 *  another scale and zero-point, so that QLinearMul of the tensor with its own clipped form is the whole function.
 *
 *  A constant added to a tensor is only another zero-point. (A constant multiplied is only another scale, but that goes into the
 *  next weights exactly: rewrite/.) */

import type { NodeProto } from 'onnx-buf';
import { floatAttribute } from '../../../onnx/attributes.js';
import { makeNode } from '../../../onnx/build.js';
import { DataType } from '../../../onnx/element-type.js';
import type { Graph } from '../../../onnx/graph.js';
import type { TensorRange } from '../../calibrate/minmax.js';
import type { ActivationParameters } from '../../integers/scale.js';
import { computeScale } from '../../integers/scale.js';
import { type FusionRow, fusionRow, isClamp } from './fusion-table.js';
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
const OPENS = -3;
const OPEN = 3;
/** From this opset on Clip takes 8-bit integers. */
const INTEGER_CLIP_OPSET = 12;
const LEVELS = 255;

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
  const slope = floatAttribute(gate, 'alpha', 0.2) * (OPEN - OPENS);
  if (Math.abs(slope - 1) > 1e-5 || Math.abs(floatAttribute(gate, 'beta', 0.5) - 0.5) > 1e-5) return null;
  const [input, output] = [gate.input[0]!, gate.output[0]!];
  const [product, ...others] = graph.consumers(output);
  const isProduct = product?.opType === 'Mul' && product.domain === '' && product.input.includes(input);
  if (!product || !isProduct || others.length > 0 || graph.isOutput(output)) return null;
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
function offsetOf(add: NodeProto, graph: Graph): number | null {
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

/** Scale and zero-point of h-swish's input: −3 is exactly 0 (below it the function is 0 as at −3), and 0 is exactly a level. */
function hardSwishInput({ max }: TensorRange): ActivationParameters {
  const steps = Math.max(1, Math.floor((-OPENS * LEVELS) / (Math.max(max, 0) - OPENS)));
  return { scale: Math.fround(-OPENS / steps), zeroPoint: steps, type: 'uint8' };
}

/** Scale and zero-points before and after adding `offset`, such that the offset is a whole number of quanta. */
function shiftParameters(
  { min, max }: TensorRange,
  offset: number,
): { before: ActivationParameters; after: ActivationParameters } {
  const type = 'uint8' as const;
  // Zero before the addition is `offset` after it: both must be levels.
  const [low, high] = [Math.min(min, offset, 0), Math.max(max, offset, 0)];
  const smallest = computeScale(low, high, { type }).scale;
  const steps = Math.floor(Math.abs(offset) / smallest) || Math.round(Math.abs(offset) / smallest);
  const scale = Math.fround(Math.max(smallest, steps === 0 ? 0 : Math.abs(offset) / steps));
  const shift = Math.sign(offset) * steps;
  const lowest = Math.max(0, -shift);
  const zeroPoint = Math.min(Math.max(Math.round(-low / scale), lowest), LEVELS - Math.max(0, shift));
  return { before: { scale, zeroPoint: zeroPoint + shift, type }, after: { scale, zeroPoint, type } };
}

/** Replaces the parameters of tensors that composites need otherwise. */
export function compositeParameters(
  groups: readonly Group[],
  ranges: ReadonlyMap<string, TensorRange>,
  { parameters, graph }: { parameters: Map<string, ActivationParameters>; graph: Graph },
): void {
  for (const group of groups) {
    const input = group.inputs[0]!;
    if (isHardSwish(group)) parameters.set(input, hardSwishInput(ranges.get(input)!));
    if (!isShift(group)) continue;
    const output = group.outputs[0]!;
    const { before, after } = shiftParameters(ranges.get(output)!, offsetOf(group.node, graph)!);
    parameters.set(input, before);
    parameters.set(output, after);
  }
}

export interface ExpandContext {
  parameters: ReadonlyMap<string, ActivationParameters>;
  /** The 8-bit form of each tensor; updated for those that vanish. */
  quantized: Map<string, string>;
  domain: string;
}

/** Turns the composites' nodes, around which Q/DQ stand already, into what runs in 8 bits. */
export function expandComposites(graph: Graph, groups: readonly Group[], context: ExpandContext): void {
  for (const group of groups) {
    if (isHardSwish(group)) expandHardSwish(graph, group, context);
    if (isShift(group)) expandShift(graph, group, context);
  }
}

function expandHardSwish(graph: Graph, { node, inputs }: Group, context: ExpandContext): void {
  const input = inputs[0]!;
  const { scale } = context.parameters.get(input)!;
  const limit = Math.max(1, Math.round((OPEN - OPENS) / scale));
  let gate = context.quantized.get(input)!;
  if (limit < LEVELS) {
    const level = (name: string, value: number) =>
      graph.addConstant(`${input}_${name}`, DataType.UINT8, [], Uint8Array.of(value));
    const clipped = graph.freshName(`${input}_gate`);
    const limits = [level('gate_min', 0), level('gate_max', limit)];
    graph.addNode(makeNode('Clip', [gate, ...limits], [clipped], { name: clipped }));
    gate = clipped;
  }
  const dequantized = graph.freshName(`${input}_gate_DequantizeLinear_Output`);
  const gateScale = graph.addConstant(`${input}_gate_scale`, DataType.FLOAT, [], Float32Array.of(1 / limit));
  const zeroPoint = graph.addConstant(`${input}_gate_zero_point`, DataType.UINT8, [], Uint8Array.of(0));
  const { domain } = context;
  graph.addNode(
    makeNode('DequantizeLinear', [gate, gateScale, zeroPoint], [dequantized], { name: dequantized, domain }),
  );
  const [data, output] = [node.input[0]!, node.output[0]!];
  graph.removeNode(node);
  graph.addNode(makeNode('Mul', [data, dequantized], [output], { name: node.name }));
}

function expandShift(graph: Graph, { node, inputs, outputs }: Group, context: ExpandContext): void {
  const [before, after] = [context.quantized.get(inputs[0]!)!, context.quantized.get(outputs[0]!)!];
  graph.replaceUses(after, before);
  graph.removeNode(graph.producer(after)!);
  graph.removeNode(node);
  context.quantized.set(outputs[0]!, before);
}
