import { describe, expect, it } from 'vitest';
import { nearestRows } from '../../../../src/quantize/gptq/codes/nearest-rows.js';
import { withMatrices } from '../../../../src/quantize/gptq/matrices/matrices.js';
import {
  type BlockFormat,
  type BlockQuantized,
  dequantizeBlocks,
  quantizeBlocks,
} from '../../../../src/quantize/integers/block-quantize.js';
import { floats, runtime } from '../../small-models.js';

const SIZE = 64;
const ROWS = 40;
const FOUR: BlockFormat = { bits: 4, blockSize: 32, symmetric: false };
const weights = floats(ROWS * SIZE, 3);

/** What a layer reads, inputs more or less loud; with `common`, one cause that all have in common is most of it. */
function seenOf(rows: number, common: number) {
  const data = floats(rows * SIZE, 5);
  const cause = floats(rows, 6);
  const vectors = data.map((value, at) => (1 + (at % 7)) * (value + common * cause[Math.floor(at / SIZE)]!));
  const meanSquare = new Float64Array(SIZE);
  vectors.forEach((value, at) => {
    meanSquare[at % SIZE]! += value ** 2 / rows;
  });
  return { meanSquare, vectors: { rows, columns: SIZE, data: vectors } };
}

function outputErrors(made: BlockQuantized, { vectors }: ReturnType<typeof seenOf>): number[] {
  const values = dequantizeBlocks(made, SIZE);
  return Array.from({ length: ROWS }, (_, row) => {
    let error = 0;
    for (let vector = 0; vector < vectors.rows; vector++) {
      let sum = 0;
      for (let k = 0; k < SIZE; k++) {
        const at = row * SIZE + k;
        sum += (weights[at]! - values[at]!) * vectors.data[vector * SIZE + k]!;
      }
      error += sum ** 2;
    }
    return error;
  });
}

const nearest = async (seen: ReturnType<typeof seenOf>) =>
  await withMatrices({ runtime }, async (matrices) => await nearestRows(weights, FOUR, { seen, matrices }));

describe('weights rounded to the nearest with samples at hand', () => {
  it.each([0, 4])(
    'are in no row further off in their output than either kind of range: causes in common %d',
    async (common) => {
      const seen = seenOf(200, common);
      const own = outputErrors(await nearest(seen), seen);
      const full = outputErrors(quantizeBlocks(weights, SIZE, FOUR, { keepsRange: true }), seen);
      const drawn = outputErrors(quantizeBlocks(weights, SIZE, FOUR, { importance: seen.meanSquare }), seen);
      own.forEach((error, row) => {
        expect(error).toBeLessThanOrEqual(Math.min(full[row]!, drawn[row]!) * 1.001);
      });
      // Neither is the better one throughout.
      expect(full.some((error, row) => error < drawn[row]!)).toBe(true);
      expect(drawn.some((error, row) => error < full[row]!)).toBe(true);
    },
  );

  it('keep the full range where a vector or two is all that is known', async () => {
    const made = await nearest(seenOf(1, 0));
    expect(made.scales).toEqual(quantizeBlocks(weights, SIZE, FOUR, { keepsRange: true }).scales);
  });
});
