import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { quantizeBias, smallestWeightScale } from '../../../src/quantize/integers/bias.js';
import {
  MAX_PAIR_SUM,
  type ReductionOrder,
  reductionOrder,
} from '../../../src/quantize/integers/saturation.js';
import { quantizeWeight } from '../../../src/quantize/integers/weights.js';
import { convLayout, matrixLayout, transposedLayout } from '../layouts.js';
import { floats, sqnr } from '../small-models.js';

function pairSums(data: ArrayLike<number>, order: ReductionOrder): number[] {
  const sums: number[] = [];
  for (let channel = 0; channel < order.channels; channel++) {
    const base = channel * order.channelStride;
    for (let k = 0; k + 1 < order.offsets.length; k += 2) {
      sums.push(data[base + order.offsets[k]!]! + data[base + order.offsets[k + 1]!]!);
    }
  }
  return sums;
}

const dequantized = (q: ReturnType<typeof quantizeWeight>, inner: number): Float32Array =>
  Float32Array.from(q.data, (value, i) => value * q.scale[Math.floor(i / inner)]!);

describe('weights', () => {
  it('have one symmetric scale per output channel, and the largest value reaches ±127', () => {
    const values = floats(4 * 6, 3);
    const q = quantizeWeight(values, [4, 6], { type: 'int8', axis: 0, symmetric: true });
    expect(q.scale).toHaveLength(4);
    expect([...q.zeroPoint]).toEqual([0, 0, 0, 0]);
    for (let row = 0; row < 4; row++) {
      expect(Math.max(...q.data.subarray(row * 6, row * 6 + 6).map(Math.abs))).toBe(127);
    }
  });

  it('of a zero channel get scale 1 and zeros', () => {
    const q = quantizeWeight(new Float32Array(6), [2, 3], { type: 'int8', axis: 0, symmetric: true });
    expect([...q.scale]).toEqual([1, 1]);
    expect([...q.data]).toEqual([0, 0, 0, 0, 0, 0]);
  });

  it('with NaN are refused', () => {
    expect(() =>
      quantizeWeight(Float32Array.of(1, Number.NaN), [2], { type: 'int8', axis: null, symmetric: true }),
    ).toThrow(/can't be quantized/);
    expect(() =>
      quantizeWeight(Float32Array.of(1, 2, Number.POSITIVE_INFINITY, 3), [2, 2], {
        type: 'int8',
        axis: 0,
        symmetric: true,
      }),
    ).toThrow(/can't be quantized/);
  });

  it('are rounded by the scales that widening left', () => {
    const values = floats(12, 4);
    const options = { type: 'int8', axis: 0, symmetric: true } as const;
    const plain = quantizeWeight(values, [3, 4], options);
    const widened = quantizeWeight(values, [3, 4], {
      ...options,
      widen: (scales) => scales.map((scale) => 2 * scale),
    });
    expect(widened.scale).toEqual(plain.scale.map((scale) => 2 * scale));
    expect(widened).toEqual(quantizeWeight(values, [3, 4], { ...options, smallestScale: widened.scale }));
  });

  it('along the last axis equal those of the transposed matrix', () => {
    const values = floats(15, 9);
    const transposed = Float32Array.from({ length: 15 }, (_, i) => values[(i % 5) * 3 + Math.floor(i / 5)]!);
    const last = quantizeWeight(values, [5, 3], { type: 'int8', axis: 1, symmetric: true });
    const first = quantizeWeight(transposed, [3, 5], { type: 'int8', axis: 0, symmetric: true });
    expect(last.scale).toEqual(first.scale);
    expect(last.data[1 * 3 + 2]).toBe(first.data[2 * 5 + 1]);
  });
});

describe('saturation-safe weights', () => {
  const shapes = fc.record({
    channels: fc.integer({ min: 1, max: 5 }),
    depth: fc.integer({ min: 1, max: 7 }),
    kernel: fc.integer({ min: 1, max: 3 }),
    seed: fc.integer({ min: 1, max: 1e6 }),
  });

  it('never let two neighbours of the reduction add up to more than 128 (Conv, any channel count)', () => {
    fc.assert(
      fc.property(shapes, ({ channels, depth, kernel, seed }) => {
        const dims = [channels, depth, kernel, kernel];
        const values = floats(channels * depth * kernel * kernel, seed);
        const pairs = reductionOrder(convLayout(dims))!;
        const { data } = quantizeWeight(values, dims, { type: 'int8', axis: 0, symmetric: true, pairs });
        return pairSums(data, pairs).every((sum) => Math.abs(sum) <= MAX_PAIR_SUM);
      }),
    );
  });

  it('never do for MatMul, per tensor or per column', () => {
    fc.assert(
      fc.property(shapes, fc.boolean(), ({ channels, depth, seed }, perChannel) => {
        const dims = [depth, channels];
        const pairs = reductionOrder(matrixLayout(dims))!;
        const options = { type: 'int8', axis: perChannel ? 1 : null, symmetric: true, pairs } as const;
        const { data } = quantizeWeight(floats(channels * depth, seed), dims, options);
        return pairSums(data, pairs).every((sum) => Math.abs(sum) <= MAX_PAIR_SUM);
      }),
    );
  });

  it('pair Conv weights in the order (kernel row, kernel column, input channel)', () => {
    // Two input channels, kernel 1×2: flat [c0k0, c0k1, c1k0, c1k1]; the kernel adds (c0k0, c1k0) and (c0k1, c1k1).
    const { offsets } = reductionOrder(convLayout([1, 2, 1, 2]))!;
    expect([...offsets]).toEqual([0, 2, 1, 3]);
  });

  it('leave depthwise weights alone: their kernels add no pairs', () => {
    expect(reductionOrder(convLayout([8, 1, 3, 3], 8))).toBeNull();
  });

  it('lose much less than 7-bit weights do', () => {
    const [channels, inner] = [16, 256];
    const values = Float32Array.from(floats(channels * inner, 4), (value, i) => value ** 3 * (1 + (i % 5)));
    const dims = [channels, inner];
    const base = { type: 'int8', axis: 0, symmetric: true } as const;
    const full = sqnr(values, dequantized(quantizeWeight(values, dims, base), inner));
    const pairs = reductionOrder(transposedLayout(dims))!;
    const safe = sqnr(values, dequantized(quantizeWeight(values, dims, { ...base, pairs }), inner));
    const reduced = sqnr(
      values,
      dequantized(quantizeWeight(values, dims, { ...base, reduceRange: true }), inner),
    );
    expect(full - safe).toBeLessThan((full - reduced) / 2);
  });
});

describe('bias', () => {
  it('is int32 in units of input scale · weight scale', () => {
    const { data, scale } = quantizeBias(Float32Array.of(1, -2), 0.5, Float32Array.of(0.25, 0.125));
    expect([...scale]).toEqual([0.125, 0.0625]);
    expect([...data]).toEqual([8, -32]);
  });

  it('never overflows: the weight scale grows where the bias needs it', () => {
    fc.assert(
      fc.property(
        fc.float({ min: Math.fround(-1e4), max: Math.fround(1e4), noNaN: true }),
        fc.float({ min: Math.fround(1e-6), max: 1, noNaN: true }),
        fc.float({ min: Math.fround(1e-12), max: 1, noNaN: true }),
        (bias, inputScale, weightScale) => {
          const biases = Float32Array.of(bias);
          const [smallest] = smallestWeightScale(biases, inputScale, 1);
          const scale = Float32Array.of(Math.max(weightScale, smallest!));
          const quantized = quantizeBias(biases, inputScale, scale);
          const back = quantized.data[0]! * quantized.scale[0]!;
          expect(Math.abs(back - bias)).toBeLessThanOrEqual(
            quantized.scale[0]! * 0.51 + Math.abs(bias) * 1e-6,
          );
        },
      ),
    );
  });
});
