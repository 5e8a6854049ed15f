import { describe, expect, it } from 'vitest';
import { sureGainDb } from '../../../src/auto/judging/nearness.js';

const noises = (...values: number[]) => values.map((noise) => ({ signal: 100, noise }));

describe('how much nearer one candidate surely is', () => {
  it('is the difference of SQNR over all samples', () => {
    const [one, other] = [noises(1, 2, 1.5, 1), noises(2, 4, 3, 2)];
    expect(sureGainDb(one, other)).toBeCloseTo(10 * Math.log10(2));
    expect(sureGainDb(other, one)).toBeCloseTo(-10 * Math.log10(2));
  });

  it('is nothing where one sample alone decides', () => {
    expect(sureGainDb(noises(1, 1, 1, 1, 1), noises(1, 1, 1, 1, 9))).toBe(0);
  });

  it('is nothing below 0.3 dB, however sure', () => {
    expect(sureGainDb(noises(1, 2, 3, 4), noises(1.05, 2.1, 3.15, 4.2))).toBe(0);
  });

  it('counts only samples that judged both, and says nothing of fewer than three', () => {
    expect(sureGainDb([null, ...noises(1, 1, 1)], noises(9, 2, 2, 2))).toBeCloseTo(10 * Math.log10(2));
    expect(sureGainDb(noises(1, 1), noises(2, 2))).toBe(0);
    expect(sureGainDb([], [])).toBe(0);
  });

  it('has no bounds beside a file that follows nothing, or everything', () => {
    expect(sureGainDb(noises(1, 1, 1), noises(Number.NaN, 1, 1))).toBe(Number.POSITIVE_INFINITY);
    expect(sureGainDb(noises(Number.NaN, 1, 1), noises(1, 1, 1))).toBe(Number.NEGATIVE_INFINITY);
    expect(sureGainDb(noises(0, 0, 0), noises(1, 1, 1))).toBe(Number.POSITIVE_INFINITY);
    expect(sureGainDb(noises(0, 0, 0), noises(0, 0, 0))).toBe(0);
  });
});
