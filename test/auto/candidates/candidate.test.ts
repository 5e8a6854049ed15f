import fc from 'fast-check';
import { expect, describe as group, it } from 'vitest';
import {
  bestOf,
  type Candidate,
  describe,
  isBetter,
  isWorthItsCost,
  notSurelySlower,
  type Preference,
  rivalInTime,
} from '../../../src/auto/candidates/candidate.js';

const QUALITY = { sqnr: 30, cosine: 0.999, agreement: null, kl: null, maxAbs: 0.1, top1Drop: null };

function candidate(name: string, more: Partial<Candidate> = {}): Candidate {
  return {
    name,
    stages: [],
    file: `${name}.onnx`,
    judged: [],
    made: null,
    errors: [],
    isPlain: false,
    isRough: false,
    quality: QUALITY,
    broken: [],
    sizeRatio: 0.27,
    latencyRatio: 0.5,
    ...more,
  };
}

const LATENCY: Preference = { limits: {}, objective: 'latency' };
const SIZE: Preference = { limits: {}, objective: 'size' };

group('the preferred candidate', () => {
  it('is the fastest, or with objective size the smallest', () => {
    const fast = candidate('fast', { latencyRatio: 0.4, sizeRatio: 0.5 });
    const small = candidate('small', { latencyRatio: 0.9, sizeRatio: 0.2 });
    expect(bestOf([small, fast], LATENCY)).toBe(fast);
    expect(bestOf([small, fast], SIZE)).toBe(small);
  });

  it('may take more time with objective size: a quarter more, or what the thresholds allow', () => {
    const small = candidate('small', { latencyRatio: 1.2, sizeRatio: 0.16 });
    const slow = candidate('slow', { latencyRatio: 1.4, sizeRatio: 0.15 });
    const other = candidate('other', { latencyRatio: 0.7, sizeRatio: 0.25 });
    const within = (maxLatencyRatio: number): Preference => ({
      limits: { maxLatencyRatio },
      objective: 'size',
    });
    expect(bestOf([slow, small, other], SIZE)).toBe(small);
    expect(bestOf([slow, small, other], within(1.5))).toBe(slow);
    expect(bestOf([slow, small, other], within(0.8))).toBe(other);
    expect(bestOf([slow, small], LATENCY)).toBeUndefined();
  });

  it('is the faster of two whose sizes hardly differ, with objective size too', () => {
    const fast = candidate('fast', { latencyRatio: 0.7, sizeRatio: 0.2601 });
    const slow = candidate('slow', { latencyRatio: 1.01, sizeRatio: 0.26 });
    expect(bestOf([slow, fast], SIZE)).toBe(fast);
    expect(bestOf([fast, slow], SIZE)).toBe(fast);
  });

  it('never breaks a limit, and is none that was never raced', () => {
    const broken = candidate('broken', { latencyRatio: 0.1, broken: ['SQNR 3.0 dB < 20 dB'] });
    const unraced = candidate('unraced', { latencyRatio: Number.NaN });
    expect(bestOf([broken, unraced], LATENCY)).toBeUndefined();
    expect(bestOf([broken, unraced], SIZE)).toBeUndefined();
  });

  it('is none where nothing is faster or smaller than float', () => {
    expect(bestOf([candidate('slower', { latencyRatio: 1.2 })], LATENCY)).toBeUndefined();
    expect(bestOf([candidate('larger', { latencyRatio: 0.99, sizeRatio: 1.01 })], LATENCY)).toBeUndefined();
    const slowerButSmall = candidate('slower but small', { latencyRatio: 1.3, sizeRatio: 0.2 });
    expect(bestOf([slowerButSmall], SIZE)).toBeUndefined();
  });

  it('is the smaller of two as fast as each other, and of two alike the one closer to float', () => {
    const plain = candidate('plain', { latencyRatio: 0.5, sizeRatio: 0.4 });
    const smaller = candidate('smaller', { latencyRatio: 0.51, sizeRatio: 0.3 });
    const closer = candidate('closer', {
      latencyRatio: 0.505,
      sizeRatio: 0.305,
      quality: { ...QUALITY, sqnr: 40 },
    });
    expect(bestOf([plain, smaller], LATENCY)).toBe(smaller);
    expect(bestOf([smaller, closer], LATENCY)).toBe(closer);
  });

  it('is of two as fast as each other the one that is surely nearer, if it is hardly larger', () => {
    const noises = (scale: number) =>
      Array.from({ length: 8 }, (_, i) => ({ signal: 100, noise: scale * (1 + i / 8) }));
    const small = candidate('small', { sizeRatio: 0.26, errors: noises(2) });
    const near = candidate('near', { sizeRatio: 0.285, isPlain: true, errors: noises(1) });
    expect(bestOf([small, near], LATENCY)).toBe(near);
    expect(bestOf([small, { ...near, sizeRatio: 0.35 }], LATENCY)).toBe(small);
    const alike = candidate('alike', { sizeRatio: 0.285, errors: noises(1.99) });
    expect(bestOf([small, alike], LATENCY)).toBe(small);
  });

  it('is of two alike the plain one, though the other seems nearer', () => {
    const plain = candidate('plain', { isPlain: true });
    const nearer = candidate('nearer', { quality: { ...QUALITY, sqnr: 31 } });
    expect(bestOf([nearer, plain], LATENCY)).toBe(plain);
    expect(bestOf([plain, nearer], LATENCY)).toBe(plain);
  });

  it('keeps the limit on size before it is fast', () => {
    const fast = candidate('fast', { latencyRatio: 0.3, sizeRatio: 0.6 });
    const fitting = candidate('fitting', { latencyRatio: 0.7, sizeRatio: 0.3 });
    expect(bestOf([fast, fitting], { limits: { maxSizeRatio: 0.4 }, objective: 'latency' })).toBe(fitting);
  });

  it('may take a quarter more time where only so the limit on size is kept', () => {
    const large = candidate('large', { latencyRatio: 0.7, sizeRatio: 0.35 });
    const small = candidate('small', { latencyRatio: 1.14, sizeRatio: 0.19 });
    const slow = candidate('slow', { latencyRatio: 1.3, sizeRatio: 0.15 });
    const within = (limits: Preference['limits']): Preference => ({ limits, objective: 'latency' });
    expect(bestOf([large, small, slow], within({ maxSizeRatio: 0.2 }))).toBe(small);
    expect(bestOf([small, slow], within({ maxSizeRatio: 0.2, maxLatencyRatio: 1.1 }))).toBeUndefined();
    expect(bestOf([large, small, slow], within({ maxSizeRatio: 0.16, maxLatencyRatio: 2 }))).toBe(slow);
    expect(bestOf([small], within({ maxSizeRatio: 1 }))).toBeUndefined();
    const nearly = candidate('nearly', { latencyRatio: 0.9, sizeRatio: 0.3 });
    expect(bestOf([nearly], within({ maxSizeRatio: 0.4, maxLatencyRatio: 0.8 }))).toBe(nearly);
  });

  it('is never preferred both ways', () => {
    const ratio = fc.double({ min: 0.05, max: 2, noNaN: true });
    const any = fc
      .tuple(ratio, ratio, fc.double({ min: 0, max: 60, noNaN: true }))
      .map(([latencyRatio, sizeRatio, sqnr]) =>
        candidate('any', { latencyRatio, sizeRatio, quality: { ...QUALITY, sqnr } }),
      );
    fc.assert(
      fc.property(any, any, fc.constantFrom(LATENCY, SIZE), (a, b, preference) => {
        expect(isBetter(a, b, preference) && isBetter(b, a, preference)).toBe(false);
      }),
    );
  });
});

