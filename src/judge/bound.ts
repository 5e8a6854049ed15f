/** Three-valued comparison of an estimate with a bound: the one place where a number becomes a verdict. */

import type { Estimate, Interval } from '../terms/measurement.js';
import type { Judging } from '../terms/metrics.js';

/** An upper bound must not be exceeded, a lower bound must be reached. */
export interface Bound {
  side: 'upper' | 'lower';
  value: number;
}

export type Outcome = 'within' | 'beyond' | 'undecided';

/**
 * By interval: `beyond` only when the whole interval is, `within` only when the whole interval is, else `undecided`
 * (also without an interval). A value on the bound is within.
 */
export function compareInterval(interval: Interval | null, bound: Bound): Outcome {
  if (interval === null) return 'undecided';
  const lo = interval.lo ?? Number.NEGATIVE_INFINITY;
  const hi = interval.hi ?? Number.POSITIVE_INFINITY;
  if (bound.side === 'upper') {
    if (hi <= bound.value) return 'within';
    return lo > bound.value ? 'beyond' : 'undecided';
  }
  if (lo >= bound.value) return 'within';
  return hi < bound.value ? 'beyond' : 'undecided';
}

/** By value: a value on the bound is within. */
function compareValue(value: number, bound: Bound): Outcome {
  if (Number.isNaN(value)) return 'undecided';
  return (bound.side === 'upper' ? value <= bound.value : value >= bound.value) ? 'within' : 'beyond';
}

/**
 * How the metric's kind judges: interval metrics by interval, exact ones by value, paired ones by value, where
 * `confident` demands that the whole interval holds too.
 */
export function compare(
  estimate: Estimate,
  bound: Bound,
  how: { judging: Judging; confident: boolean },
): Outcome {
  if (how.judging === 'interval') return compareInterval(estimate.interval, bound);
  const byValue = compareValue(estimate.value, bound);
  if (how.judging === 'exact' || !how.confident || byValue !== 'within') return byValue;
  if (estimate.interval === null) return 'undecided';
  return compareInterval(estimate.interval, bound) === 'within' ? 'within' : 'beyond';
}

/**
 * What the half of the interval towards the bound must shrink to, as a share of what it is, so that it ends at the bound and the
 * comparison is decided, if the value stays. null when the value lies on the bound, or the interval tells nothing.
 */
export function shrinkToDecide({ value, interval }: Estimate, bound: Bound): number | null {
  const distance = Math.abs(value - bound.value);
  if (interval === null || distance === 0) return null;
  const edge = value > bound.value ? interval.lo : interval.hi;
  if (edge === null || !Number.isFinite(edge)) return null;
  const share = distance / Math.abs(edge - value);
  return Number.isFinite(share) ? share : null;
}
