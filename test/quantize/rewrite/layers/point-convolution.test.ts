import { describe, expect, it } from 'vitest';
import { makeModel, makeNode, makeValue } from '../../../../src/onnx/build.js';
import { DataType } from '../../../../src/onnx/tensor/element-type.js';
import { random, rewrite } from '../equivalence.js';

interface Options {
  shape?: (number | string)[];
  weight?: number[];
  bias?: boolean;
  attributes?: Record<string, { ints: number[] } | { int: number }>;
  /** Reads the convolution's output as it is. */
  reads?: boolean;
  gives?: boolean;
  shared?: boolean;
  view?: boolean;
}

const transpose = (input: string, output: string) =>
  makeNode('Transpose', [input], [output], { attributes: { perm: { ints: [0, 2, 1] } } });

/** [batch, steps, channels], transposed, convolved and transposed back. */
const build =
  ({
    shape = [1, 1, 4],
    weight = [6, 4, 1],
    bias = true,
    attributes = {},
    view = true,
    ...others
  }: Options) =>
  () =>
    makeModel({
      inputs: [makeValue('x', DataType.FLOAT, shape)],
      outputs: [
        makeValue('y'),
        ...(others.reads ? [makeValue('r')] : []),
        ...(others.gives ? [makeValue('c')] : []),
        ...(others.shared ? [makeValue('w2')] : []),
      ],
      nodes: [
        makeNode('Abs', ['x'], ['a']),
        view ? transpose('a', 't') : makeNode('Abs', ['a'], ['t']),
        makeNode('Conv', ['t', 'w', ...(bias ? ['b'] : [])], ['c'], { attributes }),
        transpose('c', 'u'),
        makeNode('Neg', ['u'], ['y']),
        ...(others.reads ? [makeNode('Exp', ['c'], ['r'])] : []),
        ...(others.shared ? [makeNode('Neg', ['w'], ['w2'])] : []),
      ],
      initializers: [random('w', weight), random('b', [weight[0]!])],
      opsets: { '': 13 },
    });

describe('point-convolution', () => {
  it.each<[string, Options]>([
    ['a convolution of one point', {}],
    ['one without a bias', { bias: false }],
    ['strides, which do nothing there', { attributes: { strides: { ints: [2] } } }],
    ['an open batch', { shape: ['batch', 1, 4] }],
  ])('takes %s', async (_, options) => {
    const found = await rewrite(build(options));
    expect(found.changes['point-convolution']).toBe(1);
    expect(found.operators).toBe('Abs Reshape Gemm Reshape Neg');
    expect(found.sqnr).toBeGreaterThan(120);
  });

  it.each<[string, Options]>([
    ['several points', { shape: [1, 2, 4] }],
    ['an open number of points', { shape: [1, 'steps', 4] }],
    ['a kernel of three', { weight: [6, 4, 3], attributes: { pads: { ints: [1, 1] } } }],
    ['padding', { attributes: { pads: { ints: [1, 0] } } }],
    ['groups', { weight: [6, 2, 1], attributes: { group: { int: 2 } } }],
    ['one that is no view’s neighbour', { shape: [1, 4, 1], view: false }],
    ['one whose output another reads', { reads: true }],
    ['one whose output the model gives out', { gives: true }],
    ['one whose weight another reads', { shared: true }],
  ])('leaves %s', async (_, options) => {
    const found = await rewrite(build(options));
    expect(found.changes['point-convolution']).toBeUndefined();
    expect(found.operators).toContain('Conv');
    expect(found.sqnr).toBe(Number.POSITIVE_INFINITY);
  });
});
