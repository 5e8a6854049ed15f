import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Method } from '../../../../src/config/choices.js';
import { SILENT } from '../../../../src/log.js';
import { makeNode } from '../../../../src/onnx/build.js';
import { readModel } from '../../../../src/onnx/file/read.js';
import { DataType } from '../../../../src/onnx/tensor/element-type.js';
import { makeTensor } from '../../../../src/onnx/tensor/tensor.js';
import { chooseFitting, fittingNotes } from '../../../../src/quantize/gptq/choose-fitting.js';
import { Evidence } from '../../../../src/quantize/method/evidence.js';
import type { LargeWeight } from '../../../../src/quantize/weight-only/products/large-weights.js';
import type { Feeds } from '../../../../src/tensor/tensor.js';
import {
  DEFAULTS,
  dataset,
  floats,
  floatValue,
  type Quantized,
  quantizeSmall,
  run,
  scratch,
  smallModel,
  sqnr,
  weight,
} from '../../small-models.js';
import { DEPTH, samplesWithCauses, twoProducts } from '../../two-products.js';

/** One input of each block of 32. */
const isLoud = (input: number) => input % 32 === 7;

const KIND = { rows: 5, causes: 6, noise: 0.1 };

async function heldOut({ file, float }: Quantized): Promise<number> {
  const [sample] = samplesWithCauses(1, 9000, KIND);
  const [a, b] = [await run(float, sample!), await run(file, sample!)];
  return sqnr(a.y!.data as Float32Array, b.y!.data as Float32Array);
}

const codes = ({ result }: Quantized) => result.notes.map(({ code }) => code);
const samples = samplesWithCauses(40, 100, KIND);

