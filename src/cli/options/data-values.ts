/** Values of the options about data, read from text as commander's parsers: `480x640`, `multiple=32`, `boxes=output0`. */
import { InvalidArgumentError } from 'commander';
import type { Resize } from '../../config/data-config.js';
import type { RawPad } from '../../config/raw.js';
import { MOST_WORST_SAMPLES } from '../../terms/worst-sample.js';

export type PixelSize = number | [height: number, width: number];

/** `256`, `480x640`, `longer=640`, `shorter=512,longer=1333,multiple=16`. */
export function parseResize(text: string): Resize {
  const parts = text.split(',').map((part) => /^(longer|shorter|multiple)=(\d+)$/.exec(part));
  if (parts.includes(null)) return parseSize(text);
  return Object.fromEntries(parts.map((match) => [match![1]!, pixels(match![2]!)])) as Resize;
}

/** `224` or `480x640`. */
export function parseSize(text: string): PixelSize {
  const match = /^(\d+)x(\d+)$/.exec(text);
  return match ? [pixels(match[1]!), pixels(match[2]!)] : pixels(text);
}

/** `640`, `480x640` or `multiple=32`. */
export function parsePad(text: string): Pick<RawPad, 'size' | 'multiple'> {
  const match = /^multiple=(\d+)$/.exec(text);
  return match ? { multiple: pixels(match[1]!) } : { size: parseSize(text) };
}

/** `114`, `124,116,104`, or `mean`. */
export function parseFill(text: string): number | number[] | 'mean' {
  if (text === 'mean') return text;
  const values = parseNumbers(text);
  return values.length === 1 ? values[0]! : values;
}

function pixels(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) {
    throw new InvalidArgumentError('Give whole pixels: 224, or HEIGHTxWIDTH such as 480x640.');
  }
  return value;
}

export function parseWhole(text: string): number {
  const value = text.trim() === '' ? Number.NaN : Number(text);
  if (Number.isInteger(value)) return value;
  throw new InvalidArgumentError('It must be a whole number.');
}

export function parsePositive(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1)
    throw new InvalidArgumentError('It must be a whole number of at least 1.');
  return value;
}

/** Of the report, per variant. */
export function parseShownSamples(text: string): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value > MOST_WORST_SAMPLES)
    throw new InvalidArgumentError(`It must be a whole number from 0 to ${MOST_WORST_SAMPLES}.`);
  return value;
}

/** Names parted by commas: of classes, each once. */
export function parseClassNames(text: string): string[] {
  const values = text.split(',').map((part) => part.trim());
  if (values.some((name) => name === ''))
    throw new InvalidArgumentError('Give the names of the classes, parted by commas: cat,dog.');
  const twice = values.find((name, at) => values.indexOf(name) < at);
  if (twice !== undefined)
    throw new InvalidArgumentError(`'${twice}' stands there twice: each class has a name of its own.`);
  return values;
}

/** One column, or the two of a pair. */
export function parseColumns(text: string): string | string[] {
  const values = text.split(',').map((part) => part.trim());
  if (values.some((name) => name === '') || values.length > 2)
    throw new InvalidArgumentError('Give the column of the text, or the two of a pair: premise,hypothesis.');
  return values.length === 1 ? values[0]! : values;
}

export function parseNumbers(text: string): number[] {
  const values = text.split(',').map((part) => (part.trim() === '' ? Number.NaN : Number(part)));
  if (values.every(Number.isFinite)) return values;
  throw new InvalidArgumentError('Give a number, or one per channel: 0.485,0.456,0.406.');
}

export function parseScale(text: string): boolean | number {
  if (text === 'true' || text === 'false') return text === 'true';
  const value = Number(text);
  if (Number.isFinite(value) && value > 0) return value;
  throw new InvalidArgumentError('Give true, false, or a number above 0.');
}

/** `boxes=output0`, added to those before it. */
export function parseOutputs(
  text: string,
  before: Readonly<Record<string, string>> = {},
): Record<string, string> {
  const match = /^([^=]+)=(.+)$/.exec(text);
  if (match) return { ...before, [match[1]!]: match[2]! };
  throw new InvalidArgumentError('Give what an output holds and its name: boxes=output0.');
}
