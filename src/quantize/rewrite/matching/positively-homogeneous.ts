/** Operators with f(s · x) = s · f(x) for s > 0. */
import type { NodeProto } from 'onnx-buf';

/** Element by element: whatever the scale varies along. */
const ELEMENTWISE = new Set(['Relu', 'LeakyRelu', 'Identity']);

/** Each output channel comes from the same input channel, where channels are axis 1. */
const POOLING = new Set(['MaxPool', 'AveragePool', 'GlobalAveragePool', 'GlobalMaxPool']);

/** Only when every element is scaled alike. */
const PER_TENSOR = new Set([
  'Reshape',
  'Flatten',
  'Transpose',
  'Squeeze',
  'Unsqueeze',
  'Slice',
  'Gather',
  'DepthToSpace',
  'SpaceToDepth',
  'Expand',
  'Tile',
  'ReduceMean',
  'ReduceSum',
  'ReduceMax',
  'ReduceMin',
]);

/** Whether a positive scale before the node's first input is the same scale after its first (and only) output.
 *  The scale is one number (`perTensor`), or varies along `axis`. */
export function commutes(
  node: NodeProto,
  { perTensor, axis }: { perTensor: boolean; axis: number },
): boolean {
  if (node.domain !== '' || node.output.filter((name) => name !== '').length !== 1) return false;
  if (ELEMENTWISE.has(node.opType)) return true;
  return POOLING.has(node.opType) ? perTensor || axis === 1 : perTensor && PER_TENSOR.has(node.opType);
}
