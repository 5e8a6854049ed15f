/** Every row of the fusion table, proved on ONNX Runtime's own dump. */
import type { NodeProto, TensorProto } from 'onnx-buf';
import { describe, expect, it } from 'vitest';
import { makeNode, makeValue } from '../../src/onnx/build.js';
import { DataType } from '../../src/onnx/tensor/element-type.js';
import { makeTensor } from '../../src/onnx/tensor/tensor.js';
import {
  conv,
  int64s,
  nearness,
  quantizeSmall,
  run,
  samplesOf,
  scratch,
  smallModel,
  weight,
} from './small-models.js';

interface Row {
  name: string;
  /** What the runtime runs. */
  became: string;
  /** Nodes from 'a' (and 'b'), both convolutions' outputs [1,8,8,8], to 'z'. */
  nodes: NodeProto[];
  initializers?: TensorProto[];
}

const node = (opType: string, input: string[], attributes = {}): NodeProto =>
  makeNode(opType, input, ['z'], { name: 'tested', attributes });

const ROWS: Row[] = [
  {
    name: 'Conv',
    became: 'QLinearConv',
    nodes: [node('Conv', ['a', 'w'])],
    initializers: [weight('w', [4, 8, 1, 1])],
  },
  {
    name: 'Conv with a bias',
    became: 'QLinearConv',
    nodes: [node('Conv', ['a', 'w', 'c'])],
    initializers: [weight('w', [4, 8, 3, 3]), weight('c', [4], 5)],
  },
  {
    name: 'depthwise Conv',
    became: 'QLinearConv',
    nodes: [node('Conv', ['a', 'w'], { group: { int: 8 } })],
    initializers: [weight('w', [8, 1, 3, 3])],
  },
  {
    name: 'grouped Conv',
    became: 'QLinearConv',
    nodes: [node('Conv', ['a', 'w'], { group: { int: 2 } })],
    initializers: [weight('w', [8, 4, 3, 3])],
  },
  {
    name: 'MatMul',
    became: 'MatMulIntegerToFloat',
    nodes: [node('MatMul', ['a', 'w'])],
    initializers: [weight('w', [8, 16])],
  },
  {
    name: 'Gemm',
    became: 'QGemm',
    nodes: [makeNode('Flatten', ['a'], ['flat']), node('Gemm', ['flat', 'w', 'c'], { transB: { int: 1 } })],
    initializers: [weight('w', [6, 512]), weight('c', [6])],
  },
  {
    name: 'Gemm with alpha and beta',
    became: 'QGemm',
    nodes: [
      makeNode('Flatten', ['a'], ['flat']),
      node('Gemm', ['flat', 'w', 'c'], { alpha: { float: 0.5 }, beta: { float: 3 } }),
    ],
    initializers: [weight('w', [512, 6]), weight('c', [6])],
  },
  { name: 'Add', became: 'QLinearAdd', nodes: [node('Add', ['a', 'b'])] },
  { name: 'Mul', became: 'QLinearMul', nodes: [node('Mul', ['a', 'b'])] },
  {
    name: 'Concat',
    became: 'QLinearConcat',
    nodes: [
      makeNode('Concat', ['a', 'b'], ['j'], { name: 'tested', attributes: { axis: { int: 1 } } }),
      makeNode('Conv', ['j', 'w'], ['z'], { name: 'after' }),
    ],
    initializers: [weight('w', [4, 16, 1, 1])],
  },
  {
    name: 'AveragePool',
    became: 'QLinearAveragePool',
    nodes: [node('AveragePool', ['a'], { kernel_shape: { ints: [2, 2] }, strides: { ints: [2, 2] } })],
  },
  {
    name: 'GlobalAveragePool',
    became: 'QLinearGlobalAveragePool',
    nodes: [node('GlobalAveragePool', ['a'])],
  },
  {
    name: 'LeakyRelu',
    became: 'QLinearLeakyRelu',
    nodes: [node('LeakyRelu', ['a'], { alpha: { float: 0.1 } })],
  },
  { name: 'Sigmoid', became: 'QLinearSigmoid', nodes: [node('Sigmoid', ['a'])] },
  { name: 'Softmax', became: 'QLinearSoftmax', nodes: [node('Softmax', ['a'], { axis: { int: 3 } })] },
  {
    name: 'MaxPool',
    became: 'MaxPool',
    nodes: [node('MaxPool', ['a'], { kernel_shape: { ints: [2, 2] }, strides: { ints: [2, 2] } })],
  },
  {
    name: 'Reshape',
    became: 'Reshape',
    nodes: [node('Reshape', ['a', 's'])],
    initializers: [int64s('s', [1, 64, 8])],
  },
  {
    name: 'Transpose',
    became: 'Transpose',
    nodes: [node('Transpose', ['a'], { perm: { ints: [0, 2, 3, 1] } })],
  },
  {
    name: 'Unsqueeze',
    became: 'Unsqueeze',
    nodes: [node('Unsqueeze', ['a', 's'])],
    initializers: [int64s('s', [2])],
  },
  {
    name: 'Squeeze',
    became: 'Squeeze',
    nodes: [makeNode('GlobalAveragePool', ['a'], ['g']), node('Squeeze', ['g', 's'])],
    initializers: [int64s('s', [2, 3])],
  },
  { name: 'Flatten', became: 'Flatten', nodes: [node('Flatten', ['a'])] },
  {
    name: 'Slice',
    became: 'Slice',
    nodes: [node('Slice', ['a', 's', 'e', 'i'])],
    initializers: [int64s('s', [1]), int64s('e', [3]), int64s('i', [1])],
  },
  {
    name: 'DepthToSpace',
    became: 'DepthToSpace',
    nodes: [node('DepthToSpace', ['a'], { blocksize: { int: 2 } })],
  },
  {
    name: 'Tile',
    became: 'Tile',
    nodes: [node('Tile', ['a', 's'])],
    initializers: [int64s('s', [1, 1, 2, 1])],
  },
  {
    name: 'Expand',
    became: 'Expand',
    nodes: [node('Expand', ['a', 's'])],
    initializers: [int64s('s', [2, 8, 8, 8])],
  },
  { name: 'ReduceMax', became: 'ReduceMax', nodes: [node('ReduceMax', ['a'], { axes: { ints: [2] } })] },
  {
    name: 'Gather',
    became: 'Gather',
    nodes: [node('Gather', ['a', 'i'], { axis: { int: 1 } })],
    initializers: [int64s('i', [0, 3])],
  },
  {
    name: 'Resize (nearest)',
    became: 'Resize',
    nodes: [node('Resize', ['a', '', 's'], { mode: { string: 'nearest' } })],
    initializers: [makeTensor('s', DataType.FLOAT, [4], Float32Array.of(1, 1, 2, 2))],
  },
];

