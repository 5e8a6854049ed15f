/**
 * Quantities as people read them. Bytes are decimal (1 MB = 1,000,000 B), as file listings and model hubs show them and as
 * `quantgate.yml` reads `MB`; a proper minus sign; three significant digits unless more are needed to tell two values apart.
 */

import type { Interval } from '../../terms/measurement.js';
import type { Unit } from '../../terms/metrics.js';
import type { ChangeWords } from './change-words.js';

const DIGITS = 3;
/** Where two values that differ would look equal, digits are added up to this many. */
const MAX_DIGITS = 8;
const MINUS = '\u2212';

const BYTE_UNITS = ['B', 'kB', 'MB', 'GB', 'TB'] as const;
const TIME_UNITS = ['ns', 'µs', 'ms', 's'] as const;

/** `digits` significant digits, thousands grouped; exponents only where a plain number would be unreadable. */
export function formatNumber(value: number, digits = DIGITS): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'NaN' : value > 0 ? '∞' : `${MINUS}∞`;
  if (value === 0) return '0';
  const size = Math.abs(Number(value.toPrecision(digits)));
  const sign = value < 0 ? MINUS : '';
  if (size >= 1e9 || size < 1e-4) {
    return (
      sign +
      size
        .toExponential(digits - 1)
        .replace('e-', `e${MINUS}`)
        .replace('e+', 'e')
    );
  }
  const decimals = Math.max(0, digits - 1 - Math.floor(Math.log10(size)));
  const [whole, fraction] = size.toFixed(decimals).split('.');
  const grouped = whole!.replace(/\B(?=(\d{3})+$)/g, ',');
  return sign + (fraction === undefined ? grouped : `${grouped}.${fraction}`);
}

function scaled(value: number, units: readonly string[], first: number, digits: number): string {
  let index = first;
  let size = value;
  while (Math.abs(Number(size.toPrecision(digits))) >= 1000 && index < units.length - 1) {
    size /= 1000;
    index++;
  }
  while (size !== 0 && Math.abs(Number(size.toPrecision(digits))) < 1 && index > 0) {
    size *= 1000;
    index--;
  }
  const whole = units[index] === 'B' && Number.isInteger(size);
  return `${whole ? formatNumber(size, Math.max(digits, 15)).replace(/\.0+$/, '') : formatNumber(size, digits)} ${units[index]}`;
}

/** A metric's value in its base unit (metrics.ts), for people. */
export function formatValue(value: number, unit: Unit, digits = DIGITS): string {
  switch (unit) {
    case 'bytes':
      return scaled(value, BYTE_UNITS, 0, digits);
    case 'ms':
      return scaled(value, TIME_UNITS, 2, digits);
    case 'fraction':
      return `${fixed(value * 100, digits - 2)}%`;
    case 'dB':
      return `${fixed(value, digits - 2)} dB`;
    case 'per-second':
      return `${formatNumber(value, digits)} /s`;
    case 'count':
      return Number.isInteger(value) ? grouped(value) : formatNumber(value, digits);
    case 'value':
      return formatNumber(value, digits);
  }
}

