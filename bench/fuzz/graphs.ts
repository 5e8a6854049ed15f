/** Small models that nobody damaged, put together at random: operators, shapes, types and weights as exporters and people leave them. */

import type { NodeProto, TensorProto } from 'onnx-buf';
import { type AttributeValue, setAttribute } from '../../src/onnx/attributes.js';
import { makeModel, makeNode, makeValue } from '../../src/onnx/build.js';
import type { Model } from '../../src/onnx/model.js';
import { DataType } from '../../src/onnx/tensor/element-type.js';
import { makeTensor } from '../../src/onnx/tensor/tensor.js';
import { elementCount } from '../../src/tensor/dims.js';
import type { Random } from '../../src/tensor/random.js';
import { pick } from './mutate.js';

/** A value and its shape; the first dimension may be symbolic in the model. */
interface Value {
  name: string;
  dims: number[];
}

export interface RandomGraph {
  model: Model;
  /** Of its only input. */
  dims: number[];
}

export function randomGraph(random: Random): RandomGraph {
  const builder = new Builder(random);
  const rank = pick(random, [2, 3, 4, 4, 4]);
  const sides = Array.from({ length: rank - 1 }, () => pick(random, [1, 2, 3, 4, 7, 8, 16, 33]));
  const dims = [1, ...sides];
  let value: Value = { name: 'x', dims };
  const steps = 1 + random.below(7);
  for (let step = 0; step < steps; step++) value = builder.step(value);
  const { nodes, initializers } = builder;
  const first = pick(random, ['N', 1, '']);
  const model = makeModel({
    inputs: [makeValue('x', DataType.FLOAT, [first, ...sides])],
    outputs: [
      makeValue(value.name),
      // An inner value that is an output, too.
      ...(random.below(4) === 0 && nodes.length > 1 && nodes[0]!.output[0] !== value.name
        ? [makeValue(nodes[0]!.output[0]!)]
        : []),
    ],
    nodes,
    initializers,
    opsets: { '': pick(random, [11, 13, 17, 17, 21]) },
    irVersion: 8,
  });
  return { model, dims };
}

type Step = (from: Value) => Value;

class Builder {
  readonly nodes: NodeProto[] = [];
  readonly initializers: TensorProto[] = [];
  #count = 0;

  constructor(private readonly random: Random) {}

  step(from: Value): Value {
    const steps: Step[] = [
      (value) => this.#unary(value),
      (value) => this.#binary(value),
      (value) => this.#reshaped(value),
      (value) => this.#matmul(value),
      (value) => this.#matmul(value),
    ];
    if (from.dims.length === 4)
      steps.push(
        (value) => this.#conv(value),
        (value) => this.#conv(value),
        (value) => this.#pool(value),
      );
    if (from.dims.length === 3) steps.push((value) => this.#lstm(value));
    if (from.dims.length === 2) steps.push((value) => this.#gemm(value));
    if (from.dims.length > 1) steps.push((value) => this.#transpose(value));
    return pick(this.random, steps)(from);
  }

  #node(
    operator: string,
    inputs: string[],
    dims: number[],
    attributes: Record<string, AttributeValue> = {},
  ): Value {
    const name = `v${this.#count++}`;
    const node = makeNode(operator, inputs, [name], { name: this.random.below(5) === 0 ? '' : `n/${name}` });
    for (const [key, value] of Object.entries(attributes)) setAttribute(node, key, value);
    this.nodes.push(node);
    return { name, dims };
  }

  /** A weight, at times one that is there already, of the same shape. */
  #weight(dims: number[]): string {
    const same = this.initializers.find(
      (tensor) => tensor.dataType === DataType.FLOAT && tensor.dims.map(Number).join() === dims.join(),
    );
    if (same && this.random.below(3) === 0) return same.name;
    const name = `w${this.#count++}`;
    const size = elementCount(dims);
    const scale = pick(this.random, [1, 1, 1, 0.01, 0, 1e-30, 1e30, 70000]);
    const data = Float32Array.from({ length: size }, () => (this.random.uint32() / 2 ** 31 - 1) * scale);
    const odd = pick(this.random, [null, null, null, null, null, null, Number.NaN, Number.POSITIVE_INFINITY]);
    if (odd !== null && size > 0) data[this.random.below(size)] = odd;
    this.initializers.push(makeTensor(name, DataType.FLOAT, dims, data));
    return name;
  }

  #conv({ name, dims }: Value): Value {
    const [n, channels, height, width] = dims as [number, number, number, number];
    const group = pick(this.random, [1, 1, channels]);
    const out = group === 1 ? pick(this.random, [1, 8, 16, 33]) : channels * pick(this.random, [1, 2]);
    const kernel = pick(this.random, [1, 3]);
    const weights = [this.#weight([out, channels / group, kernel, kernel])];
    if (this.random.below(2) === 0) weights.push(this.#weight([out]));
    const pad = (kernel - 1) / 2;
    return this.#node('Conv', [name, ...weights], [n, out, height, width], {
      group: { int: group },
      pads: { ints: [pad, pad, pad, pad] },
    });
  }

