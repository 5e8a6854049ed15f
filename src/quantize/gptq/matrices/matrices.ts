/** Products of matrices. ONNX Runtime is the matrix library at hand: it multiplies fifty times as fast as JavaScript does. */
import type { NodeProto } from 'onnx-buf';
import { throwIfInterrupted } from '../../../errors.js';
import { makeModel, makeNode, makeValue } from '../../../onnx/build.js';
import { encodeModel } from '../../../onnx/file/write.js';
import { DataType } from '../../../onnx/tensor/element-type.js';
import type { RunContext } from '../../../runtime/context.js';
import { NEVER_SPIN, type Session } from '../../../runtime/runtime.js';
import { type Feeds, floatsOf, type Tensor } from '../../../tensor/tensor.js';

/** Row-major; `data` holds rows × columns values. */
export interface Matrix {
  rows: number;
  columns: number;
  data: Float32Array;
}

/** Matrices of one shape, behind one another. */
export interface MatrixStack extends Matrix {
  count: number;
}

export interface Matrices {
  /** a · b; as many columns of a as rows of b. */
  multiply(a: Matrix, b: Matrix): Promise<Float32Array>;
  /** a · bᵀ; as many columns of a as of b. */
  multiplyTransposed(a: Matrix, b: Matrix): Promise<Float32Array>;
  /** xᵀ · x, [columns, columns]. */
  gram(x: Matrix): Promise<Float32Array>;
  /** Adds x · xᵀ to `sums` [count, rows, rows], for each x of the stack. */
  addGrams(x: MatrixStack, sums: Float32Array): Promise<void>;
  /** Adds a · bᵀ to `sums`, [rows of a, rows of b]. */
  addTransposed(a: Matrix, b: Matrix, sums: Float32Array): Promise<void>;
}

/** Hands `use` the products and gives their sessions back afterwards. Every product throws Interrupted once the signal is aborted: fitting one large
 *  layer takes minutes. */
export async function withMatrices<T>(
  { runtime, threads, signal }: Pick<RunContext, 'runtime' | 'threads' | 'signal'>,
  use: (matrices: Matrices) => Promise<T>,
): Promise<T> {
  const sessions = new Map<string, Promise<Session>>();
  /** `rows` and `columns` of the product. */
  const open = (product: Product, rows: number, columns: number): Promise<Session> => {
    const most = mostThreads(rows, columns);
    const own = most >= (threads ?? THREADS_OF_A_PRODUCT) ? threads : most;
    const key = `${product}, ${own} threads`;
    let session = sessions.get(key);
    if (!session) {
      const options = { threads: own, configEntries: NEVER_SPIN, givesMemoryBack: true };
      session = runtime.open(encodeModel(productModel(product)), options);
      sessions.set(key, session);
    }
    return session;
  };
  const run = async (product: Product, [rows, columns]: [number, number], feeds: Feeds) => {
    throwIfInterrupted(signal);
    return floatsOf((await (await open(product, rows, columns)).run(feeds)).y!);
  };
  const addGrams = async ({ count, rows, columns, data }: MatrixStack, sums: Float32Array) => {
    throwIfInterrupted(signal);
    const stack = count === 1 ? [] : [count];
    const session = await open(count === 1 ? 'b + a · aᵀ' : 'b + a · aᵀ of a stack', rows, rows);
    const total: Tensor = { type: 'float32', dims: [...stack, rows, rows], data: sums };
    const a: Tensor = { type: 'float32', dims: [...stack, rows, columns], data };
    await session.runInto({ a, b: total }, { y: total });
  };
  const addTransposed = async (a: Matrix, b: Matrix, sums: Float32Array) => {
    throwIfInterrupted(signal);
    const total: Tensor = { type: 'float32', dims: [a.rows, b.rows], data: sums };
    const session = await open('c + a · bᵀ', a.rows, b.rows);
    await session.runInto({ a: tensorOf(a), b: tensorOf(b), c: total }, { y: total });
  };
  try {
    return await use({
      multiply: async (a, b) => await run('a · b', [a.rows, b.columns], { a: tensorOf(a), b: tensorOf(b) }),
      multiplyTransposed: async (a, b) =>
        await run('a · bᵀ', [a.rows, b.rows], { a: tensorOf(a), b: tensorOf(b) }),
      gram: async (x) => await run('aᵀ · a', [x.columns, x.columns], { a: tensorOf(x) }),
      addGrams,
      addTransposed,
    });
  } finally {
    for (const session of sessions.values()) await (await session).release();
  }
}

