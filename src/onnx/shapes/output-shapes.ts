/** The shapes of what a node gives, by the rules of its operator. */
import type { NodeProto } from 'onnx-buf';
import { intAttribute, intsAttribute } from '../attributes.js';
import { fromEnd } from '../axis.js';
import { inputOf, outputOf } from '../node.js';
import { broadcast, type Dimension, quotient, unknown } from './dimension.js';
import type { Known } from './known.js';
import { convolved, padded, sliced } from './lengths.js';

type Shape = readonly Dimension[];

/** One per output, in their order; undefined where the rule or what it needs is not known. */
export function outputShapes(node: NodeProto, known: Known): (Shape | undefined)[] {
  if (node.domain !== '') return [];
  if (RECURRENT.has(node.opType)) return recurrent(node, known);
  if (node.opType === 'Split') return split(node, known);
  return [onlyShape(node, known)];
}

/** Outputs (the first) shaped like the first input. */
const LIKE_INPUT = new Set(
  (
    'Abs Cast Ceil Clip Dropout Elu Erf Exp Floor Gelu HardSigmoid HardSwish Identity LayerNormalization LeakyRelu Log ' +
    'LogSoftmax Neg Not Reciprocal Relu Round Sigmoid Softmax Softplus Sqrt Tanh'
  ).split(' '),
);
const RECURRENT = new Set(['LSTM', 'GRU', 'RNN']);
const BROADCAST = new Set(
  'Add And Div Equal Greater GreaterOrEqual Less LessOrEqual Max Min Mul Or Pow Sub Where'.split(' '),
);
const REDUCE = new Set(['ReduceMean', 'ReduceSum', 'ReduceMax', 'ReduceMin']);

function onlyShape(node: NodeProto, known: Known): Shape | undefined {
  const shapes = node.input.map((name) => known.shapeOf(name));
  const output = outputOf(node);
  const [first, second] = shapes;
  if (LIKE_INPUT.has(node.opType)) return first;
  if (BROADCAST.has(node.opType))
    return shapes.includes(undefined) ? undefined : broadcast(shapes as Shape[], output);
  if (!first) return undefined;
  if (REDUCE.has(node.opType)) return reduced(node, first, known);
  switch (node.opType) {
    case 'MatMul':
      if (!second || first.length < 2 || second.length < 2) return undefined;
      return [...broadcast([first.slice(0, -2), second.slice(0, -2)], output), first.at(-2)!, second.at(-1)!];
    case 'Gemm':
      if (first.length !== 2 || second?.length !== 2) return undefined;
      return [
        first[intAttribute(node, 'transA', 0) === 0 ? 0 : 1]!,
        second[intAttribute(node, 'transB', 0) === 0 ? 1 : 0]!,
      ];
    case 'Conv':
      return second && convolved(node, first, second);
    case 'Transpose':
      return (intsAttribute(node, 'perm') ?? first.map((_, i) => first.length - 1 - i)).map((i) => first[i]!);
    case 'Reshape':
      return reshaped(node, first, known);
    case 'Gather': {
      const axis = fromEnd(intAttribute(node, 'axis', 0), first.length);
      return second && [...first.slice(0, axis), ...second, ...first.slice(axis + 1)];
    }
    case 'Concat':
      return joined(node, shapes);
    case 'Pad':
      return padded(node, first, known);
    case 'Slice':
      return sliced(node, first, known);
    case 'Unsqueeze':
      return unsqueezed(node, first, known);
    case 'Squeeze':
      return squeezed(node, first, known);
    case 'Flatten': {
      const axis = fromEnd(intAttribute(node, 'axis', 1), first.length);
      const size = (dims: Shape, at: number) => quotient(dims, []) ?? unknown(output, at);
      return [size(first.slice(0, axis), 0), size(first.slice(axis), 1)];
    }
    case 'Expand': {
      const asked = known.valuesOf(inputOf(node, 1));
      return asked && broadcast([first, asked], output);
    }
    case 'Range': {
      const [start, limit, delta] = node.input.map((name) => known.valuesOf(name)?.[0]);
      return start === 0 && delta === 1 && limit !== undefined ? [limit] : undefined;
    }
    default:
      return undefined;
  }
}

