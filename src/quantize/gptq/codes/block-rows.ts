/** Rows of weights in blocks: views of some, their errors, and rows that go back to other codes. */
import type { BlockQuantized } from '../../integers/block-quantize.js';

/** Views of the rows first … last − 1. */
export function rowsOfBlocks(
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

/** Weights [rows, size] less what their codes stand for. */
export function errorsOf(
  weights: Float32Array,
  { codes, scales, zeroPoints, blocks }: BlockQuantized,
  size: number,
): Float32Array {
  const errors = new Float32Array(weights.length);
  const blockSize = codes.length / scales.length;
  const rows = weights.length / size;
  for (let row = 0, at = 0; row < rows; row++) {
    for (let block = row * blocks, from = 0; from < size; block++, from += blockSize) {
      const scale = scales[block]!;
      const zero = zeroPoints[block]!;
      const first = block * blockSize;
      const length = Math.min(blockSize, size - from);
      for (let k = 0; k < length; k++, at++)
        errors[at] = weights[at]! - Math.fround((codes[first + k]! - zero) * scale);
    }
  }
  return errors;
}

export function copyOfBlocks({ codes, scales, zeroPoints, blocks }: BlockQuantized): BlockQuantized {
  return { codes: codes.slice(), scales: scales.slice(), zeroPoints: zeroPoints.slice(), blocks };
}

/** Gives row `row` the codes, scales and zero-points that it has in `from`. */
export function takeRow(to: BlockQuantized, from: BlockQuantized, row: number): void {
  const own = rowsOfBlocks(to, row, row + 1);
  const other = rowsOfBlocks(from, row, row + 1);
  own.codes.set(other.codes);
  own.scales.set(other.scales);
  own.zeroPoints.set(other.zeroPoints);
}
