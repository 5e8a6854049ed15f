/** Operators that ONNX Runtime's optimizer leaves behind (com.microsoft), as input of every method. */
import { statSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { makeNode } from '../../src/onnx/build.js';
import { readModel } from '../../src/onnx/file/read.js';
import type { Model } from '../../src/onnx/model.js';
import { DataType } from '../../src/onnx/tensor/element-type.js';
import { makeTensor } from '../../src/onnx/tensor/tensor.js';
import {
  floats,
  floatValue,
  nearness,
  quantizeSmall,
  runtime,
  samplesOf,
  scratch,
  smallModel,
  weight,
} from './small-models.js';

const domain = 'com.microsoft';

function withContrib(model: Model): Model {
  model.setOpset(domain, 1);
  return model;
}

/** FusedConv with an activation and a sum, FusedGemm, FusedMatMul with a transposed weight and a factor. */
const fused = () =>
  withContrib(
    smallModel({
      inputs: [floatValue('x', [1, 16, 8, 8])],
      nodes: [
        makeNode('FusedConv', ['x', 'wa', 'ba'], ['a'], {
          name: 'conv',
          domain,
          attributes: {
            pads: { ints: [1, 1, 1, 1] },
            activation: { string: 'LeakyRelu' },
            activation_params: { floats: [0.2] },
          },
        }),
        makeNode('FusedConv', ['a', 'wb', '', 'x'], ['b'], {
          name: 'sum',
          domain,
          attributes: { pads: { ints: [1, 1, 1, 1] }, activation: { string: 'Relu' } },
        }),
        makeNode('GlobalAveragePool', ['b'], ['g']),
        makeNode('Flatten', ['g'], ['f']),
        makeNode('FusedGemm', ['f', 'wc', 'bc'], ['c'], {
          name: 'gemm',
          domain,
          attributes: { transB: { int: 1 }, activation: { string: 'Relu' } },
        }),
        makeNode('FusedMatMul', ['c', 'wd'], ['y'], {
          name: 'product',
          domain,
          attributes: { transB: { int: 1 }, alpha: { float: 0.125 } },
        }),
      ],
      initializers: [
        weight('wa', [32, 16, 3, 3], 2),
        weight('ba', [32], 3),
        weight('wb', [16, 32, 3, 3], 4),
        weight('wc', [256, 16], 5),
        weight('bc', [256], 6),
        weight('wd', [128, 256], 7),
      ],
    }),
  );

const METHODS = [
  ['int8-static', 28, 0.4],
  ['int8-dynamic', 30, 0.4],
  ['int8-weights', 32, 0.4],
  ['int4-weights', 12, 0.4],
  ['float16', 55, 0.6],
] as const;

describe.each(METHODS)('%s', (method, decibels, size) => {
  it('quantizes fused layers like what they stand for', async () => {
    using place = scratch();
    const samples = samplesOf([1, 16, 8, 8]);
    const { file, float, result } = await quantizeSmall(fused(), place, { method, include: null, samples });
    const became = Object.fromEntries(result.decisions.map(({ node, became }) => [node, became]));
    for (const node of ['conv', 'sum', 'gemm', 'product']) expect(became[node]).not.toBe('float');
    expect(statSync(file).size / statSync(float).size).toBeLessThan(size);
    expect(await nearness({ float, file }, samples[0]!)).toBeGreaterThan(decibels);
    for (const graphOptimizationLevel of ['disabled', 'basic', 'extended', 'all'] as const)
      await (await runtime.open(file, { graphOptimizationLevel })).release();
  });

  it('quantizes the projections of Attention', async () => {
    using place = scratch();
    const attention = (input: string, output: string) =>
      makeNode('Attention', [input, 'w', 'b'], [output], {
        name: output,
        domain,
        attributes: { num_heads: { int: 4 } },
      });
    // Two layers with the same weights.
    const model = withContrib(
      smallModel({
        inputs: [floatValue('x', ['n', 12, 64])],
        nodes: [attention('x', 'a'), attention('a', 'y')],
        initializers: [
          // Small ones: a sharp softmax would magnify every error.
          makeTensor('w', DataType.FLOAT, [64, 192], floats(64 * 192, 3, 0.1)),
          weight('b', [192], 4),
        ],
      }),
    );
    const samples = samplesOf([2, 12, 64]);
    const { file, float, result } = await quantizeSmall(model, place, { method, include: null, samples });
    const operators = readModel(file).graph.nodes.map(({ opType }) => opType);
    if (method === 'int8-dynamic') {
      expect(operators.filter((opType) => opType === 'QAttention')).toHaveLength(2);
    } else expect(operators).toContain('Attention');
    expect(result.groups.quantized).toBe(2);
    expect(statSync(file).size / statSync(float).size).toBeLessThan(size);
    expect(await nearness({ float, file }, samples[0]!)).toBeGreaterThan(25);
  });
});

describe('fused activations', () => {
  const clipped = (opset: number) =>
    withContrib(
      smallModel({
        opset,
        nodes: [
          makeNode('FusedConv', ['x', 'w'], ['y'], {
            name: 'conv',
            domain,
            attributes: {
              pads: { ints: [1, 1, 1, 1] },
              activation: { string: 'Clip' },
              activation_params: { floats: [-0.5, 6] },
            },
          }),
        ],
        initializers: [weight('w', [64, 4, 3, 3])],
      }),
    );

  it.each([10, 17])('Clip becomes an operator of its own at opset %i', async (opset) => {
    using place = scratch();
    const { file, float, result } = await quantizeSmall(clipped(opset), place, {
      method: 'int8-weights',
      include: null,
    });
    expect(result.decisions).toEqual([
      { node: 'conv', opType: 'Conv', became: 'int8 weights, folded', reason: null },
    ]);
    const feeds = { x: { type: 'float32' as const, dims: [1, 4, 8, 8], data: floats(256, 2) } };
    expect(await nearness({ float, file }, feeds)).toBeGreaterThan(35);
  });

  it('of FusedGemm keep their parameters', async () => {
    using place = scratch();
    const model = withContrib(
      smallModel({
        inputs: [floatValue('x', ['n', 64])],
        nodes: [
          makeNode('FusedGemm', ['x', 'w'], ['y'], {
            name: 'gemm',
            domain,
            attributes: { activation: { string: 'Elu' }, activation_alpha: { float: 0.25 } },
          }),
        ],
        initializers: [weight('w', [64, 64])],
      }),
    );
    const samples = samplesOf([2, 64]);
    const { file, float } = await quantizeSmall(model, place, { method: 'float16', include: null, samples });
    expect(readModel(file).graph.nodes.map(({ opType }) => opType)).toContain('Elu');
    expect(await nearness({ float, file }, samples[0]!)).toBeGreaterThan(55);
  });
});

describe('operators of transformers', () => {
  /** Attention block as ONNX Runtime's optimizer leaves it. */
  const block = () =>
    withContrib(
      smallModel({
        inputs: [floatValue('x', ['n', 12, 64])],
        nodes: [
          makeNode('Attention', ['x', 'wa', 'ba'], ['a'], {
            name: 'attention',
            domain,
            attributes: { num_heads: { int: 4 } },
          }),
          makeNode('SkipLayerNormalization', ['a', 'x', 'gain', 'shift'], ['s'], { name: 'skip', domain }),
          makeNode('MatMul', ['s', 'wb'], ['b'], { name: 'up' }),
          makeNode('BiasGelu', ['b', 'bb'], ['g'], { name: 'gelu', domain }),
          makeNode('MatMul', ['g', 'wc'], ['y'], { name: 'down' }),
        ],
        initializers: [
          makeTensor('wa', DataType.FLOAT, [64, 192], floats(64 * 192, 3, 0.1)),
          weight('ba', [192], 4),
          weight('gain', [64], 5),
          weight('shift', [64], 6),
          weight('wb', [64, 128], 7),
          weight('bb', [128], 8),
          weight('wc', [128, 64], 9),
        ],
      }),
    );

  it('become half', async () => {
    using place = scratch();
    const samples = samplesOf([2, 12, 64]);
    const { file, float, result } = await quantizeSmall(block(), place, {
      method: 'float16',
      include: null,
      samples,
    });
    expect(result.decisions.filter(({ became }) => became !== 'float16')).toEqual([]);
    expect(statSync(file).size / statSync(float).size).toBeLessThan(0.55);
    expect(await nearness({ float, file }, samples[0]!)).toBeGreaterThan(55);
  });
});
