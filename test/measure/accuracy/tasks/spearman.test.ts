import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ofSums } from '../../../../src/measure/accuracy/tasks/metric.js';
import { rankCorrelation } from '../../../../src/measure/accuracy/tasks/spearman.js';
import { bootstrapComparison, bootstrapInterval } from '../../../../src/statistics/bootstrap.js';

describe('rankCorrelation', () => {
  it('gives the published value, ties included', () => {
    // IQ and hours of television, the usual textbook example: ρ = −29 ÷ 165.
    const iq = Float64Array.of(106, 86, 100, 101, 99, 103, 97, 113, 112, 110);
    const hours = Float64Array.of(7, 0, 27, 50, 28, 29, 20, 12, 6, 17);
    expect(rankCorrelation(iq, hours)(null)).toBeCloseTo(-29 / 165, 12);
    // Ranks 1, 2.5, 2.5, 4 against 1, 2, 3, 4: Pearson 4.5 ÷ √(4.5 · 5).
    expect(rankCorrelation(Float64Array.of(1, 2, 2, 3), Float64Array.of(1, 2, 3, 4))(null)).toBeCloseTo(
      4.5 / Math.sqrt(22.5),
      12,
    );
  });

  it('counts a sample of weight w as w samples', () => {
    const value = fc.integer({ min: 0, max: 6 });
    fc.assert(
      fc.property(
        fc.array(fc.tuple(value, value, fc.integer({ min: 0, max: 3 })), { minLength: 3 }),
        (rows) => {
          const weighted = rankCorrelation(
            Float64Array.from(rows, ([x]) => x),
            Float64Array.from(rows, ([, y]) => y),
          )(Uint32Array.from(rows, ([, , weight]) => weight));
          const repeated = rows.flatMap(
            ([x, y, weight]) => new Array(weight).fill([x, y]) as [number, number][],
          );
          const plain = rankCorrelation(
            Float64Array.from(repeated, ([x]) => x),
            Float64Array.from(repeated, ([, y]) => y),
          )(null);
          if (Number.isNaN(plain)) expect(weighted).toBeNaN();
          else expect(weighted).toBeCloseTo(plain, 9);
        },
      ),
    );
  });
});

describe('the bootstrap', () => {
  const mean = (values: readonly number[]) =>
    ofSums(
      values.map((value) => [value, 1]),
      ([sum, count]) => sum! / count!,
    );

  it('is about as wide as the standard error says', () => {
    // Uniform on 0 … 99: standard deviation 28.9; 1.645 · 28.9 ÷ √400 = 2.37.
    const values = Array.from({ length: 400 }, (_, index) => index % 100);
    const { lo, hi, confidence } = bootstrapInterval(mean(values), 400, 0.95)!;
    expect(49.5 - lo!).toBeGreaterThan(2.1);
    expect(49.5 - lo!).toBeLessThan(2.7);
    expect(hi! - 49.5).toBeGreaterThan(2.1);
    expect(confidence).toBe(0.9);
  });

  it('sees a constant difference exactly, because the samples are paired', () => {
    const values = Array.from({ length: 50 }, (_, index) => (index * 37) % 11);
    const { drop } = bootstrapComparison(mean(values), mean(values.map((value) => value - 0.25)), 50, {
      confidence: 0.95,
      higherIsBetter: true,
    });
    expect(drop.value).toBeCloseTo(0.25, 10);
    expect(drop.interval!.lo).toBeCloseTo(0.25, 10);
    expect(drop.interval!.hi).toBeCloseTo(0.25, 10);
    expect(drop.p).toBe(0);
  });

  it('is undecided between a model and itself', () => {
    const values = [1, 5, 2, 8];
    const { drop, ratio } = bootstrapComparison(mean(values), mean(values), 4, {
      confidence: 0.95,
      higherIsBetter: false,
    });
    expect(drop).toMatchObject({ value: 0, p: 0.5, resolvable: 0 });
    expect(ratio!.value).toBe(1);
  });
});