/** Y is [steps, directions, batch, hidden]; Y_h and Y_c, what the last step leaves, are [directions, batch, hidden]. */
function recurrent(node: NodeProto, known: Known): (Shape | undefined)[] {
  const [steps, batch] = known.shapeOf(inputOf(node, 0)) ?? [];
  const [directions, , hidden] = known.shapeOf(inputOf(node, 2)) ?? [];
  if (intAttribute(node, 'layout', 0) !== 0) return [];
  if (steps === undefined || batch === undefined || directions === undefined || hidden === undefined)
    return [];
  const last = [directions, batch, hidden];
  return node.output.map((_, index) => (index === 0 ? [steps, ...last] : last));
}

/** Pieces whose sizes are constants, or as many equal ones as there are outputs. */
function split(node: NodeProto, known: Known): (Shape | undefined)[] {
  const data = known.shapeOf(inputOf(node, 0));
  if (!data) return [];
  const axis = fromEnd(intAttribute(node, 'axis', 0), data.length);
  const [whole, count] = [data[axis], node.output.length];
  const given = intsAttribute(node, 'split') ?? (node.input[1] ? known.valuesOf(node.input[1]) : undefined);
  const equal = typeof whole === 'number' && whole % count === 0 ? whole / count : undefined;
  return node.output.map((_, index) => {
    const size = given || node.input[1] ? given?.[index] : count === 1 ? whole : equal;
    return size === undefined ? undefined : data.with(axis, size);
  });
}

function reshaped(node: NodeProto, data: Shape, known: Known): Shape | undefined {
  const asked = known.valuesOf(inputOf(node, 1));
  if (!asked || intAttribute(node, 'allowzero', 0) !== 0) return undefined;
  const dims = asked.map((dim, axis) => (dim === 0 ? (data[axis] ?? dim) : dim));
  const inferred = dims.indexOf(-1);
  if (inferred >= 0)
    dims[inferred] = quotient(data, dims.toSpliced(inferred, 1)) ?? unknown(outputOf(node), inferred);
  return dims;
}

function unsqueezed(node: NodeProto, data: Shape, known: Known): Shape | undefined {
  const axes = intsAttribute(node, 'axes') ?? known.valuesOf(inputOf(node, 1));
  if (!axes) return undefined;
  const rank = data.length + axes.length;
  const added = new Set(axes.map((axis) => fromEnd(Number(axis), rank)));
  const rest = data.values();
  return Array.from({ length: rank }, (_, axis) => (added.has(axis) ? 1 : (rest.next().value ?? 1)));
}

function squeezed(node: NodeProto, data: Shape, known: Known): Shape | undefined {
  const asked = intsAttribute(node, 'axes') ?? known.valuesOf(inputOf(node, 1));
  if (node.input[1] && !asked) return undefined;
  if (!asked)
    return data.some((dim) => typeof dim === 'string') ? undefined : data.filter((dim) => dim !== 1);
  const dropped = new Set(asked.map((axis) => fromEnd(Number(axis), data.length)));
  return data.filter((_, axis) => !dropped.has(axis));
}

function joined(node: NodeProto, shapes: readonly (Shape | undefined)[]): Shape | undefined {
  const rank = shapes[0]!.length;
  if (shapes.some((shape) => shape?.length !== rank)) return undefined;
  const axis = fromEnd(intAttribute(node, 'axis', 0), rank);
  const sizes = shapes.map((shape) => shape![axis]!);
  const isKnown = sizes.every((size) => typeof size === 'number');
  const sum = (sizes as number[]).reduce((total, size) => total + size, 0);
  return shapes[0]!.map((dim, i) => (i !== axis ? dim : isKnown ? sum : unknown(outputOf(node), axis)));
}

function reduced(node: NodeProto, data: Shape, known: Known): Shape | undefined {
  const asked = intsAttribute(node, 'axes') ?? (node.input[1] ? known.valuesOf(node.input[1]) : undefined);
  const isUnknown = !asked && node.input[1];
  if (isUnknown || (!asked?.length && intAttribute(node, 'noop_with_empty_axes', 0) !== 0)) return undefined;
  const axes = new Set(asked?.length ? asked.map((axis) => fromEnd(Number(axis), data.length)) : data.keys());
  const keeps = intAttribute(node, 'keepdims', 1) !== 0;
  return data.flatMap((dim, axis) => (axes.has(axis) ? (keeps ? [1] : []) : [dim]));
}
