import { describe, expect, it } from 'vitest';
import { noiseFloorOf } from '../../../src/measure/timing/noise.js';
import type { Estimate, Measurement } from '../../../src/terms/measurement.js';

const measurement = (metric: string, ratio: Estimate | null): Measurement =>
  ({ metric, variant: 'int8', status: 'ok', ratio }) as Measurement;

const estimate = (value: number, halfWidth: number): Estimate => ({
  value,
  interval: { lo: value / (1 + halfWidth), hi: value * (1 + halfWidth), confidence: 0.9 },
});

describe('the noise floor of a run', () => {
  it('is the half-width of its least certain ratio of medians, however fast the models are', () => {
    const floor = noiseFloorOf([
      measurement('latency.p50', estimate(0.4, 0.02)),
      measurement('latency.p50', estimate(0.9, 0.035)),
      measurement('latency.p99', estimate(0.9, 0.3)),
      measurement('latency.p50', null),
    ]);
    expect(floor).toBeCloseTo(0.035, 12);
  });

  it('is not told by ratios without bounds', () => {
    const unbounded = { value: 0.5, interval: { lo: null, hi: null, confidence: 0.9 } };
    expect(noiseFloorOf([measurement('latency.p50', unbounded)])).toBeNull();
    expect(noiseFloorOf([])).toBeNull();
  });
});
