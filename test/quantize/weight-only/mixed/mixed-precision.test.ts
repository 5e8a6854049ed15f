import { statSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { intAttribute } from '../../../../src/onnx/attributes.js';
import { makeNode, makeValue } from '../../../../src/onnx/build.js';
import { readModel } from '../../../../src/onnx/file/read.js';
import type { Model } from '../../../../src/onnx/model.js';
import { DataType } from '../../../../src/onnx/tensor/element-type.js';
import { makeTensor } from '../../../../src/onnx/tensor/tensor.js';
import {
  floats,
  floatValue,
  type Quantized,
  quantizeSmall,
  run,
  samplesOf,
  scratch,
  smallModel,
  sqnr,
  weight,
} from '../../small-models.js';

const WIDTH = 160;
const LAYERS = ['first', 'second', 'third'];

/** One value in each block of 32 is 20 times as large as the others: 4 bits round those to nothing. */
function withOutliers(): Float32Array {
  const values = floats(WIDTH * WIDTH, 5, 0.1);
  for (let row = 0; row < WIDTH; row += 32)
    for (let column = 0; column < WIDTH; column++) values[row * WIDTH + column] = 2;
  return values;
}

/** Three products of equal size, summed; the second has outliers. */
function products(): Model {
  return smallModel({
    inputs: [floatValue('x', ['rows', WIDTH])],
    nodes: [
      ...LAYERS.map((name) => makeNode('MatMul', ['x', `w_${name}`], [`y_${name}`], { name })),
      makeNode(
        'Sum',
        LAYERS.map((name) => `y_${name}`),
        ['y'],
      ),
    ],
    initializers: [
      weight('w_first', [WIDTH, WIDTH], 3),
      makeTensor('w_second', DataType.FLOAT, [WIDTH, WIDTH], withOutliers()),
      weight('w_third', [WIDTH, WIDTH], 7),
    ],
  });
}

const OPTIONS = {
  method: 'int4-weights',
  include: null,
  samples: samplesOf([4, WIDTH], 24),
  rounding: 'nearest',
} as const;

/** Bits of each product, by name. */
function bitsOf({ file }: Quantized): Record<string, number> {
  const made = readModel(file).graph.nodes.filter(({ opType }) => opType === 'MatMulNBits');
  return Object.fromEntries(made.map((node) => [node.name, intAttribute(node, 'bits', 0)]));
}

const codes = ({ result }: Quantized) => result.notes.map(({ code }) => code);
const mixedOf = ({ result }: Quantized) =>
  result.provenance.mixed as { eightBits: string[]; float?: string[]; sqnr: number; judgedOn: string };

async function unseenSqnr({ file, float }: Quantized): Promise<number> {
  const sample = { x: { type: 'float32' as const, dims: [16, WIDTH], data: floats(16 * WIDTH, 4711, 2) } };
  const [a, b] = [await run(float, sample), await run(file, sample)];
  return sqnr(a.y!.data as Float32Array, b.y!.data as Float32Array);
}

describe('4 and 8 bits in one file', () => {
  it('give 8 bits to the layer with outliers, and to no more layers than the floor needs', async () => {
    using place = scratch();
    const plain = await quantizeSmall(products(), place, { ...OPTIONS, minSqnr: 1 });
    expect(bitsOf(plain)).toEqual({ first: 4, second: 4, third: 4 });
    const floor = mixedOf(plain).sqnr + 3;

    using other = scratch();
    const mixed = await quantizeSmall(products(), other, { ...OPTIONS, minSqnr: floor });
    expect(bitsOf(mixed)).toEqual({ first: 4, second: 8, third: 4 });
    expect(mixedOf(mixed)).toEqual({
      eightBits: ['second'],
      sqnr: expect.any(Number),
      judgedOn: 'held-out',
    });
    expect(mixedOf(mixed).sqnr).toBeGreaterThan(floor);
    expect(await unseenSqnr(mixed)).toBeGreaterThan(floor - 1);
    expect(codes(mixed)).toEqual(['quantize.mixed-precision']);
    expect(mixed.result.notes[0]!.message).toContain(
      "1 of 3 layers got 8 bits, those that lose most for their size first: 'second'",
    );
  });

  it('say so where even 8 bits everywhere stay below the floor', async () => {
    using place = scratch();
    const mixed = await quantizeSmall(products(), place, { ...OPTIONS, minSqnr: 100 });
    expect(bitsOf(mixed)).toEqual({ first: 8, second: 8, third: 8 });
    expect(codes(mixed)).toEqual(['quantize.mixed-precision', 'quantize.floor-not-reached']);
    const [, reached, floats, better] =
      /with ([\d.]+) dB, and with (\d) of them in float32, which is not kept, with ([\d.]+) dB/
        .exec(mixed.result.notes[1]!.message)!
        .map(Number);
    expect([reached, floats]).toEqual([Number(mixedOf(mixed).sqnr.toFixed(1)), 2]);
    expect(better).toBeGreaterThan(reached!);
  });

  it('leave the layers that lose most in float32 where 8 bits everywhere are too few', async () => {
    using place = scratch();
    const eights = await quantizeSmall(products(), place, { ...OPTIONS, minSqnr: 100 });
    const floor = mixedOf(eights).sqnr + 2;
    using other = scratch();
    const mixed = await quantizeSmall(products(), other, { ...OPTIONS, minSqnr: floor });
    expect(bitsOf(mixed)).toEqual({ first: 8, third: 8 });
    expect(mixedOf(mixed)).toMatchObject({ float: ['second'], eightBits: expect.arrayContaining(['third']) });
    expect(mixedOf(mixed).sqnr).toBeGreaterThan(floor);
    expect(mixed.result.decisions.find(({ node }) => node === 'second')).toMatchObject({
      became: 'float, weights stored in half',
      reason: expect.stringContaining('min-sqnr'),
    });
    expect(mixed.result.notes[0]!.message).toContain("1 stayed float32, for 8 bits were too few: 'second'");
    const bytes = statSync(eights.file).size + WIDTH * WIDTH;
    using third = scratch();
    const sized = await quantizeSmall(products(), third, { ...OPTIONS, minSqnr: floor, maxSize: { bytes } });
    expect(bitsOf(sized)).toEqual(bitsOf(eights));
    expect(codes(sized)).toContain('quantize.floor-not-reached');
  });

  it('keep the size: as many layers as it has room for, and none beyond it for the floor', async () => {
    using place = scratch();
    const plain = await quantizeSmall(products(), place, { ...OPTIONS, minSqnr: 1 });
    const bytes = statSync(plain.file).size + (1.5 * (WIDTH * WIDTH)) / 2;

    using other = scratch();
    const sized = await quantizeSmall(products(), other, { ...OPTIONS, maxSize: { bytes } });
    expect(bitsOf(sized)).toEqual({ first: 4, second: 8, third: 4 });
    expect(statSync(sized.file).size).toBeLessThanOrEqual(bytes);
    expect(codes(sized)).toEqual(['quantize.mixed-precision']);

    using third = scratch();
    const both = await quantizeSmall(products(), third, { ...OPTIONS, maxSize: { bytes }, minSqnr: 100 });
    expect(bitsOf(both)).toEqual(bitsOf(sized));
    expect(codes(both)).toContain('quantize.floor-not-reached');
    expect(both.result.notes.at(-1)!.message).toContain('max-size leaves room for');

    using fourth = scratch();
    const small = await quantizeSmall(products(), fourth, { ...OPTIONS, maxSize: { ratio: 0.05 } });
    expect(bitsOf(small)).toEqual({ first: 4, second: 4, third: 4 });
    expect(codes(small)).toContain('quantize.size-not-reached');

    const neither = { ...OPTIONS, maxSize: { ratio: 0.05 }, minSqnr: 100 };
    const { result } = await quantizeSmall(products(), fourth, neither);
    expect(result.notes.map(({ message }) => message).join()).toContain('max-size leaves no room for 8 bits');
  });

  it('are fitted to the samples that do not judge, and come out alike each time', async () => {
    using place = scratch();
    using other = scratch();
    const options = { ...OPTIONS, rounding: null, minSqnr: 30 };
    const mixed = await quantizeSmall(products(), place, options);
    expect(mixed.result.provenance.rounding).toBe('gptq');
    expect(mixedOf(mixed).eightBits[0]).toBe('second');
    expect(mixedOf(mixed).sqnr).toBeGreaterThanOrEqual(30);
    const again = await quantizeSmall(products(), other, options);
    expect(mixedOf(again)).toEqual(mixedOf(mixed));
  });
});

/** A table of embeddings, and two products of its rows. */
function reader(): Model {
  return smallModel({
    inputs: [makeValue('ids', DataType.INT64, [1, 'tokens'])],
    nodes: [
      makeNode('Gather', ['table', 'ids'], ['rows'], { name: 'lookup' }),
      makeNode('MatMul', ['rows', 'w_plain'], ['a'], { name: 'plain' }),
      makeNode('MatMul', ['rows', 'w_outliers'], ['b'], { name: 'outliers' }),
      makeNode('Add', ['a', 'b'], ['y']),
    ],
    initializers: [
      weight('table', [500, WIDTH], 11),
      weight('w_plain', [WIDTH, WIDTH], 3),
      makeTensor('w_outliers', DataType.FLOAT, [WIDTH, WIDTH], withOutliers()),
    ],
  });
}

describe('4 and 8 bits without data', () => {
  it('are chosen on made-up tokens, tables among the layers', async () => {
    using place = scratch();
    const options = { ...OPTIONS, samples: null, rounding: null };
    const plain = await quantizeSmall(reader(), place, { ...options, minSqnr: 1 });
    expect(mixedOf(plain)).toEqual({ eightBits: [], sqnr: expect.any(Number), judgedOn: 'made-up' });
    using other = scratch();
    const mixed = await quantizeSmall(reader(), other, { ...options, minSqnr: 100 });
    expect(mixedOf(mixed).eightBits[0]).toBe('outliers');
    expect([...mixedOf(mixed).eightBits].sort()).toEqual(['lookup', 'outliers', 'plain']);
    expect(mixedOf(mixed).sqnr).toBeGreaterThan(mixedOf(plain).sqnr + 15);
    expect(mixed.result.notes[0]!.message).toContain('made-up tokens');
  });

  it('keep a size for any model, but a floor needs something to judge by', async () => {
    using place = scratch();
    const options = { ...OPTIONS, samples: null, rounding: null };
    const sized = await quantizeSmall(products(), place, { ...options, maxSize: { ratio: 0.25 } });
    expect(mixedOf(sized)).toMatchObject({ sqnr: null, judgedOn: null });
    expect(mixedOf(sized).eightBits[0]).toBe('second');
    using other = scratch();
    await expect(quantizeSmall(products(), other, { ...options, minSqnr: 20 })).rejects.toThrow(
      /min-sqnr is judged on samples/,
    );
  });

  it('say only what is true where there is nothing to choose: no weight, a weight that is too small, outputs of zeros', async () => {
    const told = async (model: Model, samples = OPTIONS.samples, minSqnr = 30) => {
      using place = scratch();
      const { result } = await quantizeSmall(model, place, { ...OPTIONS, samples, minSqnr });
      return result.notes.map(({ message }) => message).join(' ');
    };
    const relu = smallModel({
      inputs: [floatValue('x', ['rows', WIDTH])],
      nodes: [makeNode('Relu', ['x'], ['y'])],
      initializers: [],
    });
    expect(await told(relu)).toMatch(/The model was left as it is\.$/);
    const small = smallModel({
      inputs: [floatValue('x', ['rows', WIDTH])],
      nodes: [makeNode('MatMul', ['x', 'w'], ['y'], { name: 'small' })],
      initializers: [weight('w', [WIDTH, 64])],
    });
    expect(await told(small)).toMatch(/^This model has no layer to choose 4 or 8 bits for\. The outputs/);
    const zeros = floats(4 * WIDTH, 1, 0);
    const silent = [{ x: { type: 'float32' as const, dims: [4, WIDTH], data: zeros } }];
    expect(await told(products(), silent)).toContain('nothing but zeros');
  });
});
