/** Whether a report is worth a comment of its own: input `comment`. Pure. */
import type { Report } from '../../terms/report.js';
import type { CheckResult } from '../../terms/verdict.js';

export type CommentMode = 'always' | 'changes' | 'failures' | 'never';

/**
 * `failures`: something failed, is waived by the pull request's label, or is undecided. `changes`: that, or the thresholds or a file that
 * quantgate.yml names differ from the base's, as far as is known. An existing comment is brought up to date in any case.
 */
export function isWorthTelling(report: Report, mode: CommentMode, { waived }: { waived: boolean }): boolean {
  if (mode === 'always') return true;
  if (mode === 'never') return false;
  if (waived || report.verdict !== 'pass' || report.checks.some(isOpen)) return true;
  return mode === 'changes' && (report.thresholds.changed || report.source?.changed !== false);
}

/** Whatever level an undecided result counts at: it is not known whether all is well. */
function isOpen({ verdict, level }: CheckResult): boolean {
  return verdict === 'inconclusive' && level !== 'off';
}
