/** The report as one HTML file that needs nothing else: styles and charts inside, no scripts, the report's JSON embedded. */
import { checkWords } from './check-words.js';
import {
  checkFacts,
  type Facts,
  flipFacts,
  METHOD,
  machineFacts,
  measurementFacts,
  modelFacts,
  provenanceFacts,
  variantFacts,
} from './detail-facts.js';
import { embeddedJson, httpUrl, xmlText } from './escape.js';
import { type Figure, figureOf } from './figures.js';
import { countOf, formatRatio, formatTime, formatValue } from './format.js';
import { headline } from './headline.js';
import { type HistoryEntry, trendOf } from './history.js';
import { type Bar, barOf, type RowName, ratioBars, tradeOffChart, trendChart } from './html-charts.js';
import { STYLE } from './html-style.js';
import type { ModelReport, Report } from './report.js';
import { type Cell, cellRatio, metricCell, placeNamer, type Row, reportRows } from './rows.js';
import { OVERALL_WORDS, VERDICT_WORDS, WORST_FIRST } from './verdict-words.js';

export interface HtmlOptions {
  /** Earlier runs, oldest first. */
  history?: readonly HistoryEntry[];
}

/** Scripts can't run, and nothing is loaded: the page is safe to open wherever the report came from. */
const POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'";
/** Metrics that get bars, where they were measured as a ratio. */
const BAR_METRICS = [
  'latency.p50',
  'latency.p90',
  'throughput',
  'size.file',
  'memory.peak',
  'memory.model',
  'memory.gpu',
  'latency.load',
  'latency.first',
];

