import { describe, expect, it } from 'vitest';
import {
  brokenLimits,
  DEFAULT_LIMITS,
  limitsOf,
  type Quality,
  sqnrAsked,
} from '../../../src/auto/judging/limits.js';
import type { Check } from '../../../src/config/config.js';

const check = (changes: Partial<Check>): Check => ({
  id: 'check',
  metric: 'fidelity.sqnr',
  level: 'error',
  where: {},
  line: null,
  ...changes,
});

const SCOPE = { model: 'digits', variant: 'best' };
const PERFECT: Quality = { sqnr: 60, cosine: 1, agreement: 1, kl: 0, maxAbs: 0, top1Drop: 0 };

describe('limits of the search', () => {
  it('are the strictest of the thresholds that match', () => {
    const checks = [
      check({ min: 20 }),
      check({ min: 25 }),
      check({ min: 99, where: { variant: ['other'] } }),
      check({ min: 98, level: 'warn' }),
      check({ metric: 'accuracy.top1', maxDrop: 0.005, where: { model: ['dig*'] } }),
      check({ metric: 'size.file', maxRatio: 0.3 }),
      check({ metric: 'latency.p50', maxRatio: 0.8 }),
      check({ metric: 'latency.p90', maxRatio: 0.9 }),
    ];
    expect(limitsOf(checks, SCOPE)).toEqual({
      ...{ minSqnr: 25, maxTop1Drop: 0.005 },
      ...{ maxSizeRatio: 0.3, maxLatencyRatio: 0.8 },
    });
  });

  it('fall back to a default where no threshold speaks of quality', () => {
    expect(limitsOf([check({ metric: 'size.file', maxRatio: 0.3 })], SCOPE)).toEqual({
      ...DEFAULT_LIMITS,
      maxSizeRatio: 0.3,
    });
  });

  it.each([
    [{ minSqnr: 30 }, { sqnr: 29.96 }, 'SQNR 30.0 dB < 30 dB'],
    [{ minCosine: 0.99 }, { cosine: Number.NaN }, 'cosine NaN < 0.99'],
    [{ minCosine: 0.99 }, { cosine: 0.97, isWhole: true }, 'equal 97.0 % < 99.0 %'],
    [{ minAgreement: 0.99 }, { agreement: 0.97 }, 'agreement 97.0 % < 99 %'],
    [{ maxKl: 0.01 }, { kl: 0.0234 }, 'KL divergence 0.0234 > 0.01'],
    [{ maxAbs: 0.1 }, { maxAbs: 0.25 }, 'max abs error 0.250 > 0.1'],
    [{ maxTop1Drop: 0.005 }, { top1Drop: 0.02 }, 'top-1 drop 2.0 points > 0.5'],
  ] as const)('are broken in words: %j', (limits, changes, words) => {
    expect(brokenLimits(limits, { ...PERFECT, ...changes })).toEqual([words]);
    expect(brokenLimits(limits, PERFECT)).toEqual([]);
  });

  it('ask for an SQNR, as far as they can be told so', () => {
    expect(sqnrAsked({ minSqnr: 20 })).toBe(20);
    expect(sqnrAsked({ minCosine: 1 / Math.sqrt(1.01) })).toBeCloseTo(20);
    expect(sqnrAsked({ minSqnr: 30, minCosine: 0.99 })).toBe(30);
    expect(sqnrAsked({ minAgreement: 0.99 })).toBeNull();
    // A tenth of the divergence, of a tenth of the noise.
    expect(sqnrAsked({ maxKl: 0.001 }, { ...PERFECT, sqnr: 18, kl: 0.01 })).toBeCloseTo(28);
    expect(sqnrAsked({ maxKl: 0.01 }, { ...PERFECT, kl: 0.001 })).toBeNull();
  });

  it('do not judge what the samples cannot show', () => {
    const blind = { ...PERFECT, agreement: null, kl: null, top1Drop: null };
    expect(brokenLimits({ minAgreement: 0.99, maxKl: 0, maxTop1Drop: 0 }, blind)).toEqual([]);
    expect(brokenLimits({ minSqnr: 30 }, { ...PERFECT, sqnr: 0, isWhole: true })).toEqual([]);
  });
});
