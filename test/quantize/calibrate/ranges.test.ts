import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SILENT } from '../../../src/log.js';
import { makeNode } from '../../../src/onnx/build.js';
import { calibrateChoices, calibrateRanges } from '../../../src/quantize/calibrate/calibrate.js';
import { entropyRange } from '../../../src/quantize/calibrate/entropy.js';
import { BINS_PER_SIDE, Histogram } from '../../../src/quantize/calibrate/histogram.js';
import {
  collectFolds,
  collectHistograms,
  type ObservedTensor,
} from '../../../src/quantize/calibrate/histograms.js';
import { AVERAGING_CONSTANT, calibrateMinMax } from '../../../src/quantize/calibrate/minmax.js';
import { mseRange } from '../../../src/quantize/calibrate/mse.js';
import { percentileRange } from '../../../src/quantize/calibrate/percentile.js';
import { computeScale, dequantizeValue, quantizeValue } from '../../../src/quantize/integers/scale.js';
import { inferTypes } from '../../../src/quantize/prepare/prepare.js';
import type { Feeds } from '../../../src/tensor/tensor.js';
import { conv, dataset, floats, floatValue, runtime, smallModel, weight } from '../small-models.js';

const CONTEXT = { runtime, log: SILENT };

function observed(values: Float32Array): ObservedTensor {
  const histogram = new Histogram();
  histogram.add(values);
  return { range: { min: Math.min(...values), max: Math.max(...values) }, histogram };
}

/** Mean squared error of quantizing the values with a range. */
function meanSquaredError(values: Float32Array, { min, max }: { min: number; max: number }): number {
  const parameters = computeScale(min, max, { type: 'uint8' });
  let sum = 0;
  for (const value of values) {
    sum += (dequantizeValue(quantizeValue(value, parameters, 'uint8'), parameters) - value) ** 2;
  }
  return sum / values.length;
}

/** Bell-shaped values with a few far out. */
function heavyTailed(length: number, seed = 3): Float32Array {
  const [a, b, c] = [floats(length, seed), floats(length, seed + 1), floats(length, seed + 2)];
  return Float32Array.from(a, (value, i) => (value + b[i]! + c[i]!) * (i % 997 === 0 ? 12 : 1));
}

