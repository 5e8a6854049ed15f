/** What a second form of a constant may cost. */
import type { TensorProto } from 'onnx-buf';
import type { Graph } from '../../onnx/graph.js';
import { tensorByteLength } from '../../onnx/tensor/tensor.js';

/** Up to this size, a copy for one of several readers may cost less than what it saves. */
const LARGEST_COPY_BYTES = 4096;

/** Whether a second form of a constant beside the first one would cost more than it saves. */
export function isLargeConstant(graph: Graph, name: string): boolean {
  const tensor = graph.constant(name);
  return tensor !== undefined && isLarge(tensor);
}

/** The same of the constant itself. */
export function isLarge(tensor: TensorProto): boolean {
  return tensorByteLength(tensor) > LARGEST_COPY_BYTES;
}