  #pool({ name, dims }: Value): Value {
    const [n, channels] = dims;
    return this.random.below(2) === 0
      ? this.#node('GlobalAveragePool', [name], [n!, channels!, 1, 1])
      : this.#node('MaxPool', [name], dims, { kernel_shape: { ints: [1, 1] } });
  }

  #matmul({ name, dims }: Value): Value {
    const inner = dims.at(-1)!;
    const out = pick(this.random, [1, 4, 16, 64]);
    const weight = this.random.below(5) === 0 ? this.#weight([1, inner, out]) : this.#weight([inner, out]);
    const broadcast = this.initializers.find((tensor) => tensor.name === weight)!.dims.length;
    const result = [...dims.slice(0, -1), out];
    return this.#node('MatMul', [name, weight], dims.length < broadcast ? [1, ...result] : result);
  }

  #gemm({ name, dims }: Value): Value {
    const out = pick(this.random, [1, 4, 32]);
    const transposed = this.random.below(2);
    const weight = this.#weight(transposed ? [out, dims[1]!] : [dims[1]!, out]);
    const bias = this.random.below(2) === 0 ? [this.#weight(pick(this.random, [[out], [1], [1, out]]))] : [];
    return this.#node('Gemm', [name, weight, ...bias], [dims[0]!, out], {
      transB: { int: transposed },
      alpha: { float: pick(this.random, [1, 0.5]) },
    });
  }

  #lstm({ name, dims }: Value): Value {
    const [length, batch, inner] = dims as [number, number, number];
    const hidden = pick(this.random, [4, 8]);
    const directions = pick(this.random, [1, 2]);
    const operator = pick(this.random, ['LSTM', 'GRU', 'RNN']);
    const gates = { LSTM: 4, GRU: 3, RNN: 1 }[operator]!;
    const weights = [
      this.#weight([directions, gates * hidden, inner]),
      this.#weight([directions, gates * hidden, hidden]),
    ];
    const sequence = this.#node(operator, [name, ...weights], [length, directions, batch, hidden], {
      hidden_size: { int: hidden },
      direction: { string: directions === 2 ? 'bidirectional' : 'forward' },
    });
    return sequence;
  }

  #unary({ name, dims }: Value): Value {
    const operators = [
      'Relu',
      'Sigmoid',
      'Tanh',
      'Exp',
      'Sqrt',
      'Log',
      'Erf',
      'HardSwish',
      'Identity',
      'Neg',
    ];
    const operator = pick(this.random, [...operators, 'Softmax', 'Clip', 'ReduceMean', 'Dropout']);
    if (operator === 'Softmax')
      return this.#node('Softmax', [name], dims, { axis: { int: dims.length - 1 } });
    if (operator === 'Clip') return this.#node('Clip', [name, this.#scalar(0), this.#scalar(6)], dims);
    return this.#node(operator, [name], operator === 'ReduceMean' ? dims.map(() => 1) : dims);
  }

  #scalar(value: number): string {
    const name = `s${this.#count++}`;
    this.initializers.push(makeTensor(name, DataType.FLOAT, [], Float32Array.of(value)));
    return name;
  }

  #binary({ name, dims }: Value): Value {
    const shapes = [dims, dims.map(() => 1), [], dims.map((dim, i) => (i === dims.length - 1 ? dim : 1))];
    const other = this.random.below(4) === 0 ? name : this.#weight(pick(this.random, shapes));
    return this.#node(pick(this.random, ['Add', 'Mul', 'Sub', 'Div', 'Pow', 'Max']), [name, other], dims);
  }

  #reshaped({ name, dims }: Value): Value {
    const size = elementCount(dims.slice(1));
    const to = pick(this.random, [
      [1, size],
      [1, size, 1],
      [1, 1, 1, size],
      [1, 1, size],
    ]);
    const shape = `i${this.#count++}`;
    const written = this.random.below(2) === 0 ? [...to.slice(0, -1), -1] : to;
    const ints = size === 0 ? to : written;
    this.initializers.push(
      makeTensor(shape, DataType.INT64, [ints.length], BigInt64Array.from(ints, BigInt)),
    );
    // More than one sample in the batch would not fit: a shape of zeros keeps it.
    return this.#node('Reshape', [name, shape], to[1] === size && to.length === 2 ? [1, size] : to);
  }

  #transpose({ name, dims }: Value): Value {
    const order = dims.map((_, i) => i);
    // The batch stays in front.
    for (let i = order.length - 1; i > 1; i--) {
      const j = 1 + this.random.below(i);
      [order[i], order[j]] = [order[j]!, order[i]!];
    }
    return this.#node(
      'Transpose',
      [name],
      order.map((axis) => dims[axis]!),
      { perm: { ints: order } },
    );
  }
}
