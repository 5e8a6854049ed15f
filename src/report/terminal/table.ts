/** The terminal's table: a row per variant and place, aligned; in blocks of labelled lines where it doesn't fit. */
import stringWidth from 'string-width';
import type { Report } from '../../terms/report.js';
import { worseThanBase } from '../rows/against-base.js';
import { type Figure, figureOf } from '../rows/figures.js';
import { type Cell, placeNamer, type Row } from '../rows/rows.js';
import { plainText } from '../words/escape.js';
import { UNCHANGED_WORDS, VERDICT_WORDS, WORSE_WORDS } from '../words/verdict-words.js';
import { fold } from './fold.js';
import { type Colors, type Paint, tonePaint } from './paint.js';

const GAP = '  ';

/** A cell in one or more lines, with the paint of each. */
interface Line {
  text: string;
  paint?: Paint;
}

export function tableLines(rows: readonly Row[], report: Report, width: number, colors: Colors): string[] {
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
    [...verdictLines(row, colors), ...worseLines(row, colors)],
  ]);
  const fitting = [cells, cells.map((row) => row.map(folded))].find(
    (each) => tableWidth(widthsOf(headings, each)) <= width,
  );
  return fitting === undefined ? blocks(headings, cells, width, colors) : aligned(headings, fitting, colors);
}

/** Of a cell in a table that is a little too wide. */
const FOLDED_WIDTH = 20;

/** Intervals in a line of their own below their confidence, the rest at spaces. */
function folded(cell: Line[]): Line[] {
  return cell.flatMap((line) =>
    line.text
      .replace(/ CI (?=.* to )/, ' CI\n')
      .split('\n')
      .flatMap((part) => fold(part, FOLDED_WIDTH, 0, 'keep'))
      .map((text) => ({ ...line, text })),
  );
}

function widthsOf(headings: readonly string[], cells: readonly Line[][][]): number[] {
  return headings.map((text, column) =>
    cells.reduce(
      (widest, row) => Math.max(widest, ...row[column]!.map((line) => stringWidth(line.text))),
      stringWidth(text),
    ),
  );
}

function tableWidth(widths: readonly number[]): number {
  return widths.reduce((sum, columnWidth) => sum + columnWidth + GAP.length, -GAP.length);
}

function aligned(headings: readonly string[], cells: readonly Line[][][], colors: Colors): string[] {
  const widths = widthsOf(headings, cells);
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

/** In two lines: the column stays narrow. */
function worseLines(row: Row, colors: Colors): Line[] {
  const worse = worseThanBase(row);
  if (worse === null) return [];
  const paint = tonePaint(colors, WORSE_WORDS.tone);
  return [`${WORSE_WORDS.mark} worse than the base:`, `  ${worse}`].map((text) => ({ text, paint }));
}

function pad(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - stringWidth(text)));
}
