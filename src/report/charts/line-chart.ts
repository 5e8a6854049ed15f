/** Figures over runs as lines: a line per variant, runs to the right, oldest first; runs whose checks failed are marked. */

import { shortId } from '../revisions.js';
import { xmlText } from '../words/escape.js';
import type { ChartData, Series } from './series.js';
import { bothFormats, type Format, labelWidth, level, px, type Scale, scale, svg, WIDTHS } from './svg.js';

export type Kind = 'absolute' | 'relative';

const HEIGHT = 210;
const TOP = 8;
const BOTTOM = 176;
const EDGE = 8;
/** Digits that it may take to tell one tick from the next. */
const MOST_DIGITS = 7;

/** Runs that are told apart as dots; of more the line is enough. */
const MOST_DOTS = 60;

/** '' where no run has such a figure. */
export function lineChart(data: ChartData, kind: Kind): string {
  const values = data.series.flatMap((one) => one[kind]).filter((value) => value !== null);
  if (values.length === 0) return '';
  return bothFormats((format) => draw(data, { kind, values, format }));
}

interface Wanted {
  kind: Kind;
  values: readonly number[];
  format: Format;
}

function draw(data: ChartData, { kind, values, format }: Wanted): string {
  const width = WIDTHS[format];
  const [lo, hi] = [Math.min(...values), Math.max(...values)];
  const margin = (hi - lo || Math.abs(hi) || 1) * 0.08;
  // A size or time is never below 0.
  const from = lo >= 0 ? Math.max(0, lo - margin) : lo - margin;
  const y = scale([from, hi + margin], [BOTTOM, TOP]);
  const texts = tickTexts(y.ticks, data.format[kind]);
  const left = Math.max(...texts.map(labelWidth), 20) + EDGE;
  const right = width - EDGE;
  const last = data.runs.length - 1;
  const x = scale(
    [0, Math.max(1, last)],
    last === 0 ? [(left + right) / 2, right] : [left + EDGE, right - EDGE],
  );
  const grid = y.ticks.map((tick, index) => {
    const at = y.at(tick);
    return `${level('grid', at, [left, right])}<text class="tick end" x="${px(left - 6)}" y="${px(at + 4)}">${xmlText(texts[index]!)}</text>`;
  });
  const title = `${data.title}, ${kind}, over ${data.runs.length} runs`;
  const lines = data.series.map((series, index) => drawSeries(series, { kind, index, x, y }));
  return svg(
    { width, height: HEIGHT, title, className: `chart ${format}` },
    [...grid, runLabels(data, { left, right }), ...lines].join(''),
  );
}

/** All ticks with the digits that tell them apart. */
function tickTexts(ticks: readonly number[], format: (value: number, digits: number) => string): string[] {
  for (let digits = 2; ; digits++) {
    const texts = ticks.map((tick) => format(tick, digits));
    if (new Set(texts).size === texts.length || digits >= MOST_DIGITS) return texts;
  }
}

/** The first and the last run, by commit or day. */
function runLabels({ runs }: ChartData, { left, right }: { left: number; right: number }): string {
  const name = ({ sha, at }: ChartData['runs'][number]) => (sha === null ? at.slice(0, 10) : shortId(sha));
  const label = (text: string, at: number, anchor: string) =>
    `<text class="tick" x="${px(at)}" y="${BOTTOM + 20}" text-anchor="${anchor}">${xmlText(text, 20)}</text>`;
  const axis = level('axis', BOTTOM, [left, right]);
  if (runs.length === 1) return axis + label(name(runs[0]!), (left + right) / 2, 'middle');
  return axis + label(name(runs[0]!), left, 'start') + label(name(runs.at(-1)!), right, 'end');
}

interface Place {
  kind: Kind;
  index: number;
  x: Scale;
  y: Scale;
}

function drawSeries(series: Series, { kind, index, x, y }: Place): string {
  let line = '';
  let dots = '';
  let failed = '';
  let open = false;
  const values = series[kind];
  const dotted = values.length <= MOST_DOTS;
  for (const [run, value] of values.entries()) {
    if (value === null) {
      open = false;
      continue;
    }
    // A run between two gaps would not show as a line.
    const alone = !open && (values[run + 1] ?? null) === null;
    const at = `${px(x.at(run))} ${px(y.at(value))}`;
    line += `${open ? 'L' : 'M'}${at}`;
    if (dotted || alone) dots += `M${at}h0`;
    if (series.failed[run]) failed += `M${at}h0`;
    open = true;
  }
  return `<g class="series s${index}"><path class="line" d="${line}"/>${dots === '' ? '' : `<path class="dots" d="${dots}"/>`}${failed === '' ? '' : `<path class="failed" d="${failed}"/>`}</g>`;
}
