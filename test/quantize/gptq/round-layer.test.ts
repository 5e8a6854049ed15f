import { describe, expect, it } from 'vitest';
import { Factors } from '../../../src/quantize/gptq/codes/factor-hessian.js';
import type { Hessian } from '../../../src/quantize/gptq/inputs/hessian.js';
import { withMatrices } from '../../../src/quantize/gptq/matrices/matrices.js';
import { roundLayer } from '../../../src/quantize/gptq/round-layer.js';
import {
  type BlockFormat,
  dequantizeBlocks,
  quantizeBlocks,
} from '../../../src/quantize/integers/block-quantize.js';
import { floats, runtime } from '../small-models.js';

const FOUR: BlockFormat = { bits: 4, blockSize: 32, symmetric: false };
const EIGHT: BlockFormat = { bits: 8, blockSize: 32, symmetric: true };

/** Of inputs that go together: each the sum of a few hidden ones, as in real layers. */
function correlated(size: number, rows: number, hidden = 8): Hessian {
  const mix = floats(hidden * size, 21);
  const causes = floats(rows * hidden, 22);
  const own = floats(rows * size, 23, 0.1);
  const values = new Float32Array(size * size);
  for (let row = 0; row < rows; row++) {
    const x = Float32Array.from({ length: size }, (_, k) => {
      let sum = own[row * size + k]!;
      for (let h = 0; h < hidden; h++) sum += causes[row * hidden + h]! * mix[h * size + k]!;
      return sum;
    });
    for (let i = 0; i < size; i++)
      for (let j = 0; j < size; j++) values[i * size + j]! += (x[i]! * x[j]!) / rows;
  }
  return { size, values, rows };
}

const round = (weights: Float32Array, hessian: Hessian, format: BlockFormat, refines = true) =>
  withMatrices(
    { runtime },
    async (matrices) =>
      await roundLayer(weights, { format, refines, hessian, factors: new Factors(matrices), matrices }),
  );

/** eᵀ H e of each row. */
function rowErrors(weights: Float32Array, made: Float32Array, { size, values }: Hessian): number[] {
  return Array.from({ length: weights.length / size }, (_, row) => {
    let error = 0;
    for (let i = 0; i < size; i++) {
      for (let j = 0; j < size; j++) {
        const [at, other] = [row * size + i, row * size + j];
        error += (weights[at]! - made[at]!) * values[i * size + j]! * (weights[other]! - made[other]!);
      }
    }
    return error;
  });
}

function nearest(weights: Float32Array, { size, values }: Hessian, format: BlockFormat): Float32Array {
  const diagonal = Float32Array.from({ length: size }, (_, k) => values[k * size + k]!);
  return dequantizeBlocks(quantizeBlocks(weights, size, format, { importance: diagonal }), size);
}

describe('weights fitted to what their layer reads', () => {
  it('lose little in 8 bits for not being refined', async () => {
    const hessian = correlated(96, 400);
    const weights = floats(20 * 96, 4);
    const [refined, ordered] = [
      await round(weights, hessian, EIGHT),
      await round(weights, hessian, EIGHT, false),
    ];
    expect(ordered.error).toBeGreaterThan(refined.error);
    expect(ordered.error).toBeLessThan(ordered.nearest / 2);
  });

  it.each([
    [FOUR, 8],
    [{ ...FOUR, symmetric: true }, 8],
    [EIGHT, 5],
  ] as const)('give an output that is far nearer than with the nearest codes: %o', async (format, gain) => {
    const size = 96;
    const hessian = correlated(size, 400);
    const weights = floats(20 * size, 4);
    const { blocks, error, nearest: before } = await round(weights, hessian, format);
    expect(10 * Math.log10(before / error)).toBeGreaterThan(gain);
    const made = dequantizeBlocks(blocks, size);
    const after = rowErrors(weights, made, hessian);
    rowErrors(weights, nearest(weights, hessian, format), hessian).forEach((old, row) => {
      expect(after[row]).toBeLessThanOrEqual(old * 1.001);
    });
    const signal = rowErrors(weights, new Float32Array(weights.length), hessian);
    const total = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0);
    expect(error).toBeCloseTo(total(after) / total(signal), 4);
  });

  it('are nearly the best that there are: against all codes of a small row', async () => {
    const size = 3;
    const hessian = correlated(size, 50, 2);
    for (let seed = 1; seed <= 10; seed++) {
      const weights = floats(size, seed);
      const { blocks } = await round(weights, hessian, FOUR);
      const [scale, zero] = [blocks.scales[0]!, blocks.zeroPoints[0]!];
      let best = Number.POSITIVE_INFINITY;
      for (let all = 0; all < 16 ** size; all++) {
        const made = Float32Array.from({ length: size }, (_, k) => (((all >> (4 * k)) & 15) - zero) * scale);
        best = Math.min(best, rowErrors(weights, made, hessian)[0]!);
      }
      const own = rowErrors(weights, dequantizeBlocks(blocks, size), hessian)[0]!;
      const old = rowErrors(weights, nearest(weights, hessian, FOUR), hessian)[0]!;
      expect(own).toBeLessThanOrEqual(Math.max(2.5 * best, 1e-6) + 0.25 * old);
    }
  });

  it('reach into the last block, which is shorter, and across many rows', async () => {
    const size = 70;
    const hessian = correlated(size, 200);
    const weights = floats(600 * size, 9);
    const { blocks, error, nearest: before } = await round(weights, hessian, FOUR);
    expect(blocks.codes.length).toBe(600 * 96);
    expect(error).toBeLessThan(before / 4);
    const tail = blocks.codes.subarray(70, 96);
    expect(new Set(tail)).toEqual(new Set([blocks.zeroPoints[2]]));
  });

  it.each([
    ['no variety at all: zeros', () => new Float32Array(64 * 64)],
    ['one sample', () => correlated(64, 1).values],
    [
      'inputs that are always 0',
      () => correlated(64, 100).values.map((value, at) => (at % 64 < 16 || at < 16 * 64 ? 0 : value)),
    ],
    [
      'inputs a million times as loud as others',
      () =>
        correlated(64, 100).values.map(
          (value, at) => value * (at % 64 === 5 ? 1e6 : 1) * (at >> 6 === 5 ? 1e6 : 1),
        ),
    ],
  ])('are finite and never worse on data with %s', async (_, make) => {
    const hessian: Hessian = { size: 64, values: make(), rows: 1 };
    const weights = floats(8 * 64, 7);
    const { blocks, error, nearest: before } = await round(weights, hessian, FOUR);
    expect(blocks.scales.every(Number.isFinite)).toBe(true);
    expect(blocks.codes.every((code) => code <= 15)).toBe(true);
    expect(error).toBeLessThanOrEqual(before);
    const made = dequantizeBlocks(blocks, 64);
    const after = rowErrors(weights, made, hessian);
    rowErrors(weights, nearest(weights, hessian, FOUR), hessian).forEach((old, row) => {
      expect(after[row]).toBeLessThanOrEqual(Math.abs(old) * 1.001 + 1e-6);
    });
  });

  it('come to the same bytes every time', async () => {
    const hessian = correlated(64, 100);
    const weights = floats(8 * 64, 7);
    const [a, b] = [await round(weights, hessian, FOUR), await round(weights, hessian, FOUR)];
    expect(a.blocks).toEqual(b.blocks);
  });
});
