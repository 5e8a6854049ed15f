import { describe, expect, it } from 'vitest';
import { bootstrapInterval, type Statistic } from '../../src/statistics/bootstrap.js';

/** The mean of 0 … n − 1 by weight, and how often it was asked for. */
function mean(n: number): { statistic: Statistic; draws: () => number } {
  let draws = 0;
  return {
    draws: () => draws,
    statistic: (weights) => {
      draws++;
      return weights!.reduce((sum, weight, sample) => sum + weight * sample, 0) / n;
    },
  };
}

describe('an interval by bootstrap', () => {
  it('has as many draws beyond its bounds as the confidence says', () => {
    const { statistic, draws } = mean(40);
    const interval = bootstrapInterval(statistic, 40, 0.9999)!;
    expect(interval.confidence).toBe(0.9998);
    expect(draws()).toBeGreaterThanOrEqual(100_000);
    // The mean of 40 uniform numbers is nearly normal: its bounds at 0.9999 lie 3.72 standard errors away.
    const standardError = Math.sqrt((40 ** 2 - 1) / 12 / 40);
    expect((interval.hi! - interval.lo!) / 2 / standardError).toBeGreaterThan(3.4);
    expect((interval.hi! - interval.lo!) / 2 / standardError).toBeLessThan(4);
  });

  it('takes no more draws than it did at a usual confidence', () => {
    const { statistic, draws } = mean(40);
    bootstrapInterval(statistic, 40, 0.99);
    expect(draws()).toBe(2_000);
  });

  it('is none where so many samples allow too few draws for the confidence', () => {
    expect(bootstrapInterval(() => 1, 400_000, 0.9999)).toBeNull();
  }, 60_000);
});
