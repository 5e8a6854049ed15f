/** Shapes as far as the graph alone proves them: a dimension is a number, or a name that stands for the same unknown number wherever
 *  it appears.
 *
 *  Unlike ONNX Runtime's own inference it follows a dimension through Shape → Gather → Concat → Reshape, and unlike a sample's
 *  shapes what it says holds for every input. Operators that it doesn't know get new names for all their dimensions. */
import type { NodeProto } from 'onnx-buf';
import { intAttribute, intsAttribute, stringAttribute } from './attributes.js';
import { fromEnd } from './axis.js';
import type { Graph } from './graph.js';
import { inputOf, outputOf } from './node.js';
import { bounds, sliceRange, sliceRanges } from './slice-ranges.js';
import { DataType } from './tensor/element-type.js';
import { dimsOf } from './tensor/tensor.js';
import { tensorType } from './tensor/tensor-type.js';

/** A known size, or a name for an unknown one. */
export type Dimension = number | string;

export interface SymbolicShapes {
  shapes: ReadonlyMap<string, readonly Dimension[]>;
  /** What int64 scalars (one element) and vectors hold, where it is known: shapes in the making. */
  values: ReadonlyMap<string, readonly Dimension[]>;
}

/** @param rank of a tensor whose operator is not known here; undefined or 0 when nobody knows (ONNX Runtime calls both []). */
export function inferSymbolicShapes(
  graph: Graph,
  rank: (name: string) => number | undefined = () => undefined,
): SymbolicShapes {
  const inference = new Inference(graph);
  for (const input of graph.inputs) {
    const shape = tensorType(input)?.shape;
    if (shape) inference.shapes.set(input.name, shape.map(declared(input.name)));
  }
  for (const node of graph.topologicalNodes()) {
    const [output = ''] = node.output;
    if (RECURRENT.has(node.opType)) inference.addRecurrent(node);
    if (node.opType === 'Split') inference.addSplit(node);
    const shape = node.domain === '' ? inference.shapeOf(node) : undefined;
    if (shape && output !== '') inference.shapes.set(output, shape);
    const values = node.domain === '' ? inference.valuesOf(node) : undefined;
    if (values && output !== '') inference.values.set(output, values);
    for (const name of node.output) {
      const length = inference.shapes.has(name) ? undefined : rank(name);
      if (name !== '' && length !== undefined && length > 0) {
        inference.shapes.set(
          name,
          Array.from({ length }, (_, axis) => unknown(name, axis)),
        );
      }
    }
  }
  return inference;
}

const unknown = (name: string, axis: number): string => `${name}#${axis}`;

const declared =
  (name: string) =>
  (dim: number | string, axis: number): Dimension =>
    typeof dim === 'number' && dim >= 0 ? dim : unknown(name, axis);

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

class Inference implements SymbolicShapes {
  readonly shapes = new Map<string, Dimension[]>();
  readonly values = new Map<string, Dimension[]>();
  readonly #graph: Graph;

  constructor(graph: Graph) {
    this.#graph = graph;
  }

