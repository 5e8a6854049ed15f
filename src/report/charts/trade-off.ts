/** The trade-off as bubbles: latency ratio to the right, accuracy lost downwards, area the size. */
import type { Interval } from '../../terms/measurement.js';
import { type Cell, cellRatio, type Row } from '../rows/rows.js';
import { xmlText } from '../words/escape.js';
import { formatChange, formatRatio } from '../words/format.js';
import { type Tone, VERDICT_WORDS } from '../words/verdict-words.js';
import { type Circle, type Leader, placeLabel, type Rectangle } from './label-places.js';
import {
  bothFormats,
  type Format,
  fitted,
  labelWidth,
  level,
  px,
  type RowName,
  type Scale,
  scale,
  svg,
  upright,
  WIDTHS,
  whisker,
} from './svg.js';

/** More marks than this can't be told apart. */
const MAX_POINTS = 40;
/** From more points than this on, whiskers step back. */
const CROWD = 8;

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

interface Frame {
  height: number;
  left: number;
  right: number;
  top: number;
  bottom: number;
  /** Radius of a bubble of the original's size; areas are proportional to sizes. */
  fullRadius: number;
}

const FRAMES: Readonly<Record<Format, Frame>> = {
  wide: { height: 400, left: 88, right: 870, top: 26, bottom: 344, fullRadius: 26 },
  narrow: { height: 360, left: 76, right: 334, top: 40, bottom: 304, fullRadius: 16 },
};

/** The original is the ring at 1× and 0; up and to the left of it is better for nothing lost. '' when no row has both figures. */
export function tradeOffChart(rows: readonly Row[], nameOf: RowName): string {
  const accuracy = rows.find((row) => row.accuracy?.measurement.drop)?.accuracy;
  const points = accuracy ? pointsOf(rows, accuracy, nameOf).slice(0, MAX_POINTS) : [];
  if (!accuracy || points.length === 0) return '';
  return bothFormats((format) => draw(points, accuracy, format));
}

function draw(points: readonly Point[], accuracy: Cell, format: Format): string {
  const frame = FRAMES[format];
  const { x, y } = scalesOf(points, accuracy, frame);
  const ring: Circle = { x: x.at(1), y: y.at(0), radius: frame.fullRadius };
  const title = `Trade-off of latency and ${accuracy.metric.title}; bubble area is file size`;
  const body = [
    ...grid({ x, y, frame, format, accuracy }),
    `<circle class="original" cx="${px(ring.x)}" cy="${px(ring.y)}" r="${ring.radius}"/>`,
    ...bubbles(points, { x, y, frame, ring }),
  ];
  return svg(
    { width: WIDTHS[format], height: frame.height, title, className: `chart ${format}` },
    body.join(''),
  );
}

function scalesOf(points: readonly Point[], accuracy: Cell, frame: Frame): { x: Scale; y: Scale } {
  const reach = (value: number, interval: Interval | null) => [
    value,
    interval?.lo ?? value,
    interval?.hi ?? value,
  ];
  const xs = points.flatMap((point) => reach(point.x, point.xInterval));
  const ys = points.flatMap((point) => reach(point.y, point.yInterval));
  const spread = Math.max(...ys.map(Math.abs), accuracy.metric.unit === 'fraction' ? 0.004 : 1e-6) * 1.15;
  const least = spread * 0.35;
  return {
    x: scale([0, Math.max(1.12, ...xs) * 1.06], [frame.left, frame.right]),
    y: scale(
      [-Math.max(least, -Math.min(...ys) * 1.15), Math.max(least, Math.max(...ys) * 1.15)],
      [frame.top, frame.bottom],
    ),
  };
}

interface GridOptions {
  x: Scale;
  y: Scale;
  frame: Frame;
  format: Format;
  accuracy: Cell;
}

