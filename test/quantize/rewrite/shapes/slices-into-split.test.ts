import { describe, expect, it } from 'vitest';
import { makeModel, makeNode, makeValue } from '../../../../src/onnx/build.js';
import { DataType } from '../../../../src/onnx/tensor/element-type.js';
import { makeTensor } from '../../../../src/onnx/tensor/tensor.js';
import { rewrite } from '../equivalence.js';

type Range = [start: number, end: number];
interface Piece {
  /** By axis. */
  cut: Record<number, Range>;
  step?: number;
  /** Squeezed out of the piece. */
  squeeze?: number[];
}

interface Options {
  shape?: (number | string)[];
  opset?: number;
  /** Others that read pieces as they are, by the number of the piece. */
  read?: number[];
  /** Pieces that the model gives out. */
  given?: number[];
}

const int64s = (name: string, values: readonly number[]) =>
  makeTensor(name, DataType.INT64, [values.length], BigInt64Array.from(values, BigInt));

/** Slices of Abs(x), each followed by a Squeeze and a Neg. */
const build =
  (pieces: Piece[], { shape = [1, 6], opset = 13, read = [], given = [] }: Options = {}) =>
  () =>
    makeModel({
      inputs: [makeValue('x', DataType.FLOAT, shape)],
      outputs: [
        ...pieces.map((_, i) => makeValue(`y${i}`)),
        ...read.map((i) => makeValue(`r${i}`)),
        ...given.map((i) => makeValue(`p${i}`)),
      ],
      nodes: [
        makeNode('Abs', ['x'], ['a']),
        ...pieces.flatMap(({ squeeze }, i) => [
          makeNode('Slice', ['a', `s${i}`, `e${i}`, `x${i}`, `t${i}`], [`p${i}`]),
          squeeze
            ? makeNode('Squeeze', [`p${i}`, `q${i}`], [`v${i}`])
            : makeNode('Neg', [`p${i}`], [`v${i}`]),
          makeNode('Neg', [`v${i}`], [`y${i}`]),
        ]),
        ...read.map((i) => makeNode('Exp', [`p${i}`], [`r${i}`])),
      ],
      initializers: pieces.flatMap(({ cut, step = 1, squeeze }, i) => [
        int64s(
          `s${i}`,
          Object.values(cut).map(([start]) => start),
        ),
        int64s(
          `e${i}`,
          Object.values(cut).map(([, end]) => end),
        ),
        int64s(`x${i}`, Object.keys(cut).map(Number)),
        int64s(
          `t${i}`,
          Object.keys(cut).map(() => step),
        ),
        ...(squeeze ? [int64s(`q${i}`, squeeze)] : []),
      ]),
      opsets: { '': opset },
    });

const THIRDS: Piece[] = [{ cut: { 1: [0, 2] } }, { cut: { 1: [-1, 99] } }, { cut: { 1: [2, 5] } }];
/** Two states of two layers in one tensor [1, layers, 5, states]. */
const STATES: Piece[] = [0, 1].flatMap((layer) =>
  [1, 0].map((state) => ({
    cut: { 0: [0, 99] as Range, 1: [layer, layer + 1] as Range, 3: [state, state + 1] as Range },
    squeeze: [1, 3],
  })),
);
const STATES_SHAPE = [1, 2, 5, 2];

describe('slices-into-split', () => {
  it.each<[string, Piece[], Options, string]>([
    ['pieces of different lengths, in any order', THIRDS, {}, 'Abs Split'],
    ['the same where Split takes its sizes as an attribute', THIRDS, { opset: 12 }, 'Abs Split'],
    ['pieces that the model gives out', THIRDS, { given: [1] }, 'Abs Split'],
    ['pieces that others read, too', THIRDS, { read: [0] }, 'Abs Split'],
    ['states along two axes', STATES, { shape: STATES_SHAPE }, 'Abs Transpose Reshape Split'],
  ])('takes %s', async (_, pieces, options, operators) => {
    const found = await rewrite(build(pieces, options));
    expect(found.changes['slices-into-split']).toBe(1);
    expect(found.operators).toMatch(new RegExp(`^${operators}( Reshape| Neg| Exp)+$`));
    expect(found.operators).not.toContain('Slice');
    expect(found.sqnr).toBe(Number.POSITIVE_INFINITY);
  });

  it.each<[string, Piece[], Options]>([
    ['a piece that begins too late', [THIRDS[0]!, { cut: { 1: [3, 5] } }, THIRDS[1]!], {}],
    ['pieces that overlap', [{ cut: { 1: [0, 4] } }, { cut: { 1: [3, 6] } }], {}],
    ['a piece that is taken twice', [...THIRDS, THIRDS[0]!], {}],
    ['a part that nobody takes', THIRDS.slice(0, 2), {}],
    ['steps of two', THIRDS.map((piece, i) => (i === 0 ? { cut: { 1: [0, 2] }, step: 2 } : piece)), {}],
    ['an open size', THIRDS, { shape: ['n', 6] }],
    ['a large tensor', THIRDS, { shape: [20_000, 6] }],
    ['states of which one is missing', STATES.slice(1), { shape: STATES_SHAPE }],
    ['states of which another reads one', STATES, { shape: STATES_SHAPE, read: [2] }],
    ['states of which the model gives one out', STATES, { shape: STATES_SHAPE, given: [0] }],
    [
      'longer pieces along two axes',
      STATES.map(({ cut, ...piece }) => ({ ...piece, cut: { ...cut, 1: [cut[1]![0] * 2, cut[1]![1] * 2] } })),
      { shape: [1, 4, 5, 2] },
    ],
  ])('leaves %s', async (_, pieces, options) => {
    const taken = options.shape?.includes(4) ? pieces.map(({ cut }) => ({ cut })) : pieces;
    const found = await rewrite(build(taken, options));
    expect(found.changes['slices-into-split']).toBeUndefined();
    expect(found.operators).not.toContain('Split');
    expect(found.sqnr).toBe(Number.POSITIVE_INFINITY);
  });
});
