/** What every task's scoring looks like: each sample leaves a few numbers, and the metric is a function of them all. */
import type { Sample } from '../../../data/samples/dataset.js';
import type { Statistic } from '../../../statistics/bootstrap.js';
import type { Feeds, Tensor } from '../../../tensor/tensor.js';
import type { MetricDefinition } from '../../../terms/metrics.js';

interface MetricBase {
  /** Full name, e.g. 'accuracy.top1'. */
  name: string;
  /** Of a custom evaluator's number; the others' unit and direction are in the metrics' definitions. */
  own?: Pick<MetricDefinition, 'unit' | 'higherIsBetter'>;
  /**
   * What is kept of one sample (floats, finite): of its scored output and, for models with several heads, of all tensor outputs that are computed, by
   * name. Throws UserError when label and output don't go together.
   */
  keep(sample: Sample, output: Tensor, outputs: Feeds): ArrayLike<number>;
}

/** Each sample is right (1) or wrong (0): judged by flips. */
export interface ShareMetric extends MetricBase {
  kind: 'share';
  /** From what was kept to 1 or 0 per sample; default: the first number kept. */
  right?(kept: readonly ArrayLike<number>[]): Uint8Array;
}

/** Any other figure: judged by the paired bootstrap over samples. */
export interface StatisticMetric extends MetricBase {
  kind: 'statistic';
  statistic(kept: readonly ArrayLike<number>[]): Statistic;
  /** Said when the figure is not defined (NaN). */
  undefinedReason: string;
  /** About how many steps one evaluation of the statistic takes; default: one per sample. */
  operations?(kept: readonly ArrayLike<number>[]): number;
  /** What else is known of the figure, for the report's details. */
  details?(kept: readonly ArrayLike<number>[]): Record<string, unknown>;
  /** A sample's own figure, where it has one (else NaN): which samples lost and which won. */
  figureOfSample?(row: ArrayLike<number>): number;
  /** The same where it takes the other samples too; NaN for samples without one. */
  figuresOfSamples?(kept: readonly ArrayLike<number>[]): ArrayLike<number>;
}

export type Metric = ShareMetric | StatisticMetric;

/** A figure of the kept numbers' sums over samples, the usual kind. */
export function ofSums(
  kept: readonly ArrayLike<number>[],
  figure: (sums: Float64Array) => number,
): Statistic {
  const sums = new Float64Array(kept[0]?.length ?? 0);
  return (weights) => {
    sums.fill(0);
    for (let sample = 0; sample < kept.length; sample++) {
      const weight = weights === null ? 1 : weights[sample]!;
      if (weight === 0) continue;
      const numbers = kept[sample]!;
      for (let at = 0; at < sums.length; at++) sums[at]! += weight * numbers[at]!;
    }
    return figure(sums);
  };
}