  shapeOf(node: NodeProto): Dimension[] | undefined {
    const [first, second] = node.input.map((name) => this.#shape(name));
    const output = outputOf(node);
    if (LIKE_INPUT.has(node.opType)) return first;
    if (BROADCAST.has(node.opType)) {
      const shapes = node.input.map((name) => this.#shape(name));
      return shapes.some((shape) => !shape) ? undefined : this.#broadcast(shapes as Dimension[][], output);
    }
    if (!first) return undefined;
    switch (node.opType) {
      case 'MatMul':
        if (!second || first.length < 2 || second.length < 2) return undefined;
        return [
          ...this.#broadcast([first.slice(0, -2), second.slice(0, -2)], output),
          first.at(-2)!,
          second.at(-1)!,
        ];
      case 'Gemm':
        if (first.length !== 2 || second?.length !== 2) return undefined;
        return [
          first[intAttribute(node, 'transA', 0) === 0 ? 0 : 1]!,
          second[intAttribute(node, 'transB', 0) === 0 ? 1 : 0]!,
        ];
      case 'Conv':
        return second && this.#convolved(node, first, second);
      case 'ReduceMean':
      case 'ReduceSum':
      case 'ReduceMax':
      case 'ReduceMin':
        return this.#reduced(node, first);
      case 'Transpose':
        return (intsAttribute(node, 'perm') ?? first.map((_, i) => first.length - 1 - i)).map(
          (i) => first[i]!,
        );
      case 'Reshape':
        return this.#reshaped(node, first);
      case 'Gather': {
        const axis = fromEnd(intAttribute(node, 'axis', 0), first.length);
        return second && [...first.slice(0, axis), ...second, ...first.slice(axis + 1)];
      }
      case 'Concat':
        return this.#joined(node, first.length);
      case 'Pad':
        return this.#padded(node, first);
      case 'Slice':
        return this.#sliced(node, first);
      case 'Unsqueeze':
        return this.#unsqueezed(node, first);
      case 'Squeeze':
        return this.#squeezed(node, first);
      case 'Flatten': {
        const axis = fromEnd(intAttribute(node, 'axis', 1), first.length);
        const size = (dims: Dimension[], at: number) => quotient(dims, []) ?? unknown(output, at);
        return [size(first.slice(0, axis), 0), size(first.slice(axis), 1)];
      }
      case 'Expand': {
        const asked = this.#values(inputOf(node, 1));
        return asked && this.#broadcast([first, asked], output);
      }
      case 'Range': {
        const [start, limit, delta] = node.input.map((name) => this.#values(name)?.[0]);
        return start === 0 && delta === 1 && limit !== undefined ? [limit] : undefined;
      }
      default:
        return undefined;
    }
  }

  /** Y is [steps, directions, batch, hidden]; Y_h and Y_c, what the last step leaves, are [directions, batch, hidden]. */
  addRecurrent(node: NodeProto): void {
    const [steps, batch] = this.#shape(inputOf(node, 0)) ?? [];
    const [directions, , hidden] = this.#shape(inputOf(node, 2)) ?? [];
    if (node.domain !== '' || intAttribute(node, 'layout', 0) !== 0) return;
    if (steps === undefined || batch === undefined || directions === undefined || hidden === undefined)
      return;
    for (const [index, name] of node.output.entries()) {
      const last = [directions, batch, hidden];
      if (name !== '') this.shapes.set(name, index === 0 ? [steps, ...last] : last);
    }
  }

  /** Pieces whose sizes are constants, or as many equal ones as there are outputs. */
  addSplit(node: NodeProto): void {
    const data = this.#shape(inputOf(node, 0));
    if (!data || node.domain !== '') return;
    const axis = fromEnd(intAttribute(node, 'axis', 0), data.length);
    const [whole, count] = [data[axis], node.output.length];
    const given = intsAttribute(node, 'split') ?? (node.input[1] ? this.#values(node.input[1]) : undefined);
    const equal = typeof whole === 'number' && whole % count === 0 ? whole / count : undefined;
    for (const [index, name] of node.output.entries()) {
      const size = given || node.input[1] ? given?.[index] : count === 1 ? whole : equal;
      if (name !== '' && size !== undefined) this.shapes.set(name, data.with(axis, size));
    }
  }

  valuesOf(node: NodeProto): Dimension[] | undefined {
    if (node.opType === 'Shape') {
      const shape = this.#shape(inputOf(node, 0));
      return shape?.slice(intAttribute(node, 'start', 0), intAttribute(node, 'end', shape.length));
    }
    const inputs = node.input.map((name) => this.#values(name));
    const [first, second] = inputs;
    if (!first) return undefined;
    switch (node.opType) {
      case 'Gather': {
        const picked = second?.map((index) => (typeof index === 'number' ? first.at(index) : undefined));
        return picked?.includes(undefined) ? undefined : (picked as Dimension[] | undefined);
      }
      case 'Concat':
        return inputs.includes(undefined) ? undefined : (inputs as Dimension[][]).flat();
      case 'Slice': {
        const range = sliceRange(node, this.#graph, 1);
        return range && first.slice(...bounds(range, first.length));
      }
      case 'Unsqueeze':
      case 'Squeeze':
      case 'Identity':
        return first;
      case 'Reshape':
        return second && second.length <= 1 ? first : undefined;
      case 'Equal':
        return second && pointwise([first, second], ([a, b]) => equal(a!, b!));
      case 'Where': {
        const choices = inputs.includes(undefined) ? undefined : (inputs as Dimension[][]);
        return (
          choices &&
          pointwise(choices, ([condition, a, b]) => (condition === 1 ? a : condition === 0 ? b : undefined))
        );
      }
      case 'Cast':
        return intAttribute(node, 'to', 0) === DataType.INT64 ? first : undefined;
      default:
        return undefined;
    }
  }

  #shape(name: string): Dimension[] | undefined {
    const known = this.shapes.get(name);
    if (known) return known;
    const constant = this.#graph.constant(name);
    return constant && dimsOf(constant);
  }

  /** Numbers of a constant, or what is known of computed ones. */
  #values(name: string): Dimension[] | undefined {
    const known = this.values.get(name);
    if (known) return known;
    const constant = this.#graph.constant(name);
    if (constant?.dataType !== DataType.INT64 || constant.dims.length > 1) return undefined;
    return Array.from(this.#graph.constantValues(name)!, Number);
  }

  /** By numpy's rule; two unknown sizes that may differ give a third. */
  #broadcast(shapes: readonly (readonly Dimension[])[], output: string): Dimension[] {
    const length = Math.max(...shapes.map((shape) => shape.length));
    return Array.from({ length }, (_, axis) => {
      const dims = new Set(shapes.map((shape) => shape[axis - (length - shape.length)] ?? 1));
      dims.delete(1);
      const number = [...dims].find((dim) => typeof dim === 'number');
      if (dims.size === 0) return 1;
      if (number !== undefined) return number;
      return dims.size === 1 ? [...dims][0]! : unknown(output, axis);
    });
  }

  #reshaped(node: NodeProto, data: readonly Dimension[]): Dimension[] | undefined {
    const asked = this.#values(inputOf(node, 1));
    if (!asked || intAttribute(node, 'allowzero', 0) !== 0) return undefined;
    const dims = asked.map((dim, axis) => (dim === 0 ? (data[axis] ?? dim) : dim));
    const inferred = dims.indexOf(-1);
    if (inferred >= 0)
      dims[inferred] = quotient(data, dims.toSpliced(inferred, 1)) ?? unknown(outputOf(node), inferred);
    return dims;
  }

  #unsqueezed(node: NodeProto, data: readonly Dimension[]): Dimension[] | undefined {
    const axes = intsAttribute(node, 'axes') ?? this.#values(inputOf(node, 1));
    if (!axes) return undefined;
    const rank = data.length + axes.length;
    const added = new Set(axes.map((axis) => fromEnd(Number(axis), rank)));
    const rest = data.values();
    return Array.from({ length: rank }, (_, axis) => (added.has(axis) ? 1 : (rest.next().value ?? 1)));
  }

  #squeezed(node: NodeProto, data: readonly Dimension[]): Dimension[] | undefined {
    const asked = intsAttribute(node, 'axes') ?? this.#values(inputOf(node, 1));
    if (node.input[1] && !asked) return undefined;
    if (!asked)
      return data.some((dim) => typeof dim === 'string') ? undefined : data.filter((dim) => dim !== 1);
    const dropped = new Set(asked.map((axis) => fromEnd(Number(axis), data.length)));
    return data.filter((_, axis) => !dropped.has(axis));
  }

  #joined(node: NodeProto, rank: number): Dimension[] | undefined {
    const shapes = node.input.map((name) => this.#shape(name));
    if (shapes.some((shape) => shape?.length !== rank)) return undefined;
    const axis = fromEnd(intAttribute(node, 'axis', 0), rank);
    const sizes = shapes.map((shape) => shape![axis]!);
    const known = sizes.every((size) => typeof size === 'number');
    const sum = (sizes as number[]).reduce((total, size) => total + size, 0);
    return shapes[0]!.map((dim, i) => (i !== axis ? dim : known ? sum : unknown(outputOf(node), axis)));
  }

  /** Lengths are known of a kernel of one in steps of one, and where they are numbers and so are the pads. */
  #convolved(
    node: NodeProto,
    data: readonly Dimension[],
    [outputs, , ...kernel]: readonly Dimension[],
  ): Dimension[] | undefined {
    const [batch, , ...lengths] = data;
    if (batch === undefined || outputs === undefined || kernel.length !== lengths.length) return undefined;
    const ones = kernel.map(() => 1);
    const strides = intsAttribute(node, 'strides') ?? ones;
    const dilations = intsAttribute(node, 'dilations') ?? ones;
    const given = intsAttribute(node, 'pads') ?? [];
    const automatic = stringAttribute(node, 'auto_pad', 'NOTSET');
    const made = lengths.map((length, axis) => {
      const [size, stride] = [kernel[axis]!, strides[axis]!];
      const pads = automatic === 'NOTSET' ? (given[axis] ?? 0) + (given[axis + lengths.length] ?? 0) : 0;
      if (size === 1 && stride === 1 && pads === 0) return length;
      if (typeof length !== 'number' || typeof size !== 'number') return unknown(outputOf(node), axis + 2);
      if (automatic.startsWith('SAME')) return Math.ceil(length / stride);
      return Math.floor((length + pads - dilations[axis]! * (size - 1) - 1) / stride) + 1;
    });
    return [batch, outputs, ...made];
  }

