/** Which check speaks for several: the first of the worst verdict, where its kind is farthest beyond its bound. */
import type { CheckResult } from '../../terms/verdict.js';
import { WORST_FIRST } from '../words/verdict-words.js';

/** The worst verdict first, and of its checks the one to be named; the others keep their order. */
export function namedFirst(checks: readonly CheckResult[]): CheckResult[] {
  const sorted = [...checks].sort((a, b) => WORST_FIRST.indexOf(a.verdict) - WORST_FIRST.indexOf(b.verdict));
  const [first] = sorted;
  if (first === undefined) return sorted;
  const alike = sorted.filter(
    ({ verdict, metric, condition }) =>
      verdict === first.verdict && metric === first.metric && condition === first.condition,
  );
  const named = alike.reduce((worst, check) => (beyond(check) > beyond(worst) ? check : worst));
  return [named, ...sorted.filter((check) => check !== named)];
}

/** How far beyond the bound, as a share of it; of what wasn't observed nothing is known. */
function beyond({ condition, observed, bound }: CheckResult): number {
  if (observed === null) return Number.NEGATIVE_INFINITY;
  const past = condition === 'min' || condition === 'min-ratio' ? bound - observed : observed - bound;
  return bound === 0 ? past : past / Math.abs(bound);
}