group('a candidate in one line', () => {
  it('says what it lost, and which limits it breaks', () => {
    expect(describe(candidate('x', { broken: ['SQNR 30.0 dB < 35 dB'] }))).toBe(
      '0.27 × the size, 0.50 × the time, SQNR 30.0 dB, cosine 0.9990; breaks SQNR 30.0 dB < 35 dB',
    );
    expect(describe(candidate('x', { latencyRatio: Number.NaN }))).not.toContain('time');
    const seen = (quality: Partial<typeof QUALITY> & { isWhole?: boolean }) =>
      describe(candidate('x', { quality: { ...QUALITY, ...quality }, isRough: true }));
    expect(seen({ sqnr: 0, cosine: 0.98, isWhole: true })).toMatch(
      / time, about 98\.0 % of the values equal$/,
    );
    expect(seen({ sqnr: Number.POSITIVE_INFINITY, cosine: 1 })).toMatch(/ time, the outputs equal$/);
  });
});

group('the rival in time', () => {
  const noise = (value: number) =>
    Array.from({ length: 20 }, (_, sample) => ({ signal: 100, noise: value * (1 + sample / 50) }));
  const near = candidate('near', { isPlain: true, latencyRatio: 0.98, sizeRatio: 0.26, errors: noise(0.4) });
  const fast = candidate('fast', { latencyRatio: 0.28, sizeRatio: 0.26, errors: noise(2) });

  it('is the plain file that would be preferred if both were as fast, of a plain one too', () => {
    expect(rivalInTime(fast, [fast, near], LATENCY)).toBe(near);
    const plain = { ...fast, isPlain: true };
    expect(rivalInTime(plain, [plain, near], LATENCY)).toBe(near);
  });

  it('is none where the faster is better in another way too, or the other breaks a limit', () => {
    expect(rivalInTime({ ...fast, sizeRatio: 0.15 }, [near], LATENCY)).toBeUndefined();
    expect(rivalInTime({ ...fast, errors: noise(0.1) }, [near], LATENCY)).toBeUndefined();
    expect(rivalInTime(fast, [{ ...near, broken: ['too large'] }], LATENCY)).toBeUndefined();
  });

  it('is made first where a candidate that is no plain file is hardly faster, and not made yet', () => {
    const beside = (ratio: number, more: Partial<Candidate> = {}) =>
      isWorthItsCost(
        candidate('beside', { latencyRatio: ratio * near.latencyRatio, isRough: true, ...more }),
        near,
      );
    expect([beside(0.94), beside(0.96)]).toEqual([true, false]);
    expect([beside(0.96, { isPlain: true }), beside(0.96, { isRough: false })]).toEqual([true, true]);
  });

  it('wins where it has half the noise, and the faster is not so by a tenth', () => {
    const against = (ratio: number, error: number) =>
      isWorthItsCost(
        candidate('plain', {
          isPlain: true,
          latencyRatio: ratio * near.latencyRatio,
          errors: noise(error * 0.4),
        }),
        near,
      );
    expect([against(0.95, 4), against(0.95, 1.5)]).toEqual([false, true]);
    expect(against(0.88, 4)).toBe(true);
  });

  it('is none beside the slower, and never one that is no plain file', () => {
    expect(rivalInTime(near, [near, fast], LATENCY)).toBeUndefined();
    expect(rivalInTime(fast, [{ ...near, isPlain: false }], LATENCY)).toBeUndefined();
  });
});

group('where nothing wins', () => {
  const slow = (name: string, more: Partial<Candidate>) => candidate(name, { latencyRatio: 1.3, ...more });

  it('the file that would be preferred is as fast as float, if it is not slower for sure', async () => {
    const small = slow('small', { sizeRatio: 0.27 });
    const large = slow('large', { sizeRatio: 0.52 });
    expect(await notSurelySlower([large, small], LATENCY, async () => false)).toBe(small);
    expect(small.latencyRatio).toBe(1);
    expect(bestOf([large, small], LATENCY)).toBe(small);
  });

  it('the next one is looked at where it surely is slower, and none of those that break a limit or are no smaller', async () => {
    const small = slow('small', { sizeRatio: 0.27 });
    const large = slow('large', { sizeRatio: 0.52 });
    const others = [slow('broken', { broken: ['too far'] }), slow('no smaller', { sizeRatio: 1 })];
    const looked: string[] = [];
    const isSurelySlower = async ({ name }: Candidate) => {
      looked.push(name);
      return true;
    };
    expect(await notSurelySlower([...others, large, small], LATENCY, isSurelySlower)).toBeUndefined();
    expect(looked).toEqual(['small', 'large']);
    expect(small.latencyRatio).toBe(1.3);
  });
});
