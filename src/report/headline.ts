/** The verdict in words: the first thing, and often the only thing, that is read. */

import type { Interval } from '../terms/measurement.js';
import type { Report } from '../terms/report.js';
import type { CheckResult } from '../terms/verdict.js';
import { checkSentence } from './check-sentence.js';
import { establishedTitle, variantChecks } from './established.js';
import { figureOf } from './figures.js';
import { countOf, formatRatio } from './format.js';
import { type Cell, cellRatio, type Place, placeNamer, type Row } from './rows.js';
import { OVERALL_WORDS, WORST_FIRST } from './verdict-words.js';

/** More rows than this are counted, not told one by one. */
const TOLD_ROWS = 3;

export interface Headline {
  symbol: string;
  /** `int8 of resnet50 is 1.31× slower on cuda (allowed at most 0.80×)`, `all 8 checks pass`. Untrusted where `named`. */
  title: string;
  /** Whether the title begins with a name, which keeps its case. */
  named: boolean;
  /** `7 pass, 1 fail`: every verdict that occurs; empty when all are the same. */
  tally: string;
  /** `3 variants of 2 models, 6 rows: 5 pass, 1 fail.` */
  extent: string;
  sentences: HeadlineSentence[];
}

/** `subject` (untrusted) does what `text` (ours) says. */
export interface HeadlineSentence {
  subject: string;
  text: string;
}

export function headline(report: Report, rows: readonly Row[]): Headline {
  const worst = establishedTitle(report) === null ? namedFailure(report, rows) : null;
  return {
    symbol: OVERALL_WORDS[report.verdict].symbol,
    title: worst ?? title(report, rows),
    named: worst !== null,
    tally: tally(report),
    extent: extent(report, rows),
    sentences: rows.length > TOLD_ROWS ? [] : sentences(report, rows),
  };
}

function sentences(report: Report, rows: readonly Row[]): HeadlineSentence[] {
  const places = placeNamer(
    rows.map(({ place }) => place),
    report,
  );
  return rows.map((row) => sentence(row, rows, places));
}

function extent(report: Report, rows: readonly Row[]): string {
  const variants = rows.filter((row) => row.first).length;
  const counts = tally(report);
  return `${countOf(variants, 'variant')} of ${countOf(report.models.length, 'model')}, ${countOf(rows.length, 'row')}${counts === '' ? '' : `: ${counts}`}.`;
}

function tally(report: Report): string {
  const checks = variantChecks(report.checks);
  const counts = WORST_FIRST.flatMap((verdict) => {
    const count = checks.filter((check) => check.verdict === verdict).length;
    return count === 0 ? [] : `${count} ${verdict}`;
  });
  return counts.length > 1 ? counts.join(', ') : '';
}

function title(report: Report, rows: readonly Row[]): string {
  const ground = establishedTitle(report);
  if (ground === null) return checksTitle(report, variantChecks(report.checks), rows);
  const failed = variantChecks(report.checks).filter(isFailed).length;
  return failed > 0 ? `${ground}, and ${countOf(failed, 'check')} failed` : ground;
}

/** The worst failure by name, and how many there are besides; null: nothing failed. */
function namedFailure(report: Report, rows: readonly Row[]): string | null {
  const namesModel = report.models.length > 1;
  const failed = failedChecks(report);
  const broken = rows.filter((row) => row.first && row.variant.status === 'failed');
  const [worst] = failed;
  if (worst !== undefined) {
    const nameOf = placeNamer(
      rows.map(({ place }) => place),
      report,
    );
    const more = failed.length - 1;
    const others = more === 0 ? '' : `, and ${countOf(more, 'more check')} failed`;
    return `${checkSentence(worst, { namesModel, place: nameOf(worst) })}${others}`;
  }
  const [first] = broken;
  if (first === undefined || report.verdict !== 'fail') return null;
  const more =
    broken.length === 1 ? '' : `, and ${countOf(broken.length - 1, 'more variant')} could not either`;
  return `${first.variant.name}${namesModel ? ` of ${first.model}` : ''} could not be made${more}`;
}

/** Checks that fail the run, the worst first. */
export function failedChecks({ checks }: Report): CheckResult[] {
  return variantChecks(checks)
    .filter(isFailed)
    .sort((a, b) => WORST_FIRST.indexOf(a.verdict) - WORST_FIRST.indexOf(b.verdict));
}