describe('the histogram', () => {
  const values = fc.array(fc.float({ min: -1000, max: 1000, noNaN: true }), { minLength: 1, maxLength: 200 });

  it('counts the same however the values are cut into batches of the same first extreme', () => {
    fc.assert(
      fc.property(values, fc.nat(200), (list, cut) => {
        const all = Float32Array.from([1500, ...list]);
        const [whole, parts] = [new Histogram(), new Histogram()];
        whole.add(all);
        parts.add(all.subarray(0, 1 + (cut % list.length)));
        parts.add(all.subarray(1 + (cut % list.length)));
        expect(parts.counts).toEqual(whole.counts);
        expect(parts.zeros).toBe(whole.zeros);
      }),
    );
  });

  it('of parts on one grid is, merged, that of the whole', () => {
    fc.assert(
      fc.property(values, fc.nat(200), (list, cut) => {
        const grid = { firstWidth: 0 };
        const parts = [new Histogram(grid), new Histogram(grid)];
        const whole = new Histogram();
        const at = cut % list.length;
        for (const [part, from] of [list.slice(0, at), list.slice(at)].entries()) {
          whole.add(Float32Array.from(from));
          parts[part]!.add(Float32Array.from(from));
        }
        const merged = Histogram.merged(parts);
        expect(merged.counts).toEqual(whole.counts);
        expect(merged.width).toBe(whole.width);
        expect([merged.zeros, merged.total]).toEqual([whole.zeros, whole.total]);
      }),
    );
  });

  it('counts many values at once as it counts few, with zeros and what is not finite among them', () => {
    const many = heavyTailed(6000).map((value, i) => (i % 5 === 0 ? 0 : i % 7 === 0 ? -0 : value));
    for (const odd of [[], [Number.NaN], [Number.POSITIVE_INFINITY, Number.NaN, Number.NEGATIVE_INFINITY]]) {
      const all = Float32Array.from([100, ...many, ...odd]);
      const [whole, parts] = [new Histogram(), new Histogram()];
      whole.add(all, 100);
      for (let at = 0; at < all.length; at += 500) parts.add(all.subarray(at, at + 500));
      expect(whole).toEqual(parts);
      expect(whole.total).toBe(6001);
    }
  });

  it('counts the same where it is told how large the values can be', () => {
    fc.assert(
      fc.property(values, values, (first, second) => {
        const [told, untold] = [new Histogram(), new Histogram()];
        for (const list of [first, second]) {
          const batch = Float32Array.from(list);
          told.add(batch, Math.max(...batch.map(Math.abs)));
          untold.add(batch);
        }
        expect(told).toEqual(untold);
      }),
    );
  });

  it('loses no value when it grows, and keeps every value in a bin that holds it', () => {
    fc.assert(
      fc.property(values, (list) => {
        const histogram = new Histogram();
        for (const value of list) histogram.add(Float32Array.of(value));
        const counted = histogram.counts.reduce((sum, count) => sum + count, 0);
        expect(counted + histogram.zeros).toBe(list.length);
        for (const value of list.filter((one) => one !== 0)) {
          expect(histogram.counts[Math.floor(value / histogram.width) + BINS_PER_SIDE]).toBeGreaterThan(0);
        }
      }),
    );
  });

  it('leaves out what is not finite', () => {
    const histogram = new Histogram();
    histogram.add(Float32Array.of(1, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 2));
    expect(histogram.total).toBe(2);
  });
});

describe('percentile', () => {
  it('cuts the tail of a tensor of one sign, and both tails of others', () => {
    const ramp = Float32Array.from({ length: 10_000 }, (_, i) => i + 1);
    expect(percentileRange(observed(ramp), 99).max / 9_900).toBeCloseTo(1, 2);
    const both = Float32Array.from({ length: 10_000 }, (_, i) => i - 4_999.5);
    const { min, max } = percentileRange(observed(both), 99);
    expect(max / 4_950).toBeCloseTo(1, 2);
    expect(min / -4_950).toBeCloseTo(1, 2);
  });

  it('of 100 is the whole range', () => {
    const tensor = observed(heavyTailed(5000));
    expect(percentileRange(tensor, 100)).toEqual(tensor.range);
  });
});

describe('mse', () => {
  it('finds a range whose quantizer really errs less than the whole range does', () => {
    const values = heavyTailed(20_000);
    const tensor = observed(values);
    const found = mseRange(tensor);
    expect(found.max).toBeLessThan(tensor.range.max);
    expect(meanSquaredError(values, found)).toBeLessThan(0.97 * meanSquaredError(values, tensor.range));
  });

  it('is within 3 % of the best symmetric range found by trying them all', () => {
    const values = heavyTailed(20_000, 8);
    const tensor = observed(values);
    let best = Number.POSITIVE_INFINITY;
    for (let i = 1; i <= 100; i++) {
      const limit = (Math.max(-tensor.range.min, tensor.range.max) * i) / 100;
      best = Math.min(best, meanSquaredError(values, { min: -limit, max: limit }));
    }
    expect(meanSquaredError(values, mseRange(tensor))).toBeLessThan(1.03 * best);
  });

  it('keeps the whole range of evenly spread values', () => {
    const tensor = observed(floats(20_000, 4));
    expect(mseRange(tensor).max).toBeGreaterThan(0.98 * tensor.range.max);
  });
});

