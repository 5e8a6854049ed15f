import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { twoSided } from '../../src/statistics/confidence.js';
import { fromLogs, fromStagedLogs, jackknifeLogs } from '../../src/statistics/mean-intervals.js';

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
