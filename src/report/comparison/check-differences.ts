/** Checks that were judged otherwise in the second of two reports. */
import type { Coordinates } from '../../terms/measurement.js';
import type { Report } from '../../terms/report.js';
import type { CheckResult, Condition, Verdict } from '../../terms/verdict.js';
import { WORST_FIRST } from '../words/verdict-words.js';

export interface CheckDifference extends Coordinates {
  metric: string;
  condition: Condition;
  /** null: the report has no such check. */
  before: CheckResult | null;
  after: CheckResult | null;
  change: 'better' | 'worse' | 'new' | 'gone' | 'bound';
}

/** Those that differ in their verdict or bound, the worst first: what got worse, is new, has another bound, got better, is gone. */
export function checkDifferences(before: Report, after: Report): CheckDifference[] {
  const earlier = new Map(before.checks.map((check) => [keyOf(check, before), check]));
  const later = new Set(after.checks.map((check) => keyOf(check, after)));
  return [
    ...after.checks.flatMap((check) => {
      const known = earlier.get(keyOf(check, after)) ?? null;
      const change = changeOf(known, check);
      return change === null ? [] : differenceOf(known, check, change);
    }),
    ...before.checks.flatMap((check) =>
      later.has(keyOf(check, before)) ? [] : differenceOf(check, null, 'gone'),
    ),
  ].sort((a, b) => ORDER.indexOf(a.change) - ORDER.indexOf(b.change) || rankOf(a) - rankOf(b));
}

const ORDER: readonly CheckDifference['change'][] = ['worse', 'new', 'bound', 'better', 'gone'];

function rankOf({ before, after }: CheckDifference): number {
  return rank((after ?? before)!.verdict);
}

const rank = (verdict: Verdict) => WORST_FIRST.indexOf(verdict);

function changeOf(before: CheckResult | null, after: CheckResult): CheckDifference['change'] | null {
  if (before === null) return 'new';
  if (before.verdict !== after.verdict)
    return rank(after.verdict) < rank(before.verdict) ? 'worse' : 'better';
  const same = before.bound === after.bound && before.slack === after.slack && before.level === after.level;
  return same ? null : 'bound';
}

function differenceOf(
  before: CheckResult | null,
  after: CheckResult | null,
  change: CheckDifference['change'],
): CheckDifference {
  const { model, variant, provider, batch, threads, concurrency, environment, metric, condition } = (after ??
    before)!;
  const place = { provider, batch, threads, concurrency, ...(environment && { environment }) };
  return { model, variant, ...place, metric, condition, before, after, change };
}

/** A check's bound may rest on another machine: where the report holds several, each is a check of its own. */
function keyOf(check: CheckResult, { environments }: Report): string {
  const { model, variant, provider, batch, threads, concurrency, environment, check: id, condition } = check;
  const machine = environments && environments.length > 1 ? (environment ?? null) : null;
  return JSON.stringify([model, variant, provider, batch, threads, concurrency, machine, id, condition]);
}
