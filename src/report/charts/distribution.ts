/** How single runs of each file spread: a histogram per file, and below it every launch as a line from its 5th to its 95th percentile. */
import { max, min } from 'd3-array';
import type { Distribution } from '../../terms/measurement.js';
import type { Unit } from '../../terms/metrics.js';
import { xmlText } from '../words/escape.js';
import { formatValue } from '../words/format.js';
import type { Tone } from '../words/verdict-words.js';
import {
  axisBelow,
  bothFormats,
  type Format,
  fitted,
  labelWidth,
  level,
  px,
  type Scale,
  scale,
  svg,
  upright,
  WIDTHS,
} from './svg.js';

export interface DistributionSubject {
  name: string;
  tone: Tone;
  /** The figure that the report states. */
  value: number;
  distribution: Distribution;
}

const HISTOGRAM_HEIGHT = 34;
/** Of all launches of one file; each gets a line of its own in it. */
const LAUNCHES_HEIGHT = { least: 12, most: 72 };
const LAUNCH_PITCH = 6;
const NAME_HEIGHT = 18;
const GAP = 14;
const EDGE = 4;

/** Nothing farther than this times the slowest median is shown at its place. */
const FARTHEST = 2.5;

/** What lies past the histograms and the third quartiles, and far past the medians, is held at the edge: a tail must not hide what is typical.
 *
 *  `title` says of what, for those who don't see it. '' without subjects. */
export function distributionChart(
  title: string,
  subjects: readonly DistributionSubject[],
  unit: Unit,
): string {
  if (subjects.length === 0) return '';
  return bothFormats((format) => draw(title, subjects, { unit, format }));
}

function draw(
  title: string,
  subjects: readonly DistributionSubject[],
  { unit, format }: { unit: Unit; format: Format },
): string {
  const width = WIDTHS[format];
  const ends = subjects.flatMap(({ distribution: { launches, histogram } }) => [
    histogram.from,
    histogram.to,
    ...launches.flatMap(({ percentiles }) => percentiles.slice(0, 4)),
  ]);
  const medians = subjects.flatMap(({ distribution: { launches } }) =>
    launches.map(({ percentiles }) => percentiles[2]!),
  );
  const [low, high] = [min(ends)!, Math.min(max(ends)!, FARTHEST * (max(medians) ?? Infinity))];
  const margin = (high - low) * 0.03;
  const x = scale([Math.max(0, low - margin), high + margin], [EDGE, width - EDGE]);
  let top = 4;
  const bands = subjects.map((subject) => {
    const height = heightOf(subject);
    const band = drawSubject(subject, { x, top, unit, width });
    top += height + GAP;
    return band;
  });
  const axis = axisBelow(x, { top: 0, bottom: top, text: tickText(x, unit) });
  return svg({ width, height: top + 24, title, className: `chart ${format}` }, axis + bands.join(''));
}

/** With as many digits as tell one tick from the next. */
function tickText({ ticks }: Scale, unit: Unit): (tick: number) => string {
  const step = ticks.length > 1 ? ticks[1]! - ticks[0]! : 1;
  const digits = Math.floor(Math.log10(ticks.at(-1) || 1)) - Math.floor(Math.log10(step)) + 1;
  return (tick) => formatValue(tick, unit, Math.min(8, Math.max(2, digits)));
}

function heightOf(subject: DistributionSubject): number {
  return NAME_HEIGHT + HISTOGRAM_HEIGHT + launchesHeight(subject) + 4;
}

function launchesHeight({ distribution: { launches } }: DistributionSubject): number {
  const { least, most } = LAUNCHES_HEIGHT;
  return Math.min(most, Math.max(least, launches.length * LAUNCH_PITCH));
}

function drawSubject(
  subject: DistributionSubject,
  { x, top, unit, width }: { x: Scale; top: number; unit: Unit; width: number },
): string {
  const { name, tone, value, distribution } = subject;
  const baseline = top + NAME_HEIGHT + HISTOGRAM_HEIGHT;
  const stated = formatValue(value, unit);
  const label = fitted(name, width - labelWidth(stated) - 24);
  return [
    `<g class="tone-${tone}">`,
    `<text class="label halo" x="${EDGE}" y="${top + 13}">${xmlText(label)} <tspan class="value">${stated}</tspan></text>`,
    histogram(distribution.histogram, x, baseline),
    level('axis', baseline, [x.at(distribution.histogram.from), x.at(distribution.histogram.to)]),
    launchLines(distribution.launches, { x, top: baseline + 4, height: launchesHeight(subject) }),
    upright('stated', x.at(value), [baseline - HISTOGRAM_HEIGHT, baseline + 4 + launchesHeight(subject)]),
    '</g>',
  ].join('');
}

function histogram({ from, to, counts }: Distribution['histogram'], x: Scale, baseline: number): string {
  const peak = max(counts) || 1;
  const at = (edge: number) => x.at(from + ((to - from) * edge) / counts.length);
  const heights = counts.map((count) => px(baseline - (count / peak) * HISTOGRAM_HEIGHT));
  const steps = heights.map((height, bin) =>
    // Bins of one height are one step.
    height === heights[bin + 1] ? '' : `V${height}H${px(at(bin + 1))}`,
  );
  return `<path class="area" d="M${px(at(0))} ${px(baseline)}${steps.join('')}V${px(baseline)}z"/>`;
}

/** One path each for the whiskers, the quartiles and the medians of all launches, the first at the top. */
function launchLines(
  launches: Distribution['launches'],
  { x, top, height }: { x: Scale; top: number; height: number },
): string {
  const pitch = height / launches.length;
  const path = (draw: (percentiles: readonly number[]) => string) =>
    launches
      .map(({ percentiles }, index) => {
        const y = px(top + (index + 0.5) * pitch);
        return draw(percentiles).replaceAll('@', y);
      })
      .join('');
  const at = (value: number) => px(x.at(value));
  return [
    `<path class="launch" d="${path(([p5, , , , p95]) => `M${at(p5!)} @H${at(p95!)}`)}"/>`,
    `<path class="quartiles" d="${path(([, p25, , p75]) => `M${at(p25!)} @H${at(p75!)}`)}"/>`,
    `<path class="medians" d="${path(([, , p50]) => `M${at(p50!)} @h0`)}"/>`,
  ].join('');
}
