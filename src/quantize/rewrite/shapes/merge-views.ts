/** Squeeze, Unsqueeze, Flatten, Reshape and a Transpose that moves only axes of length 1 give the same numbers another shape; a Concat of one
 *  piece, a Split into one and a Pad by nothing give them the same. A row of them is one Reshape, and none where the shape at its end is the
 *  one at its beginning.
 *
 *  A recurrent layer of one step gives its state twice, under two shapes: the output is a view of the state.
 *
 *  Exporters of recurrent layers write some ten of them around a layer that runs one step; there they take half of the time. */
import type { NodeProto } from 'onnx-buf';
import { intAttribute } from '../../../onnx/attributes.js';
import type { Graph } from '../../../onnx/graph.js';
import type { Model } from '../../../onnx/model.js';
import { inputOf, outputOf } from '../../../onnx/node.js';
import type { Dimension } from '../../../onnx/shapes/dimension.js';
import type { SymbolicShapes } from '../../../onnx/shapes/symbolic-shapes.js';
import { isView, mayBeView } from '../../../onnx/shapes/views.js';
import type { RewriteContext, ShapeContext } from '../matching/context.js';
import { constantShape, makeReshape } from '../matching/reshape.js';

type Shapes = SymbolicShapes['shapes'];

export function mergeViews({ graph }: Model, { types, frozen, decline, inferShapes }: ShapeContext): number {
  const candidates = graph.nodes.filter((node) => mayBeView(node) && !frozen.has(node));
  if (candidates.length === 0) return 0;
  const { shapes } = inferShapes();
  let changes = 0;
  for (const node of candidates) {
    const [input, output] = [inputOf(node, 0), outputOf(node)];
    const root = isView(node, { graph, shapes }) ? rootOf(input, { graph, shapes, frozen }) : input;
    const [from, made] = [shapes.get(root), shapes.get(output)];
    if (!from || !made) continue;
    if (isSame(from, made) && isView(node, { graph, shapes }) && !graph.isOutput(output)) {
      graph.replaceUses(output, root);
      graph.removeNode(node);
      changes++;
    } else if (root !== input) {
      const shape = constantShape(made, from);
      if (shape === null) {
        decline(node, 'the shape behind it and the operators before it is no constant');
        continue;
      }
      graph.replaceNode(node, [makeReshape(graph, [root, output], { dims: shape, types, name: node.name })]);
      changes++;
    }
  }
  return changes;
}

/** What stands before all views that lead to a value. */
function rootOf(
  name: string,
  { graph, shapes, frozen }: { graph: Graph; shapes: Shapes; frozen: RewriteContext['frozen'] },
): string {
  let root = name;
  for (;;) {
    const node = graph.producer(root);
    if (!node) return root;
    const state = onlyState(node, shapes);
    if (state !== null && root === outputOf(node)) return state;
    if (!isView(node, { graph, shapes }) || frozen.has(node) || !shapes.has(inputOf(node, 0))) return root;
    root = inputOf(node, 0);
  }
}

/** What a recurrent layer leaves behind: with one step, that is all it gives, without the axis of the steps. null where there are more, and
 *  where nothing is known of them. */
function onlyState(node: NodeProto, shapes: Shapes): string | null {
  if (!RECURRENT.has(node.opType) || node.domain !== '' || intAttribute(node, 'layout', 0) !== 0) return null;
  const isOneStep = shapes.get(inputOf(node, 0))?.[0] === 1 && inputOf(node, SEQUENCE_LENGTHS) === '';
  return isOneStep && shapes.has(outputOf(node, 1)) ? outputOf(node, 1) : null;
}

const RECURRENT = new Set(['LSTM', 'GRU', 'RNN']);
const SEQUENCE_LENGTHS = 4;

function isSame(a: readonly Dimension[], b: readonly Dimension[]): boolean {
  return a.length === b.length && a.every((dim, axis) => dim === b[axis]);
}
