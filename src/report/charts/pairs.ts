/** Two bars per line, before and after, sorted by whoever asks: what each part of a model cost in the original and costs in the variant. */
import { max } from 'd3-array';
import type { Unit } from '../../terms/metrics.js';
import { xmlText } from '../words/escape.js';
import { formatValue } from '../words/format.js';
import { bothFormats, type Format, fitted, labelWidth, px, scale, svg, upright, WIDTHS } from './svg.js';

export interface BeforeAfter {
  name: string;
  before: number;
  after: number;
}

const BAR_HEIGHT = 7;
const PITCH = 27;
/** On a phone the name stands above its bars. */
const NAME_HEIGHT = 17;
const WIDEST_NAME = 280;
const GAP = 12;

/** Shorter than this share of the longest, both bars of a line can't be seen. */
const SEEN = 0.005;

/** Lines whose bars can be seen; '' where there are none. */
export function pairBars(title: string, all: readonly BeforeAfter[], unit: Unit): string {
  const reach = (line: BeforeAfter) => Math.max(line.before, line.after);
  const longest = max(all, reach) ?? 0;
  const lines = all.filter((line) => reach(line) > longest * SEEN);
  return lines.length === 0 ? '' : bothFormats((format) => draw(title, lines, { format, unit }));
}

function draw(
  title: string,
  lines: readonly BeforeAfter[],
  { format, unit }: { format: Format; unit: Unit },
): string {
  const width = WIDTHS[format];
  const isNarrow = format === 'narrow';
  const textOf = ({ before, after }: BeforeAfter) =>
    `${formatValue(before, unit)} → ${formatValue(after, unit)}`;
  const left = isNarrow ? 1 : GAP + Math.min(WIDEST_NAME, max(lines, ({ name }) => labelWidth(name))!);
  const right = width - GAP - max(lines, (line) => labelWidth(textOf(line)))!;
  const x = scale([0, max(lines, ({ before, after }) => Math.max(before, after)) || 1], [left, right]);
  const pitch = PITCH + (isNarrow ? NAME_HEIGHT : 0);
  const rows = lines.map((line, index) => {
    const top = index * pitch + 4;
    const y = top + (isNarrow ? NAME_HEIGHT : 0);
    const name = isNarrow
      ? `<text class="label" x="6" y="${top + 12}">${xmlText(fitted(line.name, width - 6))}</text>`
      : `<text class="label end" x="${px(left - GAP)}" y="${y + 12}">${xmlText(fitted(line.name, left - GAP))}</text>`;
    return [name, `<text class="value" x="${px(right + GAP)}" y="${y + 12}">${textOf(line)}</text>`].join('');
  });
  const bars = (key: 'before' | 'after') => {
    const below = key === 'before' ? 0 : BAR_HEIGHT + 1;
    const path = lines.map((line, index) => {
      const y = index * pitch + 4 + (isNarrow ? NAME_HEIGHT : 0) + below;
      return `M${px(left)} ${y}H${px(x.at(line[key]))}v${BAR_HEIGHT}H${px(left)}z`;
    });
    return `<path class="${key}" d="${path.join('')}"/>`;
  };
  const bottom = lines.length * pitch + 2;
  const axis = upright('axis', left, [0, bottom]);
  return svg(
    { width, height: bottom + 4, title, className: `chart ${format}` },
    bars('before') + bars('after') + rows.join('') + axis,
  );
}
