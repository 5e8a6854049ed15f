import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SILENT } from '../../../../src/log.js';
import { makeNode } from '../../../../src/onnx/build.js';
import { readModel } from '../../../../src/onnx/file/read.js';
import type { Model } from '../../../../src/onnx/model.js';
import { DataType } from '../../../../src/onnx/tensor/element-type.js';
import { calibrateChoices } from '../../../../src/quantize/calibrate/calibrate.js';
import { withMatrices } from '../../../../src/quantize/gptq/matrices/matrices.js';
import {
  fitIntegers,
  isFitted,
  roundAdaptively,
} from '../../../../src/quantize/int8-static/recover/adaptive-rounding.js';
import {
  BandedMatrix,
  type InputMoments,
  meanCovariance,
  wholeOf,
} from '../../../../src/quantize/int8-static/recover/covariance.js';
import {
  MOMENTS_SAMPLES,
  MomentsObserver,
  type MomentsOptions,
} from '../../../../src/quantize/int8-static/recover/input-moments.js';
import {
  largestPairSum,
  MAX_PAIR_SUM,
  reductionOrder,
} from '../../../../src/quantize/integers/saturation.js';
import { quantizeWeight } from '../../../../src/quantize/integers/weights.js';
import { observe } from '../../../../src/quantize/observe/observer.js';
import type { Feeds } from '../../../../src/tensor/tensor.js';
import { convLayout } from '../../layouts.js';
import {
  conv,
  dataset,
  floats,
  floatValue,
  quantizeSmall,
  run,
  runtime,
  samplesOf,
  scratch,
  smallModel,
  sqnr,
  weight,
} from '../../small-models.js';

/** A covariance: A · Aᵀ of a random matrix with fewer columns than rows, so that inputs are correlated. */
function covariance(size: number, seed: number): Float32Array {
  const rank = Math.max(1, Math.floor(size / 2));
  const factor = floats(size * rank, seed);
  return Float32Array.from({ length: size * size }, (_, at) => {
    let sum = 0;
    for (let k = 0; k < rank; k++)
      sum += factor[Math.floor(at / size) * rank + k]! * factor[(at % size) * rank + k]!;
    return sum;
  });
}

function outputError(
  values: Float32Array,
  data: ArrayLike<number>,
  scale: number,
  matrix: Float32Array,
): number {
  const error = Array.from(values, (value, k) => data[k]! * scale - value);
  let sum = 0;
  for (let i = 0; i < error.length; i++) {
    for (let j = 0; j < error.length; j++) sum += error[i]! * matrix[i * error.length + j]! * error[j]!;
  }
  return sum;
}

interface MomentsPass {
  /** Default: one that observes nothing else. */
  pass?: (observer: MomentsObserver) => Promise<unknown>;
  types?: MomentsOptions['types'];
}

/** Moments of what the model's first node reads. */
async function momentsOf(
  model: Model,
  samples: readonly Feeds[],
  { pass, types }: MomentsPass = {},
): Promise<InputMoments> {
  const context = { runtime, log: SILENT };
  const groups = [{ node: model.graph.nodes[0]!, outputs: ['y'] } as never];
  return await withMatrices(context, async (matrices) => {
    const observer = MomentsObserver.of(groups, { model, types, matrices })!;
    if (pass) await pass(observer);
    else await observe({ model, dataset: dataset(samples), context }, [observer]);
    return (await observer.moments(groups)).get('y')!;
  });
}

