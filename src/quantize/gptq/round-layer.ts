/** Weights of one layer in blocks, rounded so that the layer's output, not the weight, is nearest. */
import { type BlockFormat, type BlockQuantized, quantizeBlocks } from '../integers/block-quantize.js';
import type { MeanErrors } from '../method/evidence.js';
import { errorsOf, rowsOfBlocks } from './codes/block-rows.js';
import { type FitOptions, fitCodes, rowProducts } from './codes/fit-codes.js';
import { refitRows } from './codes/refit-rows.js';
import { diagonalOf } from './inputs/hessian.js';
import { MeanErrorSums } from './mean-error.js';
import type { FitUnder, LayerErrors } from './staged-fit.js';

/** What rows lose. */
export interface FittedLayer extends LayerErrors {
  /** What the constants behind the layers are to take up; null: nothing. */
  means: MeanErrors | null;
}

export interface RoundedLayer extends FittedLayer {
  blocks: BlockQuantized;
}

/** Rows that are worked on together: what bounds the memory. */
const ROWS = 512;

/**
 * Rounds weights [rows, hessian.size] block by block. Never worse on these samples than to the nearest codes: rows that are, keep those.
 * @param under `refines` the codes, scales and zero-points when they are rounded: half of the time. Default: it does.
 */
export async function roundLayer(
  weights: Float32Array,
  {
    format,
    refines = true,
    hessian,
    means = null,
    factors,
    matrices,
  }: { format: BlockFormat; refines?: boolean } & FitUnder,
): Promise<RoundedLayer> {
  const blocks = quantizeBlocks(weights, hessian.size, format, { importance: diagonalOf(hessian) });
  const errors = await fitRows(weights, blocks, {
    hessian: hessian.values,
    factored: await factors.of(hessian),
    range: { lowest: 0, highest: 2 ** format.bits - 1 },
    staysNear: false,
    refits: { scales: true, zeroPoints: !format.symmetric },
    ...(refines ? {} : { sweeps: 0 }),
    means,
    matrices,
  });
  return { blocks, ...errors };
}

/** fitCodes for a whole layer, a bounded number of rows at a time. @param fit `refitsRows` fits the one scale of each row to its codes first; `means`, what is read in the
 *  mean, is not to be told by the Hessian then: constants take up what that does. */
export async function fitRows(
  weights: Float32Array,
  blocks: BlockQuantized,
  fit: FitOptions & { refitsRows?: boolean } & Pick<FitUnder, 'means'>,
): Promise<FittedLayer> {
  const { hessian, means = null, matrices } = fit;
  const size = Math.sqrt(hessian.length);
  const rows = weights.length / size;
  const meanErrors = means && new MeanErrorSums(means, rows);
  const totals = { signal: 0, nearest: 0, error: 0 };
  for (let first = 0; first < rows; first += ROWS) {
    const last = Math.min(rows, first + ROWS);
    const part = weights.subarray(first * size, last * size);
    const signal = await matrices.multiply(
      { rows: last - first, columns: size, data: part },
      { rows: size, columns: size, data: hessian },
    );
    const own = rowsOfBlocks(blocks, first, last);
    if (fit.refitsRows) totals.nearest += await refitRows(part, own, fit);
    const fitted = await fitCodes(part, own, fit);
    meanErrors?.add(part, errorsOf(part, own, size), first);
    totals.signal += sum(rowProducts(part, signal, size));
    totals.nearest += sum(fitted.before);
    totals.error += sum(fitted.after);
  }
  const signal = totals.signal + (meanErrors?.power ?? 0) || 1;
  return {
    nearest: totals.nearest / signal,
    error: totals.error / signal,
    means: meanErrors?.errors ?? null,
  };
}

function sum(values: Float64Array): number {
  return values.reduce((total, value) => total + value, 0);
}
