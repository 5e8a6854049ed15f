/** Operators that only clamp, and where their limits are. */
import type { NodeProto } from 'onnx-buf';
import { floatAttribute } from '../attributes.js';
import type { Graph } from '../graph.js';

/** Operators that a range can stand for: they only clamp. */
export function isClamp(node: NodeProto): boolean {
  return node.domain === '' && (node.opType === 'Relu' || node.opType === 'Clip');
}

/** [lower, upper] of a Relu or Clip; null when its limits are not constant. */
export function clampLimits(node: NodeProto, graph: Graph): [number, number] | null {
  if (node.opType === 'Relu') return [0, Number.POSITIVE_INFINITY];
  const limit = (index: number, name: string, fallback: number): number => {
    const input = node.input[index];
    if (!input) return floatAttribute(node, name, fallback);
    const values = graph.constantValues(input);
    return values ? Number(values[0]) : Number.NaN;
  };
  const lower = limit(1, 'min', Number.NEGATIVE_INFINITY);
  const upper = limit(2, 'max', Number.POSITIVE_INFINITY);
  return Number.isNaN(lower) || Number.isNaN(upper) ? null : [lower, upper];
}
