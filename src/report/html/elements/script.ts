/** The page's only script: filter and order of the main table, links into folds, the roles of tables, and the report as a file. The page says everything without it. */
import { createHash } from 'node:crypto';
import type { Verdict } from '../../../terms/verdict.js';
import type { Row } from '../../rows/rows.js';
import { xmlText } from '../../words/escape.js';
import { VERDICT_WORDS, WORST_FIRST } from '../../words/verdict-words.js';

/** Fixed text: nothing of a report is ever in it. Models are told by their numbers in the report. */
export const SCRIPT = `
'use strict';
const byId = (id) => document.getElementById(id);
const download = byId('download');
download.hidden = typeof DecompressionStream === 'undefined';
download.addEventListener('click', async () => {
  const packed = Uint8Array.from(atob(byId('quantgate-report').textContent), (letter) => letter.charCodeAt(0));
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream('deflate'));
  const report = await new Response(stream).json();
  // Pictures are in the page once.
  for (const image of document.querySelectorAll('image[data-sample]')) {
    const [model, sample] = image.dataset.sample.split(' ');
    report.models[model].samples[sample].thumbnail = image.getAttribute('href').split(',')[1];
  }
  const text = JSON.stringify(report, null, 2) + '\\n';
  const address = URL.createObjectURL(new Blob([text], { type: 'application/json' }));
  const link = document.createElement('a');
  link.href = address;
  link.download = 'quantgate-report.json';
  link.click();
  URL.revokeObjectURL(address);
});
// Some browsers forget what a table is once its cells are laid out as blocks.
const roles = { table: 'table', thead: 'rowgroup', tbody: 'rowgroup', tr: 'row', 'thead th': 'columnheader', 'tbody th': 'rowheader', td: 'cell' };
for (const [name, role] of Object.entries(roles))
  for (const element of document.querySelectorAll(name)) element.setAttribute('role', role);
// Some browsers don't open the folds around what a link leads to.
const reveal = () => {
  const target = byId(location.hash.slice(1));
  for (let fold = target && target.closest('details'); fold; fold = fold.parentElement.closest('details')) fold.open = true;
  return target;
};
const filters = byId('filters');
if (filters) {
  const rows = [...document.querySelectorAll('tr[data-verdict]')];
  const apply = () => {
    const wanted = ['verdict', 'model'].map((name) => [name, byId('filter-' + name)]);
    for (const row of rows)
      row.hidden = wanted.some(([name, field]) => field && field.value !== '' && row.dataset[name] !== field.value);
    const shown = rows.filter((row) => !row.hidden).length;
    byId('filtered').textContent = shown + ' of ' + rows.length + ' rows';
  };
  const order = byId('order');
  const keyOf = (row) => {
    const key = row.dataset.order.split(' ')[order.value];
    return key === '-' ? Number.MAX_VALUE : Number(key);
  };
  order.addEventListener('change', () => {
    const sorted = order.value === '' ? rows : [...rows].sort((a, b) => keyOf(a) - keyOf(b));
    rows[0].parentElement.append(...sorted);
  });
  filters.hidden = false;
  filters.addEventListener('change', apply);
  addEventListener('hashchange', () => {
    const row = reveal();
    if (!row || !row.hidden) return;
    for (const name of ['verdict', 'model']) if (byId('filter-' + name)) byId('filter-' + name).value = '';
    apply();
    row.scrollIntoView();
  });
  apply();
} else addEventListener('hashchange', reveal);
reveal();
`;

/** What the content security policy allows: this text and no other. */
export const SCRIPT_SOURCE = `'sha256-${createHash('sha256').update(SCRIPT).digest('base64')}'`;

/** Fewer rows than this are seen at once. */
const WORTH_FILTERING = 5;

/** The verdict that a row is filtered by. */
export function rowVerdict({ verdict }: Row): Verdict {
  return verdict ?? 'skipped';
}

/** What rows are ordered by, besides the worst first. */
export interface Order {
  label: string;
  /** Lower comes first; null: last. */
  keyOf: (row: Row) => number | null;
}

/** A row's place in each order, for the script. */
export function orderKeys(row: Row, orders: readonly Order[]): string {
  return orders.map(({ keyOf }) => keyOf(row)?.toPrecision(4) ?? '-').join(' ');
}

/** Shown by the script; `models` in the report's order. '' where there is nothing to choose between. */
export function filterFields(
  rows: readonly Row[],
  models: readonly string[],
  orders: readonly Order[],
): string {
  if (rows.length < WORTH_FILTERING) return '';
  const present = new Set(rows.map(rowVerdict));
  const fields = [
    field(
      'verdict',
      'Verdict',
      WORST_FIRST.filter((verdict) => present.has(verdict)).map((verdict) => [
        verdict,
        verdict === 'skipped' ? 'not checked' : VERDICT_WORDS[verdict].word,
      ]),
    ),
    field(
      'model',
      'Model',
      models.map((name, at) => [`${at}`, name]),
    ),
    orderField(orders),
  ].filter((text) => text !== '');
  return `<div id="filters" class="filters" role="search" aria-label="Rows of the table" hidden="">${fields.join('')}<output id="filtered"></output></div>`;
}

function orderField(orders: readonly Order[]): string {
  const options = orders.map(({ label }, at) => `<option value="${at}">${xmlText(label, 60)}</option>`);
  return `<label>Order <select id="order"><option value="">worst first</option>${options.join('')}</select></label>`;
}

function field(name: string, label: string, choices: readonly [value: string, text: string][]): string {
  if (choices.length < 2) return '';
  const options = choices.map(([value, text]) => `<option value="${value}">${xmlText(text, 60)}</option>`);
  return `<label>${label} <select id="filter-${name}"><option value="">all</option>${options.join('')}</select></label>`;
}