export function renderHtml(report: Report, options: HtmlOptions = {}): string {
  const rows = reportRows(report);
  const places = placeNamer(rows.map((row) => row.place));
  const manyModels = report.models.length > 1;
  const nameOf: RowName = (row) =>
    [...(manyModels ? [row.model] : []), row.variant.name, ...places(row.place)].join(' ');
  const sections = [
    banner(report, rows),
    meta(report),
    ...(rows.length > 0 ? [`<h2>Original → quantized</h2>${mainTable(report, rows, places)}`] : []),
    attention(report, places),
    notes(report),
    charts(report, rows, nameOf),
    trends(rows, nameOf, options.history ?? []),
    '<h2>Details</h2>',
    ...(report.checks.length > 0
      ? [fold(`All ${countOf(report.checks.length, 'check')}`, facts(checkFacts(report)))]
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
<title>${OVERALL_WORDS[report.verdict].symbol} quantgate: ${xmlText(headline(report, rows).title)}</title>
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

function banner(report: Report, rows: readonly Row[]): string {
  const { symbol, title, tally, sentences } = headline(report, rows);
  const { tone } = OVERALL_WORDS[report.verdict];
  const lines = sentences.map(
    ({ subject, text }) =>
      `<b>${xmlText(subject, 120)}</b> ${xmlText(text).replace(/\*\*([^*]+)\*\*/g, '<b>$1</b>')}.`,
  );
  const told =
    lines.length > 0
      ? lines.join('<br>')
      : `${countOf(rows.length, 'row')}${tally === '' ? '' : `: ${tally}`}.`;
  return `<header class="banner tone-${tone}"><span class="symbol" aria-hidden="true">${symbol}</span><h1>${capital(xmlText(title))}</h1><div class="sentences">${told}</div></header>`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function meta(report: Report): string {
  const { source, environment, environments, thresholds } = report;
  const run = httpUrl(source?.runUrl);
  const items = [
    source?.repository ? xmlText(source.repository) : null,
    source?.pullRequest ? `pull request ${source.pullRequest}` : null,
    source?.sha ? `commit <code>${xmlText(source.sha.slice(0, 10))}</code>` : null,
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

function mainTable(report: Report, rows: readonly Row[], places: (place: Row['place']) => string[]): string {
  const manyModels = report.models.length > 1;
  const heading = (cellOf: (row: Row) => Cell | null, general: string) => {
    const titles = new Set(rows.flatMap((row) => cellOf(row)?.metric.title ?? []));
    return { title: titles.size === 1 ? xmlText([...titles][0]!, 40) : general, mixed: titles.size > 1 };
  };
  const latency = heading((row) => row.latency, 'Latency');
  const accuracy = heading((row) => row.accuracy, 'Accuracy');
  const headings = ['Variant', 'Size', latency.title, accuracy.title, 'Verdict'];
  const body = rows.map((row) => {
    const cells = [
      nameCell(row, places(row.place), manyModels),
      figureCell(row.size, { full: row.first, named: false }),
      figureCell(row.latency, { full: true, named: latency.mixed }),
      figureCell(row.accuracy, { full: row.first, named: accuracy.mixed }),
      verdictCell(row),
    ];
    return `<tr>${cells.map((cell, index) => `<td data-label="${headings[index]}"><div>${cell}</div></td>`).join('')}</tr>`;
  });
  return `<div class="card"><table class="main"><thead><tr>${headings.map((text) => `<th>${text}</th>`).join('')}</tr></thead><tbody>${body.join('\n')}</tbody></table></div>`;
}

function nameCell(row: Row, place: string[], manyModels: boolean): string {
  const lines = [...(manyModels ? [row.model] : []), ...(place.length > 0 ? [place.join(', ')] : [])];
  return `<div class="name"><b><bdi>${xmlText(row.variant.name, 80)}</bdi></b>${lines.map((line) => `<span><bdi>${xmlText(line, 100)}</bdi></span>`).join('')}</div>`;
}

function figureCell(cell: Cell | null, show: { full: boolean; named: boolean }): string {
  if (cell === null) return '<small>not measured</small>';
  const figure = figureOf(cell);
  const title = show.named ? `<small>${xmlText(figure.title, 40)}</small>` : '';
  if (figure.problem !== null) {
    const { symbol, word } = VERDICT_WORDS[cell.measurement.status === 'invalid' ? 'invalid' : 'skipped'];
    return `${title}${symbol} ${word}<small>${xmlText(figure.problem, 200)}</small>`;
  }
  const change = figure.change ?? figure.value ?? '';
  if (!show.full) return `${title}<span class="change">${xmlText(change)}</span>`;
  return title + fullFigure(figure, change);
}

function fullFigure(figure: Figure, change: string): string {
  const values =
    figure.change === null || figure.original === null
      ? ''
      : `<span class="values">${xmlText(figure.original)} → ${xmlText(figure.value ?? '')}</span>`;
  const bounds = figure.bounds.map(({ text, verdict }) => {
    const { symbol, word } = VERDICT_WORDS[verdict];
    return `<span class="bound" title="${word}">${symbol} ${xmlText(text)}</span>`;
  });
  const small = [figure.interval, figure.base].flatMap((text) =>
    text === null ? [] : `<small>${xmlText(text)}</small>`,
  );
  return `<span class="change">${xmlText(change)}</span>${values}${bounds.join('')}${small.join('')}`;
}

function verdictCell(row: Row): string {
  if (row.variant.status === 'failed') {
    return `<span class="pill tone-bad">${VERDICT_WORDS.invalid.symbol} not made</span><small>${xmlText(row.variant.reason ?? 'no reason given', 300)}</small>`;
  }
  if (row.verdict === null) return '<span class="pill tone-quiet">not checked</span>';
  const { symbol, word, tone } = VERDICT_WORDS[row.verdict];
  return `<span class="pill tone-${tone}">${symbol} ${word}</span><small>${countOf(row.checks.length, 'check')}</small>`;
}

function attention(report: Report, places: (place: Row['place']) => string[]): string {
  const items = report.checks
    .filter((check) => check.verdict !== 'pass')
    .sort((a, b) => WORST_FIRST.indexOf(a.verdict) - WORST_FIRST.indexOf(b.verdict))
    .map((check) => {
      const { symbol, word, tone } = VERDICT_WORDS[check.verdict];
      const words = checkWords(check);
      const seen = words.observed === null ? '' : `${words.observed}, `;
      const interval = words.interval === null ? '' : ` (${words.interval})`;
      const where = [check.model, check.variant, ...places(check)].join(' ');
      const reason = check.reason === null ? '' : `<small>${xmlText(check.reason, 500)}</small>`;
      return `<li><span class="pill tone-${tone}">${symbol} ${word}</span> <code>${xmlText(check.metric, 80)}</code> of <b><bdi>${xmlText(where, 160)}</bdi></b>: ${xmlText(`${seen}allowed ${words.bound}${interval}`)}${reason}</li>`;
    });
  return items.length === 0
    ? ''
    : `<h2>Needs attention</h2><div class="card"><ul class="list">${items.join('\n')}</ul></div>`;
}

function notes(report: Report): string {
  const items = report.notes.map((note) => {
    const subject = [note.model, note.variant].filter((name) => name !== null).join(' ');
    const about = subject === '' ? '' : `<b><bdi>${xmlText(subject, 160)}</bdi></b>: `;
    return `<li>${note.level === 'warn' ? '⚠️ <b>warning</b>' : 'ℹ️'} ${about}${xmlText(note.message, 800)}</li>`;
  });
  if (report.thresholds.changed) {
    const used =
      report.thresholds.from === 'base' ? 'the base branch’s were used' : 'the changed ones were used';
    items.unshift(`<li>⚠️ <b>warning</b> This change edits the thresholds; ${used}.</li>`);
  }
  return items.length === 0
    ? ''
    : `<h2>Notes</h2><div class="card"><ul class="list">${items.join('\n')}</ul></div>`;
}

function charts(report: Report, rows: readonly Row[], nameOf: RowName): string {
  const figures = [
    figure('Trade-off: area of a bubble is file size, whiskers are intervals', tradeOffChart(rows, nameOf)),
    ...BAR_METRICS.map((metric) => metricBars(report, metric, rows, nameOf)),
  ].filter((part) => part !== '');
  return figures.length === 0 ? '' : `<h2>Charts</h2><div class="card">${figures.join('\n')}</div>`;
}

function figure(caption: string, chart: string): string {
  return chart === '' ? '' : `<figure><figcaption>${xmlText(caption)}</figcaption>${chart}</figure>`;
}

/** Bars of one metric; a figure that doesn't depend on the place is shown once per variant. */
function metricBars(report: Report, metric: string, rows: readonly Row[], nameOf: RowName): string {
  const many = report.models.length > 1;
  const bars = rows.flatMap((row): Bar[] => {
    const cell = metricCell(row, metric);
    if (cell === null || (cell.measurement.provider === null && !row.first)) return [];
    const name =
      cell.measurement.provider === null
        ? [...(many ? [row.model] : []), row.variant.name].join(' ')
        : nameOf(row);
    const bar = barOf(cell, name);
    return bar === null ? [] : [bar];
  });
  if (bars.length === 0) return '';
  const title = metricCell(rows.find((row) => metricCell(row, metric) !== null)!, metric)!.metric.title;
  const bounded = bars.some((bar) => bar.bounds.length > 0) ? '; a thick mark is a bound' : '';
  return figure(`${title}, variant ÷ original${bounded}`, ratioBars(title, bars.slice(0, 60)));
}

function trends(rows: readonly Row[], nameOf: RowName, history: readonly HistoryEntry[]): string {
  const lines = rows.flatMap((row) => {
    const latency = [
      ...trendOf(history, row, (past) => past.latencyRatio),
      row.latency && cellRatio(row.latency),
    ];
    const size = [...trendOf(history, row, (past) => past.sizeRatio), row.size && cellRatio(row.size)];
    const cells = [latency, size].map((values, index) => {
      const chart = trendChart(
        values.slice(-40),
        `${index === 0 ? 'Latency' : 'Size'} ratio of ${nameOf(row)} over runs`,
      );
      const now = values.at(-1) ?? null;
      return chart === '' ? '<td></td>' : `<td>${chart} ${now === null ? '' : formatRatio(now)}</td>`;
    });
    return cells.every((cell) => cell === '<td></td>')
      ? []
      : `<tr><td><bdi>${xmlText(nameOf(row), 120)}</bdi></td>${cells.join('')}</tr>`;
  });
  return lines.length === 0
    ? ''
    : `<h2>Trend</h2><div class="card"><table><thead><tr><th>Variant</th><th>Latency ratio</th><th>Size ratio</th></tr></thead><tbody>${lines.join('')}</tbody></table></div>`;
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
  const flips = flipFacts(measurements).map(
    ({ subject, facts: text }) => `<p><b><bdi>${xmlText(subject, 160)}</bdi></b>: ${xmlText(text, 400)}</p>`,
  );
  const provenance = provenanceFacts(model, measurements).map(
    ({ subject, object }) =>
      `<h3><bdi>${xmlText(subject, 160)}</bdi></h3><pre>${xmlText(JSON.stringify(object), 20_000)}</pre>`,
  );
  return fold(
    `<bdi>${xmlText(model.name, 120)}</bdi>: all measurements, and how the files were made`,
    [
      `<p class="small">${modelFacts(model)
        .map((fact) => xmlText(fact, 300))
        .join(' · ')}</p>`,
      measurements.length > 0 ? facts(measurementFacts(measurements)) : '',
      ...flips,
      facts(variantFacts(model)),
      ...provenance,
    ].join('\n'),
  );
}

function machines(report: Report): string {
  const all = report.environments ?? [report.environment];
  const lists = all.map((machine) => {
    const title = all.length > 1 ? `<h3>Machine ${xmlText(machine.fingerprint, 60)}</h3>` : '';
    return `${title}<dl>${machineFacts(machine)
      .map(([name, value]) => `<dt>${name}</dt><dd>${xmlText(value, 500)}</dd>`)
      .join('')}</dl>`;
  });
  return fold(
    all.length > 1 ? 'Machines and method' : 'Machine and method',
    `${lists.join('')}<p>${METHOD}</p>`,
  );
}
