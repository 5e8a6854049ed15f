/** The one table of the Markdown report: size, latency and accuracy of each variant, original → quantized, bound, verdict. */
import { markdownTable } from 'markdown-table';
import type { Report } from '../../terms/report.js';
import { worseThanBase } from '../rows/against-base.js';
import { type Figure, figureOf } from '../rows/figures.js';
import { type Cell, placeNamer, type Row, verdictCount } from '../rows/rows.js';
import { markdownSentences, markdownText } from '../words/escape.js';
import { UNCHANGED_WORDS, VERDICT_WORDS, WORSE_WORDS } from '../words/verdict-words.js';

const NONE = '–';
/** From this many rows on, a row is one line high, and what passed is told in short. */
const COMPACT_ROWS = 8;

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

export function mainTable(report: Report, rows: readonly Row[]): Table {
  const nameOf = placeNamer(
    rows.map((row) => row.place),
    report,
  );
  const latency = columnTitle(rows, (row) => row.latency, 'Latency');
  const accuracy = columnTitle(rows, (row) => row.accuracy, 'Accuracy');
  const manyModels = report.models.length > 1;
  const compact = rows.length >= COMPACT_ROWS;
  const br = compact ? ' ' : '<br>';
  return table(
    [manyModels ? 'Model' : 'Variant', 'Size', latency.title, accuracy.title, 'Verdict'],
    rows.map((row) => [
      nameCell(row, nameOf(row.place), manyModels).join(br),
      figureCell(row.size, { full: row.first, named: false, compact }).join(br),
      figureCell(row.latency, { full: true, named: latency.mixed, compact }).join(br),
      figureCell(row.accuracy, {
        full: row.first || row.accuracy?.measurement.provider != null,
        named: accuracy.mixed,
        compact,
      }).join(br),
      verdictCell(row).join(br),
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

function nameCell(row: Row, place: string[], manyModels: boolean): string[] {
  const lines = [`**${markdownText(row.variant.name, 80)}**`];
  if (manyModels) lines.unshift(markdownText(row.model, 80));
  if (place.length > 0) lines.push(`<sub>${markdownText(place.join(', '), 80)}</sub>`);
  return lines;
}

function figureCell(cell: Cell | null, show: { full: boolean; named: boolean; compact: boolean }): string[] {
  if (cell === null) return [NONE];
  const figure = figureOf(cell);
  const title = show.named ? `${markdownText(figure.title, 40)} ` : '';
  if (figure.problem !== null) {
    const symbol = VERDICT_WORDS[cell.measurement.status === 'invalid' ? 'invalid' : 'skipped'].symbol;
    return [`${title}${symbol} ${markdownSentences(figure.problem, 120)}`];
  }
  if (!show.full)
    return [figure.change === null ? `${title}${figure.value}` : `${title}**${figure.change}**`];
  const plain = show.compact && figure.bounds.every(({ verdict }) => verdict === 'pass');
  if (plain)
    return [...valueLines(figure, title), ...new Set(figure.bounds.map(() => VERDICT_WORDS.pass.symbol))];
  return [...valueLines(figure, title), ...boundLines(figure), ...smallPrint(figure)];
}

function valueLines(figure: Figure, title: string): string[] {
  const values = figure.original === null ? `${figure.value}` : `${figure.original} → ${figure.value}`;
  return figure.change === null ? [`${title}**${values}**`] : [`${title}${values}`, `**${figure.change}**`];
}

function boundLines(figure: Figure): string[] {
  return figure.bounds.map(({ text, verdict }) => `${VERDICT_WORDS[verdict].symbol} ${text}`);
}

function smallPrint(figure: Figure): string[] {
  return [figure.interval, figure.base].flatMap((text) => (text === null ? [] : `<sub>${text}</sub>`));
}

function verdictCell(row: Row): string[] {
  const worse = worseThanBase(row);
  return [
    ...verdictLines(row),
    ...(worse === null ? [] : [`${WORSE_WORDS.symbol} worse than the base: ${markdownText(worse, 120)}`]),
  ];
}

function verdictLines(row: Row): string[] {
  if (row.variant.status === 'failed') {
    const { symbol } = VERDICT_WORDS.invalid;
    return [`${symbol} **not made**`, markdownSentences(row.variant.reason ?? 'no reason given', 160)];
  }
  if (row.unchanged) {
    const { symbol, word } = UNCHANGED_WORDS;
    return [`${symbol} **${word}**`, '<sub>it is the original</sub>'];
  }
  if (row.verdict === null) return ['not checked'];
  const { symbol, word } = VERDICT_WORDS[row.verdict];
  return [`${symbol} **${word}**`, `<sub>${verdictCount(row)}</sub>`];
}
