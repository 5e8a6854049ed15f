/** The report as one HTML file that needs nothing else: styles and charts inside, no scripts, the report's JSON embedded. */

import type { ModelReport, Report } from '../../terms/report.js';
import { checkWords } from '../check-words.js';
import {
  checkFacts,
  type Facts,
  flipFacts,
  METHOD,
  machineFacts,
  measurementFacts,
  modelFacts,
  orderedNotes,
  placementFacts,
  variantFacts,
} from '../detail-facts.js';
import { embeddedJson, httpUrl, xmlText } from '../escape.js';
import { establishedLines, moreLine, variantChecks } from '../established.js';
import { evidenceOf } from '../evidence.js';
import { countOf, formatTime, formatValue } from '../format.js';
import { headline } from '../headline.js';
import { earlierOf, type HistoryEntry } from '../history.js';
import { machineNamer } from '../machine-name.js';
import { revisionsOf, revisionText, shortId } from '../revisions.js';
import { placeNamer, type Row, reportRows } from '../rows.js';
import { OVERALL_WORDS, WORST_FIRST } from '../verdict-words.js';
import { charts, trends } from './chart-sections.js';
import { icon, pill } from './icons.js';
import { STYLE } from './style.js';
import { MANY_ROWS, mainTable } from './table.js';

export interface HtmlOptions {
  /** Earlier runs, oldest first: those of the same machine are shown as trends. */
  history?: readonly HistoryEntry[];
}

/** Scripts can't run, and nothing is loaded: the page is safe to open wherever the report came from. */
const POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'";

