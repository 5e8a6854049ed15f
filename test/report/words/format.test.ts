import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { changeWords } from '../../../src/report/words/change-words.js';
import {
  formatApart,
  formatChange,
  formatInterval,
  formatNearOne,
  formatNumber,
  formatRatio,
  formatTime,
  formatValue,
  formatWorse,
} from '../../../src/report/words/format.js';
import type { Unit } from '../../../src/terms/metrics.js';

describe('quantities for people', () => {
  it.each<[number, Unit, string]>([
    [0, 'bytes', '0 B'],
    [130, 'bytes', '130 B'],
    [999, 'bytes', '999 B'],
    [1000, 'bytes', '1.00 kB'],
    [5_100_000, 'bytes', '5.10 MB'],
    [18_560_000, 'bytes', '18.6 MB'],
    [999_600, 'bytes', '1.00 MB'],
    [2_500_000_000, 'bytes', '2.50 GB'],
    [-5_100_000, 'bytes', '−5.10 MB'],
    [0.0004, 'ms', '400 ns'],
    [0.241, 'ms', '241 µs'],
    [5.26, 'ms', '5.26 ms'],
    [999.7, 'ms', '1.00 s'],
    [48_200, 'ms', '48.2 s'],
    [0.876, 'fraction', '87.6%'],
    [1, 'fraction', '100.0%'],
    [21.64, 'dB', '21.6 dB'],
    [-3, 'dB', '−3.0 dB'],
    [182.4, 'per-second', '182 /s'],
    [4_652_008, 'count', '4,652,008'],
    [0, 'count', '0'],
    [0.98765, 'value', '0.988'],
    [1e-9, 'value', '1.00e−9'],
    [1e300, 'value', '1.00e300'],
  ])('%d %s reads %s', (value, unit, text) => {
    expect(formatValue(value, unit)).toBe(text);
  });

  it.each([
    [0.41, '0.41×'],
    [1, '1.00×'],
    [0.0321, '0.032×'],
    [12.34, '12.3×'],
    [0, '0.00×'],
  ])('ratio %d reads %s', (ratio, text) => {
    expect(formatRatio(ratio)).toBe(text);
  });

  it.each<[number, Unit, string]>([
    [-0.025, 'fraction', '−2.5 pp'],
    [-0.0025, 'fraction', '−0.25 pp'],
    [-0.003, 'fraction', '−0.3 pp'],
    [0.01, 'fraction', '+1.0 pp'],
    [0, 'fraction', '±0.0 pp'],
    [-0.00001, 'fraction', '−0.001 pp'],
    [1e-9, 'dB', '±0.0 dB'],
    [0.5, 'ms', '+500 µs'],
  ])('a change of %d %s reads %s', (change, unit, text) => {
    expect(formatChange(change, unit)).toBe(text);
  });

  it('tells values apart that would round to the same', () => {
    expect(formatApart(0.3004, 0.3, formatRatio)).toEqual(['0.3004×', '0.3000×']);
    expect(formatApart(0.3, 0.3, formatRatio)).toEqual(['0.30×', '0.30×']);
  });

  it("says how much worse, in the metric's words", () => {
    const latency = changeWords('latency.p50');
    expect([1.114, 0.9, 1].map((ratio) => formatWorse(ratio, latency))).toEqual([
      '11.4% slower',
      '10.0% faster',
      'the same',
    ]);
    const others = ['size.file', 'memory.peak', 'throughput', 'size.parameters', 'accuracy.top1'];
    expect(others.map((metric) => formatWorse(1.02, changeWords(metric)))).toEqual([
      '2.0% larger',
      '2.0% higher',
      '2.0% slower',
      '2.0% more',
      '2.0% worse',
    ]);
  });

  it('writes intervals with their confidence, and open ones as bounds', () => {
    const ratio = (value: number) => formatRatio(value);
    expect(formatInterval({ lo: 0.4, hi: 0.43, confidence: 0.9 }, ratio)).toBe('90% CI 0.40× to 0.43×');
    expect(formatInterval({ lo: null, hi: 0.43, confidence: 0.95 }, ratio)).toBe('95% CI at most 0.43×');
    expect(formatInterval({ lo: 0.4, hi: null, confidence: 0.995 }, ratio)).toBe('99.5% CI at least 0.40×');
    expect(formatInterval({ lo: 0.4, hi: null, confidence: 0.99996 }, ratio)).toBe(
      '99.996% CI at least 0.40×',
    );
    expect(formatInterval({ lo: null, hi: null, confidence: 0.9 }, ratio)).toBeNull();
  });

  it('survives a time that is none', () => {
    expect(formatTime('yesterday')).toBe('unknown time');
  });

  it('never shows NaN, a hyphen for a minus or a negative zero, whatever the number', () => {
    const units: Unit[] = ['bytes', 'count', 'ms', 'per-second', 'fraction', 'dB', 'value'];
    fc.assert(
      fc.property(
        fc.double({ noNaN: true, noDefaultInfinity: true }),
        fc.constantFrom(...units),
        (value, unit) => {
          for (const text of [formatValue(value, unit), formatChange(value, unit), formatRatio(value)]) {
            expect(text).not.toMatch(/NaN|undefined|-|−0(\.0+)?(?![.\d])/);
            expect(text.length).toBeLessThan(30);
          }
        },
      ),
      { seed: 5, numRuns: 2000 },
    );
  });

  it('keeps three significant digits', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-4, max: 1e8, noNaN: true }), (value) => {
        const shown = Number(formatNumber(value).replaceAll(',', '').replace('−', '-'));
        expect(Math.abs(shown - value) / value).toBeLessThanOrEqual(0.00501);
      }),
      { seed: 6 },
    );
  });
});

describe('shares of a perfect one', () => {
  it.each([
    [1, '1.00'],
    [0.99992, '0.999920'],
    [0.9999999559, '0.99999996'],
    [0.97, '0.970'],
    [0.5, '0.50'],
    [-0.3, '−0.300'],
    [0, '0'],
    [1.00000012, '1.00000012'],
  ])('%s reads %s', (value, text) => {
    expect(formatNearOne(value)).toBe(text);
  });
});
