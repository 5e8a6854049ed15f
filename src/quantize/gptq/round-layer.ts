/** Weights of one layer in blocks, rounded so that the layer's output, not the weight, is nearest. */
import {
  type BlockFormat,
  type BlockQuantized,
  dequantizeBlocks,
  quantizeBlocks,
} from '../integers/block-quantize.js';
import { factorInPlace } from './factor.js';
import type { Hessian } from './hessian.js';
import type { Matrices } from './matrices.js';
import { moveCodes, moveZeroPoints, type Refined, refitScales } from './refinement.js';
import { type Factored, roundInOrder } from './rounding.js';

export interface RoundedLayer {
  blocks: BlockQuantized;
  /** Mean square of the output's error, over the mean square of the output: rounded to the nearest, and as it is. */
  nearest: number;
  error: number;
}

/** Rows that are worked on together: what bounds the memory. */
const ROWS = 512;
/** Share of the mean of the diagonal that is added to it: few samples see less variety than there is (GPTQ's default). */
const DAMPING = 0.01;
/** The same again and again where the matrix is nearly singular. */
const MOST_DAMPING = 1;
/** Sweeps through all codes, and the share of them that a sweep must move for another to be worth its time. */
const MOST_SWEEPS = 3;
const SETTLED = 0.01;

/**
 * Rounds weights [rows, hessian.size] block by block. Never worse on these samples than to the nearest codes: rows that are, keep those.
 */
export async function roundLayer(
  weights: Float32Array,
  { format, hessian, matrices }: { format: BlockFormat; hessian: Hessian; matrices: Matrices },
): Promise<RoundedLayer> {
  const { size } = hessian;
  const diagonal = Float32Array.from({ length: size }, (_, k) => hessian.values[k * size + k]!);
  const blocks = quantizeBlocks(weights, size, format, diagonal);
  const factored = await factor(hessian, diagonal, matrices);
  const rows = weights.length / size;
  const totals = { signal: 0, nearest: 0, error: 0 };
  for (let first = 0; first < rows; first += ROWS) {
    const last = Math.min(rows, first + ROWS);
    const part = {
      weights: weights.subarray(first * size, last * size),
      blocks: rowsOf(blocks, first, last),
    };
    await roundRows(part, { format, hessian, factored, matrices, totals });
  }
  const signal = totals.signal || 1;
  return { blocks, nearest: totals.nearest / signal, error: totals.error / signal };
}

/** Views of some rows' blocks. */
function rowsOf(
  { codes, scales, zeroPoints, blocks }: BlockQuantized,
  first: number,
  last: number,
): BlockQuantized {
  const line = (codes.length / scales.length) * blocks;
  return {
    codes: codes.subarray(first * line, last * line),
    scales: scales.subarray(first * blocks, last * blocks),
    zeroPoints: zeroPoints.subarray(first * blocks, last * blocks),
    blocks,
  };
}

/** null: even damped it has no factor (it holds nothing but zeros). */
async function factor(
  { size, values }: Hessian,
  diagonal: Float32Array,
  matrices: Matrices,
): Promise<Factored | null> {
  const mean = diagonal.reduce((sum, value) => sum + value, 0) / size;
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

interface RowsContext {
  format: BlockFormat;
  hessian: Hessian;
  factored: Factored | null;
  matrices: Matrices;
  totals: { signal: number; nearest: number; error: number };
}

async function roundRows(
  { weights, blocks }: { weights: Float32Array; blocks: BlockQuantized },
  { format, hessian, factored, matrices, totals }: RowsContext,
): Promise<void> {
  const { size } = hessian;
  const levels = 2 ** format.bits - 1;
  const state = async (): Promise<Refined> => {
    const values = dequantizeBlocks(blocks, size);
    const errors = weights.map((weight, at) => weight - values[at]!);
    return { size, hessian: hessian.values, blocks, levels, errors, gradient: await times(errors) };
  };
  const times = (data: Float32Array) =>
    matrices.multiply(
      { rows: data.length / size, columns: size, data },
      { rows: size, columns: size, data: hessian.values },
    );
  const nearest = await state();
  const kept = copyOf(blocks);
  const before = rowErrors(nearest);
  totals.signal += sum(rowProducts(weights, await times(weights), size));
  totals.nearest += sum(before);
  if (factored) await roundInOrder(weights, blocks, { factored, levels, matrices });
  const refined = await state();
  await refitScales(refined, matrices);
  if (!format.symmetric) await moveZeroPoints(refined, matrices);
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
  totals.error += sum(after);
}

function rowErrors({ errors, gradient, size }: Refined): Float64Array {
  return rowProducts(errors, gradient, size);
}

/** Products of the rows of two matrices [rows, size]. */
function rowProducts(a: Float32Array, b: Float32Array, size: number): Float64Array {
  const products = new Float64Array(a.length / size);
  for (let row = 0, at = 0; row < products.length; row++) {
    let total = 0;
    for (let k = 0; k < size; k++, at++) total += a[at]! * b[at]!;
    products[row] = total;
  }
  return products;
}

function sum(values: Float64Array): number {
  return values.reduce((total, value) => total + value, 0);
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
