/** Figures of several rows in short: `0.26× to 0.50× the size, 0.41× to 0.75× the latency, at worst −0.4 pp Top-1`. */

import { formatRatio } from '../words/format.js';
import { figureOf } from './figures.js';
import { type Cell, cellRatio, type Row } from './rows.js';

/** null: nothing was measured that can be told in one line. Untrusted: a metric's title may be. */
export function figureRanges(rows: readonly Row[]): string | null {
  const parts = [
    ratioRange(
      rows.filter(({ first }) => first).map(({ size }) => size),
      'the size',
    ),
    ratioRange(
      rows.map(({ latency }) => latency),
      'the latency',
    ),
    worstAccuracy(rows),
  ].filter((part) => part !== null);
  return parts.length === 0 ? null : parts.join(', ');
}

/** Of one metric where lower is better: others don't share a range. */
function ratioRange(cells: readonly (Cell | null)[], what: string): string | null {
  const measured = cells.filter((cell) => cell !== null);
  const metrics = new Set(measured.map(({ metric }) => metric.name));
  const ratios = measured.map(cellRatio).filter((ratio) => ratio !== null);
  if (metrics.size !== 1 || ratios.length === 0 || measured[0]!.metric.higherIsBetter) return null;
  const [lo, hi] = [formatRatio(Math.min(...ratios)), formatRatio(Math.max(...ratios))];
  return `${lo === hi ? lo : `${lo} to ${hi}`} ${what}`;
}

/** Of several metrics only fractions are alike enough to say which lost most. */
function worstAccuracy(rows: readonly Row[]): string | null {
  const cells = rows
    .filter(({ first, accuracy }) => first || accuracy?.measurement.provider != null)
    .flatMap(({ accuracy }) => (accuracy?.measurement.status === 'ok' ? accuracy : []))
    .filter(({ measurement }) => measurement.drop !== null);
  const titles = new Set(cells.map(({ metric }) => metric.title));
  if (cells.length === 0 || (titles.size > 1 && cells.some(({ metric }) => metric.unit !== 'fraction')))
    return null;
  const [worst] = [...cells].sort((a, b) => b.measurement.drop!.value - a.measurement.drop!.value);
  const { title, change } = figureOf(worst!);
  if (cells.length > 1 && worst!.measurement.drop!.value <= 0)
    return `no loss of ${titles.size > 1 ? 'accuracy' : title}`;
  if (change === null) return null;
  return `${cells.length > 1 ? 'at worst ' : ''}${change} ${titles.size > 1 ? 'accuracy' : title}`;
}
