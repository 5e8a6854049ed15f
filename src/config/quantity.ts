/** Numbers with units, as people write them (`25 MiB`, `8 ms`, `0.5pp`), to and from base units (metrics.ts). */
import { UserError } from '../errors.js';
import type { Unit } from '../terms/metrics.js';
import type { SizeLimit } from './config.js';
import { describeValue } from './file/describe-value.js';

const KIB = 1024;

/** Longer than any job lives; timers of Node can't count past 24.8 days. */
const LONGEST_MS = 24 * 3600e3;

/** Finer would take more launches than are made, coarser tells nothing. */
export const FINEST_PRECISION = 0.001;
const COARSEST_PRECISION = 0.1;

/** Surer than this takes dozens of processes for each figure, and tails that nobody knows. */
const SUREST = 0.9999;

/** Accepted spellings per unit and their size in the base unit. Compared without case where no two differ by it. */
const SUFFIXES: Record<Unit, Readonly<Record<string, number>>> = {
  bytes: {
    B: 1,
    kB: 1e3,
    MB: 1e6,
    GB: 1e9,
    KiB: KIB,
    MiB: KIB ** 2,
    GiB: KIB ** 3,
  },
  ms: { ns: 1e-6, us: 1e-3, µs: 1e-3, μs: 1e-3, ms: 1, s: 1e3, min: 60e3, h: 3600e3 },
  'per-second': { '/s': 1, 'per second': 1 },
  fraction: { '%': 0.01 },
  dB: { dB: 1 },
  count: {},
  value: {},
};

/** Said in errors: what a quantity of this unit looks like. */
const EXAMPLES: Record<Unit, string> = {
  bytes: "a size such as '25 MiB' or '10 kB', or a number of bytes",
  ms: "a time such as '8 ms' or '1.2 s', or a number of milliseconds",
  'per-second': "a rate such as '100 /s', or a number per second",
  fraction: "a fraction such as '75%' or 0.75",
  dB: "a level such as '20 dB', or a number of decibels",
  count: 'a plain number',
  value: 'a plain number',
};

