/** x · scale + offset → Conv becomes Conv with other weights and bias (Gemm, MatMul and ConvTranspose likewise).
 *
 *  A convolution that pads its input with zeros can't take the offset: zeros are added after it, so at the border it is missing.
 *  The scale still goes: (x · s + b) is (x + b/s) · s. */
import type { NodeProto } from 'onnx-buf';
import type { Graph } from '../../../onnx/graph.js';
import type { Model } from '../../../onnx/model.js';
import { outputOf } from '../../../onnx/node.js';
import { DataType } from '../../../onnx/tensor/element-type.js';
import { nodeLabel } from '../../method/selection.js';
import { type Affine, combine, isAll, otherAxis, readAffine } from '../matching/affine.js';
import { type Declined, isDeclined, type PausingContext, type RewriteContext } from '../matching/context.js';
import { type Edit, type Linear, readLinear, scaleInput } from '../matching/linear.js';
import { commutes } from '../matching/positively-homogeneous.js';

export async function affineIntoNext(model: Model, context: PausingContext): Promise<number> {
  const { graph } = model;
  let changes = 0;
  for (const node of graph.topologicalNodes()) {
    if (graph.producer(outputOf(node)) !== node) continue;
    const edit = possibleEdit(graph, node, context);
    if (!edit) continue;
    await context.pause();
    if (isDeclined(edit)) context.decline(node, edit.reason);
    else {
      edit();
      changes++;
    }
  }
  return changes;
}

/** The first way that works, or why the first that was recognized doesn't. */
function possibleEdit(graph: Graph, node: NodeProto, context: RewriteContext): Edit | Declined | null {
  let declined: Declined | null = null;
  for (const fold of [foldForward, foldScaleBeforeOffset]) {
    for (const axis of [1, -1]) {
      const affine = readAffine(graph, node, { context, axis });
      const edit = affine && fold(graph, affine, { axis, context });
      if (edit && !isDeclined(edit)) return edit;
      declined ??= edit;
    }
  }
  return declined;
}

interface FoldContext {
  axis: number;
  context: RewriteContext;
}

/** Every reader takes the whole affine function. */
function foldForward(graph: Graph, affine: Affine, { axis, context }: FoldContext): Edit | Declined | null {
  const readers = linearReaders(graph, affine, axis);
  if (!readers || isDeclined(readers)) return readers;
  const scaled = scaleInputs(graph, readers, { coefficients: affine, context });
  if (isDeclined(scaled)) return scaled;
  return () => {
    scaled();
    graph.replaceUses(affine.output, affine.input);
    graph.removeNode(affine.node);
  };
}

/** Mul → Add → padded Conv: the Mul goes into the weights, the Add stays with another constant. */
function foldScaleBeforeOffset(
  graph: Graph,
  multiply: Affine,
  { axis, context }: FoldContext,
): Edit | Declined | null {
  const { types } = context;
  const next = isMultiplication(multiply) ? graph.onlyReader(multiply.output) : undefined;
  const add = next && readAffine(graph, next, { context, axis });
  const readers = add && isAll(add.scale, 1) ? linearReaders(graph, add, axis) : null;
  if (!next || !add || !readers) return null;
  if (isDeclined(readers)) return readers;
  if (multiply.scale.includes(0)) return { reason: 'a factor is zero' };
  const offset = Float32Array.from(combine(add.offset, multiply.scale, (b, s) => b / s));
  if (!offset.every(Number.isFinite)) return { reason: `what ${next.opType} adds would not stay finite` };
  const coefficients = { scale: multiply.scale, offset: Float64Array.of(0) };
  const scaled = scaleInputs(graph, readers, { coefficients, context });
  if (isDeclined(scaled)) return scaled;
  return () => {
    scaled();
    const shape = types.get(add.input)?.shape ?? [];
    const dims = channelDims(offset.length, shape.length, axis);
    const name = graph.addConstant(`${add.output}_offset`, DataType.FLOAT, dims, offset);
    types.set(name, { dataType: DataType.FLOAT, shape: dims });
    next.opType = 'Add';
    graph.setInput(next, 0, multiply.input);
    graph.setInput(next, 1, name);
    graph.removeNode(multiply.node);
  };
}

function isMultiplication({ node }: Affine): boolean {
  return node.opType === 'Mul' || node.opType === 'Div';
}

/** All of them, or none. */
function scaleInputs(
  graph: Graph,
  readers: readonly Linear[],
  { coefficients, context }: { coefficients: Pick<Affine, 'scale' | 'offset'>; context: RewriteContext },
): Edit | Declined {
  const edits: Edit[] = [];
  for (const linear of readers) {
    const edit = scaleInput(graph, linear, coefficients, context);
    if (isDeclined(edit)) return edit;
    edits.push(edit);
  }
  return () => {
    for (const edit of edits) edit();
  };
}

/** Shape of a constant of `channels` values that is broadcast along `axis` of a tensor of this rank. */
export function channelDims(channels: number, rank: number, axis: number): number[] {
  if (channels === 1) return [];
  return [channels, ...new Array<number>(rank - 1 - (axis < 0 ? axis + rank : axis)).fill(1)];
}

/** The linear operators that read an affine node's output, seen through operators that commute with its scale; declined when anything
 *  else reads it too, null when only others do. */
function linearReaders(graph: Graph, affine: Affine, axis: number): Linear[] | Declined | null {
  const perTensor = affine.scale.length === 1 && affine.offset.length === 1;
  const scaleOnly = isAll(affine.offset, 0) && affine.scale.every((value) => value > 0);
  const found: Linear[] = [];
  let obstacle: string | undefined;
  const visit = (name: string): void => {
    if (graph.isOutput(name)) obstacle ??= 'the model puts it out';
    for (const reader of graph.consumers(name)) {
      const readsOnce = reader.input[0] === name && reader.input.indexOf(name, 1) < 0;
      if (scaleOnly && reader.input[0] === name && commutes(reader, { perTensor, axis })) {
        visit(outputOf(reader));
        continue;
      }
      const linear = readsOnce ? readLinear(graph, reader) : null;
      if (!linear) obstacle ??= `${reader.opType} '${nodeLabel(reader)}' reads it too`;
      else if (!perTensor && linear.axis !== axis) obstacle ??= otherAxis(reader);
      if (linear) found.push(linear);
    }
  };
  visit(affine.output);
  if (found.length === 0) return null;
  return obstacle === undefined ? found : { reason: obstacle };
}
