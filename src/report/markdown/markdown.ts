/**
 * The report as GitHub Markdown: verdict, one table, what needs attention, the rest folded. Fits a byte limit by leaving
 * out whole parts, details first, so that no row, entity or element is ever cut.
 */

import type { Report } from '../../terms/report.js';
import { earlierOf, type HistoryEntry, trendLine } from '../history.js';
import { placeNamer, type Row, reportRows } from '../rows/rows.js';
import { type AttentionLine, attentionLines } from '../summary/attention.js';
import { type BaseChange, baseChanges } from '../summary/base-changes.js';
import { headline } from '../summary/headline.js';
import { foldedModels, modelVerdicts, worstFirst } from '../summary/model-verdicts.js';
import { type ToldNote, toldNotes } from '../summary/notes.js';
import { markdownCode, markdownLink, markdownSentences, markdownText, marker } from '../words/escape.js';
import { countOf, formatTime } from '../words/format.js';
import { machineWords } from '../words/machine-name.js';
import { VERDICT_WORDS, WORST_FIRST } from '../words/verdict-words.js';
import { checksDetails, details, environmentDetails, modelDetails } from './details.js';
import { fitSections } from './fit.js';
import type { ReportLinks } from './links.js';
import { opening, revisionsText, TITLE_LENGTH } from './opening.js';
import { mainTable } from './rows.js';

/** Largest comment body GitHub accepts, in bytes to be safe (it counts characters). */
export const COMMENT_BYTES = 65_535;
/** Largest job summary of one step; a larger one is not uploaded at all. */
const SUMMARY_BYTES = 1024 * 1024;

export interface MarkdownOptions {
  /** Of the whole text, in UTF-8. Default: SUMMARY_BYTES. */
  maxBytes?: number;
  /** Key of the sticky comment; a hidden marker is put on the first line. */
  marker?: string;
  links?: ReportLinks;
  /** Earlier runs, oldest first: those of the same machine are shown as a trend line per variant. */
  history?: readonly HistoryEntry[];
}

/** Whatever the limit, the text is within it; the verdict line is the last thing to go. */
export function renderMarkdown(report: Report, options: MarkdownOptions = {}): string {
  const { maxBytes = SUMMARY_BYTES, links = {} } = options;
  const measured = reportRows(report);
  const verdicts = modelVerdicts(report, measured);
  const rows = worstFirst(measured, verdicts);
  const folded = foldedModels(verdicts);
  const head = [
    ...(options.marker === undefined ? [] : [marker(options.marker)]),
    ...opening(report, { rows, verdicts, links }),
  ];
  const shown = rows.filter(({ model }) => !folded.has(model));
  const table = mainTable(report, shown);
  const attention = attentionLines(report, rows).map((line) => attentionItem(line, links));
  const notes = toldNotes(report).map(noteItem);
  const trend = options.history ? trendLines(report, options.history, rows) : [];
  const sections = [
    ...foldedTable(report, rows, folded),
    ...(report.checks.length > 0 ? [checksDetails(report)] : []),
    ...report.models.map((model) => modelDetails(report, model)),
    environmentDetails(report),
  ];

  return fitSections({
    head,
    foot: footer(report, links),
    maxBytes,
    summary: markdownLink('the job summary', links.run) ?? 'the job summary',
    sections: [
      {
        kind: 'rows',
        head: table.head,
        items: table.rows,
        priority: rowPriority(shown),
        join: '\n',
        share: 0.6,
      },
      { kind: 'checks', head: '#### Needs attention\n', items: attention, join: '\n', share: 0.8 },
      {
        kind: 'notes',
        head: '#### Against the base\n',
        items: baseChanges(report, rows).map(changeItem),
        join: '\n',
        share: 0.5,
      },
      { kind: 'notes', head: '#### Notes\n', items: notes, join: '\n' },
      { kind: 'notes', head: '#### Trend\n', items: trend, join: '\n' },
      { kind: 'details', head: '', items: sections, join: '\n\n' },
    ],
  });
}

