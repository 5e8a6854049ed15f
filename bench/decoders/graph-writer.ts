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
