/** Nodes that multiply and add constants: x · scale + offset, per tensor or per channel. */
import type { NodeProto } from 'onnx-buf';
import type { Graph } from '../../../onnx/graph.js';
import { outputOf } from '../../../onnx/node.js';
import { DataType } from '../../../onnx/tensor/element-type.js';
import { dimsOf } from '../../../onnx/tensor/tensor.js';
import type { RewriteContext } from './context.js';

export interface Affine {
  node: NodeProto;
  /** The value that is scaled and shifted. */
  input: string;
  output: string;
  /** Length 1, or one per channel. */
  scale: Float64Array;
  offset: Float64Array;
}

const ONE = Float64Array.of(1);
const ZERO = Float64Array.of(0);

/** Reads a node as an affine function along `axis` (negative: from the end) of its one input that isn't constant.
 *  null when it is none: another operator, a frozen one, another type than float32, or constants that vary along other axes. */
export function readAffine(
  graph: Graph,
  node: NodeProto,
  { context: { types, frozen }, axis }: { context: RewriteContext; axis: number },
): Affine | null {
  if (frozen.has(node) || node.domain !== '' || !['Mul', 'Div', 'Add', 'Sub'].includes(node.opType))
    return null;
  const [left = '', right = ''] = node.input;
  const constants = [graph.constant(left), graph.constant(right)];
  if ((constants[0] === undefined) === (constants[1] === undefined)) return null;
  const constantLeft = constants[0] !== undefined;
  const [input, name] = constantLeft ? [right, left] : [left, right];
  if (constantLeft && node.opType === 'Div') return null;
  const shape = types.get(input)?.shape;
  if (!shape || types.get(input)?.dataType !== DataType.FLOAT) return null;
  const values = alongAxis(graph, name, { rank: shape.length, axis, size: shape.at(axis) });
  if (!values) return null;
  const output = outputOf(node);
  switch (node.opType) {
    case 'Mul':
      return { node, input, output, scale: values, offset: ZERO };
    case 'Div':
      return values.includes(0)
        ? null
        : { node, input, output, scale: values.map((value) => 1 / value), offset: ZERO };
    case 'Add':
      return { node, input, output, scale: ONE, offset: values };
    default:
      return constantLeft
        ? { node, input, output, scale: Float64Array.of(-1), offset: values }
        : { node, input, output, scale: ONE, offset: values.map((value) => -value) };
  }
}

/** Values of a constant that varies along one axis only of a tensor of `rank` it is broadcast to (ONNX: shapes aligned at the end);
 *  null when it varies along others, widens the tensor, or isn't finite float32. */
function alongAxis(
  graph: Graph,
  name: string,
  { rank, axis, size }: { rank: number; axis: number; size: number | string | undefined },
): Float64Array | null {
  const tensor = graph.constant(name);
  if (tensor?.dataType !== DataType.FLOAT) return null;
  const dims = dimsOf(tensor);
  if (dims.length > rank) return null;
  const position = (axis < 0 ? axis + rank : axis) - (rank - dims.length);
  if (dims.some((dim, index) => dim !== 1 && index !== position)) return null;
  // A single channel times a vector would widen the tensor.
  if ((dims[position] ?? 1) !== 1 && dims[position] !== size) return null;
  // Not `from`, which walks an iterator: this is asked for every node in every round.
  const values = new Float64Array(graph.floats(name));
  return values.every(Number.isFinite) ? values : null;
}

/** The affine function that does `first`, then `second`. */
export function compose(
  first: Pick<Affine, 'scale' | 'offset'>,
  second: Pick<Affine, 'scale' | 'offset'>,
): Pick<Affine, 'scale' | 'offset'> {
  return {
    scale: combine(first.scale, second.scale, (a, b) => a * b),
    offset: combine(
      combine(first.offset, second.scale, (a, b) => a * b),
      second.offset,
      (a, b) => a + b,
    ),
  };
}

/** Element by element, a length of 1 broadcast. */
export function combine(
  a: Float64Array,
  b: Float64Array,
  operation: (a: number, b: number) => number,
): Float64Array {
  const length = Math.max(a.length, b.length);
  return Float64Array.from({ length }, (_, i) =>
    operation(a[a.length === 1 ? 0 : i]!, b[b.length === 1 ? 0 : i]!),
  );
}

export function isAll(values: Float64Array, value: number): boolean {
  return values.every((one) => one === value);
}

/** Why constants that vary along an axis don't go into an operator whose channels are another. */
export function otherAxis({ opType }: NodeProto): string {
  return `its constants vary along another axis than the channels of ${opType}`;
}
