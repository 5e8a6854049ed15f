/** Conv → · scale → + offset becomes Conv with other weights and bias (Gemm, MatMul and ConvTranspose likewise).
 *
 *  A positive scale also goes back through operators that commute with it: Relu(x) · s = Relu(x · s). */
import type { NodeProto } from 'onnx-buf';
import type { Graph } from '../../onnx/graph.js';
import type { Model } from '../../onnx/model.js';
import { inputOf, outputOf } from '../../onnx/node.js';
import { type Affine, isAll, readAffine } from './affine.js';
import type { RewriteContext } from './context.js';
import { readLinear, scaleOutput } from './linear.js';
import { commutes } from './positively-homogeneous.js';

export function affineIntoPrevious(model: Model, context: RewriteContext): number {
  const { graph } = model;
  let changes = 0;
  for (const node of graph.topologicalNodes()) {
    // Axis 1 for images, the last one for sequences: an affine node fits the axis of the operator that it follows.
    for (const axis of [1, -1]) {
      const affine = readAffine(graph, node, { context, axis });
      if (!affine || !foldBack(graph, affine, { axis, context })) continue;
      changes++;
      break;
    }
  }
  return changes;
}

function foldBack(
  graph: Graph,
  affine: Affine,
  { axis, context }: { axis: number; context: RewriteContext },
): boolean {
  const source = linearBefore(graph, affine, axis);
  const linear = source && readLinear(graph, source);
  if (!linear) return false;
  const rank = context.types.get(outputOf(source))?.shape?.length;
  const sameAxis =
    linear.axis === axis || (rank !== undefined && (linear.axis + rank) % rank === (axis + rank) % rank);
  // A bias of zeros behind MatMul: nothing to fold, and part of what ONNX Runtime recognizes as attention.
  if (linear.bias === null && isAll(affine.scale, 1)) return false;
  const perTensor = affine.scale.length === 1 && affine.offset.length === 1;
  if (!sameAxis && !perTensor) return false;
  const edit = scaleOutput(graph, linear, affine, context);
  if (!edit) return false;
  edit();
  removeIdentity(graph, affine);
  return true;
}

/** The node whose output the affine node scales, seen through operators that commute with this scale. */
function linearBefore(graph: Graph, { input, scale, offset }: Affine, axis: number): NodeProto | null {
  const scaleOnly = isAll(offset, 0) && scale.every((value) => value > 0);
  for (let name = input; graph.onlyReader(name); ) {
    const node = graph.producer(name);
    if (!node) return null;
    if (!commutes(node, { perTensor: scale.length === 1, axis })) return node;
    if (!scaleOnly) return null;
    name = inputOf(node, 0);
  }
  return null;
}

/** Takes out a node that has nothing left to do: what it read is written under its output's name. */
export function removeIdentity(graph: Graph, { node, input, output }: Affine): void {
  const producer = graph.producer(input)!;
  graph.removeNode(node);
  graph.setOutput(producer, producer.output.indexOf(input), output);
}
