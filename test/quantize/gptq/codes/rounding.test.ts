import { describe, expect, it } from 'vitest';
import { type Factored, roundInOrder } from '../../../../src/quantize/gptq/codes/rounding.js';
import { withMatrices } from '../../../../src/quantize/gptq/matrices/matrices.js';
import { type BlockQuantized, quantizeBlocks } from '../../../../src/quantize/integers/block-quantize.js';
import { floats, runtime } from '../../small-models.js';

const ROWS = 3;
const BLOCK = 32;

/** A unit lower triangular factor whose inputs are rounded in an order of its own. */
function factorOf(size: number): Factored {
  const order = Uint32Array.from({ length: size }, (_, at) => (at * 7) % size);
  return { size, factor: floats(size * size, 5, 0.2), order };
}

/** The definition, weight by weight: each is rounded at wᵢ + Σ l_ji e_j over those rounded before. */
function oneByOne(
  weights: Float32Array,
  { scales, zeroPoints, blocks }: BlockQuantized,
  { size, factor, order }: Factored,
): number[] {
  const codes: number[] = Array(ROWS * size);
  for (let row = 0; row < ROWS; row++) {
    const errors = new Float64Array(size);
    for (let i = size - 1; i >= 0; i--) {
      const input = order[i]!;
      const block = row * blocks + Math.floor(input / BLOCK);
      let target = weights[row * size + input]!;
      for (let j = i + 1; j < size; j++) target += factor[j * size + i]! * errors[j]!;
      const code = Math.floor(target / scales[block]! + zeroPoints[block]! + 0.5);
      codes[row * size + input] = Math.min(15, Math.max(0, code));
      errors[i] =
        weights[row * size + input]! - (codes[row * size + input]! - zeroPoints[block]!) * scales[block]!;
    }
  }
  return codes;
}

describe('rounding in order', () => {
  // Within one panel; several with a rest; several groups of panels with a rest.
  it.each([50, 300, 1200])(
    'is what it is weight by weight, however it is parted: %i inputs',
    async (size) => {
      const weights = floats(ROWS * size, 4);
      const format = { bits: 4, blockSize: BLOCK, symmetric: false } as const;
      const blocks = quantizeBlocks(weights, size, format);
      const factored = factorOf(size);
      const wanted = oneByOne(weights, blocks, factored);
      await withMatrices({ runtime }, async (matrices) => {
        await roundInOrder(weights, blocks, { factored, range: { lowest: 0, highest: 15 }, matrices });
      });
      const perRow = blocks.blocks * BLOCK;
      const made = wanted.map((_, at) => blocks.codes[Math.floor(at / size) * perRow + (at % size)]!);
      expect(made).not.toEqual(Array(ROWS * size).fill(made[0]));
      expect(made).toEqual(wanted);
    },
  );
});
