/** Every check that didn't simply pass: what was seen, what was allowed. */
import type { Report } from '../../terms/report.js';
import type { CheckResult } from '../../terms/verdict.js';
import { checkWords } from '../check-words.js';
import { variantChecks } from '../established.js';
import { placeNamer, type Row } from '../rows.js';
import { WORST_FIRST } from '../verdict-words.js';

export interface AttentionLine {
  check: CheckResult;
  /** Model, variant and place. Untrusted. */
  where: string;
  /** `1.31×, allowed at most 0.80× (1.2× to 1.4×; level warn)`. The reason stands in the check. */
  seen: string;
}

/** Worst first. */
export function attentionLines(report: Report, rows: readonly Row[]): AttentionLine[] {
  const nameOf = placeNamer(
    rows.map(({ place }) => place),
    report,
  );
  return variantChecks(report.checks)
    .filter(({ verdict }) => verdict !== 'pass')
    .sort((a, b) => WORST_FIRST.indexOf(a.verdict) - WORST_FIRST.indexOf(b.verdict))
    .map((check) => ({
      check,
      where: [check.model, check.variant, ...nameOf(check)].join(' '),
      seen: seenOf(check),
    }));
}

function seenOf(check: CheckResult): string {
  const { observed, bound, interval } = checkWords(check);
  const level = check.level === 'error' ? null : `level ${check.level}`;
  const aside = [observed === null ? null : interval, level].filter((part) => part !== null);
  return `${observed === null ? '' : `${observed}, `}allowed ${bound}${aside.length === 0 ? '' : ` (${aside.join('; ')})`}`;
}
