/** Slice that takes out again what Concat has put together is what was there before: box decoders join centres and sizes only to
 *  take them apart for the corners. */
import type { NodeProto } from 'onnx-buf';
import { intAttribute } from '../../../onnx/attributes.js';
import type { Graph } from '../../../onnx/graph.js';
import type { Model } from '../../../onnx/model.js';
import { inputOf, outputOf } from '../../../onnx/node.js';
import { bounds, sliceRange } from '../../../onnx/shapes/slice-ranges.js';
import type { SymbolicShapes } from '../../../onnx/shapes/symbolic-shapes.js';
import type { Declined, ShapeContext } from '../matching/context.js';

export function sliceOfConcat({ graph }: Model, { decline, inferShapes }: ShapeContext): number {
  const slices = graph.nodes.filter(
    (node) =>
      node.opType === 'Slice' &&
      node.domain === '' &&
      graph.producer(inputOf(node, 0))?.opType === 'Concat' &&
      !graph.isOutput(outputOf(node)),
  );
  if (slices.length === 0) return 0;
  const { shapes } = inferShapes();
  let changes = 0;
  for (const slice of slices) {
    const piece = pieceOf(slice, graph, shapes);
    if (typeof piece !== 'string') {
      decline(slice, piece.reason);
      continue;
    }
    graph.replaceUses(outputOf(slice), piece);
    graph.removeNode(slice);
    changes++;
  }
  return changes;
}

/** The input of the Concat that a Slice cuts out whole; declined when it cuts otherwise. */
function pieceOf(slice: NodeProto, graph: Graph, shapes: SymbolicShapes['shapes']): string | Declined {
  const concat = graph.producer(inputOf(slice, 0))!;
  const joined = shapes.get(outputOf(concat));
  const range = joined && sliceRange(slice, graph, joined.length);
  if (!range || concat.domain !== '') return { reason: 'it cuts by more than constants along one axis' };
  const { axis } = range;
  const along = intAttribute(concat, 'axis', 0);
  const size = joined[axis];
  if ((along < 0 ? along + joined.length : along) !== axis)
    return { reason: 'it cuts along another axis than Concat joins' };
  if (typeof size !== 'number') return UNKNOWN_SIZES;
  const [start, end] = bounds(range, size);
  let position = 0;
  for (const name of concat.input) {
    const length = shapes.get(name)?.[axis];
    if (typeof length !== 'number') return UNKNOWN_SIZES;
    if (position === start && position + length === end) return name;
    position += length;
  }
  return { reason: 'what it cuts out is not one of the pieces' };
}

const UNKNOWN_SIZES: Declined = { reason: 'the sizes of the pieces are not known' };
