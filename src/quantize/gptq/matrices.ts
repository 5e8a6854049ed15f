/** Products of matrices. ONNX Runtime is the matrix library at hand: it multiplies fifty times as fast as JavaScript does. */
import { makeModel, makeNode, makeValue } from '../../onnx/build.js';
import { DataType } from '../../onnx/element-type.js';
import { encodeModel } from '../../onnx/write.js';
import type { RunContext } from '../../runtime/context.js';
import type { Session } from '../../runtime/runtime.js';
import { floatsOf, type Tensor } from '../../tensor/tensor.js';

/** Row-major; `data` holds rows × columns values. */
export interface Matrix {
  rows: number;
  columns: number;
  data: Float32Array;
}

export interface Matrices {
  /** a · b; as many columns of a as rows of b. */
  multiply(a: Matrix, b: Matrix): Promise<Float32Array>;
  /** xᵀ · x, [columns, columns]. */
  gram(x: Matrix): Promise<Float32Array>;
}

/** Hands `use` the products and gives their sessions back afterwards. */
export async function withMatrices<T>(
  { runtime, threads }: Pick<RunContext, 'runtime' | 'threads'>,
  use: (matrices: Matrices) => Promise<T>,
): Promise<T> {
  const sessions: Session[] = [];
  const open = async (opType: 'MatMul' | 'Gemm') => {
    const session = await runtime.open(encodeModel(productModel(opType)), { threads });
    sessions.push(session);
    return session;
  };
  try {
    const product = await open('MatMul');
    const gram = await open('Gemm');
    return await use({
      multiply: async (a, b) => floatsOf((await product.run({ a: tensorOf(a), b: tensorOf(b) })).y!),
      gram: async (x) => floatsOf((await gram.run({ a: tensorOf(x) })).y!),
    });
  } finally {
    for (const session of sessions) await session.release();
  }
}

/** MatMul: a · b. Gemm: aᵀ · a. */
function productModel(opType: 'MatMul' | 'Gemm') {
  const value = (name: string) => makeValue(name, DataType.FLOAT, [`${name}_rows`, `${name}_columns`]);
  return makeModel({
    inputs: opType === 'MatMul' ? [value('a'), value('b')] : [value('a')],
    outputs: [makeValue('y')],
    nodes: [
      opType === 'MatMul'
        ? makeNode('MatMul', ['a', 'b'], ['y'])
        : makeNode('Gemm', ['a', 'a'], ['y'], { attributes: { transA: { int: 1 } } }),
    ],
    opsets: { '': 13 },
  });
}

function tensorOf({ rows, columns, data }: Matrix): Tensor {
  return { type: 'float32', dims: [rows, columns], data };
}
