/** Panel: how the single runs of original and variants spread, with every launch. */
import { max, min, sum } from 'd3-array';
import { type DistributionSubject, distributionChart } from '../charts/distribution.js';
import { toneOf } from '../charts/svg.js';
import { metricCell, type Row } from '../rows/rows.js';
import { countOf, formatValue } from '../words/format.js';
import { byPlace, type PanelOf, type PanelPart, placeName, samePlace } from './panel.js';

const METRIC = 'latency.p50';

export const distributions: PanelOf = (model, context) => {
  const parts = byPlace(model, context, METRIC).flatMap(({ place, items }): PanelPart[] => {
    const subjects = items.flatMap((item): DistributionSubject[] => {
      const { distribution, value, variant } = item;
      if (!distribution || value === null) return [];
      const row = context.rows.find(
        (one) => one.model === model.name && one.variant.name === variant && samePlace(one.place, place),
      );
      return [{ name: variant, tone: toneIn(row), value, distribution }];
    });
    if (subjects.length === 0) return [];
    const name = placeName(place, context);
    const { unit } = items[0]!;
    const title = `Latency of single runs of ${[model.name, name].filter((word) => word !== '').join(' on ')}; the figures are in the table below it`;
    return [
      {
        name,
        chart: distributionChart(title, subjects, unit),
        table: {
          headings: HEADINGS,
          rows: subjects.map((subject) => factsOf(subject, (value) => formatValue(value, unit, 4))),
        },
      },
    ];
  });
  if (parts.length === 0) return null;
  return {
    title: 'Latency, run by run',
    text: 'Above the line all runs by their time, below it every launch (a process of its own) in the order they were started: its runs from 5% to 95%, the middle half thicker, a dot at its median. The upright line is the latency that the report states. Slow runs lie past the right edge: the table tells how far, and counts those that are slower by far.',
    parts,
  };
};

function toneIn(row: Row | undefined): DistributionSubject['tone'] {
  const cell = row ? metricCell(row, METRIC) : null;
  return cell === null ? 'quiet' : toneOf(cell);
}

const HEADINGS = ['File', 'p50', 'Launches', 'Medians of launches', 'Runs', '5% to 95%', 'Slower by far'];

function factsOf(
  { name, value, distribution }: DistributionSubject,
  format: (ms: number) => string,
): string[] {
  const { launches, histogram } = distribution;
  const extremes = (at: number) => [
    min(launches, ({ percentiles }) => percentiles[at]!)!,
    max(launches, ({ percentiles }) => percentiles[at]!)!,
  ];
  const [fastest, slowest] = extremes(2);
  return [
    name,
    format(value),
    `${launches.length}`,
    `${format(fastest!)} to ${format(slowest!)}`,
    formatValue(
      sum(launches, ({ runs }) => runs),
      'count',
    ),
    `${format(extremes(0)[0]!)} to ${format(extremes(4)[1]!)}`,
    countOf(histogram.slower, 'run'),
  ];
}
