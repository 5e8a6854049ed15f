/** Scales of whole rows fitted to their codes under the Hessian, by products of matrices. */
import type { BlockQuantized } from '../../integers/block-quantize.js';
import type { Matrices } from '../matrices/matrices.js';
import { rowProducts } from './fit-codes.js';

/**
 * Gives every row the scale that minimizes its error eᵀ H e, its codes given: s + (qᵀ H e) ÷ (qᵀ H q), with q the codes less their zero-point. In place; one
 * scale per row.
 * @param weights [rows, size]. @param hessian [size, size], symmetric. @returns by how much all rows' errors fell.
 */
export async function refitRows(
  weights: Float32Array,
  { codes, scales, zeroPoints }: BlockQuantized,
  { hessian, matrices }: { hessian: Float32Array; matrices: Matrices },
): Promise<number> {
  const rows = scales.length;
  const size = weights.length / rows;
  const steps = new Float32Array(weights.length);
  const errors = new Float32Array(weights.length);
  for (let at = 0; at < steps.length; at++) {
    const row = Math.floor(at / size);
    steps[at] = codes[at]! - zeroPoints[row]!;
    errors[at] = weights[at]! - steps[at]! * scales[row]!;
  }
  const seen = await matrices.multiply(
    { rows, columns: size, data: steps },
    { rows: size, columns: size, data: hessian },
  );
  const slopes = rowProducts(errors, seen, size);
  const curvatures = rowProducts(steps, seen, size);
  let gained = 0;
  scales.forEach((before, row) => {
    const scale = Math.fround(before + slopes[row]! / curvatures[row]!);
    // A scale never turns round, nor vanishes: then its row holds nothing that the codes can say.
    if (!(curvatures[row]! > 0 && scale * before > 0)) return;
    scales[row] = scale;
    gained += slopes[row]! ** 2 / curvatures[row]!;
  });
  return gained;
}
