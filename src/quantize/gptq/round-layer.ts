/** Weights of one layer in blocks, rounded so that the layer's output, not the weight, is nearest. */
import { type BlockFormat, type BlockQuantized, quantizeBlocks } from '../integers/block-quantize.js';
import { factorHessian } from './factor-hessian.js';
import { type FitOptions, fitCodes, rowProducts } from './fit-codes.js';
import type { Hessian } from './hessian.js';
import type { Matrices } from './matrices.js';

export interface RoundedLayer {
  blocks: BlockQuantized;
  /** Mean square of the output's error, over the mean square of the output: rounded to the nearest, and as it is. */
  nearest: number;
  error: number;
}

/** Rows that are worked on together: what bounds the memory. */
const ROWS = 512;

/**
 * Rounds weights [rows, hessian.size] block by block. Never worse on these samples than to the nearest codes: rows that are, keep those.
 */
export async function roundLayer(
  weights: Float32Array,
  { format, hessian, matrices }: { format: BlockFormat; hessian: Hessian; matrices: Matrices },
): Promise<RoundedLayer> {
  const { size } = hessian;
  const diagonal = Float32Array.from({ length: size }, (_, k) => hessian.values[k * size + k]!);
  const blocks = quantizeBlocks(weights, size, format, { importance: diagonal });
  const fit: FitOptions = {
    hessian: hessian.values,
    factored: await factorHessian(hessian.values, diagonal, matrices),
    range: { lowest: 0, highest: 2 ** format.bits - 1 },
    staysNear: false,
    refits: { scales: true, zeroPoints: !format.symmetric },
    matrices,
  };
  const rows = weights.length / size;
  const totals = { signal: 0, nearest: 0, error: 0 };
  for (let first = 0; first < rows; first += ROWS) {
    const last = Math.min(rows, first + ROWS);
    const part = weights.subarray(first * size, last * size);
    const signal = await matrices.multiply(
      { rows: last - first, columns: size, data: part },
      { rows: size, columns: size, data: hessian.values },
    );
    const fitted = await fitCodes(part, rowsOf(blocks, first, last), fit);
    totals.signal += sum(rowProducts(part, signal, size));
    totals.nearest += sum(fitted.before);
    totals.error += sum(fitted.after);
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

function sum(values: Float64Array): number {
  return values.reduce((total, value) => total + value, 0);
}
