/** Charts as inline SVG: no scripts, no fonts or pictures from elsewhere; colours come from the page's style, light or dark. */
import type { Interval } from '../../terms/measurement.js';
import { xmlText } from '../escape.js';
import { formatChange, formatRatio } from '../format.js';
import { type Cell, cellRatio, type Row } from '../rows.js';
import { type Tone, VERDICT_WORDS, worstVerdict } from '../verdict-words.js';

/** Names a row beside its mark. */
export type RowName = (row: Row) => string;

/** More marks than this can't be told apart. */
const MAX_POINTS = 40;
/** From more points than this on, whiskers step back. */
const CROWD = 8;
/** Of a label in the trade-off chart, in SVG units. */
const LABEL_WIDTH = 190;
const LINE_HEIGHT = 16;

function toneOf(cell: Cell): Tone {
  const verdict = worstVerdict(cell.checks.map((check) => check.verdict));
  return verdict === null ? 'quiet' : VERDICT_WORDS[verdict].tone;
}

interface Point {
  name: string;
  /** What the colour says too. */
  word: string;
  tone: Tone;
  /** Latency, variant ÷ original. */
  x: number;
  xInterval: Interval | null;
  /** Accuracy lost: positive is worse, in the metric's unit. */
  y: number;
  yInterval: Interval | null;
  /** Size, variant ÷ original; null: unknown. */
  size: number | null;
}

const WIDTH = 900;
const HEIGHT = 400;
const PLOT = { left: 84, right: 30, top: 26, bottom: 56 };
/** Radius of a bubble of the original's size; areas are proportional to sizes. */
const FULL_RADIUS = 26;

/**
 * The trade-off: latency ratio to the right, accuracy lost downwards, bubble area the size. The original is the ring at
 * 1× and 0; up and to the left of it is better for nothing lost. '' when no row has both figures.
 */
export function tradeOffChart(rows: readonly Row[], nameOf: RowName): string {
  const accuracy = rows.find((row) => row.accuracy?.measurement.drop)?.accuracy;
  const points = accuracy ? pointsOf(rows, accuracy, nameOf).slice(0, MAX_POINTS) : [];
  if (!accuracy || points.length === 0) return '';
  const unit = accuracy.metric.unit;
  const xs = points.flatMap((point) => [
    point.x,
    point.xInterval?.lo ?? point.x,
    point.xInterval?.hi ?? point.x,
  ]);
  const ys = points.flatMap((point) => [
    point.y,
    point.yInterval?.lo ?? point.y,
    point.yInterval?.hi ?? point.y,
  ]);
  const x = scale(0, Math.max(1.12, ...xs) * 1.06, PLOT.left, WIDTH - PLOT.right);
  const spread = Math.max(...ys.map(Math.abs), unit === 'fraction' ? 0.004 : 1e-6) * 1.15;
  const y = scale(
    -Math.max(spread * 0.35, -Math.min(...ys) * 1.15),
    Math.max(spread * 0.35, Math.max(...ys) * 1.15),
    PLOT.top,
    HEIGHT - PLOT.bottom,
  );
  const right = WIDTH - PLOT.right;
  const bottom = HEIGHT - PLOT.bottom;
  const marks = [
    ...x.ticks.map(
      (tick) =>
        `<line class="grid" x1="${px(x.at(tick))}" y1="${PLOT.top}" x2="${px(x.at(tick))}" y2="${bottom}"/><text class="tick" x="${px(x.at(tick))}" y="${bottom + 18}" text-anchor="middle">${formatRatio(tick)}</text>`,
    ),
    ...y.ticks.map(
      (tick) =>
        `<line class="grid" x1="${PLOT.left}" y1="${px(y.at(tick))}" x2="${right}" y2="${px(y.at(tick))}"/><text class="tick" x="${PLOT.left - 8}" y="${px(y.at(tick) + 4)}" text-anchor="end">${xmlText(tick === 0 ? '0' : formatChange(accuracy.metric.higherIsBetter ? -tick : tick, unit))}</text>`,
    ),
    `<line class="axis" x1="${px(x.at(1))}" y1="${PLOT.top}" x2="${px(x.at(1))}" y2="${bottom}"/>`,
    `<line class="axis" x1="${PLOT.left}" y1="${px(y.at(0))}" x2="${right}" y2="${px(y.at(0))}"/>`,
    `<circle class="original" cx="${px(x.at(1))}" cy="${px(y.at(0))}" r="${FULL_RADIUS}"/>`,
    `<text class="label" x="${px(x.at(1))}" y="${px(y.at(0) - FULL_RADIUS - 7)}" text-anchor="middle">original</text>`,
    `<text class="tick" x="${(PLOT.left + right) / 2}" y="${HEIGHT - 10}" text-anchor="middle">latency, variant ÷ original (left is faster)</text>`,
    `<text class="tick" transform="translate(16 ${(PLOT.top + bottom) / 2}) rotate(-90)" text-anchor="middle">${xmlText(`${accuracy.metric.title} change`)}</text>`,
  ];
  const title = `Trade-off of latency and ${accuracy.metric.title}; bubble area is file size`;
  return svg(WIDTH, HEIGHT, title, [...marks, ...bubbles(points, x, y, right)].join(''));
}

