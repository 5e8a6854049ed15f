/** Codes of weights fitted to what their layer reads: rounded in order, refined, and taken back where that doesn't help. */
import type { BlockQuantized } from '../../integers/block-quantize.js';
import type { Matrices } from '../matrices/matrices.js';
import { copyOfBlocks, errorsOf, takeRow } from './block-rows.js';
import { type Refined, refine } from './refinement.js';
import { type CodeRange, type Factored, roundInOrder } from './rounding.js';

/** Sweeps through all codes, and the share of them that a sweep must move for another to be worth its time. */
const MOST_SWEEPS = 3;
const SETTLED = 0.01;

/** What codes are fitted under. */
export interface FitOptions {
  /** [size, size], symmetric. */
  hessian: Float32Array;
  /** Its factor; null: it has none, and codes are only moved where that helps. */
  factored: Factored | null;
  range: CodeRange;
  /** Codes are moved only within one quantum of their weight. */
  staysNear: boolean;
  /** Whether scales are fitted to the codes, and zero-points moved, too. */
  refits: { scales: boolean; zeroPoints: boolean };
  /** Sweeps through the codes once they are rounded in order. Default: until they settle. */
  sweeps?: number;
  matrices: Matrices;
}

export interface FittedRows {
  /** eᵀ H e of each row: with the codes as they were, and as they are now. */
  before: Float64Array;
  after: Float64Array;
}

/**
 * Fits the codes of rows of weights [rows, size] to what the layer reads, in place. A row that doesn't gain keeps its codes, scales and zero-points.
 */
export async function fitCodes(
  weights: Float32Array,
  blocks: BlockQuantized,
  { hessian, factored, range, staysNear, refits, sweeps = MOST_SWEEPS, matrices }: FitOptions,
): Promise<FittedRows> {
  const size = Math.sqrt(hessian.length);
  const rowErrors = async (errors: Float32Array): Promise<Float64Array> => {
    const gradient = await matrices.multiply(
      { rows: errors.length / size, columns: size, data: errors },
      { rows: size, columns: size, data: hessian },
    );
    return rowProducts(errors, gradient, size);
  };
  const kept = copyOfBlocks(blocks);
  const before = await rowErrors(errorsOf(weights, blocks, size));
  if (factored) await roundInOrder(weights, blocks, { factored, range, matrices });
  const errors = errorsOf(weights, blocks, size);
  const refined: Refined = { size, hessian, blocks, range, staysNear, refits, errors };
  for (let sweep = 0; sweep < sweeps; sweep++) {
    if ((await refine(refined, matrices)) < SETTLED * weights.length) break;
  }
  // What was kept up to date step by step is computed anew: the verdict is on the codes themselves.
  const after = await rowErrors(errorsOf(weights, blocks, size));
  after.forEach((error, row) => {
    if (error <= before[row]!) return;
    takeRow(blocks, kept, row);
    after[row] = before[row]!;
  });
  return { before, after };
}

/** Products of the rows of two matrices [rows, size]. */
export function rowProducts(a: Float32Array, b: Float32Array, size: number): Float64Array {
  const products = new Float64Array(a.length / size);
  for (let row = 0, at = 0; row < products.length; row++) {
    let total = 0;
    for (let k = 0; k < size; k++, at++) total += a[at]! * b[at]!;
    products[row] = total;
  }
  return products;
}
