import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MIN_SAMPLES, median, medianInterval, percentile, sorted } from '../../src/statistics/order.js';

describe('order statistics', () => {
  it('the median lies in the middle', () => {
    expect(median([3, 1, 2])).toBe(2);
    expect(median([4, 1, 2, 3])).toBe(2.5);
    expect(median([])).toBeNaN();
  });

  it('a percentile is one of the values, by nearest rank', () => {
    const order = sorted(Array.from({ length: 100 }, (_, i) => 100 - i));
    expect([0.5, 0.9, 0.99, 1].map((fraction) => percentile(order, fraction))).toEqual([50, 90, 99, 100]);
    fc.assert(
      fc.property(
        fc.array(fc.integer(), { minLength: 1, maxLength: 50 }),
        fc.double({ min: 0.01, max: 1, noNaN: true }),
        (values, fraction) => {
          const value = percentile(sorted(values), fraction);
          const below = values.filter((other) => other <= value).length;
          expect(below).toBeGreaterThanOrEqual(fraction * values.length - 1e-9);
        },
      ),
    );
  });

  it('percentiles need as many samples as MLPerf’s early stopping asks for', () => {
    // Fewest n with P[Bin(n, 1 − p) ≤ 1] ≤ 0.01.
    const fewest = (p: number) => {
      for (let n = 2; ; n++) if (p ** n + n * (1 - p) * p ** (n - 1) <= 0.01) return n;
    };
    expect(MIN_SAMPLES).toEqual({
      p50: fewest(0.5),
      p90: fewest(0.9),
      p95: fewest(0.95),
      p99: fewest(0.99),
    });
  });

  it('the interval of a median is smallest and largest of five values at 0.95, and nothing of four', () => {
    expect(medianInterval([5, 1, 4, 2, 3], 0.95)).toEqual({
      value: 3,
      interval: { lo: 1, hi: 5, confidence: 0.9 },
    });
    expect(medianInterval([1, 2, 3, 4], 0.95).interval).toEqual({ lo: null, hi: null, confidence: 0.9 });
    // 1 − 2⁻³ and 1 − 2⁻⁶: exactly what so many values give.
    expect(medianInterval([1, 2, 3], 0.875).interval).toMatchObject({ lo: 1, hi: 3 });
    expect(medianInterval([1, 2, 3, 4, 5, 6], 0.984375).interval).toMatchObject({ lo: 1, hi: 6 });
  });

  it('the interval of a median narrows to inner ranks with more values', () => {
    // Tables of the sign test: n = 20 at one-sided 0.95 takes ranks 6 and 15.
    const values = Array.from({ length: 20 }, (_, i) => i + 1);
    expect(medianInterval(values, 0.95).interval).toMatchObject({ lo: 6, hi: 15 });
  });
});
