import { describe, expect, it } from 'vitest';
import type { Hessian } from '../../../../src/quantize/gptq/inputs/hessian.js';
import { chanceOf, chanceOfLoudness, shrink } from '../../../../src/quantize/gptq/inputs/shrinkage.js';
import { floats } from '../../small-models.js';

const SIZE = 48;

/** Of vectors that are sums of a few causes, or of none, and noise. */
function momentsOf(rows: number, { causes }: { causes: number }): Hessian {
  const mix = floats(causes * SIZE, 11);
  const strengths = floats(rows * causes, 12);
  const noise = floats(rows * SIZE, 13, causes === 0 ? 1 : 0.1);
  const values = new Float32Array(SIZE * SIZE);
  for (let row = 0; row < rows; row++) {
    const x = Float32Array.from({ length: SIZE }, (_, k) => {
      let sum = noise[row * SIZE + k]!;
      for (let h = 0; h < causes; h++) sum += strengths[row * causes + h]! * mix[h * SIZE + k]!;
      return sum;
    });
    for (let i = 0; i < SIZE; i++) {
      for (let j = 0; j < SIZE; j++) values[i * SIZE + j]! += (x[i]! * x[j]!) / rows;
    }
  }
  return { size: SIZE, values, rows };
}

describe('what a few vectors show of inputs that go together', () => {
  it('is chance where they have nothing to do with each other, and less of it the more vectors there are', () => {
    expect(chanceOf(momentsOf(24, { causes: 0 }))).toBeGreaterThan(0.8);
    const [few, many] = [24, 2400].map((rows) => chanceOf(momentsOf(rows, { causes: 3 }))) as [
      number,
      number,
    ];
    expect(few).toBeGreaterThan(0.05);
    expect(few).toBeLessThan(0.4);
    expect(many).toBeLessThan(0.005);
  });

  it('is nothing with one vector: all connections are chance, and all differences of loudness', () => {
    const one = momentsOf(1, { causes: 3 });
    expect(chanceOf(one)).toBe(1);
    shrink(one);
    const diagonal = Array.from({ length: SIZE }, (_, k) => one.values[k * SIZE + k]!);
    expect(diagonal.every((value) => Math.abs(value - diagonal[0]!) < 1e-6)).toBe(true);
    expect(one.values.filter((value) => value !== 0)).toHaveLength(SIZE);
  });

  it('counts less, loud inputs stay loud, and inputs that are always 0 stay so', () => {
    const hessian = momentsOf(400, { causes: 3 });
    for (let k = 0; k < SIZE; k++) {
      for (const at of [5 * SIZE + k, k * SIZE + 5]) hessian.values[at]! *= 100;
      for (const at of [9 * SIZE + k, k * SIZE + 9]) hessian.values[at] = 0;
    }
    const before = hessian.values.slice();
    const kept = 1 - chanceOf(hessian);
    shrink(hessian);
    expect(hessian.values[1]).toBeCloseTo(before[1]! * kept, 6);
    expect(hessian.values[5 * SIZE + 5]! / before[5 * SIZE + 5]!).toBeGreaterThan(0.95);
    expect(hessian.values.subarray(9 * SIZE, 10 * SIZE).every((value) => value === 0)).toBe(true);
  });

  it('of one input, or of none that is ever heard, is left as it is', () => {
    const single: Hessian = { size: 1, values: Float32Array.of(4), rows: 10 };
    shrink(single);
    expect([...single.values]).toEqual([4]);
    const silent: Hessian = { size: 2, values: new Float32Array(4), rows: 10 };
    shrink(silent);
    expect([...silent.values]).toEqual([0, 0, 0, 0]);
  });

  it('knows differences of loudness that are larger than chance', () => {
    expect(chanceOfLoudness(Float64Array.of(1, 1.1, 0.9, 1), 10)).toBe(1);
    expect(chanceOfLoudness(Float64Array.of(1, 50, 0.1, 3), 1000)).toBeLessThan(0.01);
  });
});
