/** The report for a terminal: one aligned table, then what needs attention. Colour repeats what marks and words say. */
import pc from 'picocolors';
import type { Report } from '../../terms/report.js';
import type { Verdict } from '../../terms/verdict.js';
import { revisionsOf, revisionText, shortId } from '../revisions.js';
import { type Row, reportRows } from '../rows/rows.js';
import { advice } from '../summary/advice.js';
import { attentionLines } from '../summary/attention.js';
import { headline } from '../summary/headline.js';
import { toldNotes } from '../summary/notes.js';
import { plainText } from '../words/escape.js';
import { establishedLines, moreLine } from '../words/established.js';
import { countOf, formatValue } from '../words/format.js';
import { OVERALL_WORDS, VERDICT_WORDS } from '../words/verdict-words.js';
import { fold } from './fold.js';
import { type Colors, tonePaint } from './paint.js';
import { tableLines } from './table.js';

export interface TerminalOptions {
  color?: boolean;
  /** Columns. Default 100; narrower than the table needs, its rows become blocks. */
  width?: number;
}

const MIN_WIDTH = 40;

export function renderTerminal(report: Report, options: TerminalOptions = {}): string {
  const colors = pc.createColors(options.color ?? false);
  const width = Math.max(MIN_WIDTH, options.width ?? 100);
  const rows = reportRows(report);
  const { title, tally } = headline(report, rows);
  const todo = advice(report, rows, (text) => text);
  const overall = OVERALL_WORDS[report.verdict];
  const paint = tonePaint(colors, overall.tone);
  const sections = [
    establishedEntries(report, width, colors),
    tableLines(rows, report, width, colors),
    attentionEntries(report, rows, width, colors),
    noteLines(report, width, colors),
    [
      ...fold(`${overall.mark} ${plainText(title, 300)}`, width, 2).map((line) => paint(colors.bold(line))),
      ...(tally === '' ? [] : fold(tally, width, 0)),
      ...(todo === null ? [] : fold(`What to do: ${plainText(todo, 600)}`, width, 2)),
      ...fold(runText(report), width, 0).map((line) => colors.dim(line)),
    ],
  ];
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

function runText(report: Report): string {
  const { environment, durationMs } = report;
  const revisions = revisionsOf(report);
  return [
    ...(revisions === null
      ? []
      : [revisionText(revisions, { show: shortId, name: (text) => plainText(text, 100) })]),
    plainText(environment.cpu, 80),
    countOf(environment.cores, 'core'),
    `ONNX Runtime ${plainText(environment.onnxruntime, 40)}`,
    formatValue(durationMs, 'ms'),
  ].join(', ');
}

/** What the verdict rests on and doesn't have, above every figure. */
function establishedEntries(report: Report, width: number, colors: Colors): string[] {
  const { lines, more } = establishedLines(report);
  const entries = lines.flatMap(({ verdict, check, title, subject, reason }) =>
    entry(verdict, `${check}${subject === '' ? '' : ` of ${subject}`}: ${title}. ${reason}`, width, colors),
  );
  return more > 0 ? [...entries, moreLine(more)] : entries;
}

function attentionEntries(report: Report, rows: readonly Row[], width: number, colors: Colors): string[] {
  const failed = rows
    .filter((row) => row.first && row.variant.status === 'failed')
    .map((row) =>
      entry(
        'invalid',
        `${row.model} ${row.variant.name} could not be made: ${row.variant.reason ?? 'no reason given'}`,
        width,
        colors,
      ),
    );
  const checks = attentionLines(report, rows).map(({ check, where, more, seen }) => {
    const others = more > 0 ? ` and ${more} more` : '';
    const reason = check.reason === null ? '' : `. ${check.reason}`;
    return entry(check.verdict, `${check.metric} of ${where}${others}: ${seen}${reason}`, width, colors);
  });
  return [...failed, ...checks].flat();
}

function entry(verdict: Verdict, text: string, width: number, colors: Colors): string[] {
  const { mark, word, tone } = VERDICT_WORDS[verdict];
  const [first, ...rest] = fold(`${mark} ${word} ${plainText(text, 1000)}`, width, 2);
  const start = `${mark} ${word}`;
  return [tonePaint(colors, tone)(start) + first!.slice(start.length), ...rest];
}

/** What several models or variants share is said once, with their names. */
function noteLines(report: Report, width: number, colors: Colors): string[] {
  return toldNotes(report).flatMap(({ level, code, subject, more, message }) => {
    const mark = level === 'warn' ? '!' : 'i';
    const others = more === 0 ? '' : ` and ${more} more`;
    const about = subject === '' ? '' : `${subject}${others}: `;
    const lines = fold(plainText(`${mark} ${about}${message} [${code}]`, 900), width, 2);
    return level === 'warn'
      ? lines.map((line) => colors.yellow(line))
      : lines.map((line) => colors.dim(line));
  });
}
