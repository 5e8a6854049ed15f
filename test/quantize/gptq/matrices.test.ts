import { describe, expect, it } from 'vitest';
import { Interrupted } from '../../../src/errors.js';
import { type Matrix, withMatrices } from '../../../src/quantize/gptq/matrices.js';
import { runtime } from '../small-models.js';

const SQUARE: Matrix = { rows: 2, columns: 2, data: Float32Array.of(1, 2, 3, 4) };

describe('products of matrices', () => {
  it('are what they are called', async () => {
    const [product, transposed, gram] = await withMatrices({ runtime }, async (matrices) => [
      await matrices.multiply(SQUARE, SQUARE),
      await matrices.multiplyTransposed(SQUARE, SQUARE),
      await matrices.gram(SQUARE),
    ]);
    expect([...product]).toEqual([7, 10, 15, 22]);
    expect([...transposed]).toEqual([5, 11, 11, 25]);
    expect([...gram]).toEqual([10, 14, 14, 20]);
  });

  it('are added up for a stack of matrices', async () => {
    const stack = {
      count: 2,
      rows: 2,
      columns: 3,
      data: Float32Array.of(1, 2, 3, 4, 5, 6, 0, 1, 0, 2, 0, 1),
    };
    const sums = Float32Array.of(1, 0, 0, 1, 0, 0, 0, 100);
    await withMatrices({ runtime }, (matrices) => matrices.addGrams(stack, sums));
    expect([...sums]).toEqual([15, 32, 32, 78, 1, 0, 0, 105]);
    const one = Float32Array.of(1, 0, 0, 1);
    await withMatrices({ runtime }, (matrices) => matrices.addGrams({ ...SQUARE, count: 1 }, one));
    expect([...one]).toEqual([6, 11, 11, 26]);
  });

  it('end with an interruption: one layer of many products may take a minute', async () => {
    const stop = new AbortController();
    let products = 0;
    const endless = withMatrices({ runtime, signal: stop.signal }, async (matrices) => {
      for (;;) {
        await matrices.multiply(SQUARE, SQUARE);
        if (++products === 3) stop.abort();
      }
    });
    await expect(endless).rejects.toThrow(Interrupted);
    expect(products).toBe(3);
  });
});
