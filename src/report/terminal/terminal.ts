/** The report for a terminal: one aligned table, then what needs attention. Colour repeats what marks and words say. */
import pc from 'picocolors';
import stringWidth from 'string-width';
import type { Report } from '../../terms/report.js';
import type { Verdict } from '../../terms/verdict.js';
import { checkWords } from '../check-words.js';
import { plainText } from '../escape.js';
import { establishedLines, moreLine, variantChecks } from '../established.js';
import { type Figure, figureOf } from '../figures.js';
import { countOf, formatValue } from '../format.js';
import { headline } from '../headline.js';
import { revisionsOf, revisionText, shortId } from '../revisions.js';
import { type Cell, placeNamer, type Row, reportRows } from '../rows.js';
import { toldNotes } from '../summary/notes.js';
import { OVERALL_WORDS, type Tone, UNCHANGED_WORDS, VERDICT_WORDS, WORST_FIRST } from '../verdict-words.js';
import { fold } from './fold.js';

export interface TerminalOptions {
  color?: boolean;
  /** Columns. Default 100; narrower than the table needs, its rows become blocks. */
  width?: number;
}

type Colors = ReturnType<typeof pc.createColors>;
type Paint = (text: string) => string;

const MIN_WIDTH = 40;
const GAP = '  ';

