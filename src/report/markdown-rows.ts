/** The one table of the Markdown report: size, latency and accuracy of each variant, original → quantized, bound, verdict. */
import { markdownTable } from 'markdown-table';
import { markdownText } from './escape.js';
import { type Figure, figureOf } from './figures.js';
import type { Report } from './report.js';
import { type Cell, placeNamer, type Row } from './rows.js';
import { VERDICT_WORDS } from './verdict-words.js';

const NONE = '–';

export interface Table {
  /** Heading row and delimiter row. */
  head: string;
  rows: string[];
}

/** A Markdown table from cells that are escaped already. Compact: padding costs bytes and nobody reads the source. */
export function table(headings: readonly string[], rows: readonly string[][], align: string[] = []): Table {
  const lines = markdownTable([[...headings], ...rows], { alignDelimiters: false, align }).split('\n');
  return { head: lines.slice(0, 2).join('\n'), rows: lines.slice(2) };
}

export function tableText(
  headings: readonly string[],
  rows: readonly string[][],
  align: string[] = [],
): string {
  const { head, rows: lines } = table(headings, rows, align);
  return [head, ...lines].join('\n');
}

export function mainTable(report: Report, rows: readonly Row[]): Table {
  const nameOf = placeNamer(rows.map((row) => row.place));
  const latency = columnTitle(rows, (row) => row.latency, 'Latency');
  const accuracy = columnTitle(rows, (row) => row.accuracy, 'Accuracy');
  const manyModels = report.models.length > 1;
  return table(
    [manyModels ? 'Model' : 'Variant', 'Size', latency.title, accuracy.title, 'Verdict'],
    rows.map((row) => [
      nameCell(row, nameOf(row.place), manyModels),
      figureCell(row.size, { full: row.first, named: false }),
      figureCell(row.latency, { full: true, named: latency.mixed }),
      figureCell(row.accuracy, {
        full: row.first || row.accuracy?.measurement.provider != null,
        named: accuracy.mixed,
      }),
      verdictCell(row),
    ]),
    ['l', 'l', 'l', 'l', 'l'],
  );
}

/** The metric's own title when all rows show the same one. */
function columnTitle(rows: readonly Row[], cellOf: (row: Row) => Cell | null, general: string) {
  const titles = new Set(rows.flatMap((row) => cellOf(row)?.metric.title ?? []));
  return titles.size === 1
    ? { title: markdownText([...titles][0]!, 40), mixed: false }
    : { title: general, mixed: titles.size > 1 };
}

function nameCell(row: Row, place: string[], manyModels: boolean): string {
  const lines = [`**${markdownText(row.variant.name, 80)}**`];
  if (manyModels) lines.unshift(markdownText(row.model, 80));
  if (place.length > 0) lines.push(`<sub>${markdownText(place.join(', '), 80)}</sub>`);
  return lines.join('<br>');
}

function figureCell(cell: Cell | null, show: { full: boolean; named: boolean }): string {
  if (cell === null) return NONE;
  const figure = figureOf(cell);
  const title = show.named ? `${markdownText(figure.title, 40)} ` : '';
  if (figure.problem !== null) {
    const symbol = VERDICT_WORDS[cell.measurement.status === 'invalid' ? 'invalid' : 'skipped'].symbol;
    return `${title}${symbol} ${markdownText(figure.problem, 120)}`;
  }
  if (!show.full) return figure.change === null ? `${title}${figure.value}` : `${title}**${figure.change}**`;
  return [valuesLine(figure, title), ...boundLines(figure), ...smallPrint(figure)].join('<br>');
}

function valuesLine(figure: Figure, title: string): string {
  const values = figure.original === null ? `${figure.value}` : `${figure.original} → ${figure.value}`;
  return figure.change === null ? `${title}**${values}**` : `${title}${values}<br>**${figure.change}**`;
}

/** The first bound stands beside the change it bounds. */
function boundLines(figure: Figure): string[] {
  return figure.bounds.map(({ text, verdict }) => `${VERDICT_WORDS[verdict].symbol} ${text}`);
}

function smallPrint(figure: Figure): string[] {
  return [figure.interval, figure.base].flatMap((text) => (text === null ? [] : `<sub>${text}</sub>`));
}

function verdictCell(row: Row): string {
  if (row.variant.status === 'failed') {
    const { symbol } = VERDICT_WORDS.invalid;
    return `${symbol} **not made**<br>${markdownText(row.variant.reason ?? 'no reason given', 160)}`;
  }
  if (row.verdict === null) return 'not checked';
  const { symbol, word } = VERDICT_WORDS[row.verdict];
  const same = row.checks.filter((check) => check.verdict === row.verdict).length;
  const count = same === row.checks.length ? `${same}` : `${same} of ${row.checks.length}`;
  return `${symbol} **${word}**<br><sub>${count} ${row.checks.length === 1 ? 'check' : 'checks'}</sub>`;
}
