import { describe, expect, it } from 'vitest';
import { clopperPearson } from '../../bench/clopper-pearson.js';

describe('the limits of a share', () => {
  it('have the closed form where nothing, or everything, was seen', () => {
    // 1 − (α/2)^(1/n)
    expect(clopperPearson(0, 200)).toEqual({
      value: 0,
      lo: 0,
      hi: expect.closeTo(1 - 0.025 ** (1 / 200), 12) as number,
    });
    expect(clopperPearson(100, 100)).toEqual({
      value: 1,
      lo: expect.closeTo(0.025 ** (1 / 100), 12) as number,
      hi: 1,
    });
  });

  it('are those of the published tables', () => {
    // Exact 95 % limits of 5 in 100 and 81 in 263 (Newcombe, Statistics in Medicine 17, 1998, table I, method 5).
    const few = clopperPearson(5, 100);
    expect(few.lo).toBeCloseTo(0.0164, 4);
    expect(few.hi).toBeCloseTo(0.1128, 4);
    const many = clopperPearson(81, 263);
    expect(many.lo).toBeCloseTo(0.2527, 4);
    expect(many.hi).toBeCloseTo(0.3676, 4);
  });
});