function grid({ x, y, frame, format, accuracy }: GridOptions): string[] {
  const { left, right, top, bottom, height } = frame;
  const { unit, higherIsBetter, title } = accuracy.metric;
  // A phone has room for every other number.
  const told = (index: number) => format === 'wide' || index % 2 === 0;
  const change = (tick: number) => (tick === 0 ? '0' : formatChange(higherIsBetter ? -tick : tick, unit));
  const caption = `${title} change`;
  return [
    ...x.ticks.map((tick, index) => {
      const at = x.at(tick);
      const number = `<text class="tick middle" x="${px(at)}" y="${bottom + 18}">${formatRatio(tick)}</text>`;
      return `${upright('grid', at, [top, bottom])}${told(index) ? number : ''}`;
    }),
    ...y.ticks.map((tick) => {
      const at = y.at(tick);
      return `${level('grid', at, [left, right])}<text class="tick end" x="${left - 8}" y="${px(at + 4)}">${xmlText(fitted(change(tick), left - 8))}</text>`;
    }),
    upright('axis', x.at(1), [top, bottom]),
    level('axis', y.at(0), [left, right]),
    `<text class="tick end" x="${right}" y="${height - 10}">latency, variant ÷ original (left is faster)</text>`,
    format === 'wide'
      ? `<text class="tick middle" transform="translate(16 ${(top + bottom) / 2}) rotate(-90)">${xmlText(fitted(caption, bottom - top))}</text>`
      : `<text class="tick" x="0" y="14">${xmlText(fitted(caption, right))}</text>`,
  ];
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

interface Plot {
  x: Scale;
  y: Scale;
  frame: Frame;
  ring: Circle;
}

/** Large bubbles below small ones; a label for each that finds a free place (the others have theirs as a tooltip). */
function bubbles(points: readonly Point[], { x, y, frame, ring }: Plot): string[] {
  const sorted = [...points].sort((a, b) => (b.size ?? 0) - (a.size ?? 0));
  const circles = sorted.map(
    (point): Circle => ({
      x: x.at(point.x),
      y: y.at(point.y),
      radius: Math.max(5, frame.fullRadius * Math.sqrt(Math.min(4, point.size ?? 0.25))),
    }),
  );
  const marks = sorted.map((point, index) =>
    drawPoint(point, { circle: circles[index]!, index, x, y, crowded: points.length > CROWD }),
  );
  const area: Rectangle = { left: frame.left, right: frame.right, top: frame.top, bottom: frame.bottom };
  const labels: string[] = [];
  const leaders: string[] = [];
  const taken: Rectangle[] = [];
  const all = [ring, ...circles];
  const lines = sorted.flatMap((point, index) => whiskerBoxes(point, circles[index]!, { x, y }));
  const few = points.length <= CROWD;
  for (const [index, own] of all.entries()) {
    const point = sorted[index - 1];
    const text = point === undefined ? 'original' : fitted(point.name, 250) + point.word;
    const place = placeLabel(own, labelWidth(text), {
      area,
      taken,
      circles: all,
      lines,
      leaders: few,
    });
    if (place === null) continue;
    taken.push(place.box);
    if (place.leader) leaders.push(drawLeader(place.leader, index));
    labels.push(
      `<text class="label halo" data-point="${index}" x="${px(place.x)}" y="${px(place.baseline)}" text-anchor="${place.anchor}">${xmlText(text)}</text>`,
    );
  }
  return [...marks, ...leaders, ...labels];
}

function drawLeader({ from, to }: Leader, index: number): string {
  return `<path class="leader" data-point="${index}" d="M${px(from.x)} ${px(from.y)}L${px(to.x)} ${px(to.y)}"/>`;
}

function whiskerBoxes(
  { xInterval, yInterval }: Point,
  circle: Circle,
  { x, y }: Pick<Plot, 'x' | 'y'>,
): Rectangle[] {
  const across = ends(x, xInterval);
  const along = ends(y, yInterval);
  return [
    ...(across ? [{ left: across[0], right: across[1], top: circle.y, bottom: circle.y + 1 }] : []),
    ...(along ? [{ left: circle.x, right: circle.x + 1, top: along[0], bottom: along[1] }] : []),
  ];
}

function ends(axis: Scale, interval: Interval | null): [number, number] | null {
  if (interval?.lo == null || interval.hi === null) return null;
  const [a, b] = [axis.at(interval.lo), axis.at(interval.hi)];
  return [Math.min(a, b), Math.max(a, b)];
}

interface PointPlace {
  circle: Circle;
  index: number;
  x: Scale;
  y: Scale;
  crowded: boolean;
}

function drawPoint(point: Point, { circle, index, x, y, crowded }: PointPlace): string {
  const [cx, cy] = [px(circle.x), px(circle.y)];
  const detail = `${point.name}: latency ${formatRatio(point.x)}${point.size === null ? '' : `, size ${formatRatio(point.size)}`}`;
  return [
    `<g class="tone-${point.tone}${crowded ? ' crowd' : ''}"><title>${xmlText(detail)}</title>`,
    whisker(x, point.xInterval, (from, to) => level('whisker', circle.y, [from, to])),
    whisker(y, point.yInterval, (from, to) => upright('whisker', circle.x, [from, to])),
    `<circle class="bubble" data-point="${index + 1}" cx="${cx}" cy="${cy}" r="${px(circle.radius)}"/><circle class="dot" cx="${cx}" cy="${cy}" r="2.5"/></g>`,
  ].join('');
}