function isFailed({ level, verdict }: CheckResult): boolean {
  return level === 'error' && (verdict === 'fail' || verdict === 'invalid');
}

function checksTitle(report: Report, checks: readonly CheckResult[], rows: readonly Row[]): string {
  const total = checks.length;
  const failed = checks.filter(isFailed).length;
  const open = checks.filter((check) => check.verdict === 'inconclusive').length;
  const broken = rows.filter((row) => row.first && row.variant.status === 'failed').length;
  if (failed > 0) return total === 1 ? 'the check failed' : `${failed} of ${total} checks failed`;
  if (broken > 0) return `${countOf(broken, 'variant')} could not be made`;
  if (report.verdict === 'fail') {
    const blocking = checks.filter(
      ({ level, verdict }) => level === 'error' && verdict !== 'pass' && verdict !== 'waived',
    );
    return blocking.length > 0
      ? `${blocking.length} of ${countOf(total, 'check')} could not be passed`
      : 'the gate failed';
  }
  if (total === 0)
    return report.verdict === 'warn' ? 'measured, with warnings' : 'measured, nothing to check';
  const passed = checks.filter((check) => check.verdict === 'pass').length;
  const counted =
    passed === total
      ? total === 1
        ? 'the check passes'
        : `all ${total} checks pass`
      : `${passed} of ${countOf(total, 'check')} ${passed === 1 ? 'passes' : 'pass'}`;
  const undecided = open > 0 ? `, ${open} undecided` : '';
  const warned = report.verdict === 'warn' && open === 0 ? ', with warnings' : '';
  return counted + undecided + warned;
}

function sentence(row: Row, rows: readonly Row[], places: (place: Place) => string[]): HeadlineSentence {
  const sameVariant = rows.filter((other) => other.variant === row.variant).length > 1;
  const sameModel = rows.every((other) => other.model === row.model);
  const name = `${sameModel ? '' : `${row.model} `}${row.variant.name}`;
  const where = sameVariant ? places(row.place).join(', ') : '';
  const subject = where === '' ? name : `${name}${row.place.provider === null ? ', ' : ' on '}${where}`;
  if (row.variant.status === 'failed') return { subject, text: 'could not be made' };
  const parts = [sizePart(row.size), latencyPart(row.latency), accuracyPart(row.accuracy)].filter(
    (part) => part !== null,
  );
  return { subject, text: parts.length > 0 ? `is ${parts.join(', ')}` : 'was not measured' };
}

function sizePart(cell: Cell | null): string | null {
  const ratio = cell && cellRatio(cell);
  return ratio === null ? null : `**${formatRatio(ratio)}** the size`;
}

function latencyPart(cell: Cell | null): string | null {
  const ratio = cell && cellRatio(cell);
  if (cell === null || ratio === null || ratio <= 0) return null;
  if (cell.metric.higherIsBetter) return `**${formatRatio(ratio)}** the throughput`;
  const interval = cell.measurement.ratio?.interval ?? null;
  const pace = paceOf(ratio, interval);
  return `**${formatRatio(ratio)}** the latency${pace === null ? '' : ` (${pace})`}`;
}

/** Without an interval nothing is said of a difference that may be none. null: nothing to say. */
function paceOf(ratio: number, interval: Interval | null): string | null {
  if (interval !== null && (interval.lo ?? Number.NEGATIVE_INFINITY) <= 1 && (interval.hi ?? Infinity) >= 1)
    return 'no difference that this run can see';
  const pace = formatRatio(1 / ratio, 2);
  if (pace === formatRatio(1, 2))
    return interval === null ? null : ratio < 1 ? 'a little faster' : 'a little slower';
  return ratio < 1 ? `${pace} as fast` : 'slower';
}

function accuracyPart(cell: Cell | null): string | null {
  if (cell?.measurement.status === 'invalid') return '**no valid accuracy**';
  if (cell?.measurement.status !== 'ok') return null;
  const figure = figureOf(cell);
  const words = figure.change ?? figure.value;
  return words === null || cell.metric.judging !== 'paired'
    ? null
    : cell.metric.name.startsWith('fidelity.')
      ? `**${words}** agreement`
      : `**${words}** ${accuracyTitle(cell)}`;
}

/** A custom metric's title comes from outside: the headline calls it accuracy. */
function accuracyTitle(cell: Cell): string {
  return /^[A-Za-z0-9²@ -]{1,30}$/.test(cell.metric.title) ? cell.metric.title : 'accuracy';
}