describe('weight-only methods with calibration data', () => {
  it('fit 4-bit weights to it, unless asked for the nearest codes: held-out samples gain', async () => {
    using one = scratch();
    using other = scratch();
    const options = { method: 'int4-weights', include: null, samples } as const;
    const fitted = await quantizeSmall(twoProducts(), one, options);
    const nearest = await quantizeSmall(twoProducts(), other, { ...options, rounding: 'nearest' });
    expect(await heldOut(fitted)).toBeGreaterThan((await heldOut(nearest)) + 4);
    expect([codes(fitted), codes(nearest)]).toEqual([['quantize.weights-fitted'], []]);
    expect([fitted, nearest].map(({ result }) => result.provenance.rounding)).toEqual(['gptq', 'nearest']);
    expect(fitted.result.decisions.map(({ node, became }) => [node, became])).toEqual([
      ['first', 'MatMulNBits'],
      ['second', 'MatMulNBits'],
    ]);
  });

  it('round to the nearest within full ranges where drawn-in ones bring the layers nearer, and the outputs not', async () => {
    // The largest weight of each block meets one vector of two hundred, a thousand times as loud as the others: the outputs' error is that one's.
    const values = floats(DEPTH * 192, 1, 0.5).map((value, at) => (isLoud(Math.floor(at / 192)) ? 1 : value));
    const model = smallModel({
      inputs: [floatValue('x', ['rows', DEPTH])],
      nodes: [makeNode('MatMul', ['x', 'w1'], ['y'])],
      initializers: [makeTensor('w1', DataType.FLOAT, [DEPTH, 192], values)],
    });
    const given = samples.map(({ x }, sample) => {
      const data = (x!.data as Float32Array).map((value, at) => {
        const isLast = sample === 0 && at >= 4 * DEPTH;
        return isLoud(at % DEPTH) === isLast ? value * (isLast ? 1000 : 1) : 0;
      });
      return { x: { ...x!, data } };
    });
    using one = scratch();
    using other = scratch();
    const options = { method: 'int4-weights', include: null } as const;
    const nearest = await quantizeSmall(model, one, { ...options, samples: given, rounding: 'nearest' });
    const without = await quantizeSmall(model, other, { ...options, samples: null });
    expect(nearest.result.provenance.ranges).toBe('full');
    expect(readFileSync(nearest.file).equals(readFileSync(without.file))).toBe(true);
    const usual = await quantizeSmall(twoProducts(), other, { ...options, samples, rounding: 'nearest' });
    expect(usual.result.provenance.ranges).toBe('row-by-row');
  });

  it('fit a weight once for all files that a repair makes', async () => {
    using one = scratch();
    using other = scratch();
    const [evidence, told] = [new Evidence(), [] as string[]];
    const log = { ...SILENT, info: (message: string) => told.push(message) };
    const options = { method: 'int4-weights', include: null, samples, evidence, log } as const;
    const first = await quantizeSmall(twoProducts(), one, options);
    const again = await quantizeSmall(twoProducts(), other, { ...options, leftNames: ['first'] });
    expect(told.filter((message) => message.startsWith('fitting'))).toHaveLength(1);
    expect(codes(again)).toEqual(['quantize.weights-fitted']);
    expect(Object.fromEntries(again.result.decisions.map(({ node, became }) => [node, became]))).toEqual({
      first: expect.stringContaining('12 bits'),
      second: 'MatMulNBits',
    });
    const blocks = ({ file }: Quantized) => {
      const { graph } = readModel(file);
      const [, ...constants] = graph.nodes.findLast(({ opType }) => opType === 'MatMulNBits')!.input;
      return constants.map((name) => graph.constantValues(name));
    };
    expect(blocks(again)).toEqual(blocks(first));
    expect(await heldOut(again)).toBeGreaterThan(await heldOut(first));
  });

  it('fit 8-bit weights, too', async () => {
    using one = scratch();
    const fitted = await quantizeSmall(twoProducts(), one, {
      method: 'int8-weights',
      include: null,
      samples,
    });
    expect(codes(fitted)).toEqual(['quantize.weights-fitted']);
    expect(await heldOut(fitted)).toBeGreaterThan(36);
  });

  it('fit nothing to chance: inputs that have nothing to do with each other, fewer vectors than inputs', async () => {
    const noise = (count: number, seed: number): Feeds[] =>
      Array.from({ length: count }, (_, sample) => ({
        x: { type: 'float32', dims: [5, DEPTH], data: floats(5 * DEPTH, seed + sample, 1) },
      }));
    using one = scratch();
    using other = scratch();
    const options = { method: 'int4-weights', include: null, samples: noise(12, 100) } as const;
    const fitted = await quantizeSmall(twoProducts(), one, options);
    const nearest = await quantizeSmall(twoProducts(), other, { ...options, rounding: 'nearest' });
    const mean = async (made: Quantized) => {
      let sum = 0;
      for (const sample of noise(8, 9000)) {
        const [a, b] = [await run(made.float, sample), await run(made.file, sample)];
        sum += sqnr(a.y!.data as Float32Array, b.y!.data as Float32Array) / 8;
      }
      return sum;
    };
    // Without shrinkage the fitted weights are 3 dB worse.
    expect(await mean(fitted)).toBeGreaterThan(await mean(nearest));
  });

  it('name the weights that no sample reached, and round those to the nearest', async () => {
    using place = scratch();
    // An expert that gets no rows.
    const model = smallModel({
      inputs: [floatValue('x', ['rows', DEPTH])],
      nodes: [
        makeNode('Compress', ['x', 'none'], ['few'], { attributes: { axis: { int: 0 } } }),
        makeNode('MatMul', ['few', 'w1'], ['e'], { name: 'expert' }),
        makeNode('ReduceSum', ['e'], ['s'], { attributes: { keepdims: { int: 0 } } }),
        makeNode('MatMul', ['x', 'w2'], ['m'], { name: 'seen' }),
        makeNode('Add', ['m', 's'], ['y']),
      ],
      initializers: [
        weight('w1', [DEPTH, 192]),
        weight('w2', [DEPTH, 144], 5),
        makeTensor('none', DataType.BOOL, [1], Uint8Array.of(0)),
      ],
    });
    const made = await quantizeSmall(model, place, { method: 'int4-weights', include: null, samples });
    expect(made.result.decisions.map(({ node }) => node)).toEqual(expect.arrayContaining(['expert', 'seen']));
    const note = made.result.notes.find(({ code }) => code === 'quantize.weights-unseen');
    expect(note?.message).toContain("'w1'");
    expect(note?.message).not.toContain("'w2'");
  });

  it('say that samples are too few to fit to, and round as without any', async () => {
    using one = scratch();
    using other = scratch();
    const options = { method: 'int4-weights', include: null } as const;
    const sample = { x: { type: 'float32' as const, dims: [1, DEPTH], data: floats(DEPTH, 3) } };
    const few = await quantizeSmall(twoProducts(), one, { ...options, samples: [sample, sample] });
    const without = await quantizeSmall(twoProducts(), other, { ...options, samples: null });
    expect(codes(few)).toEqual(['quantize.weights-too-few-samples']);
    expect(few.result.notes[0]!.message).toMatch(
      /^All weights that can be fitted are rounded to the nearest codes/,
    );
    expect(readFileSync(few.file).equals(readFileSync(without.file))).toBe(true);
  });

  const scaled = (factor: number): Feeds[] =>
    samples.map(({ x }) => ({
      x: { ...x!, data: Float32Array.from(x!.data as Float32Array, (value) => value * factor) },
    }));

  it.each([
    ['always 0', scaled(0), 'Abs'],
    ['beyond what float32 can square', scaled(1e20), 'Abs'],
    // Of negative numbers.
    [
      'NaN',
      samples.map(({ x }) => ({ x: { ...x!, data: new Float32Array(x!.data.length).fill(-1) } })),
      'Sqrt',
    ],
  ])('round as without samples where what reaches a layer is %s, and say so', async (_, given, opType) => {
    using one = scratch();
    using other = scratch();
    const model = smallModel({
      inputs: [floatValue('x', ['rows', DEPTH])],
      nodes: [makeNode(opType, ['x'], ['a']), makeNode('MatMul', ['a', 'w1'], ['y'], { name: 'first' })],
      initializers: [weight('w1', [DEPTH, 192])],
    });
    const options = { method: 'int4-weights', include: null } as const;
    const seen = await quantizeSmall(model, one, { ...options, samples: given });
    const without = await quantizeSmall(model, other, { ...options, samples: null });
    expect(codes(seen)).toEqual(['quantize.weights-unseen']);
    expect(readFileSync(seen.file).equals(readFileSync(without.file))).toBe(true);
    const nearest = await quantizeSmall(model, one, { ...options, samples: given, rounding: 'nearest' });
    expect(readFileSync(nearest.file).equals(readFileSync(without.file))).toBe(true);
  });
});