function pointsOf(rows: readonly Row[], like: Cell, nameOf: RowName): Point[] {
  return rows.flatMap((row) => {
    const x = row.latency && !row.latency.metric.higherIsBetter ? cellRatio(row.latency) : null;
    const drop =
      row.accuracy?.measurement.metric === like.measurement.metric ? row.accuracy.measurement.drop : null;
    if (x === null || !drop) return [];
    const words = row.verdict === null ? null : VERDICT_WORDS[row.verdict];
    return {
      name: nameOf(row),
      word: words && words.tone !== 'good' ? `, ${words.word}` : '',
      tone: words?.tone ?? 'quiet',
      x,
      xInterval: row.latency!.measurement.ratio?.interval ?? null,
      y: drop.value,
      yInterval: drop.interval,
      size: row.size && cellRatio(row.size),
    };
  });
}

/** Large bubbles below small ones; a label beside each that finds a free place (the others have theirs as a tooltip). */
function bubbles(points: readonly Point[], x: Scale, y: Scale, right: number): string[] {
  const placed: { x: number; y: number }[] = [];
  const labels: string[] = [];
  const marks = [...points]
    .sort((a, b) => (b.size ?? 0) - (a.size ?? 0))
    .map((point) => {
      const cx = x.at(point.x);
      const cy = y.at(point.y);
      const radius = Math.max(5, FULL_RADIUS * Math.sqrt(Math.min(4, point.size ?? 0.25)));
      const leftwards = cx + radius + LABEL_WIDTH > right;
      const at = freePlace(placed, leftwards ? cx - radius - 6 : cx + radius + 6, cy - radius * 0.5);
      if (at !== null) {
        labels.push(
          `<text class="label halo" x="${px(at.x)}" y="${px(at.y)}" text-anchor="${leftwards ? 'end' : 'start'}">${xmlText(point.name, 40)}${point.word}</text>`,
        );
      }
      const detail = `${point.name}: latency ${formatRatio(point.x)}${point.size === null ? '' : `, size ${formatRatio(point.size)}`}`;
      return [
        `<g class="tone-${point.tone}${points.length > CROWD ? ' crowd' : ''}"><title>${xmlText(detail)}</title>`,
        whisker(
          x,
          point.xInterval,
          (from, to) =>
            `<line class="whisker" x1="${px(from)}" y1="${px(cy)}" x2="${px(to)}" y2="${px(cy)}"/>`,
        ),
        whisker(
          y,
          point.yInterval,
          (from, to) =>
            `<line class="whisker" x1="${px(cx)}" y1="${px(from)}" x2="${px(cx)}" y2="${px(to)}"/>`,
        ),
        `<circle class="bubble" cx="${px(cx)}" cy="${px(cy)}" r="${px(radius)}"/><circle class="dot" cx="${px(cx)}" cy="${px(cy)}" r="2.5"/></g>`,
      ].join('');
    });
  return [...marks, ...labels];
}

/** The place itself or up to three lines below it, where no label stands yet; null: too crowded. */
function freePlace(
  placed: { x: number; y: number }[],
  x: number,
  y: number,
): { x: number; y: number } | null {
  for (let shift = 0; shift <= 3; shift++) {
    const at = { x, y: y + shift * LINE_HEIGHT };
    if (
      placed.some((other) => Math.abs(other.y - at.y) < LINE_HEIGHT && Math.abs(other.x - at.x) < LABEL_WIDTH)
    )
      continue;
    placed.push(at);
    return at;
  }
  return null;
}

function whisker(axis: Scale, interval: Interval | null, draw: (from: number, to: number) => string): string {
  return interval?.lo == null || interval.hi === null ? '' : draw(axis.at(interval.lo), axis.at(interval.hi));
}

/** One bar of a metric: the ratio to the original, its interval, and the bounds on it. */
export interface Bar {
  name: string;
  ratio: number;
  interval: Interval | null;
  bounds: number[];
  tone: Tone;
  word: string;
}

const BAR_LABEL = 210;
const BAR_VALUE = 120;
const BAR_HEIGHT = 26;

