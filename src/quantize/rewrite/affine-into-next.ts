/** x · scale + offset → Conv becomes Conv with other weights and bias (Gemm, MatMul and ConvTranspose likewise).
 *
 *  A convolution that pads its input with zeros can't take the offset: zeros are added after it, so at the border it is missing.
 *  The scale still goes: (x · s + b) is (x + b/s) · s. */
import type { NodeProto } from 'onnx-buf';
import { DataType } from '../../onnx/element-type.js';
import type { Graph } from '../../onnx/graph.js';
import type { Model } from '../../onnx/model.js';
import { outputOf } from '../../onnx/node.js';
import { type Affine, combine, isAll, readAffine } from './affine.js';
import type { RewriteContext } from './context.js';
import { type Linear, readLinear, scaleInput } from './linear.js';
import { commutes } from './positively-homogeneous.js';

export function affineIntoNext(model: Model, context: RewriteContext): number {
  const { graph } = model;
  let changes = 0;
  for (const node of graph.topologicalNodes()) {
    if (graph.producer(outputOf(node)) !== node) continue;
    if (foldForward(graph, node, context) || foldScaleBeforeOffset(graph, node, context)) changes++;
  }
  return changes;
}

/** Every reader takes the whole affine function. */
function foldForward(graph: Graph, node: NodeProto, context: RewriteContext): boolean {
  for (const axis of [1, -1]) {
    const affine = readAffine(graph, node, { context, axis });
    if (!affine || graph.isOutput(affine.output)) continue;
    const readers = linearReaders(graph, affine, axis);
    if (!readers) continue;
    if (!scaleInputs(graph, readers, { coefficients: affine, context })) continue;
    graph.replaceUses(affine.output, affine.input);
    graph.removeNode(node);
    return true;
  }
  return false;
}

/** Mul → Add → padded Conv: the Mul goes into the weights, the Add stays with another constant. */
function foldScaleBeforeOffset(graph: Graph, node: NodeProto, context: RewriteContext): boolean {
  if (node.opType !== 'Mul' && node.opType !== 'Div') return false;
  const { types } = context;
  for (const axis of [1, -1]) {
    const multiply = readAffine(graph, node, { context, axis });
    const next = multiply && graph.onlyReader(multiply.output);
    if (!next || multiply.scale.includes(0)) continue;
    const add = readAffine(graph, next, { context, axis });
    if (!add || !isAll(add.scale, 1) || graph.isOutput(add.output)) continue;
    const readers = linearReaders(graph, add, axis);
    if (!readers) continue;
    const offset = Float32Array.from(combine(add.offset, multiply.scale, (b, s) => b / s));
    if (!offset.every(Number.isFinite)) continue;
    const coefficients = { scale: multiply.scale, offset: Float64Array.of(0) };
    if (!scaleInputs(graph, readers, { coefficients, context })) continue;
    const shape = types.get(add.input)?.shape ?? [];
    const dims = channelDims(offset.length, shape.length, axis);
    const name = graph.addConstant(`${add.output}_offset`, DataType.FLOAT, dims, offset);
    types.set(name, { dataType: DataType.FLOAT, shape: dims });
    next.opType = 'Add';
    graph.setInput(next, 0, multiply.input);
    graph.setInput(next, 1, name);
    graph.removeNode(node);
    return true;
  }
  return false;
}

/** All of them, or none. */
function scaleInputs(
  graph: Graph,
  readers: readonly Linear[],
  { coefficients, context }: { coefficients: Pick<Affine, 'scale' | 'offset'>; context: RewriteContext },
): boolean {
  const edits = readers.map((linear) => scaleInput(graph, linear, coefficients, context));
  if (edits.includes(null)) return false;
  for (const edit of edits) edit!();
  return true;
}

/** Shape of a constant of `channels` values that is broadcast along `axis` of a tensor of this rank. */
export function channelDims(channels: number, rank: number, axis: number): number[] {
  if (channels === 1) return [];
  return [channels, ...new Array<number>(rank - 1 - (axis < 0 ? axis + rank : axis)).fill(1)];
}

/** The linear operators that read an affine node's output, seen through operators that commute with its scale;
 *  null when anything else reads it too. */
function linearReaders(graph: Graph, affine: Affine, axis: number): Linear[] | null {
  const perTensor = affine.scale.length === 1 && affine.offset.length === 1;
  const scaleOnly = isAll(affine.offset, 0) && affine.scale.every((value) => value > 0);
  const found: Linear[] = [];
  const visit = (name: string): boolean => {
    if (graph.isOutput(name)) return false;
    return graph.consumers(name).every((reader) => {
      if (scaleOnly && reader.input[0] === name && commutes(reader, { perTensor, axis }))
        return visit(outputOf(reader));
      const linear =
        reader.input[0] === name && reader.input.indexOf(name, 1) < 0 ? readLinear(graph, reader) : null;
      if (!linear || (!perTensor && linear.axis !== axis)) return false;
      found.push(linear);
      return true;
    });
  };
  return visit(affine.output) && found.length > 0 ? found : null;
}
