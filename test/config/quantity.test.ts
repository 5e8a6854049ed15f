import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  parseChange,
  parseConfidence,
  parseDifference,
  parseDuration,
  parseQuantity,
  parseRatio,
} from '../../src/config/quantity.js';
import { UserError } from '../../src/errors.js';
import type { Unit } from '../../src/terms/metrics.js';

const UNITS: Unit[] = ['bytes', 'count', 'ms', 'per-second', 'fraction', 'dB', 'value'];

describe('quantities', () => {
  it.each([
    ['25 MiB', 'bytes', 26_214_400],
    ['25MiB', 'bytes', 26_214_400],
    ['10 kB', 'bytes', 10_000],
    ['10 KB', 'bytes', 10_000],
    ['1.5 GB', 'bytes', 1.5e9],
    ['512 B', 'bytes', 512],
    ['8 ms', 'ms', 8],
    ['1.2 s', 'ms', 1200],
    ['250 µs', 'ms', 0.25],
    ['250us', 'ms', 0.25],
    ['2 min', 'ms', 120_000],
    ['75%', 'fraction', 0.75],
    ['99.9 %', 'fraction', 0.999],
    ['0.3%', 'fraction', 0.003],
    ['20 dB', 'dB', 20],
    ['-3 dB', 'dB', -3],
    ['100 /s', 'per-second', 100],
    ['1e6', 'bytes', 1e6],
    ['.5', 'value', 0.5],
    [42, 'count', 42],
    ['42', 'count', 42],
  ] as [unknown, Unit, number][])('%j as %s is %d', (text, unit, expected) => {
    expect(parseQuantity(text, unit)).toBe(expected);
  });

  it.each([
    ['25 MB', 'ms'],
    ['8 ms', 'bytes'],
    ['5%', 'ms'],
    ['0.5pp', 'fraction'],
    ['3 apples', 'count'],
    ['', 'bytes'],
    ['fast', 'ms'],
    ['1 2 MB', 'bytes'],
    ['1,5 MB', 'bytes'],
    ['1e999', 'bytes'],
    [null, 'bytes'],
    [[1], 'bytes'],
    [Number.NaN, 'value'],
    [Number.POSITIVE_INFINITY, 'value'],
  ] as [unknown, Unit][])('%j is no quantity of unit %s', (text, unit) => {
    expect(() => parseQuantity(text, unit)).toThrow(UserError);
  });

  it('are taken as they are when they are plain numbers', () => {
    fc.assert(
      fc.property(
        // −0 is written as 0.
        fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => number + 0),
        fc.constantFrom(...UNITS),
        (number, unit) => {
          expect(parseQuantity(number, unit)).toBe(number);
          expect(parseQuantity(String(number), unit)).toBe(number);
        },
      ),
    );
  });

  it('in larger units are larger by the unit, whatever the spacing', () => {
    const larger: [string, Unit, number][] = [
      ['kB', 'bytes', 1e3],
      ['MB', 'bytes', 1e6],
      ['KiB', 'bytes', 1024],
      ['MiB', 'bytes', 1024 ** 2],
      ['s', 'ms', 1000],
      ['min', 'ms', 60_000],
    ];
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 1e6 }),
        fc.constantFrom(...larger),
        fc.constantFrom('', ' ', '  '),
        (n, [suffix, unit, size], space) => {
          expect(parseQuantity(`${n}${space}${suffix}`, unit)).toBe(n * size);
        },
      ),
    );
  });

  it('never come out as NaN or infinite, whatever the text', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.anything()), fc.constantFrom(...UNITS), (anything, unit) => {
        try {
          expect(Number.isFinite(parseQuantity(anything, unit))).toBe(true);
        } catch (error) {
          expect(error).toBeInstanceOf(UserError);
        }
      }),
    );
  });
});

describe('differences', () => {
  it.each([
    ['0.5pp', 'fraction', 0.005],
    ['1 pp', 'fraction', 0.01],
    ['-0.5pp', 'fraction', -0.005],
    [0.005, 'fraction', 0.005],
    ['3 ms', 'ms', 3],
    ['1 MiB', 'bytes', 1_048_576],
    [0.2, 'value', 0.2],
  ] as [unknown, Unit, number][])('%j of %s is %d', (text, unit, expected) => {
    expect(parseDifference(text, unit)).toBe(expected);
  });

  it.each([
    ['0.5%', 'fraction'],
    ['1 ms', 'fraction'],
    [1, 'fraction'],
    ['1pp', 'ms'],
    ['1pp', 'value'],
  ] as [unknown, Unit][])('%j is none of %s', (text, unit) => {
    expect(() => parseDifference(text, unit)).toThrow(UserError);
  });

  it('of custom numbers may be points', () => {
    expect(parseDifference('1pp', 'value', { percent: true })).toBe(0.01);
  });
});

describe('ratios, changes, durations, confidence', () => {
  it.each([
    [parseRatio, 0.8, 0.8],
    [parseRatio, '80%', 0.8],
    [parseRatio, '0.8x', 0.8],
    [parseRatio, '1.2×', 1.2],
    [parseChange, '5%', 0.05],
    [parseChange, 0.05, 0.05],
    [parseChange, '150%', 1.5],
    [parseChange, 0, 0],
    [parseDuration, '60s', 60_000],
    [parseDuration, '1.5 min', 90_000],
    [parseDuration, '500ms', 500],
    [parseConfidence, 0.95, 0.95],
    [parseConfidence, '99%', 0.99],
  ] as [(value: unknown) => number, unknown, number][])('%o of %j', (parse, text, expected) => {
    expect(parse(text)).toBeCloseTo(expected, 12);
  });

  it.each([
    [parseRatio, 0],
    [parseRatio, -1],
    [parseRatio, '80 ms'],
    [parseRatio, 'half'],
    [parseChange, -0.1],
    [parseChange, 5],
    [parseChange, '5 ms'],
    [parseChange, 'some'],
    [parseDuration, 60],
    [parseDuration, '60'],
    [parseDuration, '0s'],
    [parseDuration, '-1s'],
    [parseDuration, '25 h'],
    [parseDuration, '60 MB'],
    [parseConfidence, 1],
    [parseConfidence, 0.5],
    [parseConfidence, '95'],
    [parseConfidence, 'high'],
  ] as [(value: unknown) => number, unknown][])('%o refuses %j', (parse, text) => {
    expect(() => parse(text)).toThrow(UserError);
  });
});
