/** Which charts the HTML report shows: the trade-off, and bars per metric. */

import type { Report } from '../../../terms/report.js';
import { type Bar, barOf, ratioBars } from '../../charts/bars.js';
import type { RowName } from '../../charts/svg.js';
import { tradeOffChart } from '../../charts/trade-off.js';
import { metricCell, type Row } from '../../rows/rows.js';
import { xmlText } from '../../words/escape.js';

/** Metrics that get bars, where they were measured as a ratio. */
const BAR_METRICS = [
  'latency.p50',
  'latency.p90',
  'throughput',
  'size.file',
  'memory.peak',
  'memory.model',
  'memory.gpu',
  'latency.load',
  'latency.first',
];

/** Of one metric: more than fit on a screen are not looked at, and nine metrics have them. */
const MOST_BARS = 15;

export function charts(report: Report, rows: readonly Row[], nameOf: RowName): string {
  const bars = BAR_METRICS.flatMap((metric) => metricBars(report, metric, rows, nameOf) ?? []);
  // Of several models the figures that nothing is asked of would hide what comes below them.
  const aside = report.models.length > 1 ? bars.filter(({ asked }) => !asked) : [];
  const shown = [
    ...tradeOffs(rows, nameOf),
    ...bars.filter((one) => !aside.includes(one)).map(({ html }) => html),
  ].filter((part) => part !== '');
  if (shown.length + aside.length === 0) return '';
  const card = shown.length === 0 ? '' : `<div class="card">${shown.join('\n')}</div>`;
  return `<h2>Charts</h2>${card}${aside.length === 0 ? '' : fold(aside)}`;
}

function fold(bars: readonly MetricBars[]): string {
  const titles = bars.map(({ title }) => xmlText(title.toLowerCase(), 60)).join('; ');
  return `<details><summary>More <span class="soft">${titles}</span></summary>${bars.map(({ html }) => html).join('\n')}</details>`;
}

interface MetricBars {
  title: string;
  html: string;
  /** A check asks for it, or every report is read for it. */
  asked: boolean;
}

/** Shown at once whether they are checked or not. */
const READ_FIRST: ReadonlySet<string> = new Set(['latency.p50', 'size.file']);

/** One chart per accuracy metric: different ones don't share an axis. */
function tradeOffs(rows: readonly Row[], nameOf: RowName): string[] {
  const metrics = new Set(
    rows.flatMap((row) => (row.accuracy?.measurement.drop ? row.accuracy.metric.name : [])),
  );
  return [...metrics].map((metric) =>
    figure(
      'Trade-off: the area of a bubble is the file size, whiskers are intervals',
      tradeOffChart(
        rows.filter((row) => row.accuracy?.metric.name === metric),
        nameOf,
      ),
    ),
  );
}

function figure(caption: string, chart: string): string {
  return chart === '' ? '' : `<figure><figcaption>${xmlText(caption)}</figcaption>${chart}</figure>`;
}

/** Bars of one metric; a figure that doesn't depend on the place is shown once per variant. null: none was measured. */
function metricBars(
  report: Report,
  metric: string,
  rows: readonly Row[],
  nameOf: RowName,
): MetricBars | null {
  const many = report.models.length > 1;
  const bars = rows.flatMap((row): Bar[] => {
    const cell = metricCell(row, metric);
    if (cell === null || (cell.measurement.provider === null && !row.first)) return [];
    const name =
      cell.measurement.provider === null
        ? [...(many ? [row.model] : []), row.variant.name].join(' ')
        : nameOf(row);
    const bar = barOf(cell, name);
    return bar === null ? [] : [bar];
  });
  if (bars.length === 0) return null;
  const { title, higherIsBetter } = metricCell(
    rows.find((row) => metricCell(row, metric) !== null)!,
    metric,
  )!.metric;
  const better = higherIsBetter ? '; more is better' : '';
  const bounded = bars.some((bar) => bar.bounds.length > 0) ? '; a thick mark is a bound' : '';
  // Rows come with the worst first.
  const more = bars.length > MOST_BARS ? `; and ${bars.length - MOST_BARS} more in the tables` : '';
  const html = figure(
    `${title}, variant ÷ original${better}${bounded}${more}`,
    ratioBars(title, bars.slice(0, MOST_BARS)),
  );
  const asked = READ_FIRST.has(metric) || report.checks.some((check) => check.metric === metric);
  return { title, html, asked };
}
