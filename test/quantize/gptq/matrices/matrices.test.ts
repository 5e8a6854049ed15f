import { describe, expect, it } from 'vitest';
import { Interrupted } from '../../../../src/errors.js';
import { type Matrix, withMatrices } from '../../../../src/quantize/gptq/matrices/matrices.js';
import { sameBytes } from '../../../../src/tensor/same-bytes.js';
import { floats, runtime } from '../../small-models.js';

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

  it.each([
    [128, 256, 256],
    [120, 700, 250],
    [9, 1200, 9],
    [3, 1000, 300],
    [40, 900, 9],
  ])(
    'do not depend on the number of threads: %d rows, %d products, %d columns',
    async (rows, inner, columns) => {
      const a = { rows, columns: inner, data: floats(rows * inner, 1) };
      const b = { rows: inner, columns, data: floats(inner * columns, 2) };
      const turned = { ...b, rows: columns, columns: inner };
      const part = Math.floor(inner / 3);
      const stack = { count: 3, rows, columns: part, data: a.data.subarray(0, 3 * rows * part) };
      const productsOf = async (threads: number) =>
        await withMatrices({ runtime, threads }, async (matrices) => {
          const [sums, added] = [new Float32Array(3 * rows * rows), new Float32Array(rows * columns)];
          await matrices.addGrams(stack, sums);
          await matrices.addTransposed(a, turned, added);
          const product = await matrices.multiply(a, b);
          const transposed = await matrices.multiplyTransposed(a, turned);
          return { product, transposed, gram: await matrices.gram(a), sums, added };
        });
      const expected = await productsOf(1);
      for (const threads of [2, 4, 8]) {
        const products = Object.entries(await productsOf(threads));
        const other = products.filter(
          ([name, values]) => !sameBytes(values, expected[name as keyof typeof expected]),
        );
        expect(other.map(([name]) => name)).toEqual([]);
      }
    },
  );

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