  #reduced(node: NodeProto, data: readonly Dimension[]): Dimension[] | undefined {
    const asked = intsAttribute(node, 'axes') ?? (node.input[1] ? this.#values(node.input[1]) : undefined);
    const isUnknown = !asked && node.input[1];
    if (isUnknown || (!asked?.length && intAttribute(node, 'noop_with_empty_axes', 0) !== 0))
      return undefined;
    const axes = new Set(
      asked?.length ? asked.map((axis) => fromEnd(Number(axis), data.length)) : data.keys(),
    );
    const keeps = intAttribute(node, 'keepdims', 1) !== 0;
    return data.flatMap((dim, axis) => (axes.has(axis) ? (keeps ? [1] : []) : [dim]));
  }

  #padded(node: NodeProto, data: readonly Dimension[]): Dimension[] | undefined {
    const pads = intsAttribute(node, 'pads') ?? this.#values(inputOf(node, 1));
    if (node.input[3] || pads?.length !== 2 * data.length) return undefined;
    return data.map((dim, axis) => {
      const [before, after] = [pads[axis], pads[axis + data.length]];
      if (before === 0 && after === 0) return dim;
      const isKnown = typeof dim === 'number' && typeof before === 'number' && typeof after === 'number';
      return isKnown ? dim + before + after : unknown(outputOf(node), axis);
    });
  }

  #sliced(node: NodeProto, data: readonly Dimension[]): Dimension[] | undefined {
    const ranges = sliceRanges(node, this.#graph, data.length);
    if (!ranges?.every(({ axis }) => axis < data.length)) return undefined;
    const sliced = [...data];
    for (const range of ranges) {
      const size = sliced[range.axis]!;
      if (typeof size !== 'number') sliced[range.axis] = unknown(outputOf(node), range.axis);
      else {
        const [start, end] = bounds(range, size);
        sliced[range.axis] = Math.max(0, end - start);
      }
    }
    return sliced;
  }
}

