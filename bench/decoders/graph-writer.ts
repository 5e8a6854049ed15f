/** Writes graphs of transformers node by node. */
import type { NodeProto, TensorProto } from 'onnx-buf';
import type { AttributeValue } from '../../src/onnx/attributes.js';
import { makeNode } from '../../src/onnx/build.js';
import { DataType } from '../../src/onnx/tensor/element-type.js';
import { makeTensor } from '../../src/onnx/tensor/tensor.js';

export class GraphWriter {
  readonly nodes: NodeProto[] = [];
  readonly initializers: TensorProto[] = [];
  readonly #names = new Set<string>();

  /** A node with one output. @param output its name; default: made of the operator's. */
  node(
    opType: string,
    inputs: readonly string[],
    {
      output = `${opType.toLowerCase()}_${this.nodes.length}`,
      ...attributes
    }: { output?: string } & Record<string, AttributeValue | string> = {},
  ): string {
    this.nodes.push(
      makeNode(opType, inputs, [output], {
        name: output,
        attributes: attributes as Record<string, AttributeValue>,
      }),
    );
    return output;
  }

  floats(name: string, dims: readonly number[], values: Float32Array): string {
    return this.#once(name, () => makeTensor(name, DataType.FLOAT, dims, values));
  }

  /** A constant without a name of its own: equal ones are one. @param dims [] for a scalar. */
  number(value: number): string {
    return this.floats(`number_${value}`, [], Float32Array.of(value));
  }

  integers(values: readonly number[]): string {
    const name = `integers_${values.join('_')}`;
    return this.#once(name, () =>
      makeTensor(name, DataType.INT64, [values.length], BigInt64Array.from(values, BigInt)),
    );
  }

  /** A scalar. */
  integer(value: number): string {
    const name = `integer_${value}`;
    return this.#once(name, () => makeTensor(name, DataType.INT64, [], BigInt64Array.of(BigInt(value))));
  }

  /** Softmax attention over heads: queries [batch, length, width], keys and values [batch, states, width] → [batch, length, width].
   *  @param options.mask what is added to scores [length, states]. */
  softmaxAttention(
    { query, key, value }: { query: string; key: string; value: string },
    { width, heads, mask }: { width: number; heads: number; mask?: string | null },
  ): string {
    const head = width / heads;
    const shape = this.integers([0, 0, heads, head]);
    const parted = (x: string, perm: number[]) =>
      this.node('Transpose', [this.node('Reshape', [x, shape])], { perm: { ints: perm } });
    const scaled = this.node('Mul', [query, this.number(1 / Math.sqrt(head))]);
    const scores = this.node('MatMul', [parted(scaled, [0, 2, 1, 3]), parted(key, [0, 2, 3, 1])]);
    const shown = mask ? this.node('Add', [scores, mask]) : scores;
    const shares = this.node('Softmax', [shown], { axis: { int: -1 } });
    const mixed = this.node('MatMul', [shares, parted(value, [0, 2, 1, 3])]);
    const joined = this.node('Transpose', [mixed], { perm: { ints: [0, 2, 1, 3] } });
    return this.node('Reshape', [joined, this.integers([0, 0, width])]);
  }

  #once(name: string, make: () => TensorProto): string {
    if (!this.#names.has(name)) {
      this.#names.add(name);
      this.initializers.push(make());
    }
    return name;
  }
}

/** [rows, columns] turned into [columns, rows]. */
export function turned(values: Float32Array, rows: number, columns: number): Float32Array {
  const result = new Float32Array(values.length);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++)
      result[column * rows + row] = values[row * columns + column]!;
  }
  return result;
}