/** Bars of one metric over all rows, with a line at 1× and a mark at each bound. */
export function ratioBars(title: string, bars: readonly Bar[]): string {
  const height = bars.length * BAR_HEIGHT + 30;
  const reach =
    Math.max(1.1, ...bars.flatMap((bar) => [bar.ratio, bar.interval?.hi ?? 0, ...bar.bounds])) * 1.04;
  const x = scale(0, Math.min(reach, 1e6), BAR_LABEL, WIDTH - BAR_VALUE);
  const lines = bars.map((bar, index) => {
    const top = index * BAR_HEIGHT + 6;
    const middle = top + 8;
    const marks = bar.bounds.map(
      (bound) =>
        `<line class="bound" x1="${px(x.at(bound))}" y1="${top - 4}" x2="${px(x.at(bound))}" y2="${top + 20}"/>`,
    );
    return [
      `<g class="tone-${bar.tone}"><text class="label" x="${BAR_LABEL - 10}" y="${top + 13}" text-anchor="end">${xmlText(bar.name, 34)}</text>`,
      `<rect class="bar" x="${BAR_LABEL}" y="${top}" width="${px(Math.max(1, x.at(bar.ratio) - BAR_LABEL))}" height="16" rx="3"/>`,
      ...marks,
      whisker(
        x,
        bar.interval,
        (from, to) =>
          `<path class="whisker" d="M${px(from)} ${middle - 4}v8M${px(from)} ${middle}H${px(to)}M${px(to)} ${middle - 4}v8"/>`,
      ),
      `<text class="value" x="${WIDTH - BAR_VALUE + 12}" y="${top + 13}">${formatRatio(bar.ratio)} ${bar.word}</text></g>`,
    ].join('');
  });
  const bottom = bars.length * BAR_HEIGHT + 4;
  const axis = [
    `<line class="axis" x1="${BAR_LABEL}" y1="0" x2="${BAR_LABEL}" y2="${bottom}"/>`,
    `<line class="reference" x1="${px(x.at(1))}" y1="0" x2="${px(x.at(1))}" y2="${bottom}"/>`,
    `<text class="tick" x="${px(x.at(1))}" y="${bottom + 18}" text-anchor="middle">original (1×)</text>`,
  ];
  return svg(WIDTH, height, title, [...axis, ...lines].join(''));
}

/** The bar of a cell; null when it has no ratio. Bounds that aren't ratios are turned into one where the original is known. */
export function barOf(cell: Cell, name: string): Bar | null {
  const ratio = cellRatio(cell);
  if (ratio === null || ratio < 0) return null;
  const verdict = worstVerdict(cell.checks.map((check) => check.verdict));
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
  const x = (value: number) => px((Math.min(value, reach) / reach) * 150);
  const bounds = bar.bounds.map(
    (bound) => `<line class="bound" x1="${x(bound)}" y1="0" x2="${x(bound)}" y2="12"/>`,
  );
  return `<svg class="mini tone-${bar.tone}" viewBox="0 0 150 12" aria-hidden="true"><rect class="track" y="3" width="${x(1)}" height="6" rx="3"/><rect class="bar" y="3" width="${x(bar.ratio)}" height="6" rx="3"/>${bounds.join('')}</svg>`;
}

/** Values over runs, oldest first, as one line with a dot at the newest; gaps where a run has none. */
export function trendChart(values: readonly (number | null)[], title: string): string {
  const known = values.filter((value) => value !== null);
  if (known.length < 2) return '';
  const x = scale(0, values.length - 1, 4, 176);
  const lo = Math.min(...known);
  const hi = Math.max(...known);
  const y = (value: number) => (hi > lo ? 32 - ((value - lo) / (hi - lo)) * 24 : 20);
  let path = '';
  values.forEach((value, index) => {
    if (value !== null)
      path += `${path === '' || values[index - 1] === null ? 'M' : 'L'}${px(x.at(index))} ${px(y(value))}`;
  });
  const last = values.findLastIndex((value) => value !== null);
  const dot = `<circle class="dot" cx="${px(x.at(last))}" cy="${px(y(values[last]!))}" r="3"/>`;
  return svg(180, 40, title, `<path class="trend" d="${path}"/>${dot}`, 'spark');
}

interface Scale {
  at: (value: number) => number;
  /** Round values within, about five. */
  ticks: number[];
}

/** Linear from [from, to] to pixels; values outside are held at the edge, so that one wild figure can't leave the picture. */
function scale(from: number, to: number, start: number, end: number): Scale {
  const span = to > from ? to - from : 1;
  const rough = span / 5;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((size) => size >= rough) ?? power;
  const ticks: number[] = [];
  for (let index = Math.ceil(from / step); index * step <= to && ticks.length < 20; index++)
    ticks.push(index * step);
  return {
    at: (value) => start + ((Math.min(to, Math.max(from, value)) - from) / span) * (end - start),
    ticks,
  };
}

function px(value: number): string {
  return value.toFixed(1);
}

function svg(width: number, height: number, title: string, body: string, className = 'chart'): string {
  return `<svg class="${className}" viewBox="0 0 ${width} ${height}" role="img" aria-label="${xmlText(title)}" xmlns="http://www.w3.org/2000/svg"><title>${xmlText(title)}</title>${body}</svg>`;
}
