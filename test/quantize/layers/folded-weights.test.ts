import { statSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { makeNode } from '../../../src/onnx/build.js';
import { readModel } from '../../../src/onnx/file/read.js';
import { DataType } from '../../../src/onnx/tensor/element-type.js';
import { makeTensor } from '../../../src/onnx/tensor/tensor.js';
import { transpose } from '../../../src/quantize/layers/linear-layer.js';
import {
  conv,
  floats,
  floatValue,
  nearness,
  quantizeSmall,
  samplesOf,
  scratch,
  smallModel,
} from '../small-models.js';

/** A layer whose weights are 64 × 64 of this size. */
const layerOf = (size: number) =>
  smallModel({
    inputs: [floatValue('x', [2, 64])],
    nodes: [makeNode('MatMul', ['x', 'w'], ['y'])],
    initializers: [makeTensor('w', DataType.FLOAT, [64, 64], floats(4096, 3, size))],
  });

describe('weights that are folded', () => {
  it.each([
    ['of usual size', 0.1, DataType.FLOAT16],
    ['next to zero', 1e-9, DataType.FLOAT],
    ['beyond what a half holds', 1e9, DataType.FLOAT],
  ])('are near the original where they are %s', async (_, size, type) => {
    using place = scratch();
    const samples = samplesOf([2, 64], 1);
    const { file, float } = await quantizeSmall(layerOf(size), place, { method: 'int8-weights', samples });
    expect(await nearness({ float, file }, samples[0]!)).toBeGreaterThan(35);
    expect(readModel(file).graph.constant('w_scale')!.dataType).toBe(type);
  });
});

describe('weights of convolutions that are multiples of each other by channel', () => {
  it('are stored as the same blocks, under scales of their own', async () => {
    using place = scratch();
    const values = floats(32 * 32 * 9, 5, 0.3);
    const factors = floats(32, 6, 2).with(3, 0);
    const model = smallModel({
      inputs: [floatValue('x', [1, 32, 6, 6])],
      nodes: [
        conv('x', 'a', { weight: 'w' }),
        makeNode('Relu', ['a'], ['r']),
        conv('r', 'y', { weight: 'v' }),
      ],
      initializers: [
        makeTensor('w', DataType.FLOAT, [32, 32, 3, 3], values),
        makeTensor(
          'v',
          DataType.FLOAT,
          [32, 32, 3, 3],
          values.map((value, i) => value * factors[Math.floor(i / 288)]!),
        ),
      ],
    });
    const samples = samplesOf([1, 32, 6, 6], 1);
    const { file, float } = await quantizeSmall(model, place, { method: 'int8-weights', samples });
    const blocks = [...readModel(file).graph.initializers.values()].filter(
      ({ dataType }) => dataType === DataType.INT8,
    );
    expect(blocks).toHaveLength(1);
    expect(await nearness({ float, file }, samples[0]!)).toBeGreaterThan(35);
  });
});

describe('the weights of an Einsum', () => {
  it('are folded', async () => {
    using place = scratch();
    const model = smallModel({
      inputs: [floatValue('x', [2, 5, 64])],
      nodes: [
        makeNode('Einsum', ['x', 'w'], ['y'], { attributes: { equation: { string: 'bsd,dhk->bhsk' } } }),
      ],
      initializers: [makeTensor('w', DataType.FLOAT, [64, 4, 16], floats(4096, 3, 0.2))],
    });
    const { file } = await quantizeSmall(model, place, {
      method: 'int8-weights',
      samples: samplesOf([2, 5, 64], 1),
    });
    expect(readModel(file).graph.constant('w_int8')!.dataType).toBe(DataType.INT8);
  });
});

describe('weights that are constants only in the prepared model', () => {
  it('are folded by int8-static, where nothing runs in 8 bits', async () => {
    using place = scratch();
    const model = smallModel({
      inputs: [floatValue('x', [1, 64])],
      nodes: [
        makeNode('Cast', ['w'], ['cast'], { attributes: { to: { int: DataType.FLOAT } } }),
        makeNode('Identity', ['cast'], ['same']),
        makeNode('MatMul', ['x', 'same'], ['y'], { name: 'product' }),
      ],
      initializers: [makeTensor('w', DataType.DOUBLE, [64, 64], Float64Array.from(floats(4096, 3, 0.2)))],
    });
    const { result, file, float } = await quantizeSmall(model, place, {
      include: null,
      samples: samplesOf([1, 64], 2),
    });
    expect(result.decisions.map(({ became }) => became)).toContain('int8 weights, folded');
    expect(statSync(file).size / statSync(float).size).toBeLessThan(0.2);
  });
});

describe('the weights of a DeformConv', () => {
  it.each(['int8-weights', 'int8-dynamic', 'int8-static'] as const)(
    'are compressed by %s',
    async (method) => {
      using place = scratch();
      const model = smallModel({
        opset: 19,
        nodes: [
          conv('x', 'offsets', { weight: 'wo' }),
          makeNode('DeformConv', ['x', 'w', 'offsets'], ['y'], {
            name: 'deform',
            attributes: { pads: { ints: [1, 1, 1, 1] }, kernel_shape: { ints: [3, 3] } },
          }),
        ],
        initializers: [
          makeTensor('wo', DataType.FLOAT, [18, 4, 3, 3], floats(648, 4, 0.1)),
          makeTensor('w', DataType.FLOAT, [64, 4, 3, 3], floats(2304, 3, 0.1)),
        ],
      });
      const samples = samplesOf([1, 4, 8, 8], 4);
      const { file, float, result } = await quantizeSmall(model, place, { method, include: null, samples });
      const { became } = result.decisions.findLast(({ node }) => node === 'deform')!;
      expect(became).toBe('int8 weights, folded');
      expect(await nearness({ float, file }, samples[0]!)).toBeGreaterThan(25);
    },
  );
});

describe('a weight that is handed on by an Identity', () => {
  it('is folded once by int8-static, for all layers that share it', async () => {
    using place = scratch();
    // As torch's exporter writes layers with equal parameters.
    const model = smallModel({
      inputs: [floatValue('x', [1, 64])],
      nodes: [
        makeNode('Identity', ['w'], ['same']),
        makeNode('MatMul', ['x', 'w'], ['a'], { name: 'first' }),
        makeNode('Tanh', ['a'], ['t']),
        makeNode('MatMul', ['t', 'same'], ['b'], { name: 'second' }),
        makeNode('MatMul', ['b', 'v'], ['y'], { name: 'third' }),
      ],
      initializers: [
        makeTensor('w', DataType.FLOAT, [64, 64], floats(4096, 3, 0.2)),
        makeTensor('v', DataType.FLOAT, [64, 64], floats(4096, 4, 0.2)),
      ],
    });
    const { file, float } = await quantizeSmall(model, place, {
      include: null,
      samples: samplesOf([1, 64], 4),
    });
    expect(statSync(file).size / statSync(float).size).toBeLessThan(0.35);
    const [feeds] = samplesOf([1, 64], 1);
    expect(await nearness({ float, file }, feeds!)).toBeGreaterThan(30);
  });
});

describe('a matrix and its transposed', () => {
  it('are folded from the same blocks', async () => {
    using place = scratch();
    const values = floats(48 * 64, 3);
    const model = smallModel({
      inputs: [floatValue('x', [2, 48])],
      nodes: [
        makeNode('MatMul', ['x', 'w'], ['a']),
        makeNode('Relu', ['a'], ['r']),
        makeNode('MatMul', ['r', 'back'], ['y']),
      ],
      initializers: [
        makeTensor('w', DataType.FLOAT, [48, 64], values),
        makeTensor('back', DataType.FLOAT, [64, 48], transpose(values, 48, 64)),
      ],
    });
    const samples = samplesOf([2, 48], 1);
    const { file, float } = await quantizeSmall(model, place, { method: 'int8-weights', samples });
    const codes = [...readModel(file).graph.initializers.values()].filter(
      ({ dataType }) => dataType === DataType.INT8,
    );
    expect(codes).toHaveLength(1);
    expect(await nearness({ float, file }, samples[0]!)).toBeGreaterThan(35);
  });
});
