/** Slice that takes out again what Concat has put together is what was there before: box decoders join centres and sizes only to
 *  take them apart for the corners. */
import type { NodeProto } from 'onnx-buf';
import { intAttribute } from '../../onnx/attributes.js';
import type { Graph } from '../../onnx/graph.js';
import type { Model } from '../../onnx/model.js';
import { inputOf, outputOf } from '../../onnx/node.js';
import { bounds, inferSymbolicShapes, type SymbolicShapes, sliceRange } from '../../onnx/symbolic-shapes.js';
import type { RewriteContext } from './context.js';

export function sliceOfConcat({ graph }: Model, { types }: RewriteContext): number {
  const slices = graph.nodes.filter(
    (node) =>
      node.opType === 'Slice' &&
      node.domain === '' &&
      graph.producer(inputOf(node, 0))?.opType === 'Concat' &&
      !graph.isOutput(outputOf(node)),
  );
  if (slices.length === 0) return 0;
  const { shapes } = inferSymbolicShapes(graph, (name) => types.get(name)?.shape?.length);
  let changes = 0;
  for (const slice of slices) {
    const piece = pieceOf(slice, graph, shapes);
    if (piece === null) continue;
    graph.replaceUses(outputOf(slice), piece);
    graph.removeNode(slice);
    changes++;
  }
  return changes;
}

/** The input of the Concat that a Slice cuts out whole; null when it cuts otherwise. */
function pieceOf(slice: NodeProto, graph: Graph, shapes: SymbolicShapes['shapes']): string | null {
  const concat = graph.producer(inputOf(slice, 0))!;
  const joined = shapes.get(outputOf(concat));
  const range = joined && sliceRange(slice, graph, joined.length);
  if (!range || concat.domain !== '') return null;
  const { axis } = range;
  const along = intAttribute(concat, 'axis', 0);
  const size = joined[axis];
  if ((along < 0 ? along + joined.length : along) !== axis || typeof size !== 'number') return null;
  const [start, end] = bounds(range, size);
  let position = 0;
  for (const name of concat.input) {
    const length = shapes.get(name)?.[axis];
    if (typeof length !== 'number') return null;
    if (position === start && position + length === end) return name;
    position += length;
  }
  return null;
}
