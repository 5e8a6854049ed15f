/** What a node reads and writes, by position. */
import type { NodeProto } from 'onnx-buf';

/** Name of the value that a node reads at a position; '' where it reads none: ONNX leaves inputs out so. */
export function inputOf(node: NodeProto, index: number): string {
  return node.input[index] ?? '';
}

/** Name of the value that a node writes at a position; '' where it writes none. */
export function outputOf(node: NodeProto, index = 0): string {
  return node.output[index] ?? '';
}
