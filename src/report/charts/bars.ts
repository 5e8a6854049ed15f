/** Bars of one metric: ratios to the original, with intervals and bounds. */
import type { Interval } from '../../terms/measurement.js';
import { type Cell, cellRatio } from '../rows/rows.js';
import { xmlText } from '../words/escape.js';
import { formatRatio } from '../words/format.js';
import { checksVerdict, type Tone, VERDICT_WORDS } from '../words/verdict-words.js';
import {
  bothFormats,
  type Format,
  fitted,
  labelWidth,
  px,
  scale,
  svg,
  toneOf,
  upright,
  WIDTHS,
  whisker,
} from './svg.js';

/** One bar of a metric: the ratio to the original, its interval, and the bounds on it. */
export interface Bar {
  name: string;
  ratio: number;
  interval: Interval | null;
  bounds: number[];
  tone: Tone;
  word: string;
}

const BAR_HEIGHT = 26;
/** On a phone a bar's name stands above it. */
const NAME_HEIGHT = 20;
/** Letters of a name, of the longest one on a desktop. */
const WIDEST_NAME = 300;
const GAP = 12;
/** How much wider semi-bold letters are. */
const SEMI_BOLD = 1.16;

/** Bars of one metric over all rows, with a line at 1× and a mark at each bound. */
export function ratioBars(title: string, bars: readonly Bar[]): string {
  return bothFormats((format) => draw(title, bars, format));
}

interface Layout {
  /** Of a bar with its name. */
  pitch: number;
  /** Of the bar below the top of its place. */
  barTop: number;
  left: number;
  right: number;
  nameOf: (bar: Bar, top: number) => string;
}

function layoutOf(bars: readonly Bar[], format: Format): Layout {
  const width = WIDTHS[format];
  const right = width - GAP - Math.max(...bars.map((bar) => SEMI_BOLD * labelWidth(valueText(bar))));
  const text = (bar: Bar, { name, room, x, y }: { name: string; room: number; x: number; y: number }) =>
    `<text class="${name}" x="${px(x)}" y="${y}">${xmlText(fitted(bar.name, room), 80)}</text>`;
  if (format === 'narrow') {
    const nameOf = (bar: Bar, top: number) => text(bar, { name: 'label', room: width, x: 0, y: top + 12 });
    return { pitch: BAR_HEIGHT + NAME_HEIGHT, barTop: NAME_HEIGHT, left: 1, right, nameOf };
  }
  const left = GAP + Math.min(WIDEST_NAME, Math.max(...bars.map(({ name }) => labelWidth(name))));
  const nameOf = (bar: Bar, top: number) =>
    text(bar, { name: 'label end', room: left - GAP, x: left - GAP, y: top + 13 });
  return { pitch: BAR_HEIGHT, barTop: 0, left, right, nameOf };
}

function valueText({ ratio, word }: Bar): string {
  return `${formatRatio(ratio)} ${word}`.trim();
}

function draw(title: string, bars: readonly Bar[], format: Format): string {
  const layout = layoutOf(bars, format);
  const { pitch, left, right } = layout;
  const width = WIDTHS[format];
  const reach = reachOf(bars);
  const x = scale([0, Math.min(reach, 1e6)], [left, right]);
  const lines = bars.map((bar, index) => drawBar(bar, index * pitch + 6, { layout, x }));
  const bottom = bars.length * pitch + 4;
  const caption = 'original (1×)';
  const half = labelWidth(caption) / 2;
  const middle = Math.min(width - half, Math.max(half, x.at(1)));
  const axis = [
    upright('axis', left, [0, bottom]),
    upright('reference', x.at(1), [0, bottom]),
    `<text class="tick middle" x="${px(middle)}" y="${bottom + 18}">${caption}</text>`,
  ];
  const className = `chart ${format}`;
  return svg({ width, height: bottom + 26, title, className }, [...axis, ...lines].join(''));
}

/** A ratio that is hardly known must not squeeze the bars: its interval is cut at so many times what the others need. */
const WIDEST_INTERVAL = 1.6;

function reachOf(bars: readonly Bar[]): number {
  const needed = Math.max(1.1, ...bars.flatMap((bar) => [bar.ratio, ...bar.bounds]));
  const intervals = Math.max(needed, ...bars.map((bar) => bar.interval?.hi ?? 0));
  return Math.min(intervals, needed * WIDEST_INTERVAL) * 1.04;
}

function drawBar(
  bar: Bar,
  top: number,
  { layout, x }: { layout: Layout; x: ReturnType<typeof scale> },
): string {
  const { left, right, barTop, nameOf } = layout;
  const y = top + barTop;
  const middle = y + 8;
  const marks = bar.bounds.map((bound) => upright('bound', x.at(bound), [y - 4, y + 20]));
  return [
    `<g class="tone-${bar.tone}">${nameOf(bar, top)}`,
    `<rect class="bar" x="${px(left)}" y="${y}" width="${px(Math.max(1, x.at(bar.ratio) - left))}" height="16" rx="3"/>`,
    ...marks,
    whisker(
      x,
      bar.interval,
      (from, to) =>
        `<path class="whisker" d="M${px(from)} ${middle - 4}v8M${px(from)} ${middle}H${px(to)}${to < right ? `M${px(to)} ${middle - 4}v8` : ''}"/>`,
    ),
    `<text class="value" x="${px(right + GAP)}" y="${y + 13}">${valueText(bar)}</text></g>`,
  ].join('');
}

/** The bar of a cell; null when it has no ratio. Bounds that aren't ratios are turned into one where the original is known. */
export function barOf(cell: Cell, name: string): Bar | null {
  const ratio = cellRatio(cell);
  if (ratio === null || ratio < 0) return null;
  const verdict = checksVerdict(cell.checks);
  const original = cell.original?.value ?? null;
  return {
    name,
    ratio,
    interval: cell.measurement.ratio?.interval ?? null,
    bounds: cell.checks.flatMap((check) => {
      if (check.condition === 'max-ratio' || check.condition === 'min-ratio') return check.bound;
      return (check.condition === 'max' || check.condition === 'min') && original
        ? check.bound / original
        : [];
    }),
    tone: toneOf(cell),
    word: verdict === null ? '' : VERDICT_WORDS[verdict].word,
  };
}

/** The bar alone, small enough for a table cell; the cell says the figures. */
export function miniBar(bar: Bar): string {
  const reach = Math.min(1e6, Math.max(1, bar.ratio, ...bar.bounds) * 1.02);
  const x = (value: number) => (Math.min(value, reach) / reach) * 150;
  const bounds = bar.bounds.map((bound) => upright('bound', x(bound), [0, 12]));
  return `<svg class="mini tone-${bar.tone}" viewBox="0 0 150 12" aria-hidden="true"><rect class="track" y="3" width="${px(x(1))}" height="6" rx="3"/><rect class="bar" y="3" width="${px(x(bar.ratio))}" height="6" rx="3"/>${bounds.join('')}</svg>`;
}
