/** What could not be established, as every report shows it: at the top, before any figure. */
import { type EstablishedName, establishedName, isEstablished } from '../../judge/established.js';
import type { Report } from '../../terms/report.js';
import type { CheckResult, Verdict } from '../../terms/verdict.js';
import { capital, countOf } from './format.js';

export interface EstablishedLine {
  /** fail or warn, as its level says. */
  verdict: Verdict;
  /** `established.base`. Untrusted: a report of another version may hold other names. */
  check: string;
  /** `The base could not be read`: ours. */
  title: string;
  /** Model and variant (untrusted); '' when it concerns the whole run. */
  subject: string;
  /** Untrusted: cause and remedy. */
  reason: string;
  /** `level warn` where it doesn't fail the run; '' where it does. */
  level: string;
}

/** More than this is counted: the verdict must keep its place. */
const SHOWN = 8;

const TITLES: Readonly<Record<EstablishedName, string>> = {
  base: 'the base could not be read',
  commit: 'the measured commit is not established',
  original: "the original model's result is in doubt",
  variant: 'a variant is the original, unchanged',
  reports: 'reports are missing',
};
const OTHER = 'something could not be established';

/** Those that fail the run first; `more` counts what is left out. */
export function establishedLines({ checks }: Report): { lines: EstablishedLine[]; more: number } {
  const all = [...checks].filter(isNotEstablished).sort((a, b) => rank(a) - rank(b));
  return { lines: all.slice(0, SHOWN).map(establishedLine), more: Math.max(0, all.length - SHOWN) };
}

export function establishedLine(check: CheckResult): EstablishedLine {
  return {
    verdict: check.verdict,
    check: check.metric,
    title: capital(titleOf(check)),
    subject: [check.model, check.variant].filter((name) => name !== '*').join(' '),
    reason: check.reason ?? '',
    level: check.level === 'error' ? '' : `level ${check.level}`,
  };
}

/** `the base could not be read and reports are missing`: what of it counts as `level` says; null: nothing does. */
export function establishedTitle({ checks }: Report, level: 'error' | 'warn'): string | null {
  const found = checks.filter(
    (check) => isNotEstablished(check) && check.level === level && check.verdict !== 'waived',
  );
  const titles = [...new Set(found.map(titleOf))];
  if (titles.length === 0) return null;
  return titles.length > 1 ? `${titles.slice(0, -1).join(', ')} and ${titles.at(-1)}` : titles[0]!;
}

/** `3 more like these`. */
export function moreLine(more: number): string {
  return `${countOf(more, 'more', 'more')} like these`;
}

/** The results that are about variants, as `check` and `bound` words describe them. */
export function variantChecks(checks: readonly CheckResult[]): CheckResult[] {
  return checks.filter((check) => !isEstablished(check));
}

function isNotEstablished(check: CheckResult): boolean {
  return isEstablished(check) && check.verdict !== 'pass';
}

function titleOf(check: CheckResult): string {
  const name = establishedName(check);
  return name === null ? OTHER : TITLES[name];
}

function rank({ level }: CheckResult): number {
  return ['error', 'warn', 'info', 'off'].indexOf(level);
}
