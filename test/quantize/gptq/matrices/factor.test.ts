import { describe, expect, it } from 'vitest';
import { factorInPlace } from '../../../../src/quantize/gptq/matrices/factor.js';
import { withMatrices } from '../../../../src/quantize/gptq/matrices/matrices.js';
import { floats, runtime } from '../../small-models.js';

/** Xᵀ · X ÷ rows, and a little on the diagonal. */
function secondMoment(size: number, rows: number, damping: number): Float32Array {
  const x = floats(rows * size, 3);
  const matrix = new Float32Array(size * size);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < size; j++) {
      let sum = 0;
      for (let row = 0; row < rows; row++) sum += x[row * size + i]! * x[row * size + j]!;
      matrix[i * size + j] = sum / rows + (i === j ? damping : 0);
    }
  }
  return matrix;
}

const factored = (matrix: Float32Array, size: number) =>
  withMatrices({ runtime }, async (matrices) => await factorInPlace(matrix, size, matrices));

describe('the factor of a matrix', () => {
  // Within one panel, exactly one, and several with a rest.
  it.each([7, 128, 300])('L · D · Lᵀ is the matrix again: size %i', async (size) => {
    const matrix = secondMoment(size, 2 * size, 0.05);
    const factor = matrix.slice();
    expect(await factored(factor, size)).toBe(true);
    const l = (row: number, column: number) => (row === column ? 1 : factor[row * size + column]!);
    let worst = 0;
    for (let i = 0; i < size; i++) {
      for (let j = 0; j <= i; j++) {
        let sum = 0;
        for (let k = 0; k <= j; k++) sum += l(i, k) * factor[k * size + k]! * l(j, k);
        worst = Math.max(worst, Math.abs(sum - matrix[i * size + j]!));
      }
    }
    expect(worst).toBeLessThan(1e-4);
  });

  it('does not exist where the matrix is singular', async () => {
    const size = 6;
    const matrix = new Float32Array(size * size).fill(1);
    expect(await factored(matrix, size)).toBe(false);
    expect(await factored(new Float32Array(size * size), size)).toBe(false);
  });
});