function grouped(value: number): string {
  if (Math.abs(value) >= 1e15) return formatNumber(value);
  return (value < 0 ? MINUS : '') + String(Math.abs(value)).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** Fixed decimals with a proper minus, and never `−0.0`. */
function fixed(value: number, decimals: number): string {
  if (!Number.isFinite(value) || Math.abs(value) >= 1e9) return formatNumber(value);
  const text = Math.abs(value).toFixed(Math.max(0, decimals));
  return value < 0 && Number(text) !== 0 ? MINUS + text : text;
}

/** `0.41×`; two significant digits below 0.1, three from 10 up. */
export function formatRatio(ratio: number, digits = DIGITS): string {
  if (ratio > 0 && ratio < 0.095) return `${formatNumber(ratio, Math.max(2, digits - 1))}×`;
  return `${ratio < 10 ? fixed(ratio, digits - 1) : formatNumber(ratio, digits)}×`;
}

/** A share of a perfect 1, with the digits that tell how far from it: `0.99993`, `0.97`; `1` only when it is exactly that. */
export function formatNearOne(value: number): string {
  const short = 1 - value;
  if (short === 0 || Math.abs(short) >= 1) return formatNumber(value);
  return fixed(value, Math.min(MAX_DIGITS, Math.max(2, 1 - Math.floor(Math.log10(Math.abs(short))))));
}

/** A signed difference: `−0.3 pp` for fractions, else in the unit. Small ones get the digits they need not to read as zero. */
export function formatChange(change: number, unit: Unit, digits = DIGITS): string {
  const size = Math.abs(change);
  const text = unit === 'fraction' ? formatPoints(size, digits) : formatValue(size, unit, digits);
  const readsZero = !/[1-9∞]/.test(text);
  return (readsZero ? '±' : change > 0 ? '+' : MINUS) + text;
}

/** Size of a difference of fractions in percentage points: `0.25 pp`, `2.5 pp`; two decimals below one point, where they count. */
export function formatPoints(size: number, digits = DIGITS): string {
  const points = Math.abs(size) * 100;
  const text = fixed(points, points < 1 ? digits - 1 : digits - 2);
  if (points !== 0 && Number(text) === 0) return `${formatNumber(points, 1)} pp`;
  return `${text.replace(/(\.\d+?)0+$/, '$1')} pp`;
}

/** How much worse (or better) a ratio is, in the metric's words: 1.05 → `5.0% slower`. */
export function formatWorse(ratio: number, { worse, better }: ChangeWords, digits = DIGITS): string {
  const percent = Math.abs(ratio - 1) * 100;
  const text = `${fixed(percent, digits - 2)}%`;
  return Number.parseFloat(text) === 0 ? 'the same' : `${text} ${ratio > 1 ? worse : better}`;
}

/** Significant digits it takes to see that two values differ; 3 when they don't, but for rounding. */
export function digitsApart(
  first: number,
  second: number,
  format: (value: number, digits: number) => string,
): number {
  for (let digits = DIGITS; digits <= MAX_DIGITS; digits++) {
    if (format(first, digits) !== format(second, digits)) return digits;
  }
  return DIGITS;
}

/** Both values with as many digits as it takes to see that they differ: never `observed 0.30×, allowed 0.30×`. */
export function formatApart(
  first: number,
  second: number,
  format: (value: number, digits: number) => string,
): [string, string] {
  const digits = digitsApart(first, second, format);
  return [format(first, digits), format(second, digits)];
}

/** `90%`, `99.996%`: with the digits that keep it below 100. */
export function formatConfidence(confidence: number): string {
  return `${Number((confidence * 100).toFixed(4))}%`;
}

/** `95% CI 0.40× to 0.43×`; an unbounded side reads as `at most` or `at least`. null: nothing to say. */
export function formatInterval(interval: Interval | null, format: (value: number) => string): string | null {
  if (interval === null || (interval.lo === null && interval.hi === null)) return null;
  const name = `${formatConfidence(interval.confidence)} CI`;
  if (interval.lo === null) return `${name} at most ${format(interval.hi!)}`;
  if (interval.hi === null) return `${name} at least ${format(interval.lo)}`;
  return `${name} ${format(interval.lo)} to ${format(interval.hi)}`;
}

/** Time of day of the run: `2026-11-23 20:15 UTC`. */
export function formatTime(iso: string): string {
  const date = new Date(iso);
  return Number.isNaN(date.getTime())
    ? 'unknown time'
    : `${date.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

/** `1 check`, `2 checks`. */
export function countOf(count: number, one: string, many = `${one}s`): string {
  return `${formatValue(count, 'count')} ${count === 1 ? one : many}`;
}

/** The first letter as a capital: our own words at the start of a line. Names keep their case. */
export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