/** ONNX Runtime shares a product out among these at most (MLAS_MAXIMUM_THREAD_COUNT). */
const THREADS_OF_A_PRODUCT = 16;
/** Threads get whole blocks of columns, and one that gets fewer than 128 sums up longer runs of products at once (MlasGemmBatch, MlasSgemmOperation). */
const COLUMNS_OF_A_BLOCK = 16;
const BLOCKS_OF_A_THREAD = 8;
/** One row is multiplied by a kernel of its own. */
const ROWS_OF_A_THREAD = 2;

/** Threads up to which a product has the same bits as by one: it is shared out along its columns where they are more than its rows. A power of two, so that
 *  few sessions do for all sizes. */
function mostThreads(rows: number, columns: number): number {
  const shares =
    columns > rows ? Math.floor(columns / COLUMNS_OF_A_BLOCK) / BLOCKS_OF_A_THREAD : rows / ROWS_OF_A_THREAD;
  return Math.max(1, 2 ** Math.floor(Math.log2(shares)));
}

type Product = 'a · b' | 'a · bᵀ' | 'aᵀ · a' | 'b + a · aᵀ' | 'b + a · aᵀ of a stack' | 'c + a · bᵀ';

interface ProductForm {
  inputs: readonly string[];
  rank: number;
  nodes: NodeProto[];
}

function productModel(product: Product) {
  const { inputs, rank, nodes } = PRODUCTS[product]();
  const value = (name: string) => {
    const dims = Array.from({ length: rank }, (_, axis) => `${name}_${axis}`);
    return makeValue(name, DataType.FLOAT, dims);
  };
  return makeModel({ inputs: inputs.map(value), outputs: [makeValue('y')], nodes, opsets: { '': 13 } });
}

const PRODUCTS: Readonly<Record<Product, () => ProductForm>> = {
  'a · b': () => ({ inputs: ['a', 'b'], rank: 2, nodes: [makeNode('MatMul', ['a', 'b'], ['y'])] }),
  'a · bᵀ': () => ({
    inputs: ['a', 'b'],
    rank: 2,
    nodes: [makeNode('Gemm', ['a', 'b'], ['y'], { attributes: { transB: { int: 1 } } })],
  }),
  'aᵀ · a': () => ({
    inputs: ['a'],
    rank: 2,
    nodes: [makeNode('Gemm', ['a', 'a'], ['y'], { attributes: { transA: { int: 1 } } })],
  }),
  'b + a · aᵀ': () => ({
    inputs: ['a', 'b'],
    rank: 2,
    nodes: [makeNode('Gemm', ['a', 'a', 'b'], ['y'], { attributes: { transB: { int: 1 } } })],
  }),
  'c + a · bᵀ': () => ({
    inputs: ['a', 'b', 'c'],
    rank: 2,
    nodes: [makeNode('Gemm', ['a', 'b', 'c'], ['y'], { attributes: { transB: { int: 1 } } })],
  }),
  // The runtime makes one node of product and transposition.
  'b + a · aᵀ of a stack': () => ({
    inputs: ['a', 'b'],
    rank: 3,
    nodes: [
      makeNode('Transpose', ['a'], ['transposed'], { attributes: { perm: { ints: [0, 2, 1] } } }),
      makeNode('MatMul', ['a', 'transposed'], ['product']),
      makeNode('Add', ['b', 'product'], ['y']),
    ],
  }),
};

function tensorOf({ rows, columns, data }: Matrix): Tensor {
  return { type: 'float32', dims: [rows, columns], data };
}
