/** The history of a repository's runs: one JSON line each, for badges' neighbours: the trend lines in reports. */

import type { Report } from '../terms/report.js';
import { formatRatio } from './format.js';
import { cellRatio, type Row, reportRows } from './rows.js';

/** One run, as small as a trend needs it. */
export interface HistoryEntry {
  v: 1;
  /** ISO 8601, UTC. */
  at: string;
  sha: string | null;
  verdict: Report['verdict'];
  /** Latencies are comparable only between equal fingerprints. */
  fingerprint: string;
  rows: HistoryRow[];
}

export interface HistoryRow {
  model: string;
  variant: string;
  provider: string | null;
  batch: number | null;
  threads: number | null;
  concurrency: number | null;
  verdict: Row['verdict'];
  sizeBytes: number | null;
  sizeRatio: number | null;
  latencyMs: number | null;
  latencyRatio: number | null;
  /** Metric name, value and drop (positive is worse). */
  accuracy: { metric: string; value: number; drop: number | null } | null;
}

/** Runs kept when nothing else is said. */
export const HISTORY_RUNS = 500;
/** Points of a trend line. */
const TREND_POINTS = 20;
const BARS = '▁▂▃▄▅▆▇█';

export function historyEntry(report: Report): HistoryEntry {
  return {
    v: 1,
    at: report.startedAt,
    sha: report.source?.sha ?? null,
    verdict: report.verdict,
    fingerprint: report.environment.fingerprint,
    rows: reportRows(report).map(historyRow),
  };
}

function historyRow(row: Row): HistoryRow {
  const { provider, batch, threads, concurrency } = row.place;
  const accuracy = row.accuracy?.measurement;
  return {
    model: row.model,
    variant: row.variant.name,
    provider,
    batch,
    threads,
    concurrency,
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
 * The file with `entry` added and pruned to the newest `runs`. A run of the same commit on the same machine is replaced;
 * lines that can't be read are dropped, so that one damaged write doesn't end the history.
 */
export function appendHistory(jsonl: string, entry: HistoryEntry, options: { runs?: number } = {}): string {
  const same = (other: HistoryEntry) =>
    entry.sha !== null && other.sha === entry.sha && other.fingerprint === entry.fingerprint;
  const entries = [...parseHistory(jsonl).filter((other) => !same(other)), entry].slice(
    -(options.runs ?? HISTORY_RUNS),
  );
  return entries.map((line) => `${JSON.stringify(line)}\n`).join('');
}

/** The readable entries, in the file's order. */
export function parseHistory(jsonl: string): HistoryEntry[] {
  return jsonl.split('\n').flatMap((line) => {
    try {
      const entry: unknown = JSON.parse(line);
      return isEntry(entry) ? entry : [];
    } catch {
      return [];
    }
  });
}

function isEntry(value: unknown): value is HistoryEntry {
  const entry = value as Partial<HistoryEntry> | null;
  return (
    typeof entry === 'object' &&
    entry !== null &&
    entry.v === 1 &&
    typeof entry.at === 'string' &&
    typeof entry.fingerprint === 'string' &&
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

/** The runs whose latencies may be compared with this report's: those of the same machine. */
export function comparableRuns(history: readonly HistoryEntry[], report: Report): HistoryEntry[] {
  return history.filter((entry) => entry.fingerprint === report.environment.fingerprint);
}

/** Values of one row over the runs, oldest first; null where a run has none. */
export function trendOf(
  history: readonly HistoryEntry[],
  row: Row,
  value: (row: HistoryRow) => number | null | undefined,
): (number | null)[] {
  const { provider, batch, threads, concurrency } = row.place;
  return history.map((entry) => {
    const past = entry.rows.find(
      (other) =>
        other.model === row.model &&
        other.variant === row.variant.name &&
        other.provider === provider &&
        other.batch === batch &&
        other.threads === threads &&
        other.concurrency === concurrency,
    );
    const found = past ? value(past) : null;
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
export function trendLine(history: readonly HistoryEntry[], row: Row): string | null {
  const parts = (
    [
      ['size', (past: HistoryRow) => past.sizeRatio, row.size && cellRatio(row.size)],
      ['latency', (past: HistoryRow) => past.latencyRatio, row.latency && cellRatio(row.latency)],
    ] as const
  ).flatMap(([name, value, now]) => {
    const values = [...trendOf(history, row, value), now].slice(-TREND_POINTS);
    const known = values.filter((point) => point !== null);
    if (known.length < 2) return [];
    return `${name} ${sparkline(values)} ${formatRatio(known[0]!)} → ${formatRatio(known.at(-1)!)}`;
  });
  return parts.length === 0 ? null : `${parts.join(', ')} (ratios, oldest run first)`;
}
