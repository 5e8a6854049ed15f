/** What judging yields: one result per condition of a check and measurement it applies to. */
import type { Level } from './level.js';
import type { Coordinates, Interval } from './measurement.js';
import type { Unit } from './metrics.js';

/** invalid: the variant crashed, hung or gave NaN; counts as fail. */
export type Verdict = 'pass' | 'fail' | 'warn' | 'inconclusive' | 'skipped' | 'waived' | 'invalid';

export type Condition = 'max' | 'min' | 'max-ratio' | 'min-ratio' | 'max-drop' | 'max-regression';

export interface CheckResult extends Coordinates {
  /** Check.id */
  check: string;
  metric: string;
  condition: Condition;
  unit: Unit;
  /** How much the result counts: the check's level, for skipped and inconclusive results at most what `on-skipped`,
   *  `on-missing-base` and `on-inconclusive` say. */
  level: Level;
  /** The bound, in the unit of `observed`: metric unit, or a ratio for *-ratio and max-regression (1.05 = 5 % worse:
   *  head ÷ base, and base ÷ head where higher is better, so that the observed ratio must always stay below). */
  bound: number;
  slack: number | null;
  observed: number | null;
  interval: Interval | null;
  /** A failed check of level warn has verdict `warn`; of level info, `pass` never hides it: `warn` too. */
  verdict: Verdict;
  /** One sentence: why skipped, invalid, inconclusive (and how much longer it would take), waived by whom until when. */
  reason: string | null;
  line: number | null;
}

/** Verdict of the whole run: the worst of its checks by level; exit code 1 only for `fail`. */
export type OverallVerdict = 'pass' | 'warn' | 'fail';
