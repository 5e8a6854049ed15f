import { describe, expect, it } from 'vitest';
import type { FileError } from '../../../../src/quantize/int8-static/recover/file-error.js';
import { isSurelyNearer } from '../../../../src/quantize/int8-static/recover/surely-nearer.js';

/** Errors of samples whose signals are alike. */
function errors(...samples: number[]): FileError {
  const noise = samples.map((error) => error / samples.length);
  return { all: noise.reduce((sum, error) => sum + error, 0), samples, noise };
}

describe('a file that is surely nearer', () => {
  it('is so on most samples, not on one that holds most of the error', () => {
    const other = errors(1, 2, 1, 2, 1, 2, 1, 90);
    expect(isSurelyNearer(errors(0.5, 1.1, 0.6, 1, 0.5, 1.2, 0.4, 50), other)).toBe(true);
    expect(isSurelyNearer(errors(2, 4, 1, 2, 2, 3, 1, 20), other)).toBe(false);
  });

  it('is never one with the larger error in all', () => {
    expect(isSurelyNearer(errors(0.5, 1, 0.5, 1, 100), errors(1, 2, 1, 2, 90))).toBe(false);
  });

  it('of fewer than four samples is the one with the smaller error', () => {
    expect(isSurelyNearer(errors(2, 1), errors(1, 3))).toBe(true);
    expect(isSurelyNearer(errors(1, 3), errors(2, 1))).toBe(false);
  });

  it('is one without any error', () => {
    expect(isSurelyNearer(errors(0, 0, 0, 0), errors(3, 4, 5, 6))).toBe(true);
  });

  it('is any file beside one that gives NaN, and none beside its like', () => {
    const nan = errors(1, 1, 1, Number.POSITIVE_INFINITY);
    expect(isSurelyNearer(errors(9, 9, 9, 9), nan)).toBe(true);
    expect(isSurelyNearer(nan, nan)).toBe(false);
    expect(isSurelyNearer(errors(1, 2, 0, 3), errors(1, 2, 0, 3))).toBe(false);
  });
});
