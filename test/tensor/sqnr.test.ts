import { describe, expect, it } from 'vitest';
import { SignalAndNoise, sqnrOf } from '../../src/tensor/sqnr.js';

describe('SQNR', () => {
  it.each([1e6, 1, 1e-9, 1e-20, 1e-35])('of values times %s is the same', (scale) => {
    const sums = new SignalAndNoise();
    sums.add(
      [3, 4].map((value) => value * scale),
      [3.3, 3.6].map((value) => value * scale),
    );
    expect(sums.sqnr).toBeCloseTo(20);
  });

  it('is finite where nothing is wrong, and where nothing is there', () => {
    expect(sqnrOf(1, 0)).toBeCloseTo(313.07, 2);
    expect(sqnrOf(1e-40, 0)).toBeCloseTo(313.07, 2);
    expect(sqnrOf(0, 1e-40)).toBeCloseTo(-313.07, 2);
    expect(sqnrOf(0, 0)).toBe(0);
  });
});
