import { describe, expect, it } from 'vitest';
import type { Check } from '../../../src/config/config.js';
import { campaignPlan, DEFAULT_PRECISION, precisionFor } from '../../../src/measure/timing/plan.js';

const check = (metric: string, ratio?: number, level: Check['level'] = 'error') => ({
  metric,
  level,
  ...(ratio === undefined ? {} : { maxRegression: { ratio, slack: 0 } }),
});

describe('the precision that checks ask for', () => {
  it('is half of the smallest regression that any timing may have', () => {
    expect(precisionFor([check('latency.p50', 0.03), check('latency.p99', 0.2)])).toBeCloseTo(
      Math.log(1.03) / 2,
      12,
    );
  });

  it('is the default without such a check, and never coarser', () => {
    expect(precisionFor([])).toBe(DEFAULT_PRECISION);
    expect(precisionFor([check('latency.p50'), check('latency.p90', 0.5)])).toBe(DEFAULT_PRECISION);
  });

  it('heeds neither other metrics, nor checks that are off, nor a margin of nothing', () => {
    const checks = [check('memory.peak', 0.01), check('latency.p50', 0.01, 'off'), check('latency.p50', 0)];
    expect(precisionFor(checks)).toBe(DEFAULT_PRECISION);
  });

  it('has an end', () => {
    expect(precisionFor([check('latency.p50', 0.001)])).toBe(0.005);
  });
});

describe('the plan of a campaign', () => {
  const plan = (provider: string, threads = 1, pauses = false) =>
    campaignPlan({ provider, threads, pauses, precision: 0.02, confidence: 0.95, budgetMs: 1 });

  it('has an even number of rounds, so that drift cancels, and fewer runs the slower they are', () => {
    const shapes = [0.1, 10, 10.1, 100, 101, 5_000].map((ms) => plan('cpu').shape(ms));
    for (const { rounds } of shapes) expect(rounds % 2).toBe(0);
    const runs = shapes.map(({ rounds, block }) => rounds * block.minRuns);
    expect(runs).toEqual(runs.toSorted((a, b) => b - a));
  });

  it('counts a block only after the other model’s idle threads have stopped spinning, unless they are frozen', () => {
    for (const ms of [0.1, 20, 500]) {
      expect(plan('cpu', 2).shape(ms).block.dropMs).toBeGreaterThanOrEqual(40);
      expect(plan('cpu', 2, true).shape(ms).block.dropMs).toBeLessThan(10);
      expect(plan('cpu', 1).shape(ms).block.dropMs).toBeLessThan(10);
    }
  });

  it('warms a device for as long as its clocks need', () => {
    expect(plan('cuda').warmUp.minMs).toBeGreaterThan(plan('cpu').warmUp.minMs);
    for (const web of ['wasm', 'browser-wasm']) {
      expect(plan(web).warmUp.minMs).toBeGreaterThan(plan('cpu').warmUp.minMs);
    }
    expect(plan('cuda').shape(1).block.minMs).toBeGreaterThan(plan('cpu').shape(1).block.minMs);
  });
});
