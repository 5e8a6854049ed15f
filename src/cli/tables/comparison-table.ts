/** Measurements of several models as an aligned text table: a row per metric, a column per model. */

import stringWidth from 'string-width';
import { formatConfidence, formatRatio, formatValue } from '../../report/words/format.js';
import type { Interval, Measurement } from '../../terms/measurement.js';
import { metricDefinition } from '../../terms/metrics.js';

/** @param width columns of the terminal: a wider table becomes a block per model. */
export function comparisonTable(
  all: readonly Measurement[],
  { sizes = {}, width = Number.POSITIVE_INFINITY }: { sizes?: Record<string, number>; width?: number } = {},
): string {
  const measurements = all.filter((entry) => !isUntoldTail(entry));
  const names = [...new Set([...Object.keys(sizes), ...measurements.map(({ variant }) => variant)])];
  const rows: string[][] = [['', ...names]];
  const [first] = names;
  if (Object.keys(sizes).length > 0) {
    rows.push(['Size', ...names.map((name) => sizeCell(sizes, { name, reference: first! }))]);
  }
  for (const metric of new Set(measurements.map((entry) => entry.metric))) {
    const cells = names.map((name) =>
      measurements.filter((entry) => entry.metric === metric && entry.variant === name),
    );
    for (let i = 0; i < Math.max(...cells.map((cell) => cell.length)); i++) {
      rows.push([metricDefinition(metric)?.title ?? metric, ...cells.map((cell) => valueCell(cell[i]))]);
    }
  }
  const table = aligned(rows);
  const fits = table.every((line) => stringWidth(line) <= width);
  return [
    ...(fits ? table : blocks(rows)),
    ...intervalLegend(measurements),
    ...missingReasons(measurements),
  ].join('\n');
}

/** The first column to the left, the others to the right. */
function aligned(rows: readonly string[][]): string[] {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => stringWidth(row[column] ?? ''))),
  );
  const padding = (cell: string, column: number) => ' '.repeat(widths[column]! - stringWidth(cell));
  return rows.map((row) =>
    row
      .map((cell, column) => (column === 0 ? cell + padding(cell, column) : padding(cell, column) + cell))
      .join('  ')
      .trimEnd(),
  );
}

/** For narrow terminals: each model with its figures below it. */
function blocks(rows: readonly string[][]): string[] {
  const [[, ...names] = [], ...metrics] = rows;
  return names.flatMap((name, index) => [
    name,
    ...aligned(metrics.flatMap((row) => (row[index + 1] === '' ? [] : [[`  ${row[0]}`, row[index + 1]!]]))),
    '',
  ]);
}

/** Tail percentiles that too few runs could tell: nobody asked for them here. */
function isUntoldTail({ metric, status }: Measurement): boolean {
  return status === 'skipped' && /^latency\.p9\d$/.test(metric);
}

/** What the brackets mean; a timing that ended before it was precise states intervals of more confidence. */
function intervalLegend(measurements: readonly Measurement[]): string[] {
  const shown = measurements.flatMap(({ value, ratio }) =>
    value === null ? [] : (boundedInterval(ratio) ?? []),
  );
  const levels = [...new Set(shown.map(({ confidence }) => formatConfidence(confidence)))];
  return levels.length === 0 ? [] : [`[ ] ${levels.join(' or ')} confidence interval of the ratio`];
}

/** The interval that a cell shows; null: none. */
function boundedInterval(ratio: Measurement['ratio']): (Interval & { lo: number; hi: number }) | null {
  const { lo, hi, confidence } = ratio?.interval ?? { lo: null, hi: null, confidence: 0 };
  return lo === null || hi === null ? null : { lo, hi, confidence };
}

/** Why figures are missing, once each. */
function missingReasons(measurements: readonly Measurement[]): string[] {
  const missing = measurements.filter(({ status, reason }) => status !== 'ok' && reason !== null);
  return [...new Set(missing.map(({ variant, status, reason }) => `${status} (${variant}): ${reason}`))];
}

function sizeCell(
  sizes: Record<string, number>,
  { name, reference }: { name: string; reference: string },
): string {
  const size = sizes[name];
  if (size === undefined) return '';
  const ratio = name === reference ? '' : ` (${formatRatio(size / sizes[reference]!)})`;
  return `${formatValue(size, 'bytes')}${ratio}`;
}

function valueCell(measurement: Measurement | undefined): string {
  if (!measurement) return '';
  if (measurement.value === null) return measurement.status;
  const { ratio } = measurement;
  const interval = boundedInterval(ratio);
  const range = interval ? ` [${formatRatio(interval.lo)}, ${formatRatio(interval.hi)}]` : '';
  const shown = ratio ? ` (${formatRatio(ratio.value)}${range})` : '';
  return `${formatValue(measurement.value, measurement.unit)}${shown}`;
}