/** x → two convolutions → a, b → the row's nodes → z → Neg → y. The convolutions' outputs are named as in the row. */
function around(row: Row) {
  return smallModel({
    nodes: [
      conv('x', 'a', { weight: 'wa' }),
      conv('x', 'b', { weight: 'wb' }),
      ...row.nodes,
      makeNode('Neg', ['z'], ['y']),
      makeNode('Neg', ['b'], ['rest']),
    ],
    outputs: [makeValue('y'), makeValue('rest')],
    initializers: [weight('wa', [8, 4, 3, 3], 2), weight('wb', [8, 4, 3, 3], 3), ...(row.initializers ?? [])],
  });
}

describe('a group with Q/DQ around it becomes one 8-bit operator', () => {
  it.each(ROWS)('$name → $became', async (row) => {
    using place = scratch();
    const { result, float, file } = await quantizeSmall(around(row), place);
    const tested = result.decisions.find((decision) => decision.node === 'tested');
    expect(tested).toEqual({
      node: 'tested',
      opType: row.name.replace(/.* (?=Conv)| .*/g, ''),
      became: row.became,
      reason: null,
    });
    expect(result.notes.filter((note) => note.code === 'quantize.not-fused')).toEqual([]);
    const [feeds] = samplesOf([1, 4, 8, 8]);
    expect(await nearness({ float, file }, feeds!)).toBeGreaterThan(28);
  });

  it('Split: every part takes over the scale of the whole', async () => {
    using place = scratch();
    const model = smallModel({
      nodes: [
        conv('x', 'a', { weight: 'wa' }),
        makeNode('Split', ['a'], ['p', 'q'], { name: 'tested', attributes: { axis: { int: 1 } } }),
        makeNode('Concat', ['q', 'p'], ['z'], { name: 'joined', attributes: { axis: { int: 1 } } }),
        conv('z', 'c', { weight: 'wc' }),
        makeNode('Neg', ['c'], ['y']),
      ],
      initializers: [weight('wa', [8, 4, 3, 3], 2), weight('wc', [8, 8, 3, 3], 3)],
    });
    const { result } = await quantizeSmall(model, place);
    const became = Object.fromEntries(result.decisions.map((decision) => [decision.node, decision.became]));
    expect(became).toMatchObject({ tested: 'Split', joined: 'QLinearConcat', c: 'QLinearConv' });
  });

  it.each([
    ['Relu', [makeNode('Relu', ['c'], ['z'], { name: 'clamp' })], []],
    [
      'Clip to [0, 6]',
      [makeNode('Clip', ['c', 'lo', 'hi'], ['z'], { name: 'clamp' })],
      [
        makeTensor('lo', DataType.FLOAT, [], Float32Array.of(0)),
        makeTensor('hi', DataType.FLOAT, [], Float32Array.of(6)),
      ],
    ],
    [
      'Clip to [-1, 1]',
      [makeNode('Clip', ['c', 'lo', 'hi'], ['z'], { name: 'clamp' })],
      [
        makeTensor('lo', DataType.FLOAT, [], Float32Array.of(-1)),
        makeTensor('hi', DataType.FLOAT, [], Float32Array.of(1)),
      ],
    ],
  ])('%s behind a Conv is absorbed in its range', async (_, clamp, limits) => {
    using place = scratch();
    const model = smallModel({
      nodes: [conv('x', 'c', { weight: 'w' }), ...(clamp as NodeProto[]), makeNode('Neg', ['z'], ['y'])],
      initializers: [weight('w', [8, 4, 3, 3], 2), ...(limits as TensorProto[])],
    });
    const { result, float, file } = await quantizeSmall(model, place);
    expect(result.decisions.map(({ node, became }) => [node, became])).toEqual([
      ['c', 'QLinearConv'],
      ['clamp', 'part of QLinearConv'],
      ['y', 'float'],
    ]);
    const [feeds] = samplesOf([1, 4, 8, 8]);
    expect(await nearness({ float, file }, feeds!)).toBeGreaterThan(30);
  });

  it('a Clip whose limits leave zero out stays, and so does its Conv', async () => {
    using place = scratch();
    const model = smallModel({
      nodes: [
        conv('x', 'c', { weight: 'w' }),
        makeNode('Clip', ['c', 'lo', 'hi'], ['z'], { name: 'clamp' }),
        makeNode('Neg', ['z'], ['y']),
      ],
      initializers: [
        weight('w', [8, 4, 3, 3], 2),
        makeTensor('lo', DataType.FLOAT, [], Float32Array.of(1)),
        makeTensor('hi', DataType.FLOAT, [], Float32Array.of(6)),
      ],
    });
    const { result, float, file } = await quantizeSmall(model, place);
    expect(result.decisions.find(({ node }) => node === 'clamp')).toMatchObject({ became: 'float' });
    const [feeds] = samplesOf([1, 4, 8, 8]);
    const low = Math.min(...((await run(file, feeds!)).y!.data as Float32Array).map((value) => -value));
    const expected = Math.min(...((await run(float, feeds!)).y!.data as Float32Array).map((value) => -value));
    expect(low).toBe(expected);
  });
});
