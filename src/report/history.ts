/** The history of a repository's runs, on the branch of the badges: a JSON line per commit, machine and workflow run. */

import type { Report } from '../terms/report.js';
import { cellRatio, type Row, reportRows } from './rows/rows.js';
import { formatRatio } from './words/format.js';

/** What one run measured on one machine, as small as a trend needs it. */
export interface HistoryEntry {
  v: 1;
  /** ISO 8601, UTC. */
  at: string;
  sha: string | null;
  /** Id of the workflow run; absent outside of Actions. */
  run?: number;
  /** 2 and more when somebody ran it again. */
  attempt?: number;
  /** Name of the machine's runner, where it has one. */
  runner?: string;
  /** Of the whole report: the other machines of the run, too. */
  verdict: Report['verdict'];
  /** Latencies are comparable only between equal fingerprints. */
  fingerprint: string;
  rows: HistoryRow[];
}

interface RowPlace {
  model: string;
  variant: string;
  provider: string | null;
  batch: number | null;
  threads: number | null;
  concurrency: number | null;
}

export interface HistoryRow extends RowPlace {
  verdict: Row['verdict'];
  sizeBytes: number | null;
  sizeRatio: number | null;
  latencyMs: number | null;
  latencyRatio: number | null;
  /** Metric name, value and drop (positive is worse). */
  accuracy: { metric: string; value: number; drop: number | null } | null;
}

/** Lines kept when nothing else is said, and the bytes that they may have: every report reads the file, every run writes it anew. */
export const HISTORY_LINES = 2000;
export const HISTORY_BYTES = 8 * 2 ** 20;
/** Points of a trend line. */
const TREND_POINTS = 20;
const BARS = '▁▂▃▄▅▆▇█';

/** One entry per machine that measured. What doesn't depend on the machine is in each. */
export function historyEntries(report: Report): HistoryEntry[] {
  const rows = reportRows(report);
  const { source, verdict } = report;
  return (report.environments ?? [report.environment]).map(({ fingerprint, runner }) => ({
    v: 1,
    at: report.startedAt,
    sha: source?.sha ?? null,
    ...(source?.runId && { run: source.runId }),
    ...(source?.runId && (source.runAttempt ?? 1) > 1 && { attempt: source.runAttempt }),
    ...(runner && { runner }),
    verdict,
    fingerprint,
    rows: rows.filter(({ place }) => (place.environment ?? fingerprint) === fingerprint).map(historyRow),
  }));
}

function rowPlace({ model, variant, place }: Row): RowPlace {
  const { provider, batch, threads, concurrency } = place;
  return { model, variant: variant.name, provider, batch, threads, concurrency };
}

function historyRow(row: Row): HistoryRow {
  const accuracy = row.accuracy?.measurement;
  return {
    ...rowPlace(row),
    verdict: row.verdict,
    sizeBytes: row.size?.measurement.value ?? null,
    sizeRatio: row.size && cellRatio(row.size),
    latencyMs: row.latency?.measurement.unit === 'ms' ? row.latency.measurement.value : null,
    latencyRatio: row.latency && cellRatio(row.latency),
    accuracy:
      accuracy && accuracy.value !== null
        ? { metric: accuracy.metric, value: accuracy.value, drop: accuracy.drop?.value ?? null }
        : null,
  };
}

/**
 * The file with `entries` added, cut to the newest lines. Of a commit, machine and workflow run there is one line for each thing that was
 * measured: a job that is run again replaces what it had written, another job of the run doesn't. Lines that can't be read are dropped,
 * so that one damaged write doesn't end the history.
 */
export function appendHistory(
  jsonl: string,
  entries: readonly HistoryEntry[],
  { lines = HISTORY_LINES, bytes = HISTORY_BYTES }: { lines?: number; bytes?: number } = {},
): string {
  const kept = parseHistory(jsonl).filter((known) => !entries.some((entry) => measuredAgain(known, entry)));
  const texts = [...kept, ...entries].slice(-lines).map((line) => `${JSON.stringify(line)}\n`);
  let size = texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
  while (size > bytes && texts.length > entries.length) size -= Buffer.byteLength(texts.shift()!);
  return texts.join('');
}

function measuredAgain(known: HistoryEntry, entry: HistoryEntry): boolean {
  const sameRun = entry.run === undefined ? known.at === entry.at : known.run === entry.run;
  if (!sameRun || known.sha !== entry.sha || known.fingerprint !== entry.fingerprint) return false;
  return known.rows.length === 0 || known.rows.some((row) => entry.rows.some((other) => sameRow(row, other)));
}

