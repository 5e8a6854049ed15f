/** The figures by which a file's outputs are judged, on the samples at hand and for others. */
import { describe, expect, it } from 'vitest';
import { lowestSqnr, sqnrOfSamples } from '../../../src/quantize/method/lowest-sqnr.js';
import type { Feeds } from '../../../src/tensor/tensor.js';

const output = (name: string, value: number): Feeds => ({
  [name]: { type: 'float32', dims: [1], data: Float32Array.of(value) },
});

/** Samples of the output y that are this loud, and what a file with these errors gives. */
function judged(signals: readonly number[], errors: readonly number[]) {
  const expected = signals.map((signal) => output('y', signal));
  const actual = signals.map((signal, index) => output('y', signal + errors[index]!));
  return sqnrOfSamples(expected, actual);
}

const evenly = (count: number, value: number) => Array.from({ length: count }, () => value);

describe('what is believed of a file on other samples', () => {
  it('is what the samples give where they all give the same', () => {
    const { sqnr, bound } = judged(evenly(8, 1), evenly(8, 0.125))!;
    expect(sqnr).toBeCloseTo(18.06, 2);
    expect(bound).toBeCloseTo(sqnr, 6);
  });

  it('is less, the more of the noise a few of them hold, and more, the more samples there are', () => {
    const doubt = (count: number, loud: number) => {
      const errors = Array.from({ length: count }, (_, index) => (index % 4 === 0 ? loud : 0.125));
      const { sqnr, bound } = judged(evenly(count, 1), errors)!;
      return sqnr - bound!;
    };
    expect(doubt(8, 0.25)).toBeGreaterThan(1);
    expect(doubt(8, 0.5)).toBeGreaterThan(doubt(8, 0.25));
    expect(doubt(64, 0.25)).toBeLessThan(doubt(8, 0.25) / 2);
  });

  it('is less where loud and quiet samples err alike: others may have more of the quiet ones', () => {
    const signals = [1, 0.25, 1, 0.25, 1, 0.25, 1, 0.25];
    const { sqnr, bound } = judged(signals, evenly(8, 0.0625))!;
    expect(sqnr - bound!).toBeGreaterThan(1);
    const proportional = judged(
      signals,
      signals.map((signal) => signal / 16),
    )!;
    expect(proportional.bound).toBeCloseTo(proportional.sqnr, 6);
  });

  it('is not known of fewer than four samples, nor of a file that follows nothing', () => {
    expect(judged([1, 1, 1], [0.1, 0.2, 0.3])!.bound).toBeNull();
    expect(judged(evenly(4, 1), [0.1, 0.1, Number.NaN, 0.1])).toMatchObject({ sqnr: -200, bound: null });
  });

  it('is that of the output with the least, and so is the noise of each sample', () => {
    const both = (y: number, z: number): Feeds => ({ ...output('y', y), ...output('z', z) });
    const expected = [1, 1, 1, 1].map((value) => both(value, value));
    const actual = [1.25, 1, 1, 1].map((y) => both(y, 1.0625));
    const { sqnr, bound, noise } = sqnrOfSamples(expected, actual)!;
    expect(noise).toEqual([0.0625, 0, 0, 0]);
    expect(sqnr).toBe(lowestSqnr(expected, actual));
    expect(bound).toBeLessThan(sqnr - 3);
  });
});
