/** The report's title: what broke, by name and figure; else what is undecided or warned of; else what passes. */
import type { Report } from '../../terms/report.js';
import type { CheckResult } from '../../terms/verdict.js';
import { worseCount } from '../rows/against-base.js';
import { placeNamer, type Row } from '../rows/rows.js';
import { checkSentence } from '../words/check-sentence.js';
import { establishedTitle, variantChecks } from '../words/established.js';
import { countOf } from '../words/format.js';
import { namedFirst } from './named-check.js';

export interface Title {
  /** Untrusted: names and reasons come from outside. */
  text: string;
  /** Whether it begins with a name, which keeps its case. */
  named: boolean;
  /** Nothing failed, is undecided or warned of: there is room for figures. */
  passes: boolean;
}

export function reportTitle(report: Report, rows: readonly Row[]): Title {
  const ground = establishedTitle(report, 'error');
  if (ground !== null) {
    const failed = failedChecks(report).length;
    return ours(failed > 0 ? `${ground}, and ${countOf(failed, 'check')} failed` : ground);
  }
  const failure = failureTitle(report, rows);
  if (failure !== null) return { text: failure, named: true, passes: false };
  if (report.verdict === 'fail') return ours('the gate failed');
  return report.verdict === 'warn'
    ? warningTitle(report, rows)
    : { ...ours(`${counted(report)}${worseCount(rows)}`), passes: true };
}

function ours(text: string): Title {
  return { text, named: false, passes: false };
}

/** Checks that fail the run: the one to be named, then the worst. */
export function failedChecks({ checks }: Report): CheckResult[] {
  return namedFirst(variantChecks(checks).filter(isFailed));
}

function isFailed({ level, verdict }: CheckResult): boolean {
  return level === 'error' && (verdict === 'fail' || verdict === 'invalid');
}

/** Checks that fail the run though nothing is known to be wrong: undecided or skipped ones of level error. */
function blockingChecks({ checks }: Report): CheckResult[] {
  return namedFirst(
    variantChecks(checks).filter(
      ({ level, verdict }) => level === 'error' && (verdict === 'inconclusive' || verdict === 'skipped'),
    ),
  );
}

function failureTitle(report: Report, rows: readonly Row[]): string | null {
  const failed = failedChecks(report);
  if (failed.length > 0)
    return `${sentenceOf(failed[0]!, { report, rows })}${othersOf(failed, report, 'failed')}`;
  if (report.verdict !== 'fail') return null;
  const [first, ...others] = rows.filter((row) => row.first && row.variant.status === 'failed');
  if (first) {
    const name = report.models.length > 1 ? `${first.variant.name} of ${first.model}` : first.variant.name;
    const more =
      others.length === 0 ? '' : `, and ${countOf(others.length, 'more variant')} could not either`;
    return `${name} could not be made${more}`;
  }
  const blocking = blockingChecks(report);
  if (blocking.length === 0) return null;
  const state = blocking[0]!.verdict === 'inconclusive' ? ', undecided' : '';
  return `${sentenceOf(blocking[0]!, { report, rows })}${state}${othersOf(blocking, report, 'could not be passed')}`;
}

/** `, and 11 more checks failed, of 4 models`. */
function othersOf(checks: readonly CheckResult[], { models }: Report, what: string): string {
  const more = checks.length - 1;
  if (more === 0) return '';
  const about = new Set(checks.map(({ model }) => model)).size;
  const where = models.length > 1 && about > 1 ? `, in ${about} of ${models.length} models` : '';
  return `, and ${countOf(more, 'more check')} ${what}${where}`;
}

function sentenceOf(check: CheckResult, { report, rows }: { report: Report; rows: readonly Row[] }): string {
  const nameOf = placeNamer(
    rows.map(({ place }) => place),
    report,
  );
  const subject = report.models.length > 1 ? 'variant and model' : 'variant';
  return checkSentence(check, { subject, place: nameOf(check) });
}

/** What is warned of is named before what is undecided; how many pass comes after. */
function warningTitle(report: Report, rows: readonly Row[]): Title {
  const checks = variantChecks(report.checks);
  const ground = establishedTitle(report, 'warn');
  if (ground !== null) return ours(checks.length === 0 ? ground : `${ground}; ${counted(report)}`);
  const warned = checks.filter(({ verdict, level }) => verdict === 'warn' && level === 'warn');
  const open = checks.filter(({ verdict }) => verdict === 'inconclusive');
  const [worst, ...others] = namedFirst(warned.length > 0 ? warned : open);
  if (worst) {
    const state = worst.verdict === 'warn' ? 'a warning' : 'undecided';
    const more = others.length === 0 ? '' : `, and ${countOf(others.length, 'more check')} likewise`;
    const text = `${sentenceOf(worst, { report, rows })}, ${state}${more}; ${passedOf(checks)}`;
    return { text, named: true, passes: false };
  }
  return ours(`${counted(report)}, with warnings`);
}

/** `all 8 checks pass`, `2 of 3 checks pass, 1 undecided`. */
function counted({ checks: all }: Report): string {
  const checks = variantChecks(all);
  const total = checks.length;
  if (total === 0) return 'measured, nothing to check';
  const count = (wanted: CheckResult['verdict']) => checks.filter(({ verdict }) => verdict === wanted).length;
  if (count('pass') === total) return total === 1 ? 'the check passes' : `all ${total} checks pass`;
  const others = OTHERS.flatMap(([verdict, word]) =>
    count(verdict) > 0 ? `, ${count(verdict)} ${word}` : [],
  );
  return `${passedOf(checks)}${others.join('')}`;
}

function passedOf(checks: readonly CheckResult[]): string {
  const passed = checks.filter(({ verdict }) => verdict === 'pass').length;
  return `${passed} of ${countOf(checks.length, 'check')} ${passed === 1 ? 'passes' : 'pass'}`;
}

const OTHERS = [
  ['inconclusive', 'undecided'],
  ['waived', 'waived'],
  ['skipped', 'skipped'],
] as const;