const NUMBER = /^([+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)\s*(.*)$/i;

/** Splits `1.5 MiB` into number and suffix; undefined when it doesn't start with a number. */
function split(text: string): { number: number; suffix: string } | undefined {
  const match = NUMBER.exec(text.trim());
  if (!match) return undefined;
  const number = Number(match[1]);
  return Number.isFinite(number) ? { number, suffix: match[2]!.trim() } : undefined;
}

function factor(suffix: string, suffixes: Readonly<Record<string, number>>): number | undefined {
  for (const [name, size] of Object.entries(suffixes)) {
    if (name.toLowerCase() === suffix.toLowerCase()) return size;
  }
  return undefined;
}

/** number × size; powers of ten below 1 move the decimal point instead, so that 99.9 % is 0.999 and not 0.9990000000000001. */
function scale(number: number, size: number): number {
  if (size >= 1) return number * size;
  const [mantissa, exponent = '0'] = String(number).split('e');
  return Number(`${mantissa}e${Number(exponent) + Math.round(Math.log10(size))}`);
}

/** What stands before a `%` or `pp`, as a fraction. */
function hundredths(number: number): number {
  return scale(number, 0.01);
}

/**
 * A quantity in `unit`'s base unit: plain numbers are taken as they are. Throws UserError when the text isn't a number
 * or its suffix doesn't belong to the unit. Custom accuracy metrics (`percent`) may be written in percent too.
 */
export function parseQuantity(value: unknown, unit: Unit, options: { percent?: boolean } = {}): number {
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  const parts = typeof value === 'string' ? split(value) : undefined;
  if (!parts)
    throw new UserError('config.quantity', `expected ${EXAMPLES[unit]}; found ${describeValue(value)}`);
  if (parts.suffix === '') return parts.number;
  const suffixes = options.percent ? SUFFIXES.fraction : SUFFIXES[unit];
  const size = factor(parts.suffix, suffixes);
  if (size === undefined) {
    throw new UserError(
      'config.quantity',
      `expected ${EXAMPLES[unit]}; the unit '${parts.suffix}' does not fit`,
    );
  }
  return scale(parts.number, size);
}

/** A difference between two values of `unit`. Fractions are given in points (`0.5pp`): '5%' could be meant relatively. */
export function parseDifference(value: unknown, unit: Unit, options: { percent?: boolean } = {}): number {
  const points = unit === 'fraction' || options.percent === true;
  const parts = typeof value === 'string' ? split(value) : undefined;
  if (!points || !parts || parts.suffix === '') {
    const plain = parseQuantity(value, unit, options);
    if (unit === 'fraction' && Math.abs(plain) >= 1) {
      throw new UserError(
        'config.quantity',
        `${plain} is ${plain * 100} points; write '${plain}pp' for percentage points`,
      );
    }
    return plain;
  }
  if (/^(pp|pts?|points?)$/i.test(parts.suffix)) return hundredths(parts.number);
  if (parts.suffix === '%') {
    throw new UserError(
      'config.ambiguous-percent',
      `'${String(value)}' could mean points or a share of the original; write '${parts.number}pp' for percentage points, or use min-ratio`,
    );
  }
  throw new UserError(
    'config.quantity',
    `expected percentage points such as '0.5pp'; the unit '${parts.suffix}' does not fit`,
  );
}

/** A ratio: `0.8`, `80%` or `0.8x`. Throws UserError unless it is a number above 0. */
export function parseRatio(value: unknown): number {
  const ratio = typeof value === 'number' ? value : ratioText(value);
  if (ratio === undefined || !Number.isFinite(ratio)) {
    throw new UserError(
      'config.quantity',
      `expected a ratio such as 0.8 or '80%'; found ${describeValue(value)}`,
    );
  }
  if (ratio <= 0)
    throw new UserError('config.quantity', `expected a ratio above 0; found ${describeValue(value)}`);
  return ratio;
}

/** A level of SQNR above 0 dB: `20 dB` or 20. */
export function parseSqnr(value: unknown): number {
  const level = parseQuantity(value, 'dB');
  if (level <= 0)
    throw new UserError('config.quantity', `expected a level above 0 dB; found ${describeValue(value)}`);
  return level;
}

/** A file's size: `30 MB`, or against its original's `0.2x` or `20%`. The unit is required: a bare 0.2 or 30 could be either. */
export function parseSizeLimit(value: unknown): SizeLimit {
  const parts = typeof value === 'string' ? split(value) : undefined;
  if (!parts || parts.suffix === '' || parts.number <= 0) {
    throw new UserError(
      'config.quantity',
      `expected a size such as '30 MB', or a share of the original's such as '0.2x' or '20%'; found ${describeValue(value)}`,
    );
  }
  if (/^[x×%]$/i.test(parts.suffix)) return { ratio: parseRatio(value) };
  return { bytes: parseQuantity(value, 'bytes') };
}

/** A relative change: `5%` or `0.05`. Throws UserError unless it is 0 or more; plain numbers must be below 1. */
export function parseChange(value: unknown): number {
  const parts = typeof value === 'string' ? split(value) : undefined;
  const percent = parts?.suffix === '%';
  const number = typeof value === 'number' ? value : parts?.number;
  if (number === undefined || !Number.isFinite(number) || (parts && !percent && parts.suffix !== '')) {
    throw new UserError(
      'config.quantity',
      `expected a change such as '5%' or 0.05; found ${describeValue(value)}`,
    );
  }
  if (number < 0)
    throw new UserError('config.quantity', `expected a change of 0% or more; found ${describeValue(value)}`);
  if (!percent && number >= 1) {
    throw new UserError(
      'config.quantity',
      `${number} means ${number * 100}%; write '${number}%', or '${number * 100}%' if that is meant`,
    );
  }
  return percent ? hundredths(number) : number;
}

/** A time span in milliseconds. The unit is required: a bare 60 could be seconds or milliseconds. */
export function parseDuration(value: unknown): number {
  const parts = typeof value === 'string' ? split(value) : undefined;
  const size = parts && factor(parts.suffix, SUFFIXES.ms);
  if (!parts || size === undefined) {
    const hint = typeof value === 'number' ? `; write '${value}s' or '${value}ms'` : '';
    throw new UserError(
      'config.quantity',
      `expected a time with its unit, such as '60s' or '2 min'; found ${describeValue(value)}${hint}`,
    );
  }
  if (parts.number <= 0)
    throw new UserError('config.quantity', `expected a time above 0; found ${describeValue(value)}`);
  const duration = scale(parts.number, size);
  if (duration > LONGEST_MS) {
    throw new UserError(
      'config.quantity',
      `expected a time of at most ${LONGEST_MS / SUFFIXES.ms.h!} h; found ${describeValue(value)}`,
    );
  }
  return duration;
}

/** Half-width of a ratio's interval at which timing ends: `1%` or `0.01`. */
export function parsePrecision(value: unknown): number {
  const precision = parseChange(value);
  if (precision < FINEST_PRECISION || precision > COARSEST_PRECISION) {
    const [finest, coarsest] = [FINEST_PRECISION, COARSEST_PRECISION].map((end) => `${end * 100}%`);
    throw new UserError(
      'config.quantity',
      `expected a precision from ${finest} to ${coarsest}; found ${describeValue(value)}`,
    );
  }
  return precision;
}

/** A confidence level above 0.5, at most 0.9999: `0.95` or `95%`. */
export function parseConfidence(value: unknown): number {
  const parts = typeof value === 'string' ? split(value) : undefined;
  const number =
    typeof value === 'number' ? value : parts?.suffix === '%' ? hundredths(parts.number) : parts?.number;
  if (number === undefined || !(number > 0.5 && number <= SUREST)) {
    throw new UserError(
      'config.quantity',
      `expected a confidence above 0.5, at most ${SUREST}, such as 0.95; found ${describeValue(value)}`,
    );
  }
  return number;
}

function ratioText(value: unknown): number | undefined {
  const parts = typeof value === 'string' ? split(value) : undefined;
  if (!parts) return undefined;
  if (parts.suffix === '%') return hundredths(parts.number);
  return parts.suffix === '' || /^[x×]$/i.test(parts.suffix) ? parts.number : undefined;
}
