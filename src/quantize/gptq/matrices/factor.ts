/** The factor L of H = L · D · Lᵀ, L unit lower triangular and D diagonal: what rounding one weight costs the others. */
import type { Matrices } from './matrices.js';

/** Columns that are factored in JavaScript before the rest of the matrix is brought up to date by one product. */
const PANEL = 128;

/**
 * Factors a symmetric positive definite matrix [size, size] in place, reading its lower half: below the diagonal stands L afterwards, on it D, above it
 * nothing of use. Gives false, and leaves the matrix half done, when a pivot is not positive (the matrix is singular, or nearly so).
 */
export async function factorInPlace(
  matrix: Float32Array,
  size: number,
  matrices: Matrices,
): Promise<boolean> {
  for (let from = 0; from < size; from += PANEL) {
    const panel = { from, to: Math.min(size, from + PANEL) };
    if (!factorPanel(matrix, size, panel)) return false;
    if (panel.to < size) await updateRest(matrix, size, { ...panel, matrices });
  }
  return true;
}

interface Panel {
  /** First column, and the one after the last. */
  from: number;
  to: number;
}

/** L and D of the panel's columns, from which what earlier panels take has been subtracted. */
function factorPanel(matrix: Float32Array, size: number, { from, to }: Panel): boolean {
  const column = new Float64Array(to - from);
  for (let at = from; at < to; at++) {
    const pivot = matrix[at * size + at]!;
    if (!(pivot > 0)) return false;
    for (let j = at + 1; j < to; j++) column[j - from] = matrix[j * size + at]!;
    for (let row = at + 1; row < size; row++) {
      const start = row * size;
      const factor = matrix[start + at]! / pivot;
      if (factor === 0) continue;
      const end = Math.min(to, row + 1);
      for (let j = at + 1; j < end; j++) matrix[start + j]! -= factor * column[j - from]!;
      matrix[start + at] = factor;
    }
  }
  return true;
}

/** Subtracts what the panel's columns take from all later ones: rest −= L · D · Lᵀ. */
async function updateRest(
  matrix: Float32Array,
  size: number,
  { from, to, matrices }: Panel & { matrices: Matrices },
): Promise<void> {
  const rest = size - to;
  // √D · Lᵀ, [panel, rest]: its gram matrix is what is subtracted.
  const scaled = new Float32Array((to - from) * rest);
  for (let column = from; column < to; column++) {
    const root = Math.sqrt(matrix[column * size + column]!);
    const line = (column - from) * rest;
    for (let row = 0; row < rest; row++) scaled[line + row] = matrix[(to + row) * size + column]! * root;
  }
  const taken = await matrices.gram({ rows: to - from, columns: rest, data: scaled });
  for (let row = 0; row < rest; row++) {
    const start = (to + row) * size + to;
    const line = row * rest;
    for (let column = 0; column <= row; column++) matrix[start + column]! -= taken[line + column]!;
  }
}
