/** SQNR along the graph as a line, with the layers that lose most marked by their rank. */
import { max, min } from 'd3-array';
import { line } from 'd3-shape';
import type { LayerError } from '../../terms/report.js';
import { formatValue } from '../words/format.js';
import { overlap, type Rectangle } from './label-places.js';
import { bothFormats, type Format, level, px, type Scale, scale, svg, WIDTHS } from './svg.js';

export interface Curve {
  title: string;
  tensors: readonly LayerError[];
  /** Tensors of the graph. */
  compared: number;
  /** Marked 1, 2, 3 … */
  worst: readonly LayerError[];
}

const HEIGHT = 210;
const FRAME = { left: 54, top: 16, bottom: 176, edge: 12 };
/** Nearer than this is the same, for a picture. */
const BEST_DB = 80;
const DOT = 3.5;
/** Of a number, with what keeps it apart from another. */
const MARK_WIDTH = 13;
const MARK_HEIGHT = 12;
/** Where a number's baseline may stand from its dot. */
const BASELINES = [17, -8, 30, -21, 43, -34];
/** For the words below. */
const FOOT = 26;

export function sqnrCurve(curve: Curve): string {
  return bothFormats((format) => draw(curve, format));
}

function draw({ title, tensors, compared, worst }: Curve, format: Format): string {
  const width = WIDTHS[format];
  const { left, top, bottom, edge } = FRAME;
  const shown = ({ sqnr }: LayerError) => Math.min(BEST_DB, sqnr);
  const [low, high] = [Math.min(0, min(tensors, shown)!), Math.max(10, max(tensors, shown)!)];
  const x = scale([0, Math.max(1, compared - 1)], [left + edge, width - edge]);
  const y = scale([low, high], [bottom, top]);
  const path = line<LayerError>()
    .x(({ at }) => x.at(at))
    .y((tensor) => y.at(shown(tensor)))
    .digits(1);
  const grid = y.ticks.map(
    (tick) =>
      `${level('grid', y.at(tick), [left, width])}<text class="tick end" x="${left - 8}" y="${px(y.at(tick) + 4)}">${formatValue(tick, 'dB', 2)}</text>`,
  );
  return svg(
    { width, height: HEIGHT, title, className: `chart ${format}` },
    [
      ...grid,
      `<path class="curve" d="${path([...tensors])}"/>`,
      ...marks(worst, x, (tensor) => y.at(shown(tensor))),
      `<text class="tick" x="${left + edge}" y="${HEIGHT - 12}">first operator</text>`,
      `<text class="tick end" x="${width - edge}" y="${HEIGHT - 12}">last operator</text>`,
    ].join(''),
  );
}

/** A dot for each, and its number below or above it: the worst have the first choice. */
function marks(worst: readonly LayerError[], x: Scale, heightOf: (tensor: LayerError) => number): string[] {
  const dots = worst.map((tensor) => ({ at: x.at(tensor.at), height: heightOf(tensor) }));
  const taken = dots.map(({ at, height }) => boxAround(at, height + DOT, DOT * 2));
  return dots.map(({ at, height }, index) => {
    const dot = `<circle class="loser" cx="${px(at)}" cy="${px(height)}" r="${DOT}"/>`;
    const free = BASELINES.map((offset) => height + offset).find((baseline) => {
      const box = boxAround(at, baseline, MARK_HEIGHT);
      const others = taken.filter((_, other) => other !== index);
      return box.top >= 0 && box.bottom <= HEIGHT - FOOT && !others.some((other) => overlap(box, other));
    });
    if (free === undefined) return dot;
    taken.push(boxAround(at, free, MARK_HEIGHT));
    return `${dot}<text class="value halo middle" x="${px(at)}" y="${px(free)}">${index + 1}</text>`;
  });
}

function boxAround(x: number, bottom: number, height: number): Rectangle {
  return { left: x - MARK_WIDTH / 2, right: x + MARK_WIDTH / 2, top: bottom - height, bottom };
}
