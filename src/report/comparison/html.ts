/** A comparison of two reports as one HTML file that needs nothing else and runs no script. */

import { icon } from '../html/elements/icons.js';
import { stackedTable, withLabels, withRoles } from '../html/elements/stacked-table.js';
import { STYLE } from '../html/elements/style.js';
import { embeddedJson, xmlText } from '../words/escape.js';
import { capital } from '../words/format.js';
import { OVERALL_WORDS, WORSE_WORDS } from '../words/verdict-words.js';
import type { Comparison } from './comparison.js';
import { type ComparisonSection, comparisonWords } from './words.js';

const POLICY = `default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'`;
const CELL_LENGTH = 400;

export function comparisonHtml(comparison: Comparison): string {
  const { sign, title, sides, sections } = comparisonWords(comparison);
  const { tone } = sign === 'worse' ? WORSE_WORDS : OVERALL_WORDS[sign];
  const told = sides.map(([label, text]) => `<p><b>${label}:</b> <bdi>${xmlText(text, 500)}</bdi></p>`);
  const { body, style } = withLabels(withRoles(sections.map(sectionHtml).join('\n')));
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="referrer" content="no-referrer">
<title>quantgate, compared: ${xmlText(title, 300)}</title>
<style>${STYLE}
${style}</style>
</head>
<body>
<main>
<header class="banner tone-${tone}">${icon(sign)}<h1>${xmlText(capital(title), 300)}</h1><div class="sentences">${told.join('')}</div></header>
${body}
<footer>Written by quantgate. The comparison as JSON is embedded in this file.</footer>
</main>
<script type="application/json" id="quantgate-comparison">${embeddedJson(comparison)}</script>
</body>
</html>
`;
}

function sectionHtml({ title, lines, table }: ComparisonSection): string {
  const rows = table?.rows.map((cells) => ({ cells: cells.map((cell) => xmlText(cell, CELL_LENGTH)) }));
  const body = [
    ...(table === null ? [] : [stackedTable('facts', table.headings, rows!)]),
    ...(lines.length === 0
      ? []
      : [`<ul class="list">${lines.map((line) => `<li>${xmlText(line, 600)}</li>`).join('')}</ul>`]),
  ];
  return `<h2>${title}</h2><div class="card">${body.join('')}</div>`;
}
