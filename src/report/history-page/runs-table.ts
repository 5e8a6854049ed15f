/** The runs of a model as a table, newest first: what the lines show, in figures, with their commits. */

import { metricDefinition } from '../../terms/metrics.js';
import type { HistoryEntry, HistoryRow } from '../history.js';
import { icon } from '../html/elements/icons.js';
import { stackedTable } from '../html/elements/stacked-table.js';
import { shortId } from '../revisions.js';
import { httpUrl, xmlText } from '../words/escape.js';
import { formatChange, formatRatio, formatTime, formatValue } from '../words/format.js';
import { machineNamer } from '../words/machine-name.js';
import { OVERALL_WORDS, VERDICT_WORDS } from '../words/verdict-words.js';

/** Names of a table's columns; more don't fit side by side. */
const MOST_VARIANTS = 6;

/** Rows: what is older is in the lines, and in history.jsonl. */
const MOST_RUNS = 30;

export interface RunsTable {
  model: string;
  /** Oldest first. */
  entries: readonly HistoryEntry[];
  /** What a commit's id is appended to; null: ids are not linked. */
  commits: string | null;
}

export function runsTable({ model, entries, commits }: RunsTable): string {
  const own = [...entries]
    .reverse()
    .filter(({ rows }) => rows.some((row) => row.model === model))
    .slice(0, MOST_RUNS);
  const rowsOf = (entry: HistoryEntry) => entry.rows.filter((row) => row.model === model);
  const all = [...new Set(own.flatMap((entry) => rowsOf(entry).map(({ variant }) => variant)))];
  const variants = all.slice(0, MOST_VARIANTS);
  const nameOf = machineNamer({ environment: own[0]!, environments: own });
  const rows = own.map((entry) => ({
    cells: [
      commitCell(entry, commits),
      xmlText(formatTime(entry.at)),
      `<bdi>${xmlText(nameOf(entry.fingerprint), 60)}</bdi>`,
      `${icon(entry.verdict)} ${OVERALL_WORDS[entry.verdict].word}`,
      ...variants.map((name) => variantCell(rowsOf(entry).filter(({ variant }) => variant === name))),
    ],
  }));
  const headings = ['Commit', 'Run', 'Machine', 'Verdict', ...variants];
  const more = all.length - variants.length;
  const note = more > 0 ? `<p class="small">${more} more variants are in the lines above.</p>` : '';
  return stackedTable('facts', headings, rows) + note;
}

function commitCell({ sha }: HistoryEntry, commits: string | null): string {
  if (sha === null) return 'unknown';
  const text = `<code>${xmlText(shortId(sha), 12)}</code>`;
  const address = /^[0-9a-f]{7,64}$/.test(sha) && commits ? httpUrl(`${commits}${sha}`) : null;
  return address === null ? text : `<a href="${xmlText(address, 2048)}" rel="noreferrer">${text}</a>`;
}

/** `5.10 MB (0.27×), 87.5% (+0.25 pp lost)`, then a line per place that was timed. */
function variantCell(rows: readonly HistoryRow[]): string {
  const [first] = rows;
  if (!first) return '–';
  const { sizeBytes, sizeRatio, accuracy } = first;
  const figures = [
    isNumber(sizeBytes) ? formatValue(sizeBytes, 'bytes') + ratioText(sizeRatio) : null,
    isNumber(accuracy?.value) ? accuracyText(accuracy!) : null,
  ].filter((text) => text !== null);
  const timed = rows.flatMap(({ provider, batch, latencyMs, latencyRatio }) => {
    if (!isNumber(latencyMs)) return [];
    const place = [provider, isNumber(batch) && batch !== 1 ? `batch ${batch}` : null]
      .filter(Boolean)
      .join(' ');
    return `${place} ${formatValue(latencyMs, 'ms')}${ratioText(latencyRatio)}`.trim();
  });
  const bad = rows.find(({ verdict }) => verdict === 'fail' || verdict === 'invalid')?.verdict;
  const state = bad ? `${icon(bad)} ${VERDICT_WORDS[bad].word}` : null;
  return [
    state,
    ...[figures.join(', '), ...timed].filter((text) => text !== '').map((text) => xmlText(text, 120)),
  ]
    .filter((line) => line !== null)
    .join('<br>');
}

function ratioText(ratio: unknown): string {
  return isNumber(ratio) ? ` (${formatRatio(ratio)})` : '';
}

function accuracyText({ metric, value, drop }: NonNullable<HistoryRow['accuracy']>): string {
  const { title, unit } = metricDefinition(metric) ?? { title: metric, unit: 'value' as const };
  const change = isNumber(drop) && drop !== 0 ? `, ${formatChange(drop, unit)} lost` : '';
  return `${title} ${formatValue(value, unit)}${change}`;
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}
