import { describe, expect, it } from 'vitest';
import { distributionOfTimes } from '../../../src/measure/timing/distribution.js';

describe('the distribution of single runs', () => {
  it('has the percentiles of every launch, in their order', () => {
    const slow = Float64Array.from({ length: 101 }, (_, at) => 20 + at / 100);
    const fast = Float64Array.from({ length: 101 }, (_, at) => 10 + at / 100);
    expect(distributionOfTimes([slow, fast])!.launches).toEqual([
      { runs: 101, percentiles: [20.05, 20.25, 20.5, 20.75, 20.95] },
      { runs: 101, percentiles: [10.05, 10.25, 10.5, 10.75, 10.95] },
    ]);
  });

  it('counts each run in one bin, and outliers apart', () => {
    const times = Float64Array.from({ length: 100 }, (_, at) => 1 + at / 1000);
    const { histogram } = distributionOfTimes([Float64Array.from([...times, 50, 60])])!;
    expect(histogram).toMatchObject({ from: 1, to: 1.099, slower: 2 });
    expect(histogram.counts.reduce((sum, count) => sum + count)).toBe(100);
  });

  it('is one bin where all runs took the same time, and nothing where nobody ran', () => {
    expect(distributionOfTimes([Float64Array.from([2, 2, 2])])!.histogram).toEqual({
      from: 2,
      to: 2,
      counts: [3],
      slower: 0,
    });
    expect(distributionOfTimes([[]])).toBeUndefined();
  });
});
