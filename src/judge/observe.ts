/** What a condition compares: the observed estimate and the bound on it, from one measurement. */
import type { Check } from '../config/config.js';
import type { Estimate, Interval, Measurement } from '../terms/measurement.js';
import type { MetricDefinition } from '../terms/metrics.js';
import type { Condition } from '../terms/verdict.js';
import type { Bound } from './bound.js';

/** One condition of a check: its name, the bound as it is reported, and what it is compared by. */
export interface Demand {
  condition: Condition;
  /** In the unit of what is observed (verdict.ts). */
  bound: number;
  slack: number | null;
}

export type Observed =
  | {
      kind: 'estimate';
      estimate: Estimate;
      /** What the estimate is compared with: the demanded bound, or a wider one where slack allows it. */
      bound: Bound;
    }
  | { kind: 'missing'; what: 'base' | 'original' };

/** The conditions of a check, in the order of docs/configuration.md. */
export function demandsOf(check: Check): Demand[] {
  const demands: Demand[] = [];
  const add = (condition: Condition, bound: number | undefined) => {
    if (bound !== undefined) demands.push({ condition, bound, slack: null });
  };
  add('max', check.max);
  add('min', check.min);
  add('max-ratio', check.maxRatio);
  add('min-ratio', check.minRatio);
  add('max-drop', check.maxDrop);
  if (check.maxRegression) {
    const { ratio, slack } = check.maxRegression;
    demands.push({ condition: 'max-regression', bound: 1 + ratio, slack });
  }
  return demands;
}

/**
 * What `demand` looks at in a measurement of status ok. `original` is the original's measurement at the same
 * coordinates; it serves where the measurement doesn't carry its ratio or drop itself.
 */
export function observe(
  demand: Demand,
  measurement: Measurement & { value: number },
  context: { metric: MetricDefinition; original: Measurement | undefined },
): Observed {
  const { condition } = demand;
  const upper: Bound = { side: 'upper', value: demand.bound };
  const lower: Bound = { side: 'lower', value: demand.bound };
  switch (condition) {
    case 'max':
      return { kind: 'estimate', estimate: own(measurement), bound: upper };
    case 'min':
      return { kind: 'estimate', estimate: own(measurement), bound: lower };
    case 'max-ratio':
    case 'min-ratio': {
      const estimate = ratioToOriginal(measurement, context.original);
      if (!estimate) return { kind: 'missing', what: 'original' };
      return { kind: 'estimate', estimate, bound: condition === 'max-ratio' ? upper : lower };
    }
    case 'max-drop': {
      const estimate = dropFromOriginal(measurement, context);
      return estimate ? { kind: 'estimate', estimate, bound: upper } : { kind: 'missing', what: 'original' };
    }
    case 'max-regression':
      return observeRegression(demand, measurement, context.metric);
  }
}

function own(measurement: Measurement & { value: number }): Estimate {
  return { value: measurement.value, interval: measurement.interval };
}

function ratioToOriginal(
  measurement: Measurement & { value: number },
  original: Measurement | undefined,
): Estimate | null {
  if (measurement.ratio) return measurement.ratio;
  if (original?.status !== 'ok' || original.value === null) return null;
  return { value: divide(measurement.value, original.value), interval: null };
}

/** Positive is worse. Where nothing is paired it follows from the ratio: variant − original = (ratio − 1) × original. */
function dropFromOriginal(
  measurement: Measurement & { value: number },
  context: { metric: MetricDefinition; original: Measurement | undefined },
): Estimate | null {
  if (measurement.drop) return measurement.drop;
  const { original, metric } = context;
  if (original?.status !== 'ok' || original.value === null) return null;
  const sign = metric.higherIsBetter ? -1 : 1;
  const base = original.value;
  /** Never −0, which would be shown with its sign. */
  const difference = (variant: number, from: number) => (variant === from ? 0 : sign * (variant - from));
  const interval =
    measurement.ratio?.interval && base > 0
      ? mapInterval(measurement.ratio.interval, (ratio) => difference(ratio * base, base))
      : null;
  return { value: difference(measurement.value, base), interval };
}

/**
 * How many times worse than the base: head ÷ base, or base ÷ head where higher is better, so that a regression is
 * always above 1 and a check means the same for latency as for throughput. Ratio and slack must both be exceeded, so
 * the bound is the looser of the two.
 */
function observeRegression(
  demand: Demand,
  measurement: Measurement & { value: number },
  metric: MetricDefinition,
): Observed {
  const { base } = measurement;
  if (base === null) return { kind: 'missing', what: 'base' };
  const slack = demand.slack ?? 0;
  const worse = (ratio: number) => (metric.higherIsBetter ? divide(1, ratio) : ratio);
  const headToBase = base.ratio ?? { value: divide(measurement.value, base.value), interval: null };
  if (base.value <= 0 || measurement.value < 0) return regressionByDifference(demand, measurement, metric);
  const estimate: Estimate = {
    value: worse(headToBase.value),
    interval: headToBase.interval && mapInterval(headToBase.interval, worse),
  };
  const slackBound = metric.higherIsBetter
    ? slack >= base.value
      ? Number.POSITIVE_INFINITY
      : base.value / (base.value - slack)
    : 1 + slack / base.value;
  return { kind: 'estimate', estimate, bound: { side: 'upper', value: Math.max(demand.bound, slackBound) } };
}

/** Ratios of zero or negative values mean nothing: there the worsening is related to the base's magnitude instead. */
function regressionByDifference(
  demand: Demand,
  measurement: Measurement & { value: number },
  metric: MetricDefinition,
): Observed {
  const base = measurement.base!.value;
  const worsening = metric.higherIsBetter ? base - measurement.value : measurement.value - base;
  const value = worsening === 0 ? 1 : 1 + worsening / Math.abs(base);
  const withinSlack = worsening <= (demand.slack ?? 0);
  return {
    kind: 'estimate',
    estimate: { value, interval: null },
    bound: { side: 'upper', value: withinSlack ? Number.POSITIVE_INFINITY : demand.bound },
  };
}

/** 0 ÷ 0 is 1: nothing changed. */
function divide(a: number, b: number): number {
  return a === b ? 1 : a / b;
}

/** Interval of a monotonous function of the value; ends that come out swapped are put in order. */
function mapInterval(interval: Interval, map: (value: number) => number): Interval {
  const lo = interval.lo === null ? null : map(interval.lo);
  const hi = interval.hi === null ? null : map(interval.hi);
  const falling = map(2) < map(1);
  return { lo: finite(falling ? hi : lo), hi: finite(falling ? lo : hi), confidence: interval.confidence };
}

function finite(value: number | null): number | null {
  return value !== null && Number.isFinite(value) ? value : null;
}