/** Element by element, a single element broadcast; undefined when any result is. */
function pointwise(
  inputs: readonly (readonly Dimension[])[],
  operation: (elements: Dimension[]) => Dimension | undefined,
): Dimension[] | undefined {
  const length = Math.max(...inputs.map((values) => values.length));
  const results = Array.from({ length }, (_, i) =>
    operation(inputs.map((values) => values[values.length === 1 ? 0 : i]!)),
  );
  return results.includes(undefined) ? undefined : (results as Dimension[]);
}

/** 1 or 0 where it is certain. A size is never negative, whatever its name stands for. */
function equal(a: Dimension, b: Dimension): number | undefined {
  if (a === b) return 1;
  if (typeof a === 'number' && typeof b === 'number') return 0;
  return [a, b].some((dim) => typeof dim === 'number' && dim < 0) ? 0 : undefined;
}

/** What is left of a product when others are divided out of it; undefined when names are left. */
function quotient(dims: readonly Dimension[], others: readonly Dimension[]): number | undefined {
  const names = dims.filter((dim) => typeof dim === 'string');
  for (const name of others.filter((dim) => typeof dim === 'string')) {
    const at = names.indexOf(name);
    if (at < 0) return undefined;
    names.splice(at, 1);
  }
  const product = (factors: readonly Dimension[]): number =>
    factors.reduce<number>((result, dim) => (typeof dim === 'number' ? result * dim : result), 1);
  const [whole, part] = [product(dims), product(others)];
  return names.length === 0 && part > 0 && whole % part === 0 ? whole / part : undefined;
}
