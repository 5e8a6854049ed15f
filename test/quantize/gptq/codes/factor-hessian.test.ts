import { expect, it } from 'vitest';
import { Factors } from '../../../../src/quantize/gptq/codes/factor-hessian.js';
import type { Hessian } from '../../../../src/quantize/gptq/inputs/hessian.js';
import { type Matrices, withMatrices } from '../../../../src/quantize/gptq/matrices/matrices.js';
import { floats, runtime } from '../../small-models.js';

/** Columns beyond the first panel are brought up to date by products. */
const SIZE = 130;

function hessian(seed: number): Hessian {
  const noise = floats(SIZE, seed, 0.1);
  const values = new Float32Array(SIZE * SIZE);
  for (let i = 0; i < SIZE; i++) {
    for (let j = 0; j < SIZE; j++) values[i * SIZE + j] = noise[i]! * noise[j]! + (i === j ? 1 : 0);
  }
  return { size: SIZE, values, rows: 4 * SIZE };
}

it('weights that read one tensor in a row share the factor of its Hessian', async () => {
  await withMatrices({ runtime }, async (matrices) => {
    let products = 0;
    const counting: Matrices = {
      ...matrices,
      gram: async (x) => {
        products++;
        return await matrices.gram(x);
      },
    };
    const [first, second] = [hessian(1), hessian(2)];
    const factors = new Factors(counting);
    const made = [];
    for (const one of [first, first, first, second, second]) made.push(await factors.of(one));
    expect(products).toBe(2);
    expect(made[1]).toBe(made[0]);
    expect(made[3]!.factor).not.toEqual(made[0]!.factor);
    // One is kept, not all.
    await factors.of(first);
    expect(products).toBe(3);
  });
});

it('a Hessian of zeros has no factor', async () => {
  await withMatrices({ runtime }, async (matrices) => {
    const zeros = { size: 4, values: new Float32Array(16), rows: 9 };
    expect(await new Factors(matrices).of(zeros)).toBeNull();
  });
});