describe('adaptive rounding', () => {
  it('never makes a channel worse by more than the damping, and stays within a quantum of every weight', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 40 }), fc.integer({ min: 1, max: 500 }), (inputs, seed) => {
        const values = floats(inputs, seed);
        const quantized = quantizeWeight(values, [1, inputs, 1, 1], {
          type: 'int8',
          axis: 0,
          symmetric: true,
        });
        const before = quantized.data.slice();
        const matrix = covariance(inputs, seed + 7);
        const step = quantized.scale[0]!;
        roundAdaptively(values, quantized, { moments: { inputs, covariances: [matrix] }, pairs: null });
        const diagonal =
          matrix.reduce((sum, value, at) => sum + (at % (inputs + 1) === 0 ? value : 0), 0) / inputs;
        const damping = 0.01 * diagonal * inputs * step ** 2;
        const [old, found] = [before, quantized.data].map((data) => outputError(values, data, step, matrix));
        expect(found).toBeLessThanOrEqual(old! + damping);
        values.forEach((value, k) => {
          expect(Math.abs(quantized.data[k]! * step - value)).toBeLessThanOrEqual(step * 1.0001);
        });
      }),
    );
  });

  it('keeps the pairs that the kernel adds within bounds', () => {
    const dims = [4, 16, 1, 1];
    const values = floats(64, 3);
    const pairs = reductionOrder(convLayout(dims))!;
    const quantized = quantizeWeight(values, dims, { type: 'int8', axis: 0, symmetric: true, pairs });
    const moments = { inputs: 16, covariances: [covariance(16, 5)] };
    roundAdaptively(values, quantized, { moments, pairs });
    for (let channel = 0; channel < 4; channel++) {
      expect(largestPairSum(Float32Array.from(quantized.data), pairs, channel)).toBeLessThanOrEqual(
        MAX_PAIR_SUM,
      );
    }
  });

  it('sees through strides, padding and groups what the convolution sees', async () => {
    const attributes = {
      pads: { ints: [1, 1, 1, 1] },
      strides: { ints: [2, 2] },
      group: { int: 2 },
    };
    const node = makeNode('Conv', ['x', 'w'], ['y'], { attributes });
    const model = smallModel({ nodes: [node], initializers: [weight('w', [6, 2, 3, 3])] });
    // Channels are constant: away from the border every position looks alike, and the covariance there is nothing but the border's.
    const data = new Float32Array(256).map((_, i) => Math.floor(i / 64) + 1);
    const samples: Feeds[] = [{ x: { type: 'float32', dims: [1, 4, 8, 8], data } }];
    const moments = await momentsOf(model, samples);
    expect(moments.inputs).toBe(18);
    expect(moments.covariances).toHaveLength(2);
    // The kernel's middle never leaves the image; its corner does.
    const variance = (group: number, k: number) => wholeOf(moments.covariances[group]!)[k * 18 + k]!;
    expect(variance(0, 4)).toBeCloseTo(0, 4);
    expect(variance(0, 0)).toBeGreaterThan(0.05);
    expect(variance(1, 0)).toBeGreaterThan(variance(0, 0));
  });

  it('looks at every image in its own places, however large it is', async () => {
    const model = smallModel({
      inputs: [floatValue('x', [1, 2, 'height', 'width'])],
      nodes: [makeNode('Conv', ['x', 'w'], ['y'])],
      initializers: [weight('w', [3, 2, 1, 1])],
    });
    const sizes = [
      [4, 8],
      [6, 6],
      [8, 4],
      [2, 3],
    ] as const;
    const samples: Feeds[] = sizes.map(([height, width], index) => {
      const data = floats(2 * height * width, index + 1);
      return { x: { type: 'float32', dims: [1, 2, height, width], data } };
    });
    const covariance = wholeOf((await momentsOf(model, samples)).covariances[0]!);
    // So few positions are all looked at.
    const pixels = samples.flatMap(({ x }) => {
      const plane = x!.data.length / 2;
      return [...(x!.data as Float32Array).subarray(0, plane)].map((value, at) => [
        value,
        (x!.data as Float32Array)[plane + at]!,
      ]);
    });
    const mean = (of: (pixel: number[]) => number) =>
      pixels.reduce((sum, pixel) => sum + of(pixel), 0) / pixels.length;
    for (const [i, j] of [
      [0, 0],
      [0, 1],
      [1, 1],
    ] as const) {
      const expected =
        mean((pixel) => pixel[i]! * pixel[j]!) - mean((pixel) => pixel[i]!) * mean((pixel) => pixel[j]!);
      expect(covariance[i * 2 + j]).toBeCloseTo(expected, 4);
    }
  });

  it('sees the same where it takes a small image whole, of one sample and of several', async () => {
    const shape = [2, 4, 5, 6];
    const attributes = {
      pads: { ints: [2, 2, 2, 2] },
      strides: { ints: [2, 1] },
      group: { int: 2 },
    };
    const model = smallModel({
      inputs: [floatValue('x', shape)],
      nodes: [makeNode('Conv', ['x', 'w'], ['y'], { attributes })],
      initializers: [weight('w', [6, 2, 5, 5])],
    });
    const types = new Map([['x', { dataType: DataType.FLOAT, shape }]]);
    for (const count of [1, 3, MOMENTS_SAMPLES + 1]) {
      const samples = samplesOf(shape, count);
      const gathered = await momentsOf(model, samples);
      expect(await momentsOf(model, samples, { types })).toEqual(gathered);
      expect(wholeOf(gathered.covariances[1]!).some((value) => value > 0)).toBe(true);
    }
  });

  it('holds half of a large covariance, and the mean of several where readers share a weight', async () => {
    const [channels, samples] = [400, samplesOf([1, 400, 3, 4], 5)];
    const model = smallModel({
      inputs: [floatValue('x', [1, channels, 3, 4])],
      nodes: [makeNode('Conv', ['x', 'w'], ['y'])],
      initializers: [weight('w', [2, channels, 1, 1])],
    });
    const [covariance] = (await momentsOf(model, samples)).covariances as [BandedMatrix];
    expect(covariance).toBeInstanceOf(BandedMatrix);
    const whole = covariance.whole();
    const vectors = samples.flatMap(({ x }) =>
      Array.from({ length: 12 }, (_, at) =>
        Float64Array.from({ length: channels }, (_, row) => (x!.data as Float32Array)[row * 12 + at]!),
      ),
    );
    const mean = (of: (vector: Float64Array) => number) =>
      vectors.reduce((sum, vector) => sum + of(vector), 0) / vectors.length;
    const places = [0, 99, 100, 250, 399];
    for (const [i, j] of places.flatMap((i) => places.map((j) => [i, j] as const))) {
      const expected =
        mean((vector) => vector[i]! * vector[j]!) -
        mean((vector) => vector[i]!) * mean((vector) => vector[j]!);
      expect(whole[i * channels + j]).toBeCloseTo(expected, 5);
    }
    // Of one with as many zeros: half of it.
    const half = wholeOf(meanCovariance([covariance, new BandedMatrix(channels)]));
    expect(half).toEqual(whole.map((value) => value / 2));
  });

  it('takes them from the first samples of the pass that gives the ranges', async () => {
    const shape = [1, 2, 6, 6];
    const model = smallModel({
      inputs: [floatValue('x', shape)],
      nodes: [makeNode('Conv', ['x', 'w'], ['y'])],
      initializers: [weight('w', [3, 2, 3, 3])],
    });
    const samples = samplesOf(shape, MOMENTS_SAMPLES + 3);
    const alone = await momentsOf(model, samples.slice(0, MOMENTS_SAMPLES));
    const largest: number[] = [];
    const together = await momentsOf(model, samples, {
      pass: async (observer) => {
        const data = { model, tensors: ['x'], types: new Map(), dataset: dataset(samples) };
        await calibrateChoices({ ...data, context: { runtime, log: SILENT }, observers: [observer] }, [100], {
          folds: 2,
          onSample: (_, [one]) => largest.push(one!),
        });
      },
    });
    expect(together).toEqual(alone);
    // The others are read for their ranges as before.
    expect(largest).toHaveLength(samples.length);
  });

  /** 32 channels that are mixtures of 4. */
  const mixed = () =>
    smallModel({
      nodes: [
        conv('x', 'c', { weight: 'w' }),
        makeNode('Conv', ['c', 'v'], ['d'], { name: 'd' }),
        makeNode('Relu', ['d'], ['r']),
        makeNode('Conv', ['r', 'u'], ['y'], { name: 'y' }),
      ],
      initializers: [
        weight('w', [32, 4, 3, 3]),
        weight('v', [32, 32, 1, 1], 3),
        weight('u', [4, 32, 1, 1], 4),
      ],
    });

  it('is done beside the preset tensorrt, too, where it is asked for', async () => {
    const [nearest, adaptive] = await Promise.all(
      (['nearest', 'adaptive'] as const).map(async (rounding) => {
        using place = scratch();
        const { file } = await quantizeSmall(mixed(), place, { preset: 'tensorrt', rounding });
        const { graph } = readModel(file);
        const layers = graph.nodes.filter(({ opType }) => opType === 'Conv');
        return layers.map(({ input }) => [...graph.constant(graph.producer(input[1]!)!.input[0]!)!.rawData!]);
      }),
    );
    expect(nearest).toHaveLength(3);
    nearest!.forEach((integers, layer) => {
      const moved = integers.filter((value, at) => value !== adaptive![layer]![at]).length;
      expect(moved / integers.length, `layer ${layer}`).toBeGreaterThan(0.02);
    });
  });

  it('takes a convolution that reads a photograph, whose three channels are padded to four', async () => {
    // Pixels beside each other are alike: errors of weights that cancel out hardly show.
    const smooth = samplesOf([1, 3, 12, 12], 12).map(({ x }) => {
      const data = (x!.data as Float32Array).map((value, at) => value * 0.1 + ((at % 144) * 7) / 144);
      return { x: { ...x!, data } };
    });
    const errors: number[] = [];
    for (const rounding of ['nearest', 'adaptive'] as const) {
      using place = scratch();
      const model = smallModel({
        inputs: [floatValue('x', [1, 3, 12, 12])],
        nodes: [conv('x', 'c', { weight: 'w' }), conv('c', 'y', { weight: 'v' })],
        initializers: [weight('w', [16, 3, 3, 3]), weight('v', [16, 16, 1, 1], 2)],
      });
      const { float, file } = await quantizeSmall(model, place, {
        rounding,
        equalization: false,
        samples: smooth.slice(0, 11),
      });
      const { graph } = readModel(file);
      const first = graph.nodes.find(({ opType }) => opType === 'Conv')!;
      const integers = graph.producer(first.input[1]!)!.input[0]!;
      expect(graph.dims(integers)).toEqual([16, 4, 3, 3]);
      const scale = graph.constantValues(graph.producer(first.input[1]!)!.input[1]!) as Float32Array;
      const codes = graph.constantValues(integers) as Int8Array;
      const weights = readModel(float).graph.floats('w');
      // What a channel's errors add up to is what smooth images show.
      errors.push(
        scale.reduce((total, step, channel) => {
          const found = codes.subarray(channel * 36, channel * 36 + 27);
          const sum = found.reduce((error, code, k) => error + code * step - weights[channel * 27 + k]!, 0);
          return total + Math.abs(sum / step);
        }, 0) / scale.length,
      );
      expect(codes.filter((code, at) => at % 36 >= 27 && code !== 0)).toHaveLength(0);
    }
    expect(errors[1]).toBeLessThan(errors[0]! / 2);
  });

  it('brings the quantized model nearer where inputs are correlated', async () => {
    const found: number[] = [];
    for (const rounding of ['nearest', 'adaptive'] as const) {
      using place = scratch();
      const { float, file } = await quantizeSmall(mixed(), place, { rounding });
      const feeds = samplesOf([1, 4, 8, 8], 30).at(-1)!;
      const [before, after] = [await run(float, feeds), await run(file, feeds)];
      found.push(sqnr(before.y!.data as Float32Array, after.y!.data as Float32Array));
    }
    expect(found[1]).toBeGreaterThan(found[0]!);
  });
});

