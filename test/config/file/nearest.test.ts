import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { didYouMean, nearest } from '../../../src/config/file/nearest.js';

const KEYS = [
  'max',
  'min',
  'max-ratio',
  'min-ratio',
  'max-drop',
  'max-regression',
  'level',
  'where',
  'confident',
];

describe('the nearest key', () => {
  it.each([
    ['max_ratio', 'max-ratio'],
    ['maxRatio', 'max-ratio'],
    ['MAX', 'max'],
    ['max-ratoi', 'max-ratio'],
    ['max-regresion', 'max-regression'],
    ['levle', 'level'],
    ['were', 'where'],
    ['confidence', 'confident'],
    ['threshold', undefined],
    ['', undefined],
  ])('to %s is %s', (key, expected) => {
    expect(nearest(key, KEYS)).toBe(expected);
  });

  it('is named only when there is one', () => {
    expect(didYouMean('levle', KEYS)).toBe("; did you mean 'level'?");
    expect(didYouMean('something', KEYS)).toBe('');
    expect(didYouMean('level', [])).toBe('');
  });

  it('is the key itself for every key', () => {
    fc.assert(fc.property(fc.constantFrom(...KEYS), (key) => void expect(nearest(key, KEYS)).toBe(key)));
  });

  it('survives one letter left out of any longer key', () => {
    const longer = KEYS.filter((key) => key.length >= 8);
    fc.assert(
      fc.property(fc.constantFrom(...longer), fc.nat(), (key, at) => {
        const index = at % key.length;
        expect(nearest(key.slice(0, index) + key.slice(index + 1), longer)).toBe(key);
      }),
    );
  });
});
