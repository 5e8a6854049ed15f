/** Products of matrices. ONNX Runtime is the matrix library at hand: it multiplies fifty times as fast as JavaScript does. */
import { throwIfInterrupted } from '../../errors.js';
import { makeModel, makeNode, makeValue } from '../../onnx/build.js';
import { DataType } from '../../onnx/element-type.js';
import { encodeModel } from '../../onnx/write.js';
import type { RunContext } from '../../runtime/context.js';
import { NEVER_SPIN, type Session } from '../../runtime/runtime.js';
import { type Feeds, floatsOf, type Tensor } from '../../tensor/tensor.js';

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

/** Hands `use` the products and gives their sessions back afterwards. Every product throws Interrupted once the signal is aborted: fitting one large
 *  layer takes minutes. */
export async function withMatrices<T>(
  { runtime, threads, signal }: Pick<RunContext, 'runtime' | 'threads' | 'signal'>,
  use: (matrices: Matrices) => Promise<T>,
): Promise<T> {
  const sessions: Session[] = [];
  const open = async (opType: 'MatMul' | 'Gemm') => {
    const session = await runtime.open(encodeModel(productModel(opType)), {
      threads,
      configEntries: NEVER_SPIN,
    });
    sessions.push(session);
    return session;
  };
  try {
    const product = await open('MatMul');
    const gram = await open('Gemm');
    const run = async (session: Session, feeds: Feeds) => {
      throwIfInterrupted(signal);
      return floatsOf((await session.run(feeds)).y!);
    };
    return await use({
      multiply: async (a, b) => await run(product, { a: tensorOf(a), b: tensorOf(b) }),
      gram: async (x) => await run(gram, { a: tensorOf(x) }),
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