describe('entropy', () => {
  it('clips a far tail and keeps evenly spread values', () => {
    const tailed = observed(heavyTailed(50_000));
    expect(entropyRange(tailed).max).toBeLessThan(0.9 * tailed.range.max);
    const flat = observed(floats(50_000, 4));
    expect(entropyRange(flat).max).toBeGreaterThan(0.9 * flat.range.max);
  });

  it('never passes the true extremes', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e6 }), (seed) => {
        const tensor = observed(heavyTailed(500, seed));
        const { min, max } = entropyRange(tensor);
        return min >= tensor.range.min && max <= tensor.range.max && max > min;
      }),
      { numRuns: 20 },
    );
  });
});

describe('ranges observed in the graph', () => {
  const model = smallModel({
    inputs: [floatValue('x', ['n', 4, 'h', 'w'])],
    nodes: [conv('x', 'c', { weight: 'w' }), makeNode('Relu', ['c'], ['r']), makeNode('Neg', ['r'], ['y'])],
    initializers: [weight('w', [8, 4, 3, 3], 2)],
  });
  const images = (count: number): Feeds[] =>
    Array.from({ length: count }, (_, i) => {
      // Every image has a size of its own.
      const dims = [1, 4, 5 + (i % 4), 6 + (i % 3)];
      return {
        x: {
          type: 'float32',
          dims,
          data: floats(
            dims.reduce((a, b) => a * b),
            i + 1,
            1 + i / 10,
          ),
        },
      };
    });
  const request = (samples: Feeds[]) => ({
    model,
    tensors: ['x', 'c', 'r'],
    dataset: dataset(samples),
    context: { runtime, log: SILENT },
  });

  it('are the extremes over all samples, whatever their shapes', async () => {
    const samples = images(12);
    const ranges = await calibrateMinMax(request(samples));
    const all = samples.flatMap(({ x }) => [...(x!.data as Float32Array)]);
    expect(ranges.get('x')).toEqual({ min: Math.min(...all), max: Math.max(...all) });
    expect(ranges.get('r')).toEqual({ min: 0, max: ranges.get('c')!.max });
  });

  it('move by a hundredth per batch as a moving average', async () => {
    const samples = images(3);
    const [first, second, third] = samples.map(({ x }) => Math.max(...(x!.data as Float32Array))) as [
      number,
      number,
      number,
    ];
    const averaged = (await calibrateMinMax(request(samples), 'moving-average')).get('x')!.max;
    const step = (old: number, value: number) => old + AVERAGING_CONSTANT * (value - old);
    expect(averaged).toBeCloseTo(step(step(first, second), third), 6);
  });

  it('keep infinity, so that such a tensor stays float', async () => {
    const data = floats(4 * 5 * 6);
    data[7] = Number.POSITIVE_INFINITY;
    const ranges = await calibrateMinMax(request([{ x: { type: 'float32', dims: [1, 4, 5, 6], data } }]));
    const { min, max } = ranges.get('x')!;
    expect(Number.isFinite(min) && Number.isFinite(max)).toBe(false);
  });

  it('come with whole histograms of small tensors and thinned ones of large tensors', async () => {
    const dims = [1, 4, 160, 160];
    const samples = [{ x: { type: 'float32' as const, dims, data: floats(4 * 160 * 160, 5) } }, ...images(2)];
    const types = await inferTypes(model, {
      context: { runtime },
      inputShapes: new Map([['x', dims]]),
    });
    const found = await collectHistograms({ ...request(samples), types });
    const { histogram, range } = found.get('x')!;
    expect(histogram.total).toBeLessThan(25_000);
    expect(histogram.total).toBeGreaterThan(4_000);
    expect(range.max).toBe(Math.max(...samples.flatMap(({ x }) => [...(x!.data as Float32Array)])));
    const small = await collectHistograms({ ...request(images(2)), types: new Map() });
    expect(small.get('x')!.histogram.total).toBe(images(2).reduce((sum, { x }) => sum + x!.data.length, 0));
  });

  it('of parts are those that a pass over each alone gives', async () => {
    const all = images(12);
    const types = await inferTypes(model, { context: { runtime } });
    // Two without anything in common, and one that has samples of both.
    const parts = [3, 1, 2].map((place) => ({
      has: (index: number) => (place === 2 ? index % 3 === place : index % 4 !== place),
    }));
    const together = await collectFolds(
      { ...request(all), types },
      { folds: 2, parts, onSample: () => undefined },
    );
    for (const [at, { has }] of parts.entries()) {
      const alone = await collectHistograms({ ...request(all.filter((_, index) => has(index))), types });
      for (const [name, { range, histogram }] of alone) {
        const found = together.parts[at]!.get(name)!;
        expect(found.range).toEqual(range);
        const [clipped, expected] = [found, { range, histogram }].map((one) => percentileRange(one, 99));
        // Bins are as wide as the first sample of all says: that of the last part is another.
        if (has(0)) expect(clipped).toEqual(expected);
        else expect(clipped!.max).toBeCloseTo(expected!.max, 2);
        expect([found.histogram.total, found.histogram.zeros]).toEqual([histogram.total, histogram.zeros]);
      }
    }
    const whole = await collectHistograms({ ...request(all), types });
    for (const [name, { histogram }] of whole)
      expect(together.all.get(name)!.histogram.counts).toEqual(histogram.counts);
  });

  it('take no more memory for a thousand samples than for ten', async () => {
    const types = new Map();
    const bytes = async (count: number): Promise<number> => {
      const found = await collectHistograms({ ...request(images(count)), types });
      return [...found.values()].reduce((sum, { histogram }) => sum + histogram.counts.byteLength, 0);
    };
    expect(await bytes(1000)).toBe(await bytes(10));
  });
});

