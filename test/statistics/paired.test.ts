import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normalCdf, normalQuantile } from '../../src/statistics/normal.js';
import {
  agrestiMin,
  countFlips,
  mcNemarMidP,
  pairedDrop,
  shareRatio,
  wilson,
} from '../../src/statistics/paired.js';

describe('the normal distribution', () => {
  it.each([
    [0.5, 0],
    [0.95, 1.6448536269514722],
    [0.975, 1.959963984540054],
    [0.05, -1.6448536269514722],
    [0.9999, 3.719016485455709],
  ])('has its published quantile at %d', (probability, z) => {
    expect(normalQuantile(probability)).toBeCloseTo(z, 10);
  });

  it('inverts itself', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-6, max: 1 - 1e-6, noNaN: true }), (probability) => {
        expect(normalCdf(normalQuantile(probability))).toBeCloseTo(probability, 12);
      }),
    );
  });
});

describe('one share', () => {
  // Newcombe 1998 (Stat. Med. 17), table I, method 3: 95 % intervals.
  it.each([
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
  ])('of %i in %i has the Wilson interval of Newcombe 1998', (right, n, lo, hi) => {
    const interval = wilson(right, n, 0.975);
    expect(interval.lo).toBeCloseTo(lo, 4);
    expect(interval.hi).toBeCloseTo(hi, 4);
    expect(interval.confidence).toBe(0.95);
  });
});

describe('paired shares', () => {
  // Fagerland, Lydersen and Laake 2013, airway hyper-responsiveness: n = 21, 1 and 7 discordant; two-sided mid-p 0.039.
  it('gives the mid-p of the published example', () => {
    expect(2 * mcNemarMidP({ lost: 7, gained: 1, n: 21 })).toBeCloseTo(0.0391, 4);
  });

  it('is undecided when nothing flips or both flip alike', () => {
    expect(mcNemarMidP({ lost: 0, gained: 0, n: 100 })).toBe(0.5);
    expect(mcNemarMidP({ lost: 7, gained: 7, n: 100 })).toBeCloseTo(0.5, 12);
  });

  it('has p and its mirror add up to one, for thousands of flips too', () => {
    fc.assert(
      fc.property(fc.nat(4000), fc.nat(4000), (lost, gained) => {
        const n = lost + gained;
        const p = mcNemarMidP({ lost, gained, n });
        expect(p + mcNemarMidP({ lost: gained, gained: lost, n })).toBeCloseTo(1, 8);
      }),
      { numRuns: 30 },
    );
  });

  it('reports flips, drop and interval together', () => {
    const drop = pairedDrop({ lost: 31, gained: 24, n: 5000 }, 0.95);
    expect(drop).toMatchObject({ value: 7 / 5000, lost: 31, gained: 24 });
    // (31.5 − 24.5) ÷ 5002 ± 1.6449 · √(56 − 49 ÷ 5002) ÷ 5002
    expect(drop.interval!.lo).toBeCloseTo(0.0013994 - 0.0024606, 6);
    expect(drop.interval!.hi).toBeCloseTo(0.0013994 + 0.0024606, 6);
    expect(drop.interval!.confidence).toBe(0.9);
    expect(drop.resolvable).toBeCloseTo(0.0024606, 6);
  });

  it('covers the true drop as often as it says', () => {
    // 400 simulated comparisons of 300 samples: 5 % lost, 3 % gained; both bounds hold with 95 % each.
    let state = 1;
    const uniform = () => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return state / 2 ** 32;
    };
    let covered = 0;
    for (let trial = 0; trial < 400; trial++) {
      let [lost, gained] = [0, 0];
      for (let sample = 0; sample < 300; sample++) {
        const u = uniform();
        if (u < 0.05) lost++;
        else if (u < 0.08) gained++;
      }
      const { lo, hi } = agrestiMin({ lost, gained, n: 300 }, 0.95);
      if (lo! <= 0.02 && hi! >= 0.02) covered++;
    }
    expect(covered / 400).toBeGreaterThan(0.87);
  });

  it('counts what one model lost and gained', () => {
    expect(countFlips([1, 1, 0, 0, 1], [1, 0, 1, 0, 0])).toEqual({ lost: 2, gained: 1, n: 5 });
  });

  it('turns the drop into a ratio whose bounds change sides', () => {
    const ratio = shareRatio(0.8, { value: 0.02, interval: { lo: -0.01, hi: 0.05, confidence: 0.9 } })!;
    expect(ratio.value).toBeCloseTo(0.975);
    expect(ratio.interval!.lo).toBeCloseTo(0.9375);
    expect(ratio.interval!.hi).toBeCloseTo(1.0125);
    expect(shareRatio(0, { value: 0, interval: null })).toBeNull();
  });
});