/** The verdict alone, for a comment that has nothing more to say: one line after the marker. */
export function renderLine(report: Report, options: Pick<MarkdownOptions, 'marker' | 'links'> = {}): string {
  const { symbol, title } = headline(report, reportRows(report));
  const links = options.links ?? {};
  const run = markdownLink('workflow run', links.run);
  const line = [
    `${symbol} **quantgate**: ${markdownText(title, TITLE_LENGTH)}`,
    revisionsText(report, links),
    run,
  ]
    .filter((part) => part !== null)
    .join(' · ');
  return options.marker === undefined ? line : `${marker(options.marker)}\n${line}`;
}

function foldedTable(report: Report, rows: readonly Row[], folded: ReadonlySet<string>): string[] {
  const hidden = rows.filter(({ model }) => folded.has(model));
  if (hidden.length === 0) return [];
  const { head, rows: lines } = mainTable(report, hidden);
  return [details(`${countOf(folded.size, 'more model')} without a failure`, [[head, ...lines].join('\n')])];
}

function changeItem({ subject, text }: BaseChange): string {
  const about = subject === null ? '' : `**${markdownText(subject, 160)}**: `;
  return `- ${about}${markdownSentences(text, 400)}`;
}

function noteItem({ level, code, subject, more, message }: ToldNote): string {
  const others = more > 0 ? ` and ${more} more` : '';
  const about = subject === '' ? '' : `**${markdownText(subject, 300)}**${others}: `;
  return `- ${level === 'warn' ? '⚠️ ' : 'ℹ️ '}${about}${markdownSentences(message, 600)} <sub>${markdownCode(code, 80)}</sub>`;
}

/** Rows that must stay longest come first: the worst. */
function rowPriority(rows: readonly Row[]): number[] {
  const rank = (row: Row) => (row.verdict === null ? WORST_FIRST.length : WORST_FIRST.indexOf(row.verdict));
  return rows.map((_, index) => index).sort((a, b) => rank(rows[a]!) - rank(rows[b]!) || a - b);
}

/** Every check that didn't simply pass, worst first: what was seen, what was allowed, why. */
function attentionItem({ check, where, more, seen }: AttentionLine, links: ReportLinks): string {
  const { symbol, word } = VERDICT_WORDS[check.verdict];
  const reason = check.reason === null ? '' : `. ${markdownSentences(check.reason, 400)}`;
  return `- ${symbol} **${word}** ${markdownCode(check.metric, 80)} of **${markdownText(where, 160)}**${more > 0 ? ` and ${more} more` : ''}: ${seen}${reason}${checkLink(check.line, links)}${waiverLink(check.verdict, links)}`;
}

function checkLink(line: number | null, links: ReportLinks): string {
  const link =
    line === null || !links.thresholds ? null : markdownLink(`line ${line}`, `${links.thresholds}#L${line}`);
  return link === null ? '' : ` [${link.slice(1)}`;
}

function waiverLink(verdict: string, links: ReportLinks): string {
  const link = verdict === 'waived' ? markdownLink('waiver', links.waivers) : null;
  return link === null ? '' : ` ${link}`;
}

function trendLines(report: Report, history: readonly HistoryEntry[], rows: readonly Row[]): string[] {
  const nameOf = placeNamer(
    rows.map((row) => row.place),
    report,
  );
  return rows.flatMap((row) => {
    const line = trendLine(earlierOf(history, row, report), row);
    const name = [row.model, row.variant.name, ...nameOf(row.place)].join(' ');
    return line === null ? [] : `- **${markdownText(name, 160)}**: ${line}`;
  });
}

function footer(report: Report, links: ReportLinks): string {
  const { environment, thresholds } = report;
  const source =
    thresholds.file === null
      ? 'thresholds from the command line'
      : `thresholds from ${thresholds.from === 'base' ? 'the base branch’s ' : ''}${markdownText(thresholds.file, 120)}`;
  const parts = [
    `quantgate ${markdownText(report.tool.version, 40)}`,
    markdownText(machineWords(report), 200),
    `ONNX Runtime ${markdownText(environment.onnxruntime, 40)}`,
    source,
    formatTime(report.startedAt),
    markdownLink('HTML report', links.html) ?? markdownLink('artifacts', links.artifacts),
    markdownLink('history', links.history),
    markdownLink('workflow run', links.run),
  ];
  return `<sub>${parts.filter((part) => part !== null).join(' · ')}</sub>`;
}
