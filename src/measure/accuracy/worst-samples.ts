/** The samples where a variant lost most against the original, with both answers. */

import { metricDefinition } from '../../terms/metrics.js';
import type { WorstSample } from '../../terms/worst-sample.js';
import type { Answer } from './answers/answer-text.js';
import { type SampleFigures, sampleFigures } from './flips.js';
import type { Metric, StatisticMetric } from './tasks/metric.js';

/** What one model answered, sample by sample. */
export interface Answers extends SampleFigures {
  answers: readonly Answer[];
}

export interface AskedSamples {
  ids: readonly string[];
  /** What each should come out as. */
  labels: readonly string[];
}

/** Of a figure, as a part of it: smaller changes are arithmetic. */
const LEAST_CHANGE = 1e-3;
/** Of a probability. */
const LEAST_SCORE_CHANGE = 0.01;

/**
 * At most `most`, the greatest loss first. The loss is the fall of the sample's own figure (`metric`'s on this sample alone); samples that lose
 * the same are told apart by how far the probability of the labelled class fell, and those that lose only that come last.
 */
export function worstSamples(
  metric: Metric,
  [original, variant]: readonly [Answers, Answers],
  { ids, labels, most }: AskedSamples & { most: number },
): WorstSample[] {
  const [before, after] = [figuresOf(metric, original), figuresOf(metric, variant)];
  const sign = (metric.own ?? metricDefinition(metric.name)!).higherIsBetter ? 1 : -1;
  const samples = ids.map((sample, at) => {
    const [one, other] = [original.answers[at]!, variant.answers[at]!];
    const [was, is] = [before[at]!, after[at]!];
    return {
      loss: significant((was - is) * sign, was),
      scoreLoss: fallOf(one.score, other.score),
      entry: {
        sample,
        label: labels[at]!,
        original: one.text,
        variant: other.text,
        figures: [finiteOrNull(was), finiteOrNull(is)],
        scores: [one.score, other.score],
      } satisfies WorstSample,
    };
  });
  return samples
    .filter(({ loss, scoreLoss }) => loss > 0 || (loss === 0 && scoreLoss > 0))
    .sort((a, b) => b.loss - a.loss || b.scoreLoss - a.scoreLoss)
    .slice(0, most)
    .map(({ entry }) => entry);
}

/** Of samples without a figure of their own: the metric of each alone. */
function figuresOf(metric: Metric, figures: SampleFigures): ArrayLike<number> {
  return (
    sampleFigures(metric, figures) ??
    figures.kept.map((row) => (metric as StatisticMetric).statistic([row])(null))
  );
}

/** 0 for a change that only arithmetic made, and where there is no figure. */
function significant(loss: number, of: number): number {
  return Number.isFinite(loss) && Math.abs(loss) > LEAST_CHANGE * Math.abs(of) ? loss : 0;
}

function fallOf(before: number | null, after: number | null): number {
  const fall = before === null || after === null ? 0 : before - after;
  return fall >= LEAST_SCORE_CHANGE ? fall : 0;
}

function finiteOrNull(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
