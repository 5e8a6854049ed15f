/** Conv → · scale → + offset becomes Conv with other weights and bias (Gemm, MatMul and ConvTranspose likewise).
 *
 *  A positive scale also goes back through operators that commute with it: Relu(x) · s = Relu(x · s). */
import type { NodeProto } from 'onnx-buf';
import type { Graph } from '../../../onnx/graph.js';
import type { Model } from '../../../onnx/model.js';
import { inputOf, outputOf } from '../../../onnx/node.js';
import { nodeLabel } from '../../method/selection.js';
import { type Affine, isAll, otherAxis, readAffine } from '../matching/affine.js';
import { type Declined, isDeclined, type PausingContext, type RewriteContext } from '../matching/context.js';
import { type Edit, readLinear, scaleOutput } from '../matching/linear.js';
import { commutes } from '../matching/positively-homogeneous.js';

export async function affineIntoPrevious(model: Model, context: PausingContext): Promise<number> {
  const { graph } = model;
  let changes = 0;
  for (const node of graph.topologicalNodes()) {
    let reason: string | undefined;
    // Axis 1 for images, the last one for sequences: an affine node fits the axis of the operator that it follows.
    for (const axis of [1, -1]) {
      const affine = readAffine(graph, node, { context, axis });
      const edit = affine && foldBack(graph, affine, { axis, context });
      if (!edit) continue;
      await context.pause();
      if (isDeclined(edit)) {
        reason ??= edit.reason;
        continue;
      }
      edit();
      removeIdentity(graph, affine);
      reason = undefined;
      changes++;
      break;
    }
    if (reason) context.decline(node, reason);
  }
  return changes;
}

/** null when no linear operator comes before. */
function foldBack(
  graph: Graph,
  affine: Affine,
  { axis, context }: { axis: number; context: RewriteContext },
): Edit | Declined | null {
  const before = graph.producer(affine.input);
  if (before && !graph.onlyReader(affine.input) && readLinear(graph, before))
    return { reason: `what ${before.opType} '${nodeLabel(before)}' writes is read by others too` };
  const { source, blocked } = linearBefore(graph, affine, axis);
  const linear = source && readLinear(graph, source);
  if (!linear) return null;
  if (blocked) return { reason: `only a positive scale passes ${blocked.opType} '${nodeLabel(blocked)}'` };
  const rank = context.types.get(outputOf(source))?.shape?.length;
  const sameAxis =
    linear.axis === axis || (rank !== undefined && (linear.axis + rank) % rank === (axis + rank) % rank);
  // A bias of zeros behind MatMul: nothing to fold, and part of what ONNX Runtime recognizes as attention.
  if (linear.bias === null && isAll(affine.scale, 1)) return { reason: `${source.opType} has no bias` };
  const perTensor = affine.scale.length === 1 && affine.offset.length === 1;
  if (!sameAxis && !perTensor) return { reason: otherAxis(source) };
  return scaleOutput(graph, linear, affine, context);
}

/** The node whose output the affine node scales, seen through operators that commute with a positive scale; the first of those that this
 *  one can't pass. */
function linearBefore(
  graph: Graph,
  { input, scale, offset }: Affine,
  axis: number,
): { source?: NodeProto; blocked?: NodeProto } {
  const passes = isAll(offset, 0) && scale.every((value) => value > 0);
  let blocked: NodeProto | undefined;
  for (let name = input; graph.onlyReader(name); ) {
    const node = graph.producer(name);
    if (!node) return {};
    if (!commutes(node, { perTensor: scale.length === 1, axis })) return { source: node, blocked };
    if (!passes) blocked ??= node;
    name = inputOf(node, 0);
  }
  return {};
}

/** Takes out a node that has nothing left to do: what it read is written under its output's name. */
function removeIdentity(graph: Graph, { node, input, output }: Affine): void {
  const producer = graph.producer(input)!;
  graph.removeNode(node);
  graph.setOutput(producer, producer.output.indexOf(input), output);
}
