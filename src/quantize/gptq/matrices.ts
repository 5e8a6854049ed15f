/** Products of matrices. ONNX Runtime is the matrix library at hand: it multiplies fifty times as fast as JavaScript does. */
import { throwIfInterrupted } from '../../errors.js';
import { makeModel, makeNode, makeValue } from '../../onnx/build.js';
import { encodeModel } from '../../onnx/file/write.js';
import { DataType } from '../../onnx/tensor/element-type.js';
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
  /** a · bᵀ; as many columns of a as of b. */
  multiplyTransposed(a: Matrix, b: Matrix): Promise<Float32Array>;
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
  const open = async (product: Product) => {
    const session = await runtime.open(encodeModel(productModel(product)), {
      threads,
      configEntries: NEVER_SPIN,
    });
    sessions.push(session);
    return session;
  };
  try {
    const product = await open('a · b');
    const transposed = await open('a · bᵀ');
    const gram = await open('aᵀ · a');
    const run = async (session: Session, feeds: Feeds) => {
      throwIfInterrupted(signal);
      return floatsOf((await session.run(feeds)).y!);
    };
    return await use({
      multiply: async (a, b) => await run(product, { a: tensorOf(a), b: tensorOf(b) }),
      multiplyTransposed: async (a, b) => await run(transposed, { a: tensorOf(a), b: tensorOf(b) }),
      gram: async (x) => await run(gram, { a: tensorOf(x) }),
    });
  } finally {
    for (const session of sessions) await session.release();
  }
}

type Product = 'a · b' | 'a · bᵀ' | 'aᵀ · a';

function productModel(product: Product) {
  const value = (name: string) => makeValue(name, DataType.FLOAT, [`${name}_rows`, `${name}_columns`]);
  const nodes = {
    'a · b': () => makeNode('MatMul', ['a', 'b'], ['y']),
    'a · bᵀ': () => makeNode('Gemm', ['a', 'b'], ['y'], { attributes: { transB: { int: 1 } } }),
    'aᵀ · a': () => makeNode('Gemm', ['a', 'a'], ['y'], { attributes: { transA: { int: 1 } } }),
  };
  return makeModel({
    inputs: product === 'aᵀ · a' ? [value('a')] : [value('a'), value('b')],
    outputs: [makeValue('y')],
    nodes: [nodes[product]()],
    opsets: { '': 13 },
  });
}

function tensorOf({ rows, columns, data }: Matrix): Tensor {
  return { type: 'float32', dims: [rows, columns], data };
}
