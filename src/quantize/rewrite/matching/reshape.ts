/** Reshapes to constant dimensions. */
import type { NodeProto } from 'onnx-buf';
import { makeNode } from '../../../onnx/build.js';
import type { Graph } from '../../../onnx/graph.js';
import type { Dimension } from '../../../onnx/shapes/dimension.js';
import { DataType } from '../../../onnx/tensor/element-type.js';
import type { RewriteContext } from './context.js';

/** What Reshape is told: 0 copies a dimension, and one may be inferred (−1), where no other is of unknown size (an empty tensor's could not be).
 *  null where that doesn't say it. */
export function constantShape(made: readonly Dimension[], from: readonly Dimension[]): number[] | null {
  if (made.includes(0)) return null;
  const names = made.filter((dim) => typeof dim === 'string');
  if (made.every((dim, axis) => typeof dim === 'number' || dim === from[axis]))
    return made.map((dim) => (typeof dim === 'number' ? dim : 0));
  return names.length === 1 ? made.map((dim) => (typeof dim === 'number' ? dim : -1)) : null;
}

/** A Reshape to constant dimensions, which is not in the graph yet; its constant is. */
export function makeReshape(
  graph: Graph,
  [from, to]: readonly [from: string, to: string],
  { dims, types, name }: { dims: readonly number[]; types: RewriteContext['types']; name?: string },
): NodeProto {
  const values = BigInt64Array.from(dims, BigInt);
  const constant = graph.addConstant(`${to}_shape`, DataType.INT64, [dims.length], values);
  types.set(constant, { dataType: DataType.INT64, shape: [dims.length] });
  return makeNode('Reshape', [from, constant], [to], { name: name ?? graph.freshName(`${to}_reshape`) });
}
