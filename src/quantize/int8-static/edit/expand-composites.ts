/** Puts into the graph what composites (placement/composites.ts) become in 8 bits. */
import { makeNode } from '../../../onnx/build.js';
import type { Graph } from '../../../onnx/graph.js';
import { inputOf, outputOf } from '../../../onnx/node.js';
import { DataType } from '../../../onnx/tensor/element-type.js';
import type { ActivationParameters } from '../../integers/scale.js';
import {
  HARD_SIGMOID_OPEN,
  HARD_SIGMOID_OPENS,
  isHardSwish,
  isShift,
  LEVELS,
} from '../placement/composites.js';
import type { Group } from '../placement/group.js';

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
  const limit = Math.max(1, Math.round((HARD_SIGMOID_OPEN - HARD_SIGMOID_OPENS) / scale));
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
  const [data, output] = [inputOf(node, 0), outputOf(node)];
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
