import { describe, expect, it } from 'vitest';
import { type ObservedUnit, observedUnit, say, sayInterval } from '../../src/judge/describe.js';

describe('numbers in reasons', () => {
  it.each([
    [1_234_567, 'bytes', '1.235 MB'],
    [12_000_000_000, 'bytes', '12 GB'],
    [1500, 'bytes', '1.5 kB'],
    [999, 'bytes', '999 B'],
    [8.123456, 'ms', '8.123 ms'],
    [0.8, 'ratio', '0.8×'],
    [0.7523, 'fraction', '75.23 %'],
    [0.005, 'points', '0.5 pp'],
    [20.04, 'dB', '20.04 dB'],
    [1234.5, 'per-second', '1235 /s'],
    [3, 'count', '3'],
    [0.00012346, 'value', '0.0001235'],
  ] as [number, ObservedUnit, string][])('%d as %s reads %s', (value, unit, text) => {
    expect(say(value, unit)).toBe(text);
  });

  it('leave open ends of an interval open', () => {
    expect(sayInterval({ lo: null, hi: 0.9, confidence: 0.9 }, 'ratio')).toBe('[…, 0.9×]');
  });

  it('have the unit of what the condition observes', () => {
    expect(observedUnit('max', 'bytes')).toBe('bytes');
    expect(observedUnit('max-ratio', 'bytes')).toBe('ratio');
    expect(observedUnit('max-regression', 'fraction')).toBe('ratio');
    expect(observedUnit('max-drop', 'fraction')).toBe('points');
    expect(observedUnit('max-drop', 'ms')).toBe('ms');
  });
});