/** Of the history, the entries that measured something that `entries` measured too; all, where these measured nothing. */
export function ofTheSame(
  history: readonly HistoryEntry[],
  entries: readonly HistoryEntry[],
): HistoryEntry[] {
  const rows = entries.flatMap((entry) => entry.rows);
  if (rows.length === 0) return [...history];
  return history.filter((known) => known.rows.some((row) => rows.some((other) => sameRow(row, other))));
}

function sameRow(one: RowPlace, other: RowPlace): boolean {
  return (
    one.model === other.model &&
    one.variant === other.variant &&
    one.provider === other.provider &&
    one.batch === other.batch &&
    one.threads === other.threads &&
    one.concurrency === other.concurrency
  );
}

/** The readable entries, oldest run first: a run that took longer than those after it stands before them, whenever it was written. */
export function parseHistory(jsonl: string): HistoryEntry[] {
  const entries = jsonl.split('\n').flatMap((line) => {
    try {
      const entry: unknown = JSON.parse(line);
      return isEntry(entry) ? entry : [];
    } catch {
      return [];
    }
  });
  return entries.sort((a, b) => (a.run ?? 0) - (b.run ?? 0) || a.at.localeCompare(b.at));
}

function isEntry(value: unknown): value is HistoryEntry {
  const entry = value as Partial<HistoryEntry> | null;
  return (
    typeof entry === 'object' &&
    entry !== null &&
    entry.v === 1 &&
    typeof entry.at === 'string' &&
    (entry.verdict === 'pass' || entry.verdict === 'warn' || entry.verdict === 'fail') &&
    typeof entry.fingerprint === 'string' &&
    (entry.sha === null || typeof entry.sha === 'string') &&
    (entry.run === undefined || typeof entry.run === 'number') &&
    (entry.attempt === undefined || typeof entry.attempt === 'number') &&
    (entry.runner === undefined || typeof entry.runner === 'string') &&
    Array.isArray(entry.rows) &&
    entry.rows.every(
      (row) =>
        typeof row === 'object' &&
        row !== null &&
        typeof row.model === 'string' &&
        typeof row.variant === 'string',
    )
  );
}

/** `row` in earlier runs on the machine that measured it now, so that latencies may be compared. Oldest first. */
export function earlierOf(history: readonly HistoryEntry[], row: Row, report: Report): HistoryRow[] {
  const machine = row.place.environment ?? report.environment.fingerprint;
  const place = rowPlace(row);
  return history
    .filter(({ fingerprint }) => fingerprint === machine)
    .flatMap(({ rows }) => rows.find((past) => sameRow(past, place)) ?? []);
}

/** Values over the runs; null where a run has none. */
function trendOf(
  past: readonly HistoryRow[],
  value: (row: HistoryRow) => number | null | undefined,
): (number | null)[] {
  return past.map((row) => {
    const found = value(row);
    return typeof found === 'number' && Number.isFinite(found) ? found : null;
  });
}

/** `▃▃▄▂`: eight levels between the smallest and the largest value; a gap where there is none. Flat when all are equal. */
export function sparkline(values: readonly (number | null)[]): string {
  const known = values.filter((value) => value !== null);
  const lo = Math.min(...known);
  const hi = Math.max(...known);
  return values
    .map((value) => {
      if (value === null) return '\u00B7';
      const level = hi > lo ? (value - lo) / (hi - lo) : 0.5;
      return BARS[Math.min(BARS.length - 1, Math.floor(level * BARS.length))];
    })
    .join('');
}

/** Latency ratio over the last runs and now: `latency ▃▃▄▂ 0.43× → 0.41× over 12 runs`. null: fewer than two points. */
export function trendLine(past: readonly HistoryRow[], row: Row): string | null {
  const parts = (
    [
      ['size', (one: HistoryRow) => one.sizeRatio, row.size && cellRatio(row.size)],
      ['latency', (one: HistoryRow) => one.latencyRatio, row.latency && cellRatio(row.latency)],
    ] as const
  ).flatMap(([name, value, now]) => {
    const values = [...trendOf(past, value), now].slice(-TREND_POINTS);
    const known = values.filter((point) => point !== null);
    if (known.length < 2) return [];
    return `${name} ${sparkline(values)} ${formatRatio(known[0]!)} → ${formatRatio(known.at(-1)!)}`;
  });
  return parts.length === 0 ? null : `${parts.join(', ')} (ratios, oldest run first)`;
}