describe('adaptive rounding by products of matrices', () => {
  it('comes as near as one weight after the other does, within a quantum of every weight', async () => {
    const [inputs, outputs] = [64, 24];
    const values = floats(inputs * outputs, 3);
    const matrix = covariance(inputs, 9);
    const moments = { inputs, covariances: [matrix] };
    const quantized = () =>
      quantizeWeight(values, [outputs, inputs, 1, 1], { type: 'int8', axis: 0, symmetric: true });
    const [nearest, slow, fast] = [quantized(), quantized(), quantized()];
    roundAdaptively(values, slow, { moments, pairs: null });
    expect(isFitted(fast, { moments, pairs: null })).toBe(true);
    await withMatrices({ runtime }, (matrices) =>
      fitIntegers(values, fast, { moments, pairs: null, matrices }),
    );
    const errorOf = ({ data, scale }: ReturnType<typeof quantized>) =>
      Array.from({ length: outputs }, (_, output) => {
        const at = output * inputs;
        const own = values.subarray(at, at + inputs);
        return outputError(own, data.subarray(at, at + inputs), scale[output]!, matrix);
      }).reduce((sum, error) => sum + error, 0);
    expect(errorOf(fast)).toBeLessThan(errorOf(nearest) / 2);
    expect(errorOf(fast)).toBeLessThan(errorOf(slow) * 1.1);
    values.forEach((value, at) => {
      const step = fast.scale[Math.floor(at / inputs)]!;
      expect(Math.abs(fast.data[at]! * step - value)).toBeLessThanOrEqual(step * 1.0001);
    });
    expect(matrix).toEqual(covariance(inputs, 9));
  });

  it('is what int8-static does by default, where it helps; a note says how much', async () => {
    using place = scratch();
    using other = scratch();
    // Many inputs that go together: rounding one weight can make another good.
    const model = () =>
      smallModel({
        nodes: [
          conv('x', 'a', { weight: 'k1' }),
          makeNode('Relu', ['a'], ['r']),
          conv('r', 'y', { weight: 'k2' }),
        ],
        initializers: [weight('k1', [32, 4, 3, 3]), weight('k2', [16, 32, 3, 3], 2)],
      });
    const { result } = await quantizeSmall(model(), place);
    const nearest = await quantizeSmall(model(), other, { rounding: 'nearest' });
    expect(result.provenance.recovery).toMatchObject({ adaptiveRounding: true });
    expect(nearest.result.provenance.recovery).toMatchObject({ adaptiveRounding: false });
    const told = result.notes.find(({ code }) => code === 'quantize.adaptive-rounding');
    expect(told?.message).toMatch(/\d\.\d dB nearer/);
    expect(nearest.result.notes.filter(({ code }) => code === 'quantize.adaptive-rounding')).toEqual([]);
    // The samples that prove the file would be the ones that the weights follow.
    const few = await quantizeSmall(model(), other, { samples: samplesOf([1, 4, 8, 8], 7) });
    expect(few.result.provenance.recovery).toMatchObject({ adaptiveRounding: false });
  });

  it('is not claimed for a model without convolutions, and a note says so where it was asked for', async () => {
    using place = scratch();
    const product = smallModel({
      inputs: [floatValue('x', ['rows', 64])],
      nodes: [makeNode('MatMul', ['x', 'w'], ['y'], { name: 'product' })],
      initializers: [weight('w', [64, 64])],
    });
    const samples = samplesOf([4, 64], 8);
    const asked = await quantizeSmall(product, place, { samples, rounding: 'adaptive' });
    const recovery = { adaptiveRounding: false, biasCorrection: false };
    expect(asked.result.provenance.recovery).toMatchObject(recovery);
    expect(asked.result.notes.map(({ message }) => message)).toContainEqual(
      expect.stringContaining('`rounding: adaptive` is not in use: no convolution'),
    );
    using other = scratch();
    const byDefault = await quantizeSmall(product, other, { samples });
    expect(byDefault.result.provenance.recovery).toMatchObject(recovery);
    expect(byDefault.result.notes.map(({ code }) => code)).not.toContain('quantize.ignored-option');
  });
});
