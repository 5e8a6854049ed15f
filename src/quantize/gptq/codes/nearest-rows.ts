/**
 * Weights rounded to the nearest codes of their blocks, each row with the full range of its blocks or with ranges drawn in, whichever brings the layer's
 * output nearer. What a block loses by itself does not tell: where inputs go together the errors of drawn-in ranges add up.
 */
import { type BlockFormat, type BlockQuantized, quantizeBlocks } from '../../integers/block-quantize.js';
import { areTooFew } from '../inputs/read-inputs.js';
import type { SeenInputs } from '../inputs/seen-inputs.js';
import type { Matrices } from '../matrices/matrices.js';
import { errorsOf, rowsOfBlocks, takeRow } from './block-rows.js';

/** Errors that are held at once. */
const VALUES_AT_ONCE = 2 ** 22;

/** @param weights [rows, inputs of the layer]. */
export async function nearestRows(
  weights: Float32Array,
  format: BlockFormat,
  { seen: { meanSquare, vectors }, matrices }: { seen: SeenInputs; matrices: Matrices },
): Promise<BlockQuantized> {
  const size = meanSquare.length;
  const full = quantizeBlocks(weights, size, format, { keepsRange: true });
  // 8 bits keep their range whatever is known.
  if (format.bits === 8 || areTooFew(vectors.rows, size)) return full;
  const drawn = quantizeBlocks(weights, size, format, { importance: meanSquare });
  const rows = weights.length / size;
  const step = Math.max(1, Math.floor(VALUES_AT_ONCE / size));
  for (let first = 0; first < rows; first += step) {
    const last = Math.min(rows, first + step);
    const part = weights.subarray(first * size, last * size);
    const outputErrors = async (blocks: BlockQuantized) => {
      const data = errorsOf(part, rowsOfBlocks(blocks, first, last), size);
      const errors = { rows: last - first, columns: size, data };
      return rowSquares(await matrices.multiplyTransposed(errors, vectors), vectors.rows);
    };
    const [kept, other] = [await outputErrors(full), await outputErrors(drawn)];
    other.forEach((error, at) => {
      if (error < kept[at]!) takeRow(full, drawn, first + at);
    });
  }
  return full;
}

function rowSquares(values: Float32Array, size: number): Float64Array {
  const squares = new Float64Array(values.length / size);
  for (let row = 0, at = 0; row < squares.length; row++) {
    let sum = 0;
    for (let k = 0; k < size; k++, at++) sum += values[at]! ** 2;
    squares[row] = sum;
  }
  return squares;
}
