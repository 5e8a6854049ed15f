/** The report as one HTML file that needs nothing else: styles, charts, one script and the report's JSON inside. */

import type { Report } from '../../terms/report.js';
import { LINES_STYLE } from '../charts/history-figure.js';
import type { HistoryEntry } from '../history.js';
import { placeNamer, type Row, reportRows } from '../rows/rows.js';
import { modelVerdicts, worstFirst } from '../summary/model-verdicts.js';
import { xmlText } from '../words/escape.js';
import { capital } from '../words/format.js';
import { OVERALL_WORDS } from '../words/verdict-words.js';
import { packedJson } from './elements/packed-json.js';
import { filterFields, SCRIPT, SCRIPT_SOURCE } from './elements/script.js';
import { withLabels } from './elements/stacked-table.js';
import { STYLE } from './elements/style.js';
import { charts } from './sections/charts.js';
import { checksDetails, machines, modelDetails } from './sections/details.js';
import { insideModels } from './sections/inside.js';
import { againstBase, attention, notes } from './sections/lists.js';
import { banner, established, meta, pageTitle } from './sections/opening.js';
import { MANY_ROWS, mainTable, rowOrders } from './sections/table.js';
import { trends } from './sections/trends.js';
import { hasThumbnails, withoutThumbnails, worstSamples } from './sections/worst-samples.js';

export interface HtmlOptions {
  /** Earlier runs, oldest first: those on the report's machines are shown as lines. */
  history?: readonly HistoryEntry[];
  /** Address of the page of earlier runs; absent or null: no link. */
  historyUrl?: string | null;
}

/** No script runs but the page's own, and nothing is loaded: the page is safe to open wherever the report came from. */
function policyOf({ models }: Report): string {
  const pictures = hasThumbnails(models) ? ' img-src data:;' : '';
  return `default-src 'none'; script-src ${SCRIPT_SOURCE}; style-src 'unsafe-inline';${pictures} base-uri 'none'; form-action 'none'`;
}

export function renderHtml(report: Report, options: HtmlOptions = {}): string {
  const measured = reportRows(report);
  const verdicts = modelVerdicts(report, measured);
  const rows = worstFirst(measured, verdicts);
  const places = placeNamer(
    rows.map((row) => row.place),
    report,
  );
  const models = report.models.map(({ name }) => name);
  const nameOf = (row: Row) =>
    [...(models.length > 1 ? [row.model] : []), row.variant.name, ...places(row.place)].join(' ');
  const orders = rowOrders(measured);
  const table =
    rows.length > 0
      ? `<h2>Original → quantized</h2>${filterFields(rows, models, orders)}${mainTable(rows, { models, orders, places })}`
      : '';
  const list = attention(report, rows);
  const trend = trends(report, rows, {
    history: options.history ?? [],
    historyUrl: options.historyUrl ?? null,
  });
  const sections = [
    banner(report, rows, verdicts),
    established(report),
    meta(report, options.historyUrl),
    // A long table would hide what failed in it.
    ...(rows.length >= MANY_ROWS ? [list, table] : [table, list]),
    againstBase(report, rows),
    notes(report),
    charts(report, rows, nameOf),
    trend,
    insideModels({ report, rows, places }),
    worstSamples({ report, rows, places }),
    '<h2>Details</h2>',
    checksDetails(report),
    ...report.models.map((model) => modelDetails(report, model)),
    machines(report),
    `<footer>Written by quantgate ${xmlText(report.tool.version, 40)}. The whole report as JSON is inside this file, packed. <button id="download" type="button" hidden="">Save the JSON</button> <noscript>Saving it needs a script; quantgate-report.json, which every run writes beside this page, is the same.</noscript></footer>`,
  ];
  const { body, style } = withLabels(sections.filter((section) => section !== '').join('\n'));
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${policyOf(report)}">
<meta name="referrer" content="no-referrer">
<title>${capital(OVERALL_WORDS[report.verdict].word)}: quantgate: ${pageTitle(report, rows)}</title>
<style>${STYLE}
${trend === '' ? '' : `${LINES_STYLE}\n`}${style}</style>
</head>
<body>
<main>
${body}
</main>
<script type="text/plain" id="quantgate-report">${packedJson(withoutThumbnails(report))}</script>
<script>${SCRIPT}</script>
</body>
</html>
`;
}
