import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  fromLogs,
  fromStagedLogs,
  jackknifeLogs,
  MIN_SAMPLES,
  median,
  medianInterval,
  percentile,
  sorted,
  studentCdf,
  studentQuantile,
  twoSided,
} from '../../../src/measure/statistics/statistics.js';

describe('Student’s t', () => {
  // NIST/SEMATECH e-Handbook of Statistical Methods, 1.3.6.7.2.
  it.each([
    [0.95, 1, 6.314],
    [0.95, 2, 2.92],
    [0.95, 4, 2.132],
    [0.95, 5, 2.015],
    [0.975, 9, 2.262],
    [0.99, 10, 2.764],
    [0.995, 30, 2.75],
    [0.9, 100, 1.29],
  ])('has the tabulated quantile at %f with %i degrees of freedom', (probability, degrees, expected) => {
    expect(studentQuantile(probability, degrees)).toBeCloseTo(expected, 3);
  });

  it('quantile and distribution function are inverse', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.5, max: 0.9999, noNaN: true }),
        fc.integer({ min: 1, max: 200 }),
        (probability, degrees) => {
          expect(studentCdf(studentQuantile(probability, degrees), degrees)).toBeCloseTo(probability, 9);
        },
      ),
    );
  });

  it('refuses what has no answer', () => {
    expect(() => studentQuantile(1, 5)).toThrow(RangeError);
    expect(() => studentQuantile(0.95, 0)).toThrow(RangeError);
  });
});

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

describe('intervals of ratios', () => {
  it('hold the two one-sided bounds', () => {
    expect(twoSided(0.95)).toBe(0.9);
    const { value, interval } = fromLogs([0.01, 0.02, 0.03], 0.95);
    expect(value).toBeCloseTo(Math.exp(0.02), 12);
    expect(Math.log(interval!.hi!)).toBeCloseTo(0.02 + (2.92 * 0.01) / Math.sqrt(3), 5);
  });

  it('are unbounded while fewer than three launches were made', () => {
    expect(fromLogs([0.1, 0.1], 0.95).interval).toMatchObject({ lo: null, hi: null });
  });

  it('turn around with the sign of the logs', () => {
    const log = fc.double({ min: -1, max: 1, noNaN: true });
    fc.assert(
      fc.property(fc.array(log, { minLength: 3, maxLength: 20 }), (logs) => {
        const up = fromLogs(logs, 0.95);
        const down = fromLogs(
          logs.map((value) => -value),
          0.95,
        );
        expect(up.value * down.value).toBeCloseTo(1, 9);
        expect(up.interval!.lo! * down.interval!.hi!).toBeCloseTo(1, 9);
      }),
    );
  });

  it('are never narrower than the pilot’s spread or the whole’s allows', () => {
    const calmAfterwards = [0.05, -0.05, 0.05, -0.05, 0.05, -0.05, ...new Array(20).fill(0)];
    const wildAfterwards = [0, 0.001, 0, 0.001, 0, 0.001, 0.2, -0.2, 0.2, -0.2];
    for (const logs of [calmAfterwards, wildAfterwards]) {
      const staged = fromStagedLogs(logs, 6, 0.95).interval!;
      const plain = fromLogs(logs, 0.95).interval!;
      expect(staged.hi!).toBeGreaterThanOrEqual(plain.hi!);
      expect(staged.lo!).toBeLessThanOrEqual(plain.lo!);
    }
    const [plain, staged] = [fromLogs(calmAfterwards, 0.95), fromStagedLogs(calmAfterwards, 6, 0.95)];
    expect(staged.interval!.hi!).toBeGreaterThan(plain.interval!.hi! * 1.005);
  });

  it('jackknifing a mean gives the t-interval of the mean', () => {
    const logs = [0.1, 0.3, 0.2, 0.15, 0.22];
    const mean = (values: readonly number[]) => values.reduce((sum, v) => sum + v, 0) / values.length;
    const jackknifed = jackknifeLogs(logs, mean, 0.95);
    const direct = fromLogs(logs, 0.95);
    expect(jackknifed.value).toBeCloseTo(direct.value, 12);
    expect(jackknifed.interval!.lo!).toBeCloseTo(direct.interval!.lo!, 12);
  });
});
