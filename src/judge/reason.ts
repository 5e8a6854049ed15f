/** One sentence beside a verdict: what could not be decided and why, and what to do about it. */

import type { Estimate, Measurement } from '../terms/measurement.js';
import type { MetricDefinition } from '../terms/metrics.js';
import { doubtOf } from '../terms/original-doubt.js';
import { adviceToDecide } from './advice.js';
import type { Bound } from './bound.js';
import { observedUnit, say, sayInterval } from './describe.js';
import type { Demand } from './observe.js';

export interface Facts {
  estimate: Estimate;
  /** What the estimate was compared with. */
  bound: Bound;
  demand: Demand;
  measurement: Measurement;
  metric: MetricDefinition;
  judging: MetricDefinition['judging'];
  confident: boolean;
  confidence: number;
}

/** Why a condition could not be decided. */
export function inconclusiveReason(facts: Facts): string {
  const { estimate, bound, demand, metric, confidence } = facts;
  const unit = observedUnit(demand.condition, metric.unit);
  if (facts.measurement.reason !== null) return facts.measurement.reason;
  if (Number.isNaN(estimate.value)) return 'the observed value is not a number';
  if (estimate.interval === null)
    return `${metric.name} was measured without an interval, which this check is judged by`;
  if (estimate.interval.confidence < 2 * confidence - 1 - 1e-9) {
    return `the interval is known to ${percent(estimate.interval.confidence)} confidence only; confidence ${confidence} needs ${percent(2 * confidence - 1)} two-sided`;
  }
  if (isUnbounded(estimate.interval)) {
    return facts.judging === 'interval'
      ? `${metric.name} was measured in too few processes to tell its interval; raise benchmark.budget`
      : `${metric.name} was measured on too few samples to tell its interval`;
  }
  const crossing = `the interval ${sayInterval(estimate.interval, unit)} crosses the bound ${say(bound.value, unit)}`;
  return `${crossing}; ${adviceToDecide(facts)}`;
}

/** An interval that says nothing, as that of one launch. */
function isUnbounded({ lo, hi }: NonNullable<Estimate['interval']>): boolean {
  return !Number.isFinite(lo ?? Number.NaN) && !Number.isFinite(hi ?? Number.NaN);
}

/** What the reader should know about a condition that was decided; null when the numbers speak for themselves. */
export function settledReason(facts: Facts, outcome: 'within' | 'beyond'): string | null {
  return (
    confidentReason(facts, outcome) ??
    originalReason(facts, outcome) ??
    slackReason(facts, outcome) ??
    unresolvedReason(facts) ??
    infiniteReason(facts)
  );
}

function confidentReason(
  { estimate, bound, demand, metric, confident, judging }: Facts,
  outcome: string,
): string | null {
  if (judging !== 'paired' || !confident || outcome !== 'beyond' || estimate.interval === null) return null;
  const holds = bound.side === 'upper' ? estimate.value <= bound.value : estimate.value >= bound.value;
  if (!holds) return null;
  const unit = observedUnit(demand.condition, metric.unit);
  return `the value holds, but its interval ${sayInterval(estimate.interval, unit)} does not, as 'confident: true' demands; more samples narrow it`;
}

/** What would bring an original above the bound that is set on it. */
function originalReason({ measurement }: Facts, outcome: string): string | null {
  const doubt = doubtOf(measurement);
  if (outcome !== 'beyond' || doubt === null) return null;
  return doubt.remedy === null ? doubt.message : `${doubt.message} ${doubt.remedy}`;
}

function slackReason({ estimate, demand, metric, judging }: Facts, outcome: string): string | null {
  if (demand.condition !== 'max-regression' || !demand.slack || outcome !== 'within') return null;
  const worst = judging === 'interval' ? (estimate.interval?.hi ?? Number.POSITIVE_INFINITY) : estimate.value;
  if (worst <= demand.bound) return null;
  return `the ratio is above the bound, but the change is within the slack of ${say(demand.slack, metric.unit)}`;
}

/** To two significant digits: the estimate isn't better. */
function roundUp(count: number): number {
  const step = 10 ** Math.max(0, Math.floor(Math.log10(count)) - 1);
  return Math.ceil(count / step) * step;
}

/** A small sample can't tell a small drop from none: the verdict by value stands, with this beside it. */
function unresolvedReason({ bound, demand, measurement, metric, judging }: Facts): string | null {
  const resolvable = measurement.drop?.resolvable ?? null;
  if (judging !== 'paired' || demand.condition !== 'max-drop' || resolvable === null) return null;
  if (resolvable <= bound.value) return null;
  const unit = observedUnit(demand.condition, metric.unit);
  const { n, drop } = measurement;
  const { lost, gained } = drop!;
  const samples = n === null ? 'this sample' : `${n} samples`;
  const changed = lost === null || gained === null ? '' : `, of which ${lost + gained} changed,`;
  const needed =
    n === null || bound.value <= 0
      ? ''
      : ` (about ${roundUp(n * (resolvable / bound.value) ** 2)} such samples would resolve it)`;
  return `${samples}${changed} can resolve a drop of ${say(Number(resolvable.toPrecision(2)), unit)} or more, the bound is ${say(bound.value, unit)}: judged by value${needed}`;
}

function infiniteReason({ estimate, demand, measurement, metric }: Facts): string | null {
  if (Number.isFinite(estimate.value) || measurement.value === null) return null;
  const other = demand.condition === 'max-regression' ? "the base's" : "the original's";
  return `${other} value is 0, this one is ${say(measurement.value, metric.unit)}: no ratio`;
}

/** Why there is nothing to compare with. */
export function missingOriginal(metric: string): string {
  return `the original has no ${metric} to compare with`;
}

function percent(fraction: number): string {
  return `${Number((fraction * 100).toPrecision(4))} %`;
}