export function renderHtml(report: Report, options: HtmlOptions = {}): string {
  const rows = reportRows(report);
  const places = placeNamer(
    rows.map((row) => row.place),
    report,
  );
  const manyModels = report.models.length > 1;
  const nameOf = (row: Row) =>
    [...(manyModels ? [row.model] : []), row.variant.name, ...places(row.place)].join(' ');
  const table = rows.length > 0 ? `<h2>Original → quantized</h2>${mainTable(report, rows, places)}` : '';
  const sections = [
    banner(report, rows),
    established(report),
    meta(report),
    // A long table would hide what failed in it.
    ...(rows.length >= MANY_ROWS ? [attention(report, places), table] : [table, attention(report, places)]),
    notes(report),
    charts(report, rows, nameOf),
    trends(rows, nameOf, (row) => earlierOf(options.history ?? [], row, report)),
    '<h2>Details</h2>',
    ...(report.checks.length > 0
      ? [
          fold(
            report.checks.length === 1 ? 'The check' : `All ${report.checks.length} checks`,
            facts(checkFacts(report)),
          ),
        ]
      : []),
    ...report.models.map((model) => modelDetails(report, model)),
    machines(report),
    `<footer>Written by quantgate ${xmlText(report.tool.version, 40)}. The whole report as JSON is embedded in this file.</footer>`,
  ];
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="referrer" content="no-referrer">
<title>${capital(OVERALL_WORDS[report.verdict].word)}: quantgate: ${xmlText(headline(report, rows).title, TITLE_LENGTH)}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
${sections.filter((section) => section !== '').join('\n')}
</main>
<script type="application/json" id="quantgate-report">${embeddedJson(report)}</script>
</body>
</html>
`;
}

/** Characters of the headline: names come from outside. */
const TITLE_LENGTH = 300;

function banner(report: Report, rows: readonly Row[]): string {
  const { title, named, tally, sentences } = headline(report, rows);
  const { tone } = OVERALL_WORDS[report.verdict];
  const lines = sentences.map(
    ({ subject, text }) =>
      `<b>${xmlText(subject, 120)}</b> ${xmlText(text).replace(/\*\*([^*]+)\*\*/g, '<b>$1</b>')}.`,
  );
  const told =
    lines.length > 0
      ? lines.join('<br>')
      : `${countOf(rows.length, 'row')}${tally === '' ? '' : `: ${tally}`}.`;
  return `<header class="banner tone-${tone}">${icon(report.verdict)}<h1>${named ? xmlText(title, TITLE_LENGTH) : capital(xmlText(title))}</h1><div class="sentences">${told}</div></header>`;
}

/** What the verdict rests on and doesn't have, above every figure. */
function established(report: Report): string {
  const { lines, more } = establishedLines(report);
  const items = lines.map(({ verdict, check, title, subject, reason, level }) => {
    const about = subject === '' ? '' : ` <b><bdi>${xmlText(subject, 160)}</bdi></b>`;
    const name = [check, level].filter((part) => part !== '').join(', ');
    return `<li>${pill(verdict)} <b>${xmlText(title)}</b>${about} <code>${xmlText(name, 100)}</code><small>${xmlText(reason, 1000)}</small></li>`;
  });
  if (more > 0) items.push(`<li>${moreLine(more)}</li>`);
  return items.length === 0 ? '' : `<div class="card"><ul class="list">${items.join('\n')}</ul></div>`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function meta(report: Report): string {
  const { source, environment, environments, thresholds } = report;
  const run = httpUrl(source?.runUrl);
  const revisions = revisionsOf(report);
  const items = [
    source?.repository ? xmlText(source.repository) : null,
    source?.pullRequest ? `pull request ${source.pullRequest}` : null,
    revisions &&
      revisionText(revisions, {
        show: (sha) => `<code title="${xmlText(sha)}">${xmlText(shortId(sha))}</code>`,
        name: (text) => xmlText(text, 100),
      }),
    formatTime(report.startedAt),
    `took ${formatValue(report.durationMs, 'ms')}`,
    environments && environments.length > 1
      ? countOf(environments.length, 'machine')
      : `${xmlText(environment.cpu, 80)}, ${countOf(environment.cores, 'core')}`,
    thresholds.file === null
      ? null
      : `thresholds from ${thresholds.from === 'base' ? 'the base branch’s ' : ''}${xmlText(thresholds.file, 120)}`,
    run === null ? null : `<a href="${run.replaceAll('&', '&amp;')}" rel="noreferrer">workflow run</a>`,
  ];
  return `<div class="meta">${items
    .filter((item) => item !== null)
    .map((item) => `<span>${item}</span>`)
    .join('')}</div>`;
}

function attention(report: Report, places: (place: Row['place']) => string[]): string {
  const items = variantChecks(report.checks)
    .filter((check) => check.verdict !== 'pass')
    .sort((a, b) => WORST_FIRST.indexOf(a.verdict) - WORST_FIRST.indexOf(b.verdict))
    .map((check) => {
      const words = checkWords(check);
      const seen = words.observed === null ? '' : `${words.observed}, `;
      const interval = words.interval === null ? '' : ` (${words.interval})`;
      const where = [check.model, check.variant, ...places(check)].join(' ');
      const reason = check.reason === null ? '' : `<small>${xmlText(check.reason, 500)}</small>`;
      return `<li>${pill(check.verdict)} <code>${xmlText(check.metric, 80)}</code> of <b><bdi>${xmlText(where, 160)}</bdi></b>: ${xmlText(`${seen}allowed ${words.bound}${interval}`)}${reason}</li>`;
    });
  return items.length === 0
    ? ''
    : `<h2>Needs attention</h2><div class="card"><ul class="list">${items.join('\n')}</ul></div>`;
}

function notes(report: Report): string {
  const items = orderedNotes(report).map((note) => {
    const subject = [note.model, note.variant].filter((name) => name !== null).join(' ');
    const about = subject === '' ? '' : `<b><bdi>${xmlText(subject, 160)}</bdi></b>: `;
    return `<li>${note.level === 'warn' ? pill('warn') : pill('skipped', 'note')} ${about}${xmlText(note.message, 800)}</li>`;
  });
  if (report.thresholds.changed && !report.notes.some((note) => note.code === 'thresholds.changed')) {
    const used =
      report.thresholds.from === 'base' ? 'the base branch’s were used' : 'the changed ones were used';
    items.unshift(`<li>${pill('warn')} This change edits the thresholds; ${used}.</li>`);
  }
  return items.length === 0
    ? ''
    : `<h2>Notes</h2><div class="card"><ul class="list">${items.join('\n')}</ul></div>`;
}

function fold(summary: string, body: string): string {
  return `<details><summary>${summary}</summary>${body}</details>`;
}

function facts({ headings, rows }: Facts): string {
  const body = rows.map(
    (cells) => `<tr>${cells.map((cell) => `<td>${xmlText(cell, 400)}</td>`).join('')}</tr>`,
  );
  return `<div class="scroll"><table class="facts"><thead><tr>${headings.map((text) => `<th>${text}</th>`).join('')}</tr></thead><tbody>${body.join('\n')}</tbody></table></div>`;
}

function modelDetails(report: Report, model: ModelReport): string {
  const measurements = report.measurements.filter((item) => item.model === model.name);
  const placement = placementFacts(measurements, report);
  const flips = flipFacts(measurements).map(
    ({ subject, facts: text }) => `<p><b><bdi>${xmlText(subject, 160)}</bdi></b>: ${xmlText(text, 400)}</p>`,
  );
  const evidence = evidenceOf(model, measurements).map(
    ({ subject, text, object }) =>
      `<h3><bdi>${xmlText(subject, 160)}</bdi></h3>` +
      (text === null ? '' : `<p>${xmlText(text, 2_000)}</p>`) +
      (object === null ? '' : `<pre>${xmlText(JSON.stringify(object), 20_000)}</pre>`),
  );
  return fold(
    `<bdi>${xmlText(model.name, 120)}</bdi>: all measurements, and how the files were made`,
    [
      `<p class="small">${modelFacts(model)
        .map((fact) => xmlText(fact, 300))
        .join(' · ')}</p>`,
      measurements.length > 0 ? facts(measurementFacts(measurements, report)) : '',
      ...flips,
      placement === null ? '' : `<h3>Placement</h3>${facts(placement)}`,
      `<h3>Files</h3>${facts(variantFacts(model))}`,
      ...evidence,
    ].join('\n'),
  );
}

function machines(report: Report): string {
  const all = report.environments ?? [report.environment];
  const nameOf = machineNamer(report);
  const lists = all.map((machine) => {
    const title = all.length > 1 ? `<h3>Machine ${xmlText(nameOf(machine.fingerprint), 160)}</h3>` : '';
    return `${title}<dl>${machineFacts(machine)
      .map(([name, value]) => `<dt>${name}</dt><dd>${xmlText(value, 500)}</dd>`)
      .join('')}</dl>`;
  });
  return fold(
    all.length > 1 ? 'Machines and method' : 'Machine and method',
    `${lists.join('')}<p>${METHOD}</p>`,
  );
}
