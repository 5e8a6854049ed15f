/** Squeeze, Unsqueeze, Flatten, Reshape and a Transpose that moves only axes of length 1 give the same numbers another shape. A row of them is
 *  one Reshape, and none where the shape at its end is the one at its beginning.
 *
 *  Exporters of recurrent layers write some ten of them around a layer that runs one step; there they take half of the time. */
import type { NodeProto } from 'onnx-buf';
import { intsAttribute } from '../../onnx/attributes.js';
import { makeNode } from '../../onnx/build.js';
import type { Graph } from '../../onnx/graph.js';
import type { Model } from '../../onnx/model.js';
import { inputOf, outputOf } from '../../onnx/node.js';
import { type Dimension, inferSymbolicShapes, type SymbolicShapes } from '../../onnx/symbolic-shapes.js';
import { DataType } from '../../onnx/tensor/element-type.js';
import type { RewriteContext } from './matching/context.js';

type Shapes = SymbolicShapes['shapes'];

export function mergeViews({ graph }: Model, { types, frozen, decline }: RewriteContext): number {
  const candidates = graph.nodes.filter((node) => VIEWS.has(node.opType) && !frozen.has(node));
  if (candidates.length === 0) return 0;
  const { shapes } = inferSymbolicShapes(graph, (name) => types.get(name)?.shape?.length);
  let changes = 0;
  for (const node of candidates) {
    const [input, output] = [inputOf(node, 0), outputOf(node)];
    const root = isView(node, shapes) ? rootOf(input, { graph, shapes, frozen }) : input;
    const [from, made] = [shapes.get(root), shapes.get(output)];
    if (!from || !made) continue;
    if (isSame(from, made) && isView(node, shapes) && !graph.isOutput(output)) {
      graph.replaceUses(output, root);
      graph.removeNode(node);
      changes++;
    } else if (root !== input) {
      const shape = constantShape(made, from);
      if (shape === null) {
        decline(node, 'the shape behind it and the operators before it is no constant');
        continue;
      }
      const name = graph.addConstant(
        `${output}_shape`,
        DataType.INT64,
        [shape.length],
        BigInt64Array.from(shape, BigInt),
      );
      types.set(name, { dataType: DataType.INT64, shape: [shape.length] });
      graph.replaceNode(node, [makeNode('Reshape', [root, name], [output], { name: node.name })]);
      changes++;
    }
  }
  return changes;
}

const VIEWS = new Set(['Squeeze', 'Unsqueeze', 'Flatten', 'Reshape', 'Transpose']);

function isView(node: NodeProto, shapes: Shapes): boolean {
  if (!VIEWS.has(node.opType) || node.domain !== '') return false;
  if (node.opType !== 'Transpose') return true;
  const shape = shapes.get(inputOf(node, 0));
  if (!shape) return false;
  const order = intsAttribute(node, 'perm') ?? shape.map((_, axis) => shape.length - 1 - axis);
  const moved = order.filter((axis) => shape[axis] !== 1);
  return moved.every((axis, index) => index === 0 || axis > moved[index - 1]!);
}

/** What stands before all views that lead to a value. */
function rootOf(
  name: string,
  { graph, shapes, frozen }: { graph: Graph; shapes: Shapes; frozen: RewriteContext['frozen'] },
): string {
  let root = name;
  for (let node = graph.producer(root); node && isView(node, shapes); node = graph.producer(root)) {
    if (frozen.has(node) || !shapes.has(inputOf(node, 0))) break;
    root = inputOf(node, 0);
  }
  return root;
}

function isSame(a: readonly Dimension[], b: readonly Dimension[]): boolean {
  return a.length === b.length && a.every((dim, axis) => dim === b[axis]);
}

/** What Reshape is told: 0 copies a dimension, and one may be inferred (−1), where no other is of unknown size (an empty tensor's could not be).
 *  null where that doesn't say it. */
function constantShape(made: readonly Dimension[], from: readonly Dimension[]): number[] | null {
  if (made.includes(0)) return null;
  const names = made.filter((dim) => typeof dim === 'string');
  if (made.every((dim, axis) => typeof dim === 'number' || dim === from[axis]))
    return made.map((dim) => (typeof dim === 'number' ? dim : 0));
  return names.length === 1 ? made.map((dim) => (typeof dim === 'number' ? dim : -1)) : null;
}