export function renderTerminal(report: Report, options: TerminalOptions = {}): string {
  const colors = pc.createColors(options.color ?? false);
  const width = Math.max(MIN_WIDTH, options.width ?? 100);
  const rows = reportRows(report);
  const { title, tally } = headline(report, rows);
  const overall = OVERALL_WORDS[report.verdict];
  const paint = tonePaint(colors, overall.tone);
  const sections = [
    establishedEntries(report, width, colors),
    tableLines(rows, report, width, colors),
    attentionLines(report, rows, width, colors),
    noteLines(report, width, colors),
    [
      ...fold(`${overall.mark} ${plainText(title, 300)}`, width, 2).map((line) => paint(colors.bold(line))),
      ...(tally === '' ? [] : fold(tally, width, 0)),
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

function tonePaint(colors: Colors, tone: Tone): Paint {
  return { good: colors.green, bad: colors.red, caution: colors.yellow, quiet: colors.dim }[tone];
}

/** A cell in one or more lines, with the paint of each. */
interface Line {
  text: string;
  paint?: Paint;
}

function tableLines(rows: readonly Row[], report: Report, width: number, colors: Colors): string[] {
  if (rows.length === 0) return [];
  const nameOf = placeNamer(
    rows.map((row) => row.place),
    report,
  );
  const headings = [
    '',
    'Size',
    heading(rows, (row) => row.latency, 'Latency'),
    heading(rows, (row) => row.accuracy, 'Accuracy'),
    'Verdict',
  ];
  const cells = rows.map((row): Line[][] => [
    nameLines(row, nameOf(row.place), report.models.length > 1, colors),
    figureLines(row.size, row.first, colors),
    figureLines(row.latency, true, colors),
    figureLines(row.accuracy, row.first || row.accuracy?.measurement.provider != null, colors),
    verdictLines(row, colors),
  ]);
  const widths = headings.map((text, column) =>
    cells.reduce(
      (widest, row) => Math.max(widest, ...row[column]!.map((line) => stringWidth(line.text))),
      stringWidth(text),
    ),
  );
  const total = widths.reduce((sum, columnWidth) => sum + columnWidth + GAP.length, -GAP.length);
  if (total > width) return blocks(headings, cells, width, colors);
  const head = headings
    .map((text, column) => pad(text, widths[column]!))
    .join(GAP)
    .trimEnd();
  return [
    colors.dim(head),
    ...cells.flatMap((row, index) => [...(index > 0 ? [''] : []), ...rowLines(row, widths)]),
  ];
}

function rowLines(row: Line[][], widths: readonly number[]): string[] {
  const height = Math.max(...row.map((cell) => cell.length));
  return Array.from({ length: height }, (_, lineIndex) =>
    row
      .map((cell, column) => {
        const line = cell[lineIndex] ?? { text: '' };
        const padding = ' '.repeat(Math.max(0, widths[column]! - stringWidth(line.text)));
        return (line.paint ? line.paint(line.text) : line.text) + padding;
      })
      .join(GAP)
      .trimEnd(),
  );
}

/** For narrow terminals: each row as a block of labelled lines. */
function blocks(headings: readonly string[], cells: Line[][][], width: number, colors: Colors): string[] {
  const label = Math.max(...headings.map((text) => stringWidth(text)));
  return cells.flatMap((row, index) => [
    ...(index > 0 ? [''] : []),
    ...row[0]!.map((line) => (line.paint ? line.paint(line.text) : line.text)),
    ...row.slice(1).flatMap((cell, column) =>
      cell.flatMap((line, lineIndex) =>
        fold(line.text, width - label - 4, 0).map((text, part) => {
          const name = lineIndex === 0 && part === 0 ? headings[column + 1]! : '';
          return `  ${colors.dim(pad(name, label))}  ${line.paint ? line.paint(text) : text}`;
        }),
      ),
    ),
  ]);
}

function heading(rows: readonly Row[], cellOf: (row: Row) => Cell | null, general: string): string {
  const titles = new Set(rows.flatMap((row) => cellOf(row)?.metric.title ?? []));
  return titles.size === 1 ? plainText([...titles][0]!, 30) : general;
}

function nameLines(row: Row, place: string[], manyModels: boolean, colors: Colors): Line[] {
  return [
    ...(manyModels ? [{ text: plainText(row.model, 40) }] : []),
    { text: plainText(row.variant.name, 40), paint: colors.bold },
    ...(place.length > 0 ? [{ text: plainText(place.join(', '), 60), paint: colors.dim }] : []),
  ];
}

function figureLines(cell: Cell | null, full: boolean, colors: Colors): Line[] {
  if (cell === null) return [{ text: '–', paint: colors.dim }];
  const figure = figureOf(cell);
  if (figure.problem !== null) return [{ text: plainText(figure.problem, 30), paint: colors.dim }];
  if (!full) return [{ text: figure.change ?? `${figure.value}`, paint: colors.bold }];
  return [...valueLines(figure, colors), ...smallLines(figure, colors)];
}

function valueLines(figure: Figure, colors: Colors): Line[] {
  const values = figure.original === null ? `${figure.value}` : `${figure.original} → ${figure.value}`;
  return figure.change === null
    ? [{ text: values, paint: colors.bold }]
    : [{ text: values }, { text: figure.change, paint: colors.bold }];
}

function smallLines(figure: Figure, colors: Colors): Line[] {
  return [
    ...figure.bounds.map(({ text, verdict }) => ({
      text: `${VERDICT_WORDS[verdict].mark} ${text}`,
      paint: tonePaint(colors, VERDICT_WORDS[verdict].tone),
    })),
    ...[figure.interval, figure.base].flatMap((text) => (text === null ? [] : [{ text, paint: colors.dim }])),
  ];
}

function verdictLines(row: Row, colors: Colors): Line[] {
  if (row.variant.status === 'failed') return [{ text: '✘ not made', paint: colors.red }];
  if (row.unchanged) {
    const { mark, word, tone } = UNCHANGED_WORDS;
    return [{ text: `${mark} ${word}`, paint: tonePaint(colors, tone) }];
  }
  if (row.verdict === null) return [{ text: 'not checked', paint: colors.dim }];
  const { mark, word, tone } = VERDICT_WORDS[row.verdict];
  return [{ text: `${mark} ${word}`, paint: tonePaint(colors, tone) }];
}

/** What the verdict rests on and doesn't have, above every figure. */
function establishedEntries(report: Report, width: number, colors: Colors): string[] {
  const { lines, more } = establishedLines(report);
  const entries = lines.flatMap(({ verdict, check, title, subject, reason }) =>
    entry(verdict, `${check}${subject === '' ? '' : ` of ${subject}`}: ${title}. ${reason}`, width, colors),
  );
  return more > 0 ? [...entries, moreLine(more)] : entries;
}

function attentionLines(report: Report, rows: readonly Row[], width: number, colors: Colors): string[] {
  const nameOf = placeNamer(
    rows.map((row) => row.place),
    report,
  );
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
  const checks = variantChecks(report.checks)
    .filter((check) => check.verdict !== 'pass')
    .sort((a, b) => WORST_FIRST.indexOf(a.verdict) - WORST_FIRST.indexOf(b.verdict))
    .map((check) => {
      const words = checkWords(check);
      const seen = words.observed === null ? '' : `${words.observed}, `;
      const interval = words.interval === null ? '' : ` (${words.interval})`;
      const where = [check.model, check.variant, ...nameOf(check)].join(' ');
      const reason = check.reason === null ? '' : `. ${check.reason}`;
      return entry(
        check.verdict,
        `${check.metric} of ${where}: ${seen}allowed ${words.bound}${interval}${reason}`,
        width,
        colors,
      );
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

function pad(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - stringWidth(text)));
}
