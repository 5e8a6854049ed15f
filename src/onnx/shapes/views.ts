/** Operators that give the same numbers, in the same order, another shape or the same one. */
import type { NodeProto } from 'onnx-buf';
import { intsAttribute } from '../attributes.js';
import type { Graph } from '../graph.js';
import { inputOf } from '../node.js';
import type { SymbolicShapes } from './symbolic-shapes.js';

/** What decides whether an operator moves numbers. */
export interface ViewContext {
  graph: Graph;
  shapes: SymbolicShapes['shapes'];
}

const RESHAPING = new Set(['Squeeze', 'Unsqueeze', 'Flatten', 'Reshape']);
const SOMETIMES = new Set(['Transpose', 'Concat', 'Split', 'Pad']);

/** Whether a node's operator is one that can be a view, whatever its attributes say. */
export function mayBeView({ opType, domain }: NodeProto): boolean {
  return domain === '' && (RESHAPING.has(opType) || SOMETIMES.has(opType));
}

export function isView(node: NodeProto, { graph, shapes }: ViewContext): boolean {
  if (node.domain !== '') return false;
  switch (node.opType) {
    case 'Transpose':
      return movesNothing(node, shapes);
    case 'Concat':
      return node.input.length === 1;
    case 'Split':
      return node.output.length === 1;
    case 'Pad':
      return padsNothing(node, graph);
    default:
      return RESHAPING.has(node.opType);
  }
}

/** Whether a Transpose leaves the order of all axes longer than 1. */
export function movesNothing(node: NodeProto, shapes: SymbolicShapes['shapes']): boolean {
  const shape = shapes.get(inputOf(node, 0));
  if (!shape) return false;
  const order = intsAttribute(node, 'perm') ?? shape.map((_, axis) => shape.length - 1 - axis);
  const moved = order.filter((axis) => shape[axis] !== 1);
  return moved.every((axis, index) => index === 0 || axis > moved[index - 1]!);
}

function padsNothing(node: NodeProto, graph: Graph): boolean {
  const pads = intsAttribute(node, 'pads') ?? graph.constantValues(inputOf(node, 1));
  return pads !== undefined && [...pads].every((pad) => Number(pad) === 0);
}
