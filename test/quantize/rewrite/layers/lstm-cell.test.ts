import type { NodeProto } from 'onnx-buf';
import { describe, expect, it } from 'vitest';
import { makeModel, makeNode, makeValue } from '../../../../src/onnx/build.js';
import { DataType } from '../../../../src/onnx/tensor/element-type.js';
import { inferTypes } from '../../../../src/quantize/prepare/prepare.js';
import { applyRewrites } from '../../../../src/quantize/rewrite/rewrite.js';
import { loadRuntime } from '../../../../src/runtime/load.js';
import { random, rewrite } from '../equivalence.js';

const HIDDEN = 3;
const INPUTS = 5;

interface Options {
  batch?: number | string;
  /** Order of input, forget, cell and output gate in z. */
  gates?: string;
  /** As PyTorch has it: Gemm with transposed weights and a bias each. */
  gemm?: boolean;
  /** Operators instead of those of the cell, by the name of what they give. */
  instead?: Record<string, NodeProto>;
  /** Reads an inner value, too. */
  reads?: string;
  gives?: string;
  more?: NodeProto[];
}

/** One step: (x, h, c) → (y, d), which are h' and c'. */
const build =
  ({ batch = 2, gates = 'ifgo', gemm = false, instead = {}, reads, gives, more = [] }: Options = {}) =>
  () => {
    const part = (gate: string) => `part${gates.indexOf(gate)}`;
    const transB = { attributes: { transB: { int: 1 } } };
    const products = gemm
      ? [
          makeNode('Gemm', ['x', 'W', 'b'], ['xw'], transB),
          makeNode('Gemm', ['h', 'R', 'rb'], ['hr'], transB),
          makeNode('Add', ['hr', 'xw'], ['z']),
        ]
      : [
          makeNode('MatMul', ['x', 'W'], ['xw']),
          makeNode('MatMul', ['h', 'R'], ['hr']),
          makeNode('Add', ['xw', 'hr'], ['sum']),
          makeNode('Add', ['sum', 'b'], ['z']),
        ];
    const nodes = [
      ...products,
      makeNode('Split', ['z'], ['part0', 'part1', 'part2', 'part3'], { attributes: { axis: { int: 1 } } }),
      makeNode('Sigmoid', [part('i')], ['i']),
      makeNode('Sigmoid', [part('f')], ['f']),
      makeNode('Tanh', [part('g')], ['g']),
      makeNode('Sigmoid', [part('o')], ['o']),
      makeNode('Mul', ['f', 'c'], ['kept']),
      makeNode('Mul', ['i', 'g'], ['new']),
      makeNode('Add', ['kept', 'new'], ['d']),
      makeNode('Tanh', ['d'], ['t']),
      makeNode('Mul', ['o', 't'], ['y']),
    ].map((node) => instead[node.output[0]!] ?? node);
    const wide = 4 * HIDDEN;
    return makeModel({
      inputs: [
        makeValue('x', DataType.FLOAT, [batch, INPUTS]),
        makeValue('h', DataType.FLOAT, [batch, HIDDEN]),
        makeValue('c', DataType.FLOAT, [batch, HIDDEN]),
      ],
      outputs: [
        makeValue('y'),
        makeValue('d'),
        ...(reads ? [makeValue('read')] : []),
        ...(gives ? [makeValue(gives)] : []),
        ...more.map((node) => makeValue(node.output[0]!)),
      ],
      nodes: [...nodes, ...(reads ? [makeNode('Neg', [reads], ['read'])] : []), ...more],
      initializers: [
        random('W', gemm ? [wide, INPUTS] : [INPUTS, wide], 3),
        random('R', gemm ? [wide, HIDDEN] : [HIDDEN, wide], 5),
        random('b', [wide], 11),
        random('rb', [wide], 12),
      ],
      opsets: { '': 12 },
    });
  };

/** Both compute in float32, with another order of sums. */
const ROUNDING_DB = 100;

describe('lstm-cell', () => {
  it.each<[string, Options]>([
    ['a cell as Keras spells it', {}],
    ['a cell of PyTorch, whose gates come in Gemms with biases', { gemm: true }],
    ['gates in another order', { gates: 'gofi' }],
    [
      'products whose operands are the other way round',
      { instead: { new: makeNode('Mul', ['g', 'i'], ['new']) } },
    ],
  ])('takes %s', async (_, options) => {
    const found = await rewrite(build(options));
    expect(found.changes['lstm-cell']).toBe(1);
    expect(found.operators.split(' ').filter((operator) => operator !== 'Reshape')).toEqual(['LSTM']);
    expect(found.sqnr).toBeGreaterThan(ROUNDING_DB);
  });

  it.each<[string, Options]>([
    ['open batches, which may be of different sizes', { batch: 'batch' }],
    ['a gate that another reads', { reads: 'i' }],
    ['a sum that another reads', { reads: 'xw' }],
    ['a gate that the model gives out', { gives: 'o' }],
    ['gates that the model gives out before they are split', { gives: 'z' }],
    ['another activation of the state', { instead: { t: makeNode('Softsign', ['d'], ['t']) } }],
    ['another activation of a gate', { instead: { f: makeNode('HardSigmoid', ['part1'], ['f']) } }],
    ['a difference where a sum should be', { instead: { d: makeNode('Sub', ['kept', 'new'], ['d']) } }],
    ['a forget gate on the new state', { instead: { kept: makeNode('Mul', ['f', 'new'], ['kept']) } }],
    ['an output of another state', { instead: { t: makeNode('Tanh', ['c'], ['t']) } }],
    ['weights that another step reads', { more: [makeNode('MatMul', ['h', 'R'], ['again'])] }],
    [
      'a product with a factor',
      {
        instead: {
          xw: makeNode('Gemm', ['x', 'W'], ['xw'], { attributes: { alpha: { float: 0.5 } } }),
        },
      },
    ],
  ])('leaves %s', async (_, options) => {
    const found = await rewrite(build(options));
    expect(found.changes['lstm-cell']).toBeUndefined();
    expect(found.operators).not.toContain('LSTM');
  });

  it('leaves a cell where another provider than the CPU’s runs the model', async () => {
    const model = build()();
    const types = await inferTypes(model, { context: { runtime: await loadRuntime() } });
    expect((await applyRewrites(model, types, { target: 'webgpu' }))['lstm-cell']).toBeUndefined();
  });
});
