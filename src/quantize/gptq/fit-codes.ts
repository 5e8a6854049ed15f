/** Codes of weights fitted to what their layer reads: rounded in order, refined, and taken back where that doesn't help. */
import { type BlockQuantized, dequantizeBlocks } from '../integers/block-quantize.js';
import type { Matrices } from './matrices.js';
import { moveCodes, moveZeroPoints, type Refined, refitScales } from './refinement.js';
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
  { hessian, factored, range, staysNear, refits, matrices }: FitOptions,
): Promise<FittedRows> {
  const size = Math.sqrt(hessian.length);
  const state = async (): Promise<Refined> => {
    const values = dequantizeBlocks(blocks, size);
    const errors = weights.map((weight, at) => weight - values[at]!);
    const rows = errors.length / size;
    const gradient = await matrices.multiply(
      { rows, columns: size, data: errors },
      { rows: size, columns: size, data: hessian },
    );
    return { size, hessian, blocks, range, staysNear, errors, gradient };
  };
  const kept = copyOf(blocks);
  let refined = await state();
  const before = rowErrors(refined);
  if (factored) {
    await roundInOrder(weights, blocks, { factored, range, matrices });
    refined = await state();
  }
  if (refits.scales) await refitScales(refined, matrices);
  if (refits.zeroPoints) await moveZeroPoints(refined, matrices);
  for (let sweep = 0; sweep < MOST_SWEEPS; sweep++) {
    if (moveCodes(refined) < SETTLED * weights.length) break;
  }
  // What was kept up to date step by step is computed anew: the verdict is on the codes themselves.
  const after = rowErrors(await state());
  after.forEach((error, row) => {
    if (error <= before[row]!) return;
    restoreRow(blocks, kept, row);
    after[row] = before[row]!;
  });
  return { before, after };
}

function rowErrors({ errors, gradient, size }: Refined): Float64Array {
  return rowProducts(errors, gradient, size);
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

function copyOf({ codes, scales, zeroPoints, blocks }: BlockQuantized): BlockQuantized {
  return { codes: codes.slice(), scales: scales.slice(), zeroPoints: zeroPoints.slice(), blocks };
}

function restoreRow(to: BlockQuantized, from: BlockQuantized, row: number): void {
  const { blocks } = to;
  const line = to.codes.length / (to.scales.length / blocks);
  to.codes.set(from.codes.subarray(row * line, (row + 1) * line), row * line);
  to.scales.set(from.scales.subarray(row * blocks, (row + 1) * blocks), row * blocks);
  to.zeroPoints.set(from.zeroPoints.subarray(row * blocks, (row + 1) * blocks), row * blocks);
}
