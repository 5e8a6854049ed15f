import { describe, expect, it } from 'vitest';
import { Factors } from '../../../../src/quantize/gptq/codes/factor-hessian.js';
import type { Hessian } from '../../../../src/quantize/gptq/inputs/hessian.js';
import { LoudnessError } from '../../../../src/quantize/gptq/inputs/loudness-error.js';
import { shrink } from '../../../../src/quantize/gptq/inputs/shrinkage.js';
import { withMatrices } from '../../../../src/quantize/gptq/matrices/matrices.js';
import { roundLayer } from '../../../../src/quantize/gptq/round-layer.js';
import { dequantizeBlocks } from '../../../../src/quantize/integers/block-quantize.js';
import { floats, runtime } from '../../small-models.js';

const SIZE = 64;
const VECTORS = 40;

/** Vectors of samples of which each uses a few inputs far more than the others, in pairs that go together. */
function samples(count: number, seed: number): Float32Array[][] {
  return Array.from({ length: count }, (_, sample) => {
    const own = floats(SIZE, seed + sample).map((value) => Math.exp(4 * value));
    return Array.from({ length: VECTORS }, (_, row) => {
      const vector = floats(SIZE, seed + 1000 * (sample + 1) + row);
      return vector.map((value, k) => own[k]! * (value + vector[k ^ 1]!));
    });
  });
}

function errorOf(all: readonly (readonly Float32Array[])[]): number {
  const error = new LoudnessError(all[0]![0]!.length);
  for (const vectors of all) {
    for (const vector of vectors) error.add(vector);
    error.nextSample();
  }
  return error.result();
}

function hessianOf(all: readonly (readonly Float32Array[])[]): Hessian {
  const vectors = all.flat();
  const values = new Float32Array(SIZE * SIZE);
  for (const x of vectors) {
    for (let i = 0; i < SIZE; i++)
      for (let j = 0; j < SIZE; j++) values[i * SIZE + j]! += (x[i]! * x[j]!) / vectors.length;
  }
  return { size: SIZE, values, rows: vectors.length, loudnessError: errorOf(all) };
}

describe('how surely samples tell how loud inputs are', () => {
  it('is the standard error of the mean square, from the difference of two halves', () => {
    // 1 and 9, mean 5: the halves differ by 8, the mean of both by half of that.
    expect(errorOf([[Float32Array.of(1, 0)], [Float32Array.of(3, 0)]])).toBeCloseTo(4 / 5, 6);
    expect(errorOf([[Float32Array.of(2, 1)], [Float32Array.of(2, 1)]])).toBe(0);
  });

  it('is not known of one sample, nor of silence', () => {
    expect(errorOf([[Float32Array.of(1), Float32Array.of(3)]])).toBe(0);
    expect(errorOf([[Float32Array.of(0)], [Float32Array.of(0)]])).toBe(0);
  });

  it('is less sure of vectors that come from a few samples than of as many from many', () => {
    const few = samples(4, 1);
    const mixed = Array.from({ length: 4 }, (_, part) =>
      few.flatMap((vectors) => vectors.filter((_, row) => row % 4 === part)),
    );
    expect(errorOf(few)).toBeGreaterThan(2 * errorOf(mixed));
  });

  it('tempers the fit: samples that were not fitted to lose less', async () => {
    const [fitted, others] = [hessianOf(samples(6, 1)), hessianOf(samples(60, 50_000))];
    const weights = floats(48 * SIZE, 4);
    const held = await withMatrices({ runtime }, async (matrices) => {
      const errors = [];
      for (const loudnessError of [0, fitted.loudnessError!]) {
        const hessian = { ...fitted, values: fitted.values.slice(), loudnessError };
        shrink(hessian);
        const format = { bits: 4, blockSize: 32, symmetric: false } as const;
        const factors = new Factors(matrices);
        const { blocks } = await roundLayer(weights, { format, hessian, factors, matrices });
        errors.push(outputError(weights, dequantizeBlocks(blocks, SIZE), others));
      }
      return errors;
    });
    expect(held[1]).toBeLessThan(0.9 * held[0]!);
  });
});

/** Sum of eᵀ H e over the rows. */
function outputError(weights: Float32Array, made: Float32Array, { values }: Hessian): number {
  let sum = 0;
  for (let start = 0; start < weights.length; start += SIZE) {
    for (let i = 0; i < SIZE; i++) {
      for (let j = 0; j < SIZE; j++)
        sum +=
          (weights[start + i]! - made[start + i]!) *
          values[i * SIZE + j]! *
          (weights[start + j]! - made[start + j]!);
    }
  }
  return sum;
}
