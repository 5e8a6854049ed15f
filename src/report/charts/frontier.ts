/** What auto tried: latency to the right, SQNR upwards, the area the size; the frontier are those that nothing allowed beats in both. */
import { max, min } from 'd3-array';
import { line } from 'd3-shape';
import type { AutoCandidate } from '../../terms/report.js';
import { xmlText } from '../words/escape.js';
import { formatRatio, formatValue } from '../words/format.js';
import { type Circle, placeLabel, type Rectangle } from './label-places.js';
import {
  axisBelow,
  bothFormats,
  type Format,
  labelWidth,
  level,
  px,
  scale,
  svg,
  upright,
  WIDTHS,
} from './svg.js';

/** A candidate that was raced. */
export type Raced = AutoCandidate & { latencyRatio: number };

const HEIGHT = 280;
const FRAME = { left: 58, top: 14, bottom: 226, edge: 16 };
const FULL_RADIUS = 18;
/** Closer than this is the same, for a picture. */
const BEST_DB = 80;

/** Marks bear their place in `candidates`, from 1. '' without candidates. */
export function frontierChart(title: string, candidates: readonly Raced[]): string {
  return candidates.length === 0 ? '' : bothFormats((format) => draw(title, candidates, format));
}

/** Of those that keep all limits, the ones that no other beats in latency and SQNR both, fastest first. */
export function frontierOf(candidates: readonly Raced[]): Raced[] {
  const allowed = candidates
    .filter(({ broken }) => broken.length === 0)
    .toSorted((a, b) => a.latencyRatio - b.latencyRatio || b.sqnr - a.sqnr);
  let best = Number.NEGATIVE_INFINITY;
  return allowed.filter(({ sqnr }) => {
    const beats = sqnr > best;
    best = Math.max(best, sqnr);
    return beats;
  });
}

function draw(title: string, candidates: readonly Raced[], format: Format): string {
  const width = WIDTHS[format];
  const { left, top, bottom, edge } = FRAME;
  const shown = ({ sqnr }: Raced) => Math.min(BEST_DB, sqnr);
  const x = scale(
    [0, Math.max(1.1, max(candidates, ({ latencyRatio }) => latencyRatio)! * 1.06)],
    [left, width - edge],
  );
  const [low, high] = [min(candidates, shown)!, max(candidates, shown)!];
  const margin = Math.max(3, (high - low) * 0.2);
  const y = scale([low - margin, high + margin], [bottom, top]);
  const at = (one: Raced) => ({ x: x.at(one.latencyRatio), y: y.at(shown(one)) });
  const frontier = line<Raced>(
    (one) => at(one).x,
    (one) => at(one).y,
  ).digits(1);
  const grid = y.ticks.map(
    (tick) =>
      `${level('grid', y.at(tick), [left, width])}<text class="tick end" x="${left - 8}" y="${px(y.at(tick) + 4)}">${formatValue(tick, 'dB', 2)}</text>`,
  );
  return svg(
    { width, height: HEIGHT, title, className: `chart ${format}` },
    [
      axisBelow(x, { top, bottom, text: (tick) => formatRatio(tick) }),
      ...grid,
      upright('reference', x.at(1), [top, bottom]),
      `<path class="curve" d="${frontier(frontierOf(candidates)) ?? ''}"/>`,
      ...marks(candidates, at, { left, right: width, top, bottom }),
      `<text class="tick end" x="${width - edge}" y="${HEIGHT - 12}">latency, candidate ÷ original (left is faster)</text>`,
    ].join(''),
  );
}

function marks(
  candidates: readonly Raced[],
  at: (one: Raced) => { x: number; y: number },
  area: Rectangle,
): string[] {
  const circles = candidates.map(
    (one): Circle => ({
      ...at(one),
      radius: Math.max(4, FULL_RADIUS * Math.sqrt(Math.min(2, one.sizeRatio))),
    }),
  );
  const taken: Rectangle[] = [];
  return candidates.map((one, index) => {
    const { x, y, radius } = circles[index]!;
    const tone = one.broken.length > 0 ? 'bad' : one.chosen ? 'good' : 'quiet';
    const text = `${index + 1}${one.chosen ? ' chosen' : ''}`;
    const place = placeLabel(circles[index]!, labelWidth(text), { area, taken, circles });
    if (place) taken.push(place.box);
    const label = place
      ? `<text class="label halo" data-point="${index}" x="${px(place.x)}" y="${px(place.baseline)}" text-anchor="${place.anchor}">${text}</text>`
      : '';
    return `<g class="tone-${tone}"><title>${xmlText(one.name)}</title><circle class="bubble" data-point="${index}" cx="${px(x)}" cy="${px(y)}" r="${px(radius)}"/></g>${label}`;
  });
}
