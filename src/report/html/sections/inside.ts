/** What happened inside each model: a fold per model with a panel for each question, every chart with its figures. */

import { candidates } from '../../panels/candidates.js';
import { distributions } from '../../panels/distributions.js';
import { keptFloat } from '../../panels/kept-float.js';
import { layers } from '../../panels/layers.js';
import { operators } from '../../panels/operators.js';
import type { Panel, PanelContext, PanelOf, PanelPart } from '../../panels/panel.js';
import { sizes } from '../../panels/sizes.js';
import { xmlText } from '../../words/escape.js';
import { stackedTable } from '../elements/stacked-table.js';

const PANELS: readonly PanelOf[] = [distributions, candidates, operators, layers, sizes, keptFloat];

/** '' when no model has anything to show. */
export function insideModels(context: PanelContext): string {
  const { models } = context.report;
  const folds = models.flatMap((model) => {
    const panels = PANELS.flatMap((panelOf) => panelOf(model, context) ?? []);
    if (panels.length === 0) return [];
    // Of one model all is shown; of several each is a click away.
    const open = models.length === 1 ? ' open=""' : '';
    const name = `<bdi>${xmlText(model.name, 120)}</bdi>`;
    const titles = panels.map(({ title }) => title.toLowerCase()).join('; ');
    return `<details class="inside"${open}><summary>${name} <span class="soft">${titles}</span></summary>${panels.map(panelHtml).join('\n')}</details>`;
  });
  return folds.length === 0 ? '' : `<h2>Inside the models</h2>${folds.join('\n')}`;
}

function panelHtml({ title, text, parts }: Panel): string {
  return `<section><h3>${title}</h3><p class="small">${xmlText(text, 1_000)}</p>${parts.map(partHtml).join('')}</section>`;
}

function partHtml({ name, chart, table }: PanelPart): string {
  const heading = name === '' ? '' : `<h4><bdi>${xmlText(name, 200)}</bdi></h4>`;
  const cells = table.rows.map((row) => ({ cells: row.map((cell) => xmlText(cell, 400)) }));
  const figures = stackedTable('facts', table.headings, cells);
  // An empty table would only promise something.
  if (table.rows.length === 0) return `${heading}<figure>${chart}</figure>`;
  if (chart === '') return heading + figures;
  return `${heading}<figure>${chart}</figure><details class="figures"><summary>The figures</summary>${figures}</details>`;
}
