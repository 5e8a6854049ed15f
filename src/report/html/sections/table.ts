/** The main table of the HTML report: a row per variant and place, with a small bar under each ratio. */

import { barOf, miniBar } from '../../charts/bars.js';
import { worseThanBase } from '../../rows/against-base.js';
import { type Figure, figureOf } from '../../rows/figures.js';
import { type Cell, cellRatio, type Place, type Row, verdictCount } from '../../rows/rows.js';
import { htmlSentences, xmlText } from '../../words/escape.js';
import { UNCHANGED_WORDS, VERDICT_WORDS } from '../../words/verdict-words.js';
import { modelAnchor, variantAnchor } from '../elements/anchors.js';
import { icon, pill } from '../elements/icons.js';
import { type Order, orderKeys, rowVerdict } from '../elements/script.js';
import { stackedTable } from '../elements/stacked-table.js';
import { unbroken } from '../elements/unbroken.js';

/** From this many rows on they are set closer. */
export const MANY_ROWS = 8;

export interface TableContext {
  /** Names, in the report's order. */
  models: readonly string[];
  orders: readonly Order[];
  places: (place: Place) => string[];
}

export function mainTable(rows: readonly Row[], { models, orders, places }: TableContext): string {
  const dense = rows.length >= MANY_ROWS ? ' dense' : '';
  const heading = (cellOf: (row: Row) => Cell | null, general: string) => {
    const titles = new Set(rows.flatMap((row) => cellOf(row)?.metric.title ?? []));
    return { title: titles.size === 1 ? [...titles][0]! : general, mixed: titles.size > 1 };
  };
  const latency = heading((row) => row.latency, 'Latency');
  const accuracy = heading((row) => row.accuracy, 'Accuracy');
  const body = rows.map((row) => ({
    attributes: rowAttributes(row, models, orders),
    cells: [
      nameCell(row, places(row.place), models.length > 1),
      figureCell(row.size, { full: row.first, named: false }),
      figureCell(row.latency, { full: true, named: latency.mixed }),
      figureCell(row.accuracy, {
        full: row.first || row.accuracy?.measurement.provider != null,
        named: accuracy.mixed,
      }),
      verdictCell(row),
    ],
  }));
  const headings = ['Variant', 'Size', latency.title, accuracy.title, 'Verdict'];
  return `<div class="card">${stackedTable(`main${dense}`, headings, body)}</div>`;
}

/** By the report's order, size, latency and, where all rows have the same metric, accuracy; `rows` as the report has them. */
export function rowOrders(rows: readonly Row[]): Order[] {
  const titles = new Set(rows.flatMap(({ accuracy }) => accuracy?.metric.title ?? []));
  const [title] = titles;
  const at = new Map(rows.map(({ place }, index) => [place, index]));
  const ratioOf = (cell: Cell | null) => {
    const ratio = cell && cellRatio(cell);
    return cell !== null && ratio !== null && ratio > 0 && cell.metric.higherIsBetter ? 1 / ratio : ratio;
  };
  const lossOf = ({ accuracy }: Row) => accuracy?.measurement.drop?.value ?? null;
  return [
    { label: 'as configured', keyOf: ({ place }) => at.get(place) ?? null },
    { label: 'smallest first', keyOf: ({ size }) => ratioOf(size) },
    { label: 'fastest first', keyOf: ({ latency }) => ratioOf(latency) },
    ...(titles.size === 1 && rows.some((row) => lossOf(row) !== null)
      ? [{ label: `least loss of ${title} first`, keyOf: lossOf }]
      : []),
  ];
}

/** What the filter, the order and links go by. */
function rowAttributes(row: Row, models: readonly string[], orders: readonly Order[]): string {
  const id = row.first ? ` id="${variantAnchor(row.model, row.variant.name)}"` : '';
  return `${id} data-verdict="${rowVerdict(row)}" data-model="${models.indexOf(row.model)}" data-order="${orderKeys(row, orders)}"`;
}

function nameCell(row: Row, place: string[], manyModels: boolean): string {
  const name = `<bdi>${xmlText(row.variant.name, 80)}</bdi>`;
  const lines = [
    ...(manyModels ? [`<a href="#${modelAnchor(row.model)}"><bdi>${xmlText(row.model, 100)}</bdi></a>`] : []),
    ...(place.length > 0 ? [`<bdi>${xmlText(place.join(', '), 100)}</bdi>`] : []),
  ];
  const linked = row.first ? `<a href="#${variantAnchor(row.model, row.variant.name)}">${name}</a>` : name;
  return `<div class="name"><b>${linked}</b>${lines.map((line) => `<span>${line}</span>`).join('')}</div>`;
}

function figureCell(cell: Cell | null, show: { full: boolean; named: boolean }): string {
  if (cell === null) return '<small>not measured</small>';
  const figure = figureOf(cell);
  const title = show.named ? `<small>${xmlText(figure.title, 40)}</small>` : '';
  if (figure.problem !== null) {
    const verdict = cell.measurement.status === 'invalid' ? 'invalid' : 'skipped';
    return `${title}<span class="bound">${icon(verdict)} ${VERDICT_WORDS[verdict].word}</span><small>${htmlSentences(figure.problem, 200)}</small>`;
  }
  const change = figure.change ?? figure.value ?? '';
  if (!show.full) return `${title}<span class="change">${xmlText(change)}</span>`;
  return title + fullFigure(cell, figure, change);
}

function fullFigure(cell: Cell, figure: Figure, change: string): string {
  const bar = cell.metric.judging === 'paired' ? null : barOf(cell, figure.title);
  const values =
    figure.change === null || figure.original === null
      ? ''
      : `<span class="values">${xmlText(figure.original)} → ${xmlText(figure.value ?? '')}</span>`;
  const bounds = figure.bounds.map(
    ({ text, verdict }) =>
      `<span class="bound">${icon(verdict)} <span class="words">${VERDICT_WORDS[verdict].word}: </span>${unbroken(xmlText(text))}</span>`,
  );
  const small = [figure.interval, figure.base].flatMap((text) =>
    text === null ? [] : `<small>${unbroken(xmlText(text))}</small>`,
  );
  return `<span class="change">${xmlText(change)}</span>${bar === null ? '' : miniBar(bar)}${values}${bounds.join('')}${small.join('')}`;
}

function verdictCell(row: Row): string {
  const worse = worseThanBase(row);
  return `${verdictOf(row)}${worse === null ? '' : `<span class="bound">${icon('worse')} worse than the base: ${xmlText(worse, 120)}</span>`}`;
}

function verdictOf(row: Row): string {
  if (row.variant.status === 'failed') {
    return `${pill('invalid', 'not made')}<small>${htmlSentences(row.variant.reason ?? 'no reason given', 300)}</small>`;
  }
  if (row.unchanged) return `${pill('inconclusive', UNCHANGED_WORDS.word)}<small>it is the original</small>`;
  if (row.verdict === null) return pill('skipped', 'not checked');
  return `${pill(row.verdict)}<small>${verdictCount(row)}</small>`;
}
