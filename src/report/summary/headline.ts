/** The verdict in words: the first thing, and often the only thing, that is read. */

import type { Interval } from '../../terms/measurement.js';
import type { Report } from '../../terms/report.js';
import { figureRanges } from '../rows/figure-ranges.js';
import { figureOf } from '../rows/figures.js';
import { type Cell, cellRatio, type Place, placeNamer, type Row } from '../rows/rows.js';
import { variantChecks } from '../words/established.js';
import { countOf, formatRatio } from '../words/format.js';
import { OVERALL_WORDS, WORST_FIRST } from '../words/verdict-words.js';
import { reportTitle, type Title } from './title.js';

/** More rows than this are counted, not told one by one. */
const TOLD_ROWS = 3;

export interface Headline {
  symbol: string;
  /** `int8 of resnet50 is 1.31× slower on cuda (allowed at most 0.80×)`, `all 8 checks pass: 0.27× the size, …`. Untrusted: names come from outside. */
  title: string;
  /** Whether the title begins with a name, which keeps its case. */
  named: boolean;
  /** `7 pass, 1 fail`: every verdict that occurs; empty when all are the same. */
  tally: string;
  /** `3 variants of 2 models, 6 rows; checks: 5 pass, 1 fail.` '' where the title says all. */
  extent: string;
  /** Of a few rows, what the title doesn't say already. */
  sentences: HeadlineSentence[];
}

/** `subject` (untrusted) does what `text` (ours) says. */
export interface HeadlineSentence {
  subject: string;
  text: string;
}

export function headline(report: Report, rows: readonly Row[]): Headline {
  const told = rows.length > TOLD_ROWS ? [] : sentences(report, rows);
  const title = reportTitle(report, rows);
  const [only] = told;
  // A single row that passes is told in the title: it may be all that is shown.
  const whole = title.passes && told.length === 1;
  return {
    symbol: OVERALL_WORDS[report.verdict].symbol,
    title: whole
      ? `${title.text}: ${only!.subject} ${only!.text.replaceAll('**', '')}`
      : withFigures(title, rows),
    named: title.named,
    tally: tally(report),
    extent: whole ? '' : extent(report, rows),
    sentences: whole ? [] : told,
  };
}

function withFigures({ text, passes }: Title, rows: readonly Row[]): string {
  const figures = passes ? figureRanges(rows) : null;
  return figures === null ? text : `${text}: ${figures}`;
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
  return `${countOf(variants, 'variant')} of ${countOf(report.models.length, 'model')}, ${countOf(rows.length, 'row')}${counts === '' ? '' : `; checks: ${counts}`}.`;
}

function tally(report: Report): string {
  const checks = variantChecks(report.checks);
  const counts = WORST_FIRST.flatMap((verdict) => {
    const count = checks.filter((check) => check.verdict === verdict).length;
    return count === 0 ? [] : `${count} ${verdict}`;
  });
  return counts.length > 1 ? counts.join(', ') : '';
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
  if (parts.length > 0) return { subject, text: `is ${parts.join(', ')}` };
  const measured = [row.size, row.latency, row.accuracy].some((cell) => cell?.measurement.status === 'ok');
  return { subject, text: measured ? 'was measured, with no original beside it' : 'was not measured' };
}

function sizePart(cell: Cell | null): string | null {
  const ratio = cell && cellRatio(cell);
  return cell === null || ratio === null ? null : `**${ratioText(cell, ratio)}** the size`;
}

/** As the table shows it: with the digits that tell it from its bound. */
function ratioText(cell: Cell, ratio: number): string {
  return figureOf(cell).change ?? formatRatio(ratio);
}

function latencyPart(cell: Cell | null): string | null {
  const ratio = cell && cellRatio(cell);
  if (cell === null || ratio === null || ratio <= 0) return null;
  if (cell.metric.higherIsBetter) return `**${ratioText(cell, ratio)}** the throughput`;
  const interval = cell.measurement.ratio?.interval ?? null;
  const pace = paceOf(ratio, interval);
  return `**${ratioText(cell, ratio)}** the latency${pace === null ? '' : ` (${pace})`}`;
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
