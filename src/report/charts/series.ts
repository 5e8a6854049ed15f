/** The history as lines: of a model per metric, of latency per machine and provider; one line per variant and place. */
import type { Unit } from '../../terms/metrics.js';
import { metricDefinition } from '../../terms/metrics.js';
import type { HistoryEntry, HistoryRow } from '../history.js';
import { placeNamer } from '../rows/rows.js';
import { formatChange, formatRatio, formatValue } from '../words/format.js';
import { machineNamer } from '../words/machine-name.js';

/** A figure of a run; null: the run has none. */
type Value = number | null;

export interface Series {
  /** Untrusted. */
  name: string;
  /** One per run of the chart. */
  absolute: Value[];
  relative: Value[];
  /** Whether the run's checks of this variant failed. */
  failed: boolean[];
}

export interface ChartData {
  /** `Latency on cpu, machine gpu-1`. Untrusted. */
  title: string;
  /** What the relative figures are. */
  relativeTitle: string;
  runs: HistoryEntry[];
  series: Series[];
  format: {
    absolute: (value: number, digits: number) => string;
    relative: (value: number, digits: number) => string;
  };
}

/** Lines of one chart; more can't be told apart. */
const MOST_SERIES = 7;

/** Names of the models, those of the newest run first, in its order. */
export function modelNames(entries: readonly HistoryEntry[]): string[] {
  const newestFirst = [...entries].reverse();
  return [...new Set(newestFirst.flatMap(({ rows }) => rows.map(({ model }) => model)))];
}

/** Charts of a model: size, accuracy, then latency per provider and machine. Oldest run first. */
export function chartsOf(model: string, entries: readonly HistoryEntry[]): ChartData[] {
  const own = entries
    .map((entry) => ({ ...entry, rows: entry.rows.filter((row) => row.model === model) }))
    .filter(({ rows }) => rows.length > 0);
  return [...sizeCharts(own), ...accuracyCharts(own), ...latencyCharts(own)].flatMap(inParts);
}

interface Reading {
  key: (row: HistoryRow) => string | null;
  absolute: (row: HistoryRow) => unknown;
  relative: (row: HistoryRow) => unknown;
}

function sizeCharts(entries: readonly HistoryEntry[]): ChartData[] {
  const read: Reading = {
    key: ({ variant, sizeBytes }) => (isNumber(sizeBytes) ? variant : null),
    absolute: ({ sizeBytes }) => sizeBytes,
    relative: ({ sizeRatio }) => sizeRatio,
  };
  return chart('Size', {
    relativeTitle: 'variant ÷ original',
    runs: oncePerRun(entries),
    read,
    format: byRatio('bytes'),
  });
}

/** Different metrics don't share a scale. */
function accuracyCharts(entries: readonly HistoryEntry[]): ChartData[] {
  const metrics = new Set(
    entries.flatMap(({ rows }) => rows.flatMap(({ accuracy }) => accuracy?.metric ?? [])),
  );
  return [...metrics].flatMap((metric) => {
    const { title, unit } = metricDefinition(metric) ?? { title: metric, unit: 'value' as const };
    const read: Reading = {
      key: ({ variant, accuracy }) => (accuracy?.metric === metric ? variant : null),
      absolute: ({ accuracy }) => accuracy?.value,
      relative: ({ accuracy }) => accuracy?.drop,
    };
    const format: ChartData['format'] = {
      absolute: (value, digits) => formatValue(value, unit, digits),
      relative: (value, digits) => formatChange(value, unit, digits),
    };
    return chart(title, {
      relativeTitle: 'lost against the original, positive is worse',
      runs: oncePerRun(entries),
      read,
      format,
    });
  });
}

/** Latencies are comparable only between equal fingerprints. */
function latencyCharts(entries: readonly HistoryEntry[]): ChartData[] {
  const machines = [...new Map(entries.map((entry) => [entry.fingerprint, entry])).values()];
  const nameOf =
    machines.length === 0 ? null : machineNamer({ environment: machines[0]!, environments: machines });
  return machines.flatMap(({ fingerprint }) => {
    const runs = entries.filter((entry) => entry.fingerprint === fingerprint);
    const rows = runs.flatMap((run) => run.rows);
    const placeOf = placeNamer(rows, { environment: machines[0]! });
    const providers = new Set(rows.map(({ provider }) => provider));
    return [...providers].flatMap((provider) => {
      const read: Reading = {
        key: (row) =>
          row.provider === provider && isNumber(row.latencyMs)
            ? [row.variant, ...placeOf({ ...row, provider: null })].join(' ')
            : null,
        absolute: ({ latencyMs }) => latencyMs,
        relative: ({ latencyRatio }) => latencyRatio,
      };
      const title = `Latency${provider === null ? '' : ` on ${provider}`}, machine ${nameOf!(fingerprint)}`;
      return chart(title, { relativeTitle: 'variant ÷ original', runs, read, format: byRatio('ms') });
    });
  });
}

function byRatio(unit: Unit): ChartData['format'] {
  return {
    absolute: (value, digits) => formatValue(value, unit, digits),
    relative: (value, digits) => formatRatio(value, digits),
  };
}

/** What several machines of a run measured alike is one point. */
function oncePerRun(entries: readonly HistoryEntry[]): HistoryEntry[] {
  const runs = new Map<string, HistoryEntry>();
  for (const entry of entries) {
    const key = JSON.stringify([entry.run ?? entry.at, entry.sha]);
    const known = runs.get(key);
    runs.set(key, known ? { ...known, rows: [...known.rows, ...entry.rows] } : entry);
  }
  return [...runs.values()];
}

function chart(
  title: string,
  {
    relativeTitle,
    runs: all,
    read,
    format,
  }: { relativeTitle: string; runs: readonly HistoryEntry[]; read: Reading; format: ChartData['format'] },
): ChartData[] {
  const runs = all.filter(({ rows }) => rows.some((row) => read.key(row) !== null));
  const names = new Set(
    [...runs].reverse().flatMap(({ rows }) => rows.flatMap((row) => read.key(row) ?? [])),
  );
  if (names.size === 0) return [];
  const series = [...names].map((name): Series => {
    const found = runs.map(({ rows }) => rows.find((row) => read.key(row) === name));
    return {
      name,
      absolute: found.map((row) => numberOf(row && read.absolute(row))),
      relative: found.map((row) => numberOf(row && read.relative(row))),
      failed: found.map((row) => row?.verdict === 'fail' || row?.verdict === 'invalid'),
    };
  });
  return [{ title, relativeTitle, runs, series, format }];
}

function inParts(data: ChartData): ChartData[] {
  const parts = Math.ceil(data.series.length / MOST_SERIES);
  return Array.from({ length: parts }, (_, part) => ({
    ...data,
    title: parts === 1 ? data.title : `${data.title} (${part + 1} of ${parts})`,
    series: data.series.slice(part * MOST_SERIES, (part + 1) * MOST_SERIES),
  }));
}

/** A history may hold anything. */
function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

const numberOf = (value: unknown): Value => (isNumber(value) ? value : null);
