/** h-swish spelled x · Clip(x + 3, 0, 6) ÷ 6 becomes HardSigmoid and Mul: two operators where there were four.
 *
 *  x · HardSigmoid(x), with alpha = 1/6 and beta = 1/2, is the definition of HardSwish (ONNX opset 14); in this spelling it is
 *  known from opset 6 on and is what ONNX Runtime runs fastest. */
import type { NodeProto } from 'onnx-buf';
import { makeNode } from '../../onnx/build.js';
import type { Graph } from '../../onnx/graph.js';
import type { Model } from '../../onnx/model.js';
import { inputOf, outputOf } from '../../onnx/node.js';
import { clampLimits } from '../../onnx/query/clamp.js';
import { readAffine } from './matching/affine.js';
import { type Declined, isDeclined, type RewriteContext } from './matching/context.js';

/** The gate opens at −3 and is fully open at 3: Clip(x + 3, 0, 6) / 6. */
const SHIFT = 3;
const LIMIT = 6;

export function hardSwish(model: Model, context: RewriteContext): number {
  const { graph } = model;
  let changes = 0;
  for (const clip of graph.nodes) {
    const gate = readGate(graph, clip, context);
    if (!gate) continue;
    if (isDeclined(gate)) {
      context.decline(clip, gate.reason);
      continue;
    }
    const product = graph.onlyReader(gate.output);
    const scaled = product?.opType === 'Mul' && product.domain === '' ? product : null;
    const other = scaled?.input[0] === gate.output ? scaled.input[1] : scaled?.input[0];
    const made =
      !scaled || other !== gate.input
        ? replaceGate(graph, gate, context)
        : replaceProduct(graph, { ...gate, product: scaled }, context);
    if (made === 0) context.decline(clip, `nothing divides by ${LIMIT} what it lets through`);
    changes += made;
  }
  return changes;
}

interface Gate {
  /** x of Clip(x + 3, 0, 6). */
  input: string;
  /** What Clip writes. */
  output: string;
  nodes: NodeProto[];
}

/** Clip(x + 3, 0, 6); declined when others read its parts too. */
function readGate(graph: Graph, clip: NodeProto, context: RewriteContext): Gate | Declined | null {
  if (clip.domain !== '' || clip.opType !== 'Clip') return null;
  const [min, max] = clampLimits(clip, graph) ?? [];
  if (min !== 0 || max !== LIMIT) return null;
  const add = graph.producer(inputOf(clip, 0));
  const shift = add && readAffine(graph, add, { context, axis: 1 });
  if (!shift || shift.scale.length + shift.offset.length !== 2) return null;
  if (shift.scale[0] !== 1 || shift.offset[0] !== SHIFT) return null;
  if (!graph.onlyReader(inputOf(clip, 0)) || !graph.onlyReader(outputOf(clip)))
    return { reason: 'parts of its h-swish are read by others too' };
  return { input: shift.input, output: outputOf(clip), nodes: [shift.node, clip] };
}

/** x · gate, then ÷ 6: one node less, and no division. */
function replaceProduct(graph: Graph, gate: Gate & { product: NodeProto }, context: RewriteContext): number {
  const { product } = gate;
  const reader = graph.onlyReader(outputOf(product));
  const divided = reader && readAffine(graph, reader, { context, axis: 1 });
  const isSixth =
    divided &&
    divided.scale.length + divided.offset.length === 2 &&
    divided.offset[0] === 0 &&
    Math.abs(divided.scale[0]! * LIMIT - 1) < 1e-6;
  if (!isSixth) return replaceGate(graph, gate, context);
  const sigmoid = addHardSigmoid(graph, gate, context);
  for (const node of [...gate.nodes, product, divided.node]) graph.removeNode(node);
  graph.addNode(makeNode('Mul', [gate.input, sigmoid], [divided.output], { name: divided.node.name }));
  return 1;
}

/** Clip(x + 3, 0, 6) ÷ 6 alone; without the division there is nothing to gain. */
function replaceGate(graph: Graph, gate: Gate, context: RewriteContext): number {
  const reader = graph.onlyReader(gate.output);
  const divided = reader && readAffine(graph, reader, { context, axis: 1 });
  if (!divided || divided.scale.length + divided.offset.length !== 2 || divided.offset[0] !== 0) return 0;
  if (Math.abs(divided.scale[0]! * LIMIT - 1) >= 1e-6) return 0;
  const sigmoid = addHardSigmoid(graph, gate, context);
  for (const node of [...gate.nodes, divided.node]) graph.removeNode(node);
  const producer = graph.producer(sigmoid)!;
  graph.setOutput(producer, 0, divided.output);
  return 1;
}

function addHardSigmoid(graph: Graph, { input, output, nodes }: Gate, { types }: RewriteContext): string {
  const name = graph.freshName(`${output}_gate`);
  const type = types.get(input);
  if (type) types.set(name, type);
  const attributes = { alpha: { float: 1 / LIMIT }, beta: { float: SHIFT / LIMIT } };
  graph.addNode(makeNode('HardSigmoid', [input], [name], { name: nodes[1]!.name, attributes }));
  return name;
}
