/**
 * The history as one HTML page on the data branch: by model, metric, machine and commit, absolute and against the original. Everything
 * is in the file: nothing is fetched, no script runs.
 */
import { historyFigure, LINES_STYLE, scaleSwitch } from '../charts/history-figure.js';
import { chartsOf, modelNames } from '../charts/series.js';
import type { HistoryEntry } from '../history.js';
import { modelAnchor } from '../html/elements/anchors.js';
import { icon } from '../html/elements/icons.js';
import { withLabels, withRoles } from '../html/elements/stacked-table.js';
import { STYLE } from '../html/elements/style.js';
import { shortId } from '../revisions.js';
import { httpUrl, xmlText } from '../words/escape.js';
import { countOf, formatTime } from '../words/format.js';
import { OVERALL_WORDS } from '../words/verdict-words.js';
import { runsTable } from './runs-table.js';
import { HISTORY_STYLE } from './style.js';

export interface HistoryPageOptions {
  /** `octo-org/vision`; null: unknown. */
  repository?: string | null;
  /** What a commit's id is appended to; null: ids are not linked. */
  commits?: string | null;
}

/** Of the page: every run writes it anew, and git keeps each. */
export const HISTORY_PAGE_BYTES = 2 ** 20;
/** How many of the newest entries, tried one after the other until the page fits; the last ones with fewer models too. */
const SHOWN = [
  { runs: 100, models: 40 },
  { runs: 40, models: 40 },
  { runs: 20, models: 40 },
  { runs: 12, models: 20 },
  { runs: 6, models: 10 },
  { runs: 3, models: 3 },
] as const;

const POLICY = `default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'`;

/** `entries` oldest first. As many of the newest as HISTORY_PAGE_BYTES hold; the same history gives the same bytes. */
export function renderHistoryPage(
  entries: readonly HistoryEntry[],
  options: HistoryPageOptions = {},
): string {
  for (const shown of SHOWN) {
    const page = render(entries, { ...options, shown });
    if (Buffer.byteLength(page) <= HISTORY_PAGE_BYTES) return page;
  }
  return render(entries, { ...options, shown: { runs: 0, models: 0 } });
}

interface Shown {
  /** Per model and machine. */
  runs: number;
  models: number;
}

function render(
  entries: readonly HistoryEntry[],
  { repository = null, commits = null, shown }: HistoryPageOptions & { shown: Shown },
): string {
  const title = `quantgate: history${repository === null ? '' : ` of ${xmlText(repository, 120)}`}`;
  const names = modelNames(entries);
  const models = names.slice(0, shown.models);
  const sections = models.map((model) => modelSection(model, newestOf(entries, { model, shown }), commits));
  const { body, style } = withLabels(withRoles(sections.join('\n')));
  const left = names.length - models.length;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="referrer" content="no-referrer">
<title>${title}</title>
<style>${STYLE}
${LINES_STYLE}
${HISTORY_STYLE}
${style}</style>
</head>
<body>
<main>
${banner(entries, title)}
${models.length === 0 ? '' : scaleSwitch()}
${models.length < 2 ? '' : contents(models)}
${body}
<footer>Written by quantgate. Shown are at most the newest ${shown.runs} runs of a model and machine${left > 0 ? `, and ${models.length} of ${names.length} models` : ''}; <a href="history.jsonl">history.jsonl</a> holds all.</footer>
</main>
</body>
</html>
`;
}

/** The newest entries of each machine that measured the model, oldest first. */
function newestOf(
  entries: readonly HistoryEntry[],
  { model, shown }: { model: string; shown: Shown },
): HistoryEntry[] {
  const counts = new Map<string, number>();
  const kept = [...entries].reverse().filter((entry) => {
    if (!entry.rows.some((row) => row.model === model)) return false;
    const count = (counts.get(entry.fingerprint) ?? 0) + 1;
    counts.set(entry.fingerprint, count);
    return count <= shown.runs;
  });
  return kept.slice(0, shown.runs * 4).reverse();
}

function banner(entries: readonly HistoryEntry[], title: string): string {
  const newest = entries.at(-1);
  if (!newest) return `<header class="banner tone-quiet">${icon('skipped')}<h1>${title}</h1></header>`;
  const { tone, word } = OVERALL_WORDS[newest.verdict];
  const commits = new Set(entries.map(({ sha }) => sha)).size;
  const machines = new Set(entries.map(({ fingerprint }) => fingerprint)).size;
  const commit = newest.sha === null ? '' : `, commit <code>${xmlText(shortId(newest.sha), 12)}</code>`;
  const counts = `${countOf(entries.length, 'entry', 'entries')} of ${countOf(commits, 'commit')} on ${countOf(machines, 'machine')}, since ${formatTime(entries[0]!.at)}`;
  return `<header class="banner tone-${tone}">${icon(newest.verdict)}<h1>${title}</h1><div class="sentences"><p>Newest run: <b>${word}</b>${commit}, ${formatTime(newest.at)}.</p><p>${counts}.</p></div></header>`;
}

function contents(models: readonly string[]): string {
  const items = models.map(
    (name) => `<li><a href="#${modelAnchor(name)}"><bdi>${xmlText(name, 120)}</bdi></a></li>`,
  );
  return `<nav aria-label="Models"><ul>${items.join('')}</ul></nav>`;
}

function modelSection(model: string, entries: readonly HistoryEntry[], commits: string | null): string {
  if (entries.length === 0) return '';
  const charts = chartsOf(model, entries).map(historyFigure);
  const table = `<details><summary>The newest runs of <bdi>${xmlText(model, 120)}</bdi> in figures</summary>${runsTable({ model, entries, commits: commits === null ? null : httpUrl(commits) })}</details>`;
  return `<section id="${modelAnchor(model)}"><h2><bdi>${xmlText(model, 120)}</bdi></h2><div class="card">${charts.join('\n')}</div>${table}</section>`;
}
