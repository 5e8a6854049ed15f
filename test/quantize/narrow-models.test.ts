/** Models that are half or bfloat16 already, as input of every method. */
import { statSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { intAttribute } from '../../src/onnx/attributes.js';
import { makeNode, makeValue } from '../../src/onnx/build.js';
import { narrowFloatOf } from '../../src/onnx/convert/widen.js';
import { readModel } from '../../src/onnx/file/read.js';
import type { Model } from '../../src/onnx/model.js';
import { DataType } from '../../src/onnx/tensor/element-type.js';
import { makeTensor } from '../../src/onnx/tensor/tensor.js';
import { fromHalf, toHalf } from '../../src/tensor/half.js';
import type { Feeds } from '../../src/tensor/tensor.js';
import { conv, floats, quantizeSmall, run, runtime, scratch, smallModel, sqnr } from './small-models.js';

const half = (name: string, dims: number[], seed: number, scale = 0.3) =>
  makeTensor(
    name,
    DataType.FLOAT16,
    dims,
    toHalf(
      floats(
        dims.reduce((a, b) => a * b),
        seed,
        scale,
      ),
    ),
  );

/** Two convolutions and a product, all in half, its input and output too. */
function halfModel(): Model {
  return smallModel({
    inputs: [makeValue('x', DataType.FLOAT16, ['n', 16, 12, 12])],
    outputs: [makeValue('y', DataType.FLOAT16, ['n', 128])],
    nodes: [
      conv('x', 'a', { weight: 'wa', bias: 'ba' }),
      makeNode('Relu', ['a'], ['r'], { name: 'r' }),
      conv('r', 'b', { weight: 'wb' }),
      makeNode('GlobalAveragePool', ['b'], ['g'], { name: 'g' }),
      makeNode('Flatten', ['g'], ['f'], { name: 'f' }),
      makeNode('MatMul', ['f', 'w'], ['m'], { name: 'm' }),
      makeNode('MatMul', ['m', 'v'], ['y'], { name: 'y' }),
    ],
    initializers: [
      half('wa', [32, 16, 3, 3], 2),
      half('ba', [32], 3),
      half('wb', [32, 32, 3, 3], 4),
      half('w', [32, 256], 5),
      half('v', [256, 128], 6),
    ],
  });
}

const halfSamples = (shape: number[]): Feeds[] =>
  Array.from({ length: 8 }, (_, i) => ({
    x: {
      type: 'float16' as const,
      dims: shape,
      data: toHalf(
        floats(
          shape.reduce((a, b) => a * b),
          i + 1,
        ),
      ),
    },
  }));

async function halfSqnr(float: string, file: string, feeds: Feeds): Promise<number> {
  const [before, after] = [await run(float, feeds), await run(file, feeds)];
  return sqnr(fromHalf(before.y!.data as Uint16Array), fromHalf(after.y!.data as Uint16Array));
}

describe('a half model', () => {
  const samples = halfSamples([1, 16, 12, 12]);

  it.each([
    ['int8-static', 0.6, 28],
    ['int8-dynamic', 0.6, 35],
    ['int8-weights', 0.6, 35],
    ['int4-weights', 0.5, 15],
  ] as const)('becomes smaller by %s, and keeps its types', async (method, size, decibels) => {
    using place = scratch();
    const { file, float, result } = await quantizeSmall(halfModel(), place, {
      method,
      include: null,
      samples,
    });
    expect(result.groups.quantized).toBeGreaterThan(0);
    expect(statSync(file).size / statSync(float).size).toBeLessThan(size);
    const expected = fromHalf((await run(float, samples[0]!)).y!.data as Uint16Array);
    for (const graphOptimizationLevel of ['disabled', 'basic', 'extended', 'all'] as const) {
      const session = await runtime.open(file, { graphOptimizationLevel });
      expect([...session.inputs, ...session.outputs].map(({ type }) => type)).toEqual(['float16', 'float16']);
      const actual = fromHalf((await session.run(samples[0]!)).y!.data as Uint16Array);
      expect(sqnr(expected, actual)).toBeGreaterThan(decibels);
      await session.release();
    }
  });

  it('stores in half again what stays float of it', async () => {
    using place = scratch();
    const { file, float } = await quantizeSmall(halfModel(), place, {
      method: 'int8-weights',
      include: ['m'],
      samples,
    });
    const types = [...readModel(file).graph.initializers.values()]
      .filter(({ dims }) => dims.length === 4)
      .map(({ dataType }) => dataType);
    expect(types).toEqual([DataType.FLOAT16, DataType.FLOAT16]);
    expect(statSync(file).size).toBeLessThan(statSync(float).size);
  });

  it('is left as it is by float16, with a sentence that is true', async () => {
    using place = scratch();
    const { result, file } = await quantizeSmall(halfModel(), place, {
      method: 'float16',
      include: null,
      samples,
    });
    expect(result.groups.quantized).toBe(0);
    expect(result.notes.map(({ message }) => message)).toEqual([
      'No operator of this model computes in float32 and can do so in float16: the model was left as it is.',
    ]);
    expect(readModel(file).graph.nodes.map(({ opType }) => opType)).not.toContain('Cast');
  });
});

describe('a half model for a GPU', () => {
  it('stays half: its weights are stored in 8 bits and become half when the file is loaded', async () => {
    using place = scratch();
    const samples = halfSamples([1, 16, 12, 12]);
    const { file, float, result } = await quantizeSmall(halfModel(), place, {
      method: 'int8-weights',
      include: null,
      target: 'cuda',
      samples,
    });
    expect(result.groups.quantized).toBe(4);
    expect(statSync(file).size / statSync(float).size).toBeLessThan(0.6);
    const made = readModel(file);
    const casts = made.graph.nodes.filter(({ opType }) => opType === 'Cast');
    expect(casts.map((node) => intAttribute(node, 'to', 0))).toEqual(casts.map(() => DataType.FLOAT16));
    expect([...made.graph.initializers.values()].map(({ dataType }) => dataType)).not.toContain(
      DataType.FLOAT,
    );
    expect(await halfSqnr(float, file, samples[0]!)).toBeGreaterThan(35);
  });

  it.each([
    ['int4-weights', 0.31, 15],
    ['int8-weights', 0.55, 35],
  ] as const)(
    'has its large products in blocks of half scales for a GPU by %s',
    async (method, size, decibels) => {
      using place = scratch();
      const x = makeValue('x', DataType.FLOAT16, ['n', 128]);
      const model = smallModel({
        inputs: [x],
        outputs: [makeValue('y', DataType.FLOAT16, ['n', 128])],
        nodes: [
          makeNode('MatMul', ['x', 'w'], ['h'], { name: 'h' }),
          makeNode('Relu', ['h'], ['r']),
          makeNode('MatMul', ['r', 'v'], ['y'], { name: 'y' }),
        ],
        initializers: [half('w', [128, 256], 2), half('v', [256, 128], 3)],
      });
      const inputs = halfSamples([2, 128]);
      const { file, float, result } = await quantizeSmall(model, place, {
        ...{ method, include: null, target: 'cuda', samples: inputs },
      });
      expect(result.decisions.map(({ became }) => became)).toEqual(['MatMulNBits', 'MatMulNBits']);
      const made = [...readModel(file).graph.initializers.values()].map(({ dataType }) => dataType);
      expect(made).toContain(DataType.FLOAT16);
      expect(made).not.toContain(DataType.FLOAT);
      expect(statSync(file).size / statSync(float).size).toBeLessThan(size);
      expect(await halfSqnr(float, file, inputs[0]!)).toBeGreaterThan(decibels);
    },
  );

  it.each([
    [10, [4, 4, 4], 0.31],
    [22, [4, 4, 8], 0.4],
    [49, [8, 8], 0.8],
  ] as const)(
    'with a floor of %i dB has 4 bits where they do, and 8 where they are needed',
    async (minSqnr, bits, size) => {
      using place = scratch();
      const product = (name: string) => makeNode('MatMul', ['x', `w_${name}`], [name], { name });
      // One value in each block is much larger than the others: 4 bits round those to nothing.
      const outliers = floats(128 * 128, 4, 0.1);
      for (let i = 0; i < 128; i++) for (let row = 0; row < 128; row += 32) outliers[row * 128 + i] = 2;
      const model = smallModel({
        inputs: [makeValue('x', DataType.FLOAT16, ['n', 128])],
        outputs: [makeValue('y', DataType.FLOAT16, ['n', 128])],
        nodes: [...['a', 'b', 'c'].map(product), makeNode('Sum', ['a', 'b', 'c'], ['y'])],
        initializers: [
          half('w_a', [128, 128], 2),
          half('w_b', [128, 128], 3),
          makeTensor('w_c', DataType.FLOAT16, [128, 128], toHalf(outliers)),
        ],
      });
      const { file, float } = await quantizeSmall(model, place, {
        ...{ method: 'int4-weights', minSqnr, include: null, target: 'cuda' },
        samples: halfSamples([2, 128]),
      });
      const blocks = readModel(file).graph.nodes.filter(({ opType }) => opType === 'MatMulNBits');
      expect(blocks.map((node) => intAttribute(node, 'bits', 0)).toSorted()).toEqual(bits);
      expect(statSync(file).size / statSync(float).size).toBeLessThan(size);
      expect(await halfSqnr(float, file, halfSamples([2, 128])[0]!)).toBeGreaterThan(minSqnr - 2);
    },
  );
});

describe('a model that is half in part, made float16', () => {
  it('keeps its half parts, and reads them without a Cast', async () => {
    using place = scratch();
    const model = smallModel({
      inputs: [makeValue('x', DataType.FLOAT, [1, 16, 8, 8])],
      nodes: [
        makeNode('Relu', ['x'], ['p'], { name: 'before' }),
        makeNode('Cast', ['p'], ['h'], { name: 'to_half', attributes: { to: { int: DataType.FLOAT16 } } }),
        conv('h', 'a', { weight: 'wa' }),
        makeNode('Cast', ['a'], ['f'], { name: 'to_float', attributes: { to: { int: DataType.FLOAT } } }),
        conv('f', 'y', { weight: 'wb' }),
      ],
      initializers: [
        half('wa', [16, 16, 3, 3], 2),
        makeTensor('wb', DataType.FLOAT, [8, 16, 3, 3], floats(1152, 3, 0.3)),
      ],
    });
    const feeds: Feeds = { x: { type: 'float32', dims: [1, 16, 8, 8], data: floats(1024, 9) } };
    const { file, float } = await quantizeSmall(model, place, {
      method: 'float16',
      include: null,
      samples: [feeds],
    });
    // One at the input, one at the output.
    const casts = readModel(file).graph.nodes.filter(({ opType }) => opType === 'Cast');
    expect(casts.map(({ input, output }) => [input[0], output[0]])).toEqual([
      ['x', expect.any(String)],
      [expect.any(String), 'y'],
    ]);
    const [a, b] = [await run(float, feeds), await run(file, feeds)];
    expect(sqnr(a.y!.data as Float32Array, b.y!.data as Float32Array)).toBeGreaterThan(55);
    for (const graphOptimizationLevel of ['disabled', 'basic', 'extended', 'all'] as const)
      await (await runtime.open(file, { graphOptimizationLevel })).release();
  });
});

describe('a bfloat16 model, which the CPU provider does not run', () => {
  it('is computed in float32', async () => {
    using place = scratch();
    const bits = (values: Float32Array) =>
      Uint16Array.from(new Uint32Array(values.buffer), (word) => word >>> 16);
    const weights = floats(128 * 128, 3, 0.3);
    const model = smallModel({
      inputs: [makeValue('x', DataType.FLOAT, ['n', 128])],
      outputs: [makeValue('y', DataType.FLOAT, ['n', 128])],
      nodes: [
        makeNode('Cast', ['x'], ['b'], { name: 'in', attributes: { to: { int: DataType.BFLOAT16 } } }),
        makeNode('MatMul', ['b', 'w'], ['m'], { name: 'm' }),
        makeNode('Cast', ['m'], ['y'], { name: 'out', attributes: { to: { int: DataType.FLOAT } } }),
      ],
      initializers: [makeTensor('w', DataType.BFLOAT16, [128, 128], bits(weights))],
    });
    const feeds: Feeds = { x: { type: 'float32', dims: [2, 128], data: floats(256, 9) } };
    const { file, result } = await quantizeSmall(model, place, {
      method: 'int8-weights',
      include: null,
      samples: [feeds],
    });
    expect(result.groups.quantized).toBe(1);
    const expected = new Float32Array(256);
    for (let row = 0; row < 2; row++)
      for (let column = 0; column < 128; column++)
        for (let k = 0; k < 128; k++)
          expected[row * 128 + column]! +=
            (feeds.x!.data as Float32Array)[row * 128 + k]! * weights[k * 128 + column]!;
    expect(sqnr(expected, (await run(file, feeds)).y!.data as Float32Array)).toBeGreaterThan(35);
  });
});

describe('narrowFloatOf', () => {
  it('takes half scales of 8-bit weights for no half arithmetic', async () => {
    using place = scratch();
    const { file } = await quantizeSmall(
      smallModel({
        inputs: [makeValue('x', DataType.FLOAT, ['n', 64])],
        nodes: [makeNode('MatMul', ['x', 'w'], ['y'])],
        initializers: [makeTensor('w', DataType.FLOAT, [64, 64], floats(4096))],
      }),
      place,
      { method: 'int8-weights', include: null, samples: [] },
    );
    const made = readModel(file);
    expect([...made.graph.initializers.values()].map(({ dataType }) => dataType)).toContain(DataType.FLOAT16);
    expect(narrowFloatOf(made.proto)).toBeNull();
    expect(narrowFloatOf(halfModel().proto)).toBe(DataType.FLOAT16);
  });
});
