/** Every check that didn't simply pass: what was seen, what was allowed. */
import type { Report } from '../../terms/report.js';
import type { CheckResult } from '../../terms/verdict.js';
import { placeNamer, type Row } from '../rows/rows.js';
import { checkWords } from '../words/check-words.js';
import { variantChecks } from '../words/established.js';
import { WORST_FIRST } from '../words/verdict-words.js';

export interface AttentionLine {
  check: CheckResult;
  /** Model, variant and place. Untrusted. */
  where: string;
  /** Others of which the same is said: checks of one metric that were skipped for one reason. */
  more: number;
  /** `1.31×, allowed at most 0.80× (1.2× to 1.4×; level warn)`. The reason stands in the check. */
  seen: string;
}

/** Worst first. */
export function attentionLines(report: Report, rows: readonly Row[]): AttentionLine[] {
  const nameOf = placeNamer(
    rows.map(({ place }) => place),
    report,
  );
  const lines = new Map<string, AttentionLine>();
  const checks = variantChecks(report.checks)
    .filter(({ verdict }) => verdict !== 'pass')
    .sort((a, b) => WORST_FIRST.indexOf(a.verdict) - WORST_FIRST.indexOf(b.verdict));
  for (const [at, check] of checks.entries()) {
    const where = [check.model, check.variant, ...nameOf(check)].join(' ');
    const seen = seenOf(check);
    const key = check.verdict === 'skipped' ? JSON.stringify([check.metric, seen, check.reason]) : `${at}`;
    const line = lines.get(key);
    if (line) line.more++;
    else lines.set(key, { check, where, more: 0, seen });
  }
  return [...lines.values()];
}

function seenOf(check: CheckResult): string {
  const { observed, bound, interval } = checkWords(check);
  const level = check.level === 'error' ? null : `level ${check.level}`;
  const aside = [observed === null ? null : interval, level].filter((part) => part !== null);
  return `${observed === null ? '' : `${observed}, `}allowed ${bound}${aside.length === 0 ? '' : ` (${aside.join('; ')})`}`;
}
