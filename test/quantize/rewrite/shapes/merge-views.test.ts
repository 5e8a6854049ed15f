import type { NodeProto, TensorProto } from 'onnx-buf';
import { describe, expect, it } from 'vitest';
import { makeModel, makeNode, makeValue } from '../../../../src/onnx/build.js';
import { DataType } from '../../../../src/onnx/tensor/element-type.js';
import { makeTensor } from '../../../../src/onnx/tensor/tensor.js';
import { random, rewrite } from '../equivalence.js';

const int64s = (name: string, ...values: number[]): TensorProto =>
  makeTensor(name, DataType.INT64, [values.length], BigInt64Array.from(values, BigInt));

const CONSTANTS = [
  ...[0, 1, 2].map((axis) => int64s(`at${axis}`, axis)),
  int64s('flat', 1, -1),
  int64s('pair', 2, -1),
  int64s('nothing', 0, 0, 0, 0),
  int64s('something', 0, 0, 0, 1),
];
const ROWS = { attributes: { axis: { int: 0 } } };
const transpose = (input: string, output: string, ...perm: number[]) =>
  makeNode('Transpose', [input], [output], { attributes: { perm: { ints: perm } } });

/** Abs before and after, so that there are values to give another shape. */
const build = (shape: (number | string)[], nodes: NodeProto[], outputs: string[] = ['y']) => {
  return () =>
    makeModel({
      inputs: [makeValue('x', DataType.FLOAT, shape)],
      outputs: outputs.map((name) => makeValue(name)),
      nodes: [makeNode('Abs', ['x'], ['a']), ...nodes, makeNode('Neg', ['z'], ['y'])],
      initializers: CONSTANTS,
      opsets: { '': 13 },
    });
};

describe('merge-views', () => {
  it.each<[string, (number | string)[], NodeProto[], string]>([
    [
      'a Squeeze that an Unsqueeze takes back',
      [1, 3, 1],
      [makeNode('Squeeze', ['a', 'at0'], ['s']), makeNode('Unsqueeze', ['s', 'at0'], ['z'])],
      'Abs Neg',
    ],
    [
      'a Transpose that moves axes of length 1 among equals',
      [1, 1, 5],
      [transpose('a', 'z', 1, 0, 2)],
      'Abs Neg',
    ],
    ['a Reshape to the shape that is there', [1, 6], [makeNode('Reshape', ['a', 'flat'], ['z'])], 'Abs Neg'],
    [
      'three of them in a row',
      [1, 1, 3, 2],
      [
        makeNode('Squeeze', ['a', 'at0'], ['s']),
        transpose('s', 't', 1, 0, 2),
        makeNode('Flatten', ['t'], ['z'], { attributes: { axis: { int: 1 } } }),
      ],
      'Abs Reshape Neg',
    ],
    [
      'a row over an open size, which stays open',
      ['batch', 1, 4],
      [makeNode('Squeeze', ['a', 'at1'], ['s']), makeNode('Unsqueeze', ['s', 'at0'], ['z'])],
      'Abs Reshape Neg',
    ],
    ['a Concat of one piece', [2, 3], [makeNode('Concat', ['a'], ['z'], ROWS)], 'Abs Neg'],
    ['a Split into one', [2, 3], [makeNode('Split', ['a'], ['z'], ROWS)], 'Abs Neg'],
    ['a Pad by nothing', [2, 3], [makeNode('Pad', ['a', 'nothing'], ['z'])], 'Abs Neg'],
  ])('takes %s', async (_, shape, nodes, operators) => {
    const found = await rewrite(build(shape, nodes));
    expect(found.operators).toBe(operators);
    expect(found.sqnr).toBe(Number.POSITIVE_INFINITY);
  });

  it.each<[string, { steps?: number; lengths?: string }, string]>([
    ['takes those around a recurrent layer of one step', {}, 'LSTM Neg Neg'],
    ['keeps the output of a layer of several steps', { steps: 2 }, 'Transpose LSTM Squeeze Neg Neg'],
    ['keeps the output where sequences have lengths', { lengths: 'lengths' }, 'LSTM Squeeze Neg Neg'],
  ])('%s', async (_, { steps = 1, lengths = '' }, operators) => {
    const lstm = makeNode('LSTM', ['t', 'W', 'R', '', lengths], ['Y', 'h'], {
      attributes: { hidden_size: { int: 2 } },
    });
    const found = await rewrite(() =>
      makeModel({
        inputs: [makeValue('x', DataType.FLOAT, [1, steps, 3])],
        outputs: [makeValue('y'), makeValue('state')],
        nodes: [
          transpose('x', 't', 1, 0, 2),
          lstm,
          makeNode('Squeeze', ['Y', 'at1'], ['s']),
          makeNode('Neg', ['s'], ['y']),
          makeNode('Squeeze', ['h', 'at0'], ['u']),
          makeNode('Unsqueeze', ['u', 'at1'], ['v']),
          makeNode('Neg', ['v'], ['state']),
        ],
        initializers: [
          ...CONSTANTS,
          random('W', [1, 8, 3]),
          random('R', [1, 8, 2]),
          makeTensor('lengths', DataType.INT32, [1], Int32Array.of(1)),
        ],
        opsets: { '': 13 },
      }),
    );
    expect(found.operators).toBe(operators);
    expect(found.sqnr).toBe(Number.POSITIVE_INFINITY);
  });

  it.each<[string, (number | string)[], NodeProto[], string]>([
    ['a Concat of a piece twice', [2, 3], [makeNode('Concat', ['a', 'a'], ['z'], ROWS)], 'Abs Concat Neg'],
    ['a Pad by something', [2, 3], [makeNode('Pad', ['a', 'something'], ['z'])], 'Abs Pad Neg'],
    [
      'a single one that changes the shape',
      [1, 3],
      [makeNode('Squeeze', ['a', 'at0'], ['z'])],
      'Abs Squeeze Neg',
    ],
    ['a Transpose that moves numbers', [2, 3], [transpose('a', 'z', 1, 0)], 'Abs Transpose Neg'],
    ['a Transpose of an open size', ['n', 3], [transpose('a', 'z', 1, 0)], 'Abs Transpose Neg'],
    [
      'two open sizes that move',
      ['n', 'm', 1],
      [makeNode('Squeeze', ['a', 'at2'], ['s']), makeNode('Unsqueeze', ['s', 'at0'], ['z'])],
      'Abs Squeeze Unsqueeze Neg',
    ],
  ])('leaves %s', async (_, shape, nodes, operators) => {
    const found = await rewrite(build(shape, nodes));
    expect(found.operators).toBe(operators);
    expect(found.sqnr).toBe(Number.POSITIVE_INFINITY);
  });

  it('keeps what others read in between, and the names of outputs', async () => {
    const nodes = [
      makeNode('Squeeze', ['a', 'at0'], ['s']),
      makeNode('Unsqueeze', ['s', 'at0'], ['w']),
      makeNode('Identity', ['s'], ['inner']),
      makeNode('Neg', ['w'], ['z']),
    ];
    const found = await rewrite(build([1, 3], nodes, ['y', 'inner', 'w']));
    expect(found.operators.split(' ').sort()).toEqual([
      'Abs',
      'Identity',
      'Neg',
      'Neg',
      'Reshape',
      'Squeeze',
    ]);
    expect(found.sqnr).toBe(Number.POSITIVE_INFINITY);
  });
});