describe('a percentile of 100', () => {
  it('is the extremes, of tensors that are too large to be counted whole, too', async () => {
    const dims = [1, 4, 160, 160];
    const model = smallModel({
      inputs: [floatValue('x', dims)],
      nodes: [conv('x', 'y', { weight: 'w' })],
      initializers: [weight('w', [8, 4, 3, 3])],
    });
    const types = await inferTypes(model, { context: { runtime } });
    const data = floats(4 * 160 * 160, 3);
    // A histogram of every n-th value passes over them.
    [data[50_001], data[70_001]] = [41, -31];
    const samples = [{ x: { type: 'float32' as const, dims, data } }];
    const request = { model, types, tensors: ['x'], dataset: dataset(samples), context: CONTEXT };
    const ranges = await calibrateRanges(request, {
      calibrator: 'percentile',
      percentile: 100,
      symmetric: null,
    });
    expect(ranges.get('x')).toEqual({ min: -31, max: 41 });
  });
});

describe('ranges that a choice is made of', () => {
  it('are those that a calibrator which is asked for gives, with the zero in the middle, too', async () => {
    const model = smallModel({
      inputs: [floatValue('x', [1, 4, 8, 8])],
      nodes: [conv('x', 'y', { weight: 'w' })],
      initializers: [weight('w', [8, 4, 3, 3])],
    });
    const { types, samples } = {
      types: await inferTypes(model, { context: { runtime } }),
      samples: [1, 2, 3, 4].map((seed) => ({
        x: {
          type: 'float32' as const,
          dims: [1, 4, 8, 8],
          data: heavyTailed(256, seed).map((value) => (value < 0 ? 0.4 * value : value)),
        },
      })),
    };
    const request = { model, types, tensors: ['x', 'y'], dataset: dataset(samples), context: CONTEXT };
    for (const symmetric of [false, true]) {
      const onSample = () => {};
      const { all } = await calibrateChoices(request, ['mse', 99], { folds: 2, symmetric, onSample });
      const asked = { symmetric, percentile: 99 } as const;
      expect(all.get('mse')).toEqual(await calibrateRanges(request, { ...asked, calibrator: 'mse' }));
      expect(all.get(99)).toEqual(await calibrateRanges(request, { ...asked, calibrator: 'percentile' }));
    }
  });
});
