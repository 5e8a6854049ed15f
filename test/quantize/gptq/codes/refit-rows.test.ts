import { describe, expect, it } from 'vitest';
import { refitRows } from '../../../../src/quantize/gptq/codes/refit-rows.js';
import { withMatrices } from '../../../../src/quantize/gptq/matrices/matrices.js';
import { floats, runtime } from '../../small-models.js';

const SIZE = 6;
const ROWS = 3;

/** A · Aᵀ. */
function hessianOf(seed: number): Float32Array {
  const a = floats(SIZE * SIZE, seed);
  return Float32Array.from({ length: SIZE * SIZE }, (_, at) => {
    let sum = 0;
    for (let k = 0; k < SIZE; k++) sum += a[Math.floor(at / SIZE) * SIZE + k]! * a[(at % SIZE) * SIZE + k]!;
    return sum;
  });
}

describe('scales of rows', () => {
  it('are those with the least error under the Hessian, and the gain is told', async () => {
    const weights = floats(ROWS * SIZE, 1);
    const hessian = hessianOf(2);
    const scales = new Float32Array(ROWS).fill(0.11);
    const codes = Uint8Array.from(weights, (value) => 128 + Math.round(value / 0.11));
    const blocks = { codes, scales, zeroPoints: new Uint8Array(ROWS).fill(128), blocks: 1 };
    const errorAt = (row: number, scale: number): number => {
      const e = Array.from(
        { length: SIZE },
        (_, k) => weights[row * SIZE + k]! - (codes[row * SIZE + k]! - 128) * scale,
      );
      return e.reduce(
        (sum, a, i) => sum + e.reduce((part, b, j) => part + a * hessian[i * SIZE + j]! * b, 0),
        0,
      );
    };
    const total = () => scales.reduce((sum, scale, row) => sum + errorAt(row, scale), 0);
    const before = total();
    const gained = await withMatrices(
      { runtime, threads: 1, signal: undefined },
      async (matrices) => await refitRows(weights, blocks, { hessian, matrices }),
    );
    expect(gained).toBeGreaterThan(0);
    expect(before - total()).toBeCloseTo(gained, 4);
    for (const [row, scale] of scales.entries()) {
      expect(errorAt(row, scale)).toBeLessThanOrEqual(errorAt(row, scale * 1.01));
      expect(errorAt(row, scale)).toBeLessThanOrEqual(errorAt(row, scale * 0.99));
    }
  });

  it('stay where a row holds nothing but zeros', async () => {
    const blocks = {
      codes: new Uint8Array(SIZE).fill(128),
      scales: Float32Array.of(0.5),
      zeroPoints: Uint8Array.of(128),
      blocks: 1,
    };
    await withMatrices({ runtime, threads: 1, signal: undefined }, async (matrices) => {
      expect(await refitRows(floats(SIZE, 3), blocks, { hessian: hessianOf(4), matrices })).toBe(0);
    });
    expect(blocks.scales).toEqual(Float32Array.of(0.5));
  });
});
