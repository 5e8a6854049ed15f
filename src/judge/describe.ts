/** Numbers of a verdict's reason, in the words of the metric's unit. */

import type { Interval } from '../terms/measurement.js';
import type { Unit } from '../terms/metrics.js';
import type { Condition } from '../terms/verdict.js';

/** Unit of what a condition observes: the metric's, or a plain ratio, or points of a fraction. */
export type ObservedUnit = Unit | 'ratio' | 'points';

export function observedUnit(condition: Condition, unit: Unit): ObservedUnit {
  if (condition === 'max' || condition === 'min') return unit;
  if (condition === 'max-drop') return unit === 'fraction' ? 'points' : unit;
  return 'ratio';
}

/** `12.3 MB`, `8.1 ms`, `0.81×`, `75.2 %`, `0.5 pp`: four significant digits. */
export function say(value: number, unit: ObservedUnit): string {
  switch (unit) {
    case 'bytes':
      return bytes(value);
    case 'ms':
      return `${digits(value)} ms`;
    case 'per-second':
      return `${digits(value)} /s`;
    case 'fraction':
      return `${digits(value * 100)} %`;
    case 'points':
      return `${digits(value * 100)} pp`;
    case 'dB':
      return `${digits(value)} dB`;
    case 'ratio':
      return `${digits(value)}×`;
    default:
      return digits(value);
  }
}

/** `[0.78×, 0.84×]`; an open end is `…`. */
export function sayInterval(interval: Interval, unit: ObservedUnit): string {
  const end = (value: number | null) => (value === null ? '…' : say(value, unit));
  return `[${end(interval.lo)}, ${end(interval.hi)}]`;
}

const SIGNIFICANT = 4;

function digits(value: number): string {
  return String(Number(value.toPrecision(SIGNIFICANT)));
}

function bytes(value: number): string {
  for (const [size, name] of [
    [1e9, 'GB'],
    [1e6, 'MB'],
    [1e3, 'kB'],
  ] as const) {
    if (Math.abs(value) >= size) return `${digits(value / size)} ${name}`;
  }
  return `${digits(value)} B`;
}
