import type { NodeProto } from 'onnx-buf';
import { describe, expect, it } from 'vitest';
import type { AttributeValue } from '../../../src/onnx/attributes.js';
import { makeModel, makeNode, makeValue } from '../../../src/onnx/build.js';
import { encodeModel } from '../../../src/onnx/file/write.js';
import {
  firstColumn,
  isWeightedOperator,
  readWeighted,
  type Weighted,
} from '../../../src/onnx/query/weighted.js';
import { DataType } from '../../../src/onnx/tensor/element-type.js';
import { makeTensor } from '../../../src/onnx/tensor/tensor.js';
import { loadRuntime } from '../../../src/runtime/load.js';

const runtime = await loadRuntime();

interface Case {
  opType: string;
  attributes?: Record<string, AttributeValue>;
  /** Shape of the data input. */
  x: number[];
  w: number[];
}

function modelOf({ opType, attributes = {}, x, w }: Case, weights: Float32Array) {
  return makeModel({
    inputs: [makeValue('x', DataType.FLOAT, x)],
    outputs: [makeValue('y')],
    nodes: [makeNode(opType, ['x', 'w'], ['y'], { attributes })],
    initializers: [makeTensor('w', DataType.FLOAT, w, weights)],
  });
}

const product = (dims: readonly number[]) => dims.reduce((a, b) => a * b, 1);

function read(one: Case): Weighted {
  const { graph } = modelOf(one, new Float32Array(product(one.w)));
  return readWeighted(graph, graph.nodes[0]!)!;
}

/** Input channels by output channel that one weight alone connects, as ONNX Runtime computes it: every input channel holds its number. */
async function connected(one: Case, index: number, axis: number): Promise<[output: number, input: number][]> {
  const weights = new Float32Array(product(one.w));
  weights[index] = 1;
  const session = await runtime.open(encodeModel(modelOf(one, weights)), { threads: 1 });
  const along = (dims: readonly number[]) => ({
    size: dims.at(axis)!,
    inner: product(dims.slice(((axis + dims.length) % dims.length) + 1)),
  });
  const { size, inner } = along(one.x);
  const data = Float32Array.from({ length: product(one.x) }, (_, i) => 1 + (Math.floor(i / inner) % size));
  const { y } = await session.run({ x: { type: 'float32', dims: one.x, data } });
  await session.release();
  const out = along(y!.dims);
  const pairs = new Map<number, number>();
  (y!.data as Float32Array).forEach((value, i) => {
    if (value !== 0) pairs.set(Math.floor(i / out.inner) % out.size, value - 1);
  });
  return [...pairs];
}

const CASES: [string, Case][] = [
  ['a convolution', { opType: 'Conv', x: [1, 3, 4, 4], w: [2, 3, 2, 2] }],
  [
    'a convolution in groups',
    { opType: 'Conv', attributes: { group: { int: 2 } }, x: [1, 6, 4, 4], w: [4, 3, 1, 2] },
  ],
  [
    'a depthwise convolution',
    { opType: 'Conv', attributes: { group: { int: 3 } }, x: [1, 3, 5], w: [3, 1, 3] },
  ],
  ['a transposed convolution', { opType: 'ConvTranspose', x: [1, 3, 4, 4], w: [3, 2, 2, 2] }],
  [
    'a transposed convolution in groups',
    { opType: 'ConvTranspose', attributes: { group: { int: 2 } }, x: [1, 4, 4, 4], w: [4, 3, 2, 1] },
  ],
  ['a Gemm', { opType: 'Gemm', x: [2, 3], w: [3, 4] }],
  ['a Gemm with transB', { opType: 'Gemm', attributes: { transB: { int: 1 } }, x: [2, 3], w: [4, 3] }],
  ['a product', { opType: 'MatMul', x: [2, 5, 3], w: [3, 4] }],
  ['a stack of products', { opType: 'MatMul', x: [2, 5, 3], w: [2, 3, 4] }],
];

describe('a weight connects the channels that its place says', () => {
  it.each(CASES)('in %s, as ONNX Runtime computes it', async (_, one) => {
    const weighted = read(one);
    const { rows, columns, kernel, rowsAreOutputs, channelAxis } = weighted;
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++) {
        const channel = firstColumn(weighted, row) + column;
        const expected = rowsAreOutputs ? [row, channel] : [channel, row];
        const index = (row * columns + column) * kernel;
        expect(await connected(one, index, channelAxis)).toEqual([expected]);
      }
    }
  });

  it.each(CASES)('%s has as many channels as its data and its output', async (_, one) => {
    const { inputs, outputs, dims, outputAxis, group, rowsAreOutputs, channelAxis } = read(one);
    expect(inputs).toBe(one.x.at(channelAxis));
    const session = await runtime.open(encodeModel(modelOf(one, new Float32Array(product(one.w)))));
    const { y } = await session.run({
      x: { type: 'float32', dims: one.x, data: new Float32Array(product(one.x)) },
    });
    await session.release();
    expect(outputs).toBe(y!.dims.at(channelAxis));
    expect(dims[outputAxis]! * (rowsAreOutputs ? 1 : group)).toBe(outputs);
  });
});

describe('reading a weighted operator', () => {
  const graphOf = (node: NodeProto, dims = [3, 4]) =>
    makeModel({
      inputs: [makeValue('x', DataType.FLOAT, [2, 3])],
      outputs: [makeValue('y')],
      nodes: [node],
      initializers: [
        makeTensor('w', DataType.FLOAT, dims, new Float32Array(product(dims))),
        makeTensor('b', DataType.FLOAT, [4], new Float32Array(4)),
      ],
    }).graph;

  it('takes the factors and the bias of a Gemm', () => {
    const attributes = { alpha: { float: 0.5 }, beta: { float: 2 }, transA: { int: 1 } };
    const node = makeNode('Gemm', ['x', 'w', 'b'], ['y'], { attributes });
    expect(readWeighted(graphOf(node), node)).toMatchObject({ bias: 'b', alpha: 0.5, beta: 2, transA: true });
    const plain = makeNode('Gemm', ['x', 'w'], ['y']);
    expect(readWeighted(graphOf(plain), plain)).toMatchObject({ bias: '', alpha: 1, beta: 1, transA: false });
  });

  it('knows no operator of another domain, and none without a constant matrix', () => {
    const foreign = makeNode('MatMul', ['x', 'w'], ['y'], { domain: 'acme' });
    expect(isWeightedOperator(foreign)).toBe(false);
    expect(readWeighted(graphOf(foreign), foreign)).toBeNull();
    const long = makeNode('MatMul', ['x', 'w'], ['y'], { domain: 'ai.onnx' });
    expect(readWeighted(graphOf(long), long)).not.toBeNull();
    const computed = makeNode('MatMul', ['w', 'x'], ['y']);
    expect(readWeighted(graphOf(computed), computed)).toBeNull();
    const vector = makeNode('MatMul', ['x', 'w'], ['y']);
    expect(readWeighted(graphOf(vector, [3]), vector)).toBeNull();
    const other = makeNode('Add', ['x', 'w'], ['y']);
    expect(readWeighted(graphOf(other), other)).toBeNull();
  });
});
