/** The factor of a Hessian in the order in which its inputs are rounded, damped until it has one. */

import { diagonalOf, type Hessian } from '../inputs/hessian.js';
import { DAMPING, meanDiagonal } from '../matrices/damping.js';
import { factorInPlace } from '../matrices/factor.js';
import type { Matrices } from '../matrices/matrices.js';
import type { Factored } from './rounding.js';

/** The same again and again where the matrix is nearly singular. */
const MOST_DAMPING = 1;

/** Factors of Hessians, of which the last is kept: queries, keys and values read the same tensor, and so do gate and up. */
export class Factors {
  readonly #matrices: Matrices;
  #last: { hessian: Hessian; factored: Factored | null } | null = null;

  constructor(matrices: Matrices) {
    this.#matrices = matrices;
  }

  /** null: even damped it has no factor. @param hessian whose values don't change any more. */
  async of(hessian: Hessian): Promise<Factored | null> {
    if (this.#last?.hessian === hessian) return this.#last.factored;
    // Never two at the same time: of a layer of 11,008 inputs one is half a gigabyte.
    this.#last = null;
    const factored = await factorHessian(hessian.values, diagonalOf(hessian), this.#matrices);
    this.#last = { hessian, factored };
    return factored;
  }
}

/** null: even damped it has no factor (it holds nothing but zeros). */
export async function factorHessian(
  values: Float32Array,
  diagonal: Float32Array,
  matrices: Matrices,
): Promise<Factored | null> {
  const size = diagonal.length;
  const mean = meanDiagonal(values, size);
  if (!(mean > 0)) return null;
  // The loudest inputs are rounded first, while the others can still make it good.
  const order = Uint32Array.from({ length: size }, (_, k) => k).sort((a, b) => diagonal[a]! - diagonal[b]!);
  const matrix = new Float32Array(size * size);
  for (let damping = DAMPING; damping <= MOST_DAMPING; damping *= 10) {
    for (let i = 0; i < size; i++) {
      const line = order[i]! * size;
      for (let j = 0; j <= i; j++) matrix[i * size + j] = values[line + order[j]!]!;
      matrix[i * size + i]! += damping * mean;
    }
    if (await factorInPlace(matrix, size, matrices)) return { size, factor: matrix, order };
  }
  return null;
}
