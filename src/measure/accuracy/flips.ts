/** Which samples a variant loses and wins: by right and wrong, or by each sample's own figure. */

import { countFlips } from '../../statistics/paired.js';
import type { Paired } from '../../terms/measurement.js';
import { metricDefinition } from '../../terms/metrics.js';
import type { Metric, StatisticMetric } from './tasks/metric.js';

/** What one model left behind for one metric. */
export interface SampleFigures {
  /** What was kept of each sample. */
  kept: readonly ArrayLike<number>[];
  /** Of shares: 1 or 0 per sample. */
  right: Uint8Array | null;
}

/** Each sample's own figure; null where samples have none. */
export function sampleFigures(metric: Metric, { kept, right }: SampleFigures): ArrayLike<number> | null {
  if (metric.kind === 'share') return right;
  const { figureOfSample, figuresOfSamples } = metric;
  if (!figureOfSample && !figuresOfSamples) return null;
  return figuresOfSamples?.(kept) ?? kept.map((row) => figureOfSample!(row));
}

/** The same, higher being better. */
function ownFigures(metric: Metric, of: SampleFigures): ArrayLike<number> | null {
  const figures = sampleFigures(metric, of);
  if (figures === null || metric.kind === 'share') return figures;
  const sign = (metric.own ?? metricDefinition(metric.name)!).higherIsBetter ? 1 : -1;
  return Float64Array.from(figures, (figure) => figure * sign);
}

/** How many samples got worse or better by their own figure. */
export function flipsOf(
  metric: StatisticMetric,
  original: SampleFigures,
  variant: SampleFigures,
): Partial<Pick<Paired, 'lost' | 'gained'>> {
  const [before, after] = [ownFigures(metric, original), ownFigures(metric, variant)];
  if (before === null || after === null) return {};
  const { lost, gained } = countFlips(before, after);
  return { lost, gained };
}

/** Of those that lost, and of those that won, so many are named. */
const NAMED_SAMPLES = 20;

/** Which samples got worse and better, by how much, the most first. */
export function flippedSamples(
  metric: Metric,
  original: SampleFigures,
  variant: SampleFigures,
  ids: readonly string[] | undefined,
): Record<string, unknown> {
  const [before, after] = [ownFigures(metric, original), ownFigures(metric, variant)];
  if (ids === undefined || before === null || after === null) return {};
  const changes = ids
    .map((id, at) => ({ id, change: after[at]! - before[at]! }))
    .filter(({ change }) => Math.abs(change) > 0);
  if (changes.length === 0) return {};
  const most = (sign: number) =>
    changes
      .filter(({ change }) => change * sign > 0)
      .sort((a, b) => (b.change - a.change) * sign)
      .slice(0, NAMED_SAMPLES)
      .map(({ id }) => id);
  return {
    flips: { by: metric.kind === 'share' ? 'right-or-wrong' : 'own-figure', lost: most(-1), gained: most(1) },
  };
}
