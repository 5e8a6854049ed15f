/** What the charts are drawn with: inline SVG without scripts or fonts; colours come from the page's style, light or dark. */
import { scaleLinear } from 'd3-scale';
import type { Interval } from '../../terms/measurement.js';
import type { Cell, Row } from '../rows/rows.js';
import { xmlText } from '../words/escape.js';
import { checksVerdict, type Tone, VERDICT_WORDS } from '../words/verdict-words.js';

/** Names a row beside its mark. */
export type RowName = (row: Row) => string;

/** A chart is drawn for a desktop and again for a phone, where letters of the one would be too small; the style shows one. */
export type Format = 'wide' | 'narrow';

/** Of the drawing, in the units in which letters are 13 high: about CSS pixels on the screen it is for. */
export const WIDTHS: Readonly<Record<Format, number>> = { wide: 900, narrow: 340 };

export function bothFormats(draw: (format: Format) => string): string {
  return draw('wide') + draw('narrow');
}

export function toneOf(cell: Cell): Tone {
  const verdict = checksVerdict(cell.checks);
  return verdict === null ? 'quiet' : VERDICT_WORDS[verdict].tone;
}

/** From here on Unicode's letters are those of East Asia, and pictures. */
const FIRST_WIDE = 0x2e80;

/** Letters as wide as those: `Gemm` is wider than its four letters are on average. */
const WIDE = /[mwMW@%]/;
const CAPITAL = /[A-Z]/;

/**
 * An upper estimate of a label's width at 13 px, for room that is kept free: sans-serif letters are at most 0.64 em on
 * average, capitals and m and w more, those of East Asia and pictures a whole one.
 */
export function labelWidth(text: string): number {
  let width = 0;
  for (const character of text) width += widthOf(character);
  return width;
}

function widthOf(character: string): number {
  if (character.codePointAt(0)! >= FIRST_WIDE) return 14;
  return WIDE.test(character) ? 13 : CAPITAL.test(character) ? 9.6 : 8.3;
}

const ROUNDING = 1e-6;

/** As much of a label as `width` has room for, an ellipsis for the rest. */
export function fitted(text: string, width: number): string {
  // A width that was found by adding and subtracting room is off by its last bit.
  if (labelWidth(text) <= width + ROUNDING) return text;
  const characters = [...text];
  while (characters.length > 1 && labelWidth(`${characters.join('')}…`) > width) characters.pop();
  return `${characters.join('')}…`;
}

export function whisker(
  axis: Scale,
  interval: Interval | null,
  draw: (from: number, to: number) => string,
): string {
  return interval?.lo == null || interval.hi === null ? '' : draw(axis.at(interval.lo), axis.at(interval.hi));
}

/** From and to. */
export type Range = readonly [number, number];

/** A vertical line: a path takes half the letters of a line, and a page has a thousand. */
export function upright(name: string, x: number, [from, to]: Range): string {
  return `<path class="${name}" d="M${px(x)} ${px(from)}V${px(to)}"/>`;
}

/** A horizontal line. */
export function level(name: string, y: number, [from, to]: Range): string {
  return `<path class="${name}" d="M${px(from)} ${px(y)}H${px(to)}"/>`;
}

export interface Scale {
  at: (value: number) => number;
  /** Round values within, about five. */
  ticks: number[];
  /** Pixels. */
  range: Range;
}

/** Linear from [from, to] to pixels; values outside are held at the edge, so that one wild figure can't leave the picture. */
export function scale([from, to]: Range, range: Range): Scale {
  const linear = scaleLinear([from, to > from ? to : from + 1], range).clamp(true);
  return { at: (value) => linear(value), ticks: linear.ticks(5), range };
}

export interface Axis {
  top: number;
  bottom: number;
  /** A tick's number, as text without markup. */
  text: (tick: number) => string;
}

/** Grid lines with their numbers below; a number that would touch the one before it, or the edge, is left out. */
export function axisBelow(x: Scale, { top, bottom, text }: Axis): string {
  let free = Number.NEGATIVE_INFINITY;
  return x.ticks
    .map((tick) => {
      const at = x.at(tick);
      const half = labelWidth(text(tick)) / 2;
      const fits = at - half >= Math.max(free, x.range[0]) && at + half <= x.range[1];
      if (fits) free = at + half + TICK_GAP;
      const number = fits
        ? `<text class="tick middle" x="${px(at)}" y="${px(bottom + 16)}">${text(tick)}</text>`
        : '';
      return `${upright('grid', at, [top, bottom])}${number}`;
    })
    .join('');
}

/** Between the numbers of two ticks. */
const TICK_GAP = 10;

export function px(value: number): string {
  return `${Math.round(value * 10) / 10}`;
}

export interface Drawing {
  width: number;
  height: number;
  /** What it shows, for those who don't see it. Untrusted. */
  title: string;
  className: string;
}

export function svg({ width, height, title, className }: Drawing, body: string): string {
  return `<svg class="${className}" viewBox="0 0 ${width} ${height}" role="img" aria-label="${xmlText(title)}">${body}</svg>`;
}