describe('the choice of the rounding', () => {
  const weights = (depth: number, count: number) =>
    Array.from({ length: count }, () => ({
      layers: [{ depth, channels: depth }],
      format: { bits: 4, blockSize: 32, symmetric: false },
    })) as unknown as LargeWeight[];
  const choose = (
    chosen: LargeWeight[],
    rounding: 'nearest' | 'gptq' | null,
    calibration = dataset(samples) as ReturnType<typeof dataset> | null,
  ) => chooseFitting(chosen, { options: { ...DEFAULTS, method: 'int4-weights', rounding }, calibration });

  it('fits up to a fixed amount of work, beyond it only when asked to, and says how long that takes', async () => {
    const large = weights(4096, 224);
    expect(await choose(weights(384, 36), null)).toMatchObject({ rounding: 'gptq' });
    expect(await choose(large, null)).toEqual({
      rounding: 'nearest',
      skippedSeconds: expect.any(Number),
      askedBy: 'gptq',
    });
    expect(await choose(large, 'gptq')).toMatchObject({ rounding: 'gptq' });
    expect(await choose(large, 'nearest')).toEqual({ rounding: 'nearest', skippedSeconds: null });
  });

  it('is told where it was asked for and no weight is fitted to data', async () => {
    const [note, ...others] = fittingNotes(await choose([], 'gptq'), null);
    expect(note).toMatchObject({ code: 'quantize.ignored-option' });
    expect(note!.message).toMatch(/`rounding: gptq` is not in use: the model has no matrix product/);
    expect([...others, ...fittingNotes(await choose([], null), null)]).toEqual([]);
    expect(fittingNotes(await choose([], 'nearest'), null)).toEqual([]);
  });

  it.each<[Method, NonNullable<Parameters<typeof quantizeSmall>[2]>, RegExp]>([
    ['int4-weights', { leftNames: ['first', 'second'] }, /the repair left every matrix product/],
    ['int4-weights', { exclude: ['MatMul'] }, /`include`, `exclude` or `overrides` keep every/],
    ['int4-weights', { leftNames: ['first'], exclude: ['second'] }, /the repair left every matrix product/],
    ['int8-weights', { target: 'wasm' }, /weights that are unpacked when the file is opened/],
    ['int8-dynamic', { leftNames: ['first', 'second'] }, /the repair left every matrix product/],
    ['int8-dynamic', { exclude: ['MatMul'] }, /`include`, `exclude` or `overrides` keep every/],
  ])('says what left %s with %o nothing to fit', async (method, options, reason) => {
    using directory = scratch();
    const rounding = method === 'int8-dynamic' ? 'adaptive' : 'gptq';
    const made = await quantizeSmall(twoProducts(), directory, {
      method,
      include: null,
      samples,
      rounding,
      ...options,
    });
    const ignored = made.result.notes.filter(({ code }) => code === 'quantize.ignored-option');
    expect(ignored.map(({ message }) => message)).toEqual([expect.stringMatching(reason)]);
  });

  it('needs data to fit to', async () => {
    expect(await choose(weights(384, 1), null, null)).toEqual({ rounding: 'nearest', skippedSeconds: null });
    await expect(choose(weights(384, 1), 'gptq', null)).rejects.toThrow(/calibration data/);
  });
});
