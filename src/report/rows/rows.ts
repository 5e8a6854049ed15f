/** The report as rows: one per model, variant and place measured (provider, batch …), with the three figures a reviewer looks for. */

import { type Coordinates, type Measurement, ORIGINAL } from '../../terms/measurement.js';
import { METRICS, type MetricDefinition, metricDefinition } from '../../terms/metrics.js';
import { type ModelReport, type Report, unchangedReason, type VariantReport } from '../../terms/report.js';
import type { CheckResult, Verdict } from '../../terms/verdict.js';
import { variantChecks } from '../words/established.js';
import { machineNamer, type NamedMachines } from '../words/machine-name.js';
import { checksVerdict } from '../words/verdict-words.js';

/** Where a row was measured. null: doesn't depend on it. */
export type Place = Pick<Coordinates, 'provider' | 'batch' | 'threads' | 'concurrency' | 'environment'>;

const PLACE_KEYS = ['provider', 'batch', 'threads', 'concurrency', 'environment'] as const;

/** One figure of a row: the variant's measurement beside the original's, and the checks on that metric. */
export interface Cell {
  metric: MetricDefinition;
  measurement: Measurement;
  original: Measurement | null;
  checks: CheckResult[];
}

export interface Row {
  model: string;
  variant: VariantReport;
  place: Place;
  /** The first row of its variant: figures that don't depend on the place are told here in full. */
  first: boolean;
  size: Cell | null;
  latency: Cell | null;
  accuracy: Cell | null;
  /** All checks that apply to this row, of any metric. */
  checks: CheckResult[];
  /** All measurements that hold at this row, of any metric, and the original's to compare them with. */
  measurements: readonly Measurement[];
  originalOf: OriginalLookup;
  /** Worst of `checks`; null: nothing was checked. A variant that could not be made is invalid. */
  verdict: Verdict | null;
  /** It is the original: a verdict that isn't bad says nothing. */
  unchanged: boolean;
}

/** Of one variant; more is nobody's benchmark, and comparing them takes quadratic time. */
const MAX_PLACES = 500;

const SIZE = ['size.file', 'size.compressed', 'size.brotli', 'size.parameters'];
const LATENCY = [
  'latency.p50',
  'throughput',
  'latency.p90',
  'latency.p95',
  'latency.p99',
  'latency.end-to-end',
];
const ACCURACY = METRICS.filter((metric) => metric.name.startsWith('accuracy.')).map((metric) => metric.name);
const FIDELITY = [
  'fidelity.agreement',
  'fidelity.sqnr',
  'fidelity.cosine',
  'fidelity.max-abs',
  'fidelity.kl',
];

/** Rows in the order of the models, their variants and the measured places. */
export function reportRows(report: Report): Row[] {
  const measured = groupByVariant(report.measurements);
  const checked = groupByVariant(variantChecks(report.checks));
  const rows: Row[] = [];
  for (const model of report.models) {
    const originalOf = originalLookup(measured.get(keyOf(model.name, ORIGINAL)) ?? []);
    const files = new Map<string, VariantReport>();
    for (const variant of model.variants) {
      // Files of one variant for several targets share its rows, which tell them by provider; one that could not be made shows.
      if (!files.has(variant.name) || variant.status === 'failed') files.set(variant.name, variant);
    }
    for (const variant of files.values()) {
      if (variant.name === ORIGINAL) continue;
      const key = keyOf(model.name, variant.name);
      rows.push(...variantRows(model, variant, measured.get(key) ?? [], originalOf, checked.get(key) ?? []));
    }
  }
  return rows;
}

function keyOf(model: string, variant: string): string {
  return JSON.stringify([model, variant]);
}

function groupByVariant<T extends Coordinates>(items: readonly T[]): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item.model, item.variant);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}

function variantRows(
  model: ModelReport,
  variant: VariantReport,
  measurements: readonly Measurement[],
  originalOf: OriginalLookup,
  checks: readonly CheckResult[],
): Row[] {
  return places([...measurements, ...checks]).map((place, index) => {
    const here = measurements.filter((measurement) => covers(measurement, place));
    const checksHere = checks.filter((check) => covers(check, place));
    const cell = (metrics: readonly string[]) => pickCell(metrics, here, originalOf, checksHere);
    const verdict = checksVerdict(checksHere);
    return {
      model: model.name,
      variant,
      place,
      first: index === 0,
      size: cell(SIZE),
      latency: cell(LATENCY),
      accuracy: cell(accuracyMetrics(here)) ?? cell(FIDELITY),
      checks: checksHere,
      measurements: here,
      originalOf,
      verdict: variant.status === 'failed' ? 'invalid' : verdict,
      unchanged: unchangedReason(model, variant.name) !== null && verdict !== 'fail' && verdict !== 'invalid',
    };
  });
}

/** Accuracy metrics in the vocabulary's order, then a custom evaluator's own. */
function accuracyMetrics(measurements: readonly Measurement[]): string[] {
  const own = measurements
    .map((measurement) => measurement.metric)
    .filter((metric) => metric.startsWith('accuracy.') && !ACCURACY.includes(metric));
  return [...ACCURACY, ...new Set(own)];
}

/** The distinct most specific places; one that only says less than another is covered by it. */
function places(items: readonly Coordinates[]): Place[] {
  const distinct = new Map<string, Place>();
  for (const { provider, batch, threads, concurrency, environment } of items) {
    const place: Place = { provider, batch, threads, concurrency, ...(environment && { environment }) };
    distinct.set(JSON.stringify(place), place);
  }
  const all = [...distinct.values()].slice(0, MAX_PLACES);
  const specific = all.filter((place) => !all.some((other) => other !== place && covers(place, other)));
  return specific.length > 0 ? specific : [{ provider: null, batch: null, threads: null, concurrency: null }];
}

/** Whether a fact at `fact` holds at `place`: every coordinate it names is the place's. */
function covers(fact: Place, place: Place): boolean {
  for (const key of PLACE_KEYS) {
    const named = fact[key];
    if (named !== null && named !== undefined && named !== place[key]) return false;
  }
  return true;
}

/** Of `metrics`, the first that is checked and measured, else the first that is measured. */
function pickCell(
  metrics: readonly string[],
  measurements: readonly Measurement[],
  originalOf: OriginalLookup,
  checks: readonly CheckResult[],
): Cell | null {
  const measured = metrics.flatMap((metric) => measurements.find((item) => item.metric === metric) ?? []);
  const measurement =
    measured.find(
      (item) => item.status !== 'skipped' && checks.some((check) => check.metric === item.metric),
    ) ??
    measured.find((item) => item.status !== 'skipped') ??
    measured[0];
  if (!measurement) return null;
  const original = originalOf(measurement);
  return {
    metric: directedMetric(measurement, original),
    measurement,
    original,
    checks: checks.filter((check) => check.metric === measurement.metric),
  };
}

/** How many of the row's checks have its verdict: `3 checks`, `1 of 3 checks`. */
export function verdictCount({ checks, verdict }: Row): string {
  const same = checks.filter((check) => check.verdict === verdict).length;
  const count = same === checks.length ? `${same}` : `${same} of ${checks.length}`;
  return `${count} ${checks.length === 1 ? 'check' : 'checks'}`;
}

/** The row's figure of any metric; null: not measured. */
export function metricCell(row: Row, metric: string): Cell | null {
  return pickCell([metric], row.measurements, row.originalOf, row.checks);
}

/** Finds the original's measurement of the same metric at the same place, or at the most specific one that covers it. */
export type OriginalLookup = (measurement: Measurement) => Measurement | null;

/** Which coordinates to keep, the most of them first: the order in which an original is looked for. */
const KEPT: readonly (readonly boolean[])[] = Array.from({ length: 2 ** PLACE_KEYS.length }, (_, mask) =>
  PLACE_KEYS.map((_, bit) => (mask & (1 << bit)) !== 0),
).sort((a, b) => b.filter(Boolean).length - a.filter(Boolean).length);

/** Indexed, because a report may hold thousands: each look-up is at most 2⁵ steps. */
export function originalLookup(originals: readonly Measurement[]): OriginalLookup {
  const keyOf = (item: Measurement, kept?: readonly boolean[]) =>
    JSON.stringify([
      item.metric,
      ...PLACE_KEYS.map((key, index) => ((kept?.[index] ?? true) ? (item[key] ?? null) : null)),
    ]);
  const byPlace = new Map<string, Measurement>();
  for (const item of originals) byPlace.set(keyOf(item), item);
  return (measurement) => {
    for (const kept of KEPT) {
      const found = byPlace.get(keyOf(measurement, kept));
      if (found) return found;
    }
    return null;
  };
}

/** Variant ÷ original: measured as such (paired in time), else of the two values. null: unknown. */
export function cellRatio({ measurement, original }: Cell): number | null {
  if (measurement.status !== 'ok' || measurement.value === null) return null;
  if (measurement.ratio) return measurement.ratio.value;
  return original?.value ? measurement.value / original.value : null;
}

/** The metric's definition; a custom one's direction follows from its drop, which is positive where the variant is worse. */
export function directedMetric(measurement: Measurement, original: Measurement | null): MetricDefinition {
  const change = (measurement.value ?? 0) - (original?.value ?? 0);
  const lowerIsBetter = original !== null && (measurement.drop?.value ?? 0) * change > 0;
  const builtIn = metricDefinition(measurement.metric);
  // A custom evaluator's number has a unit of its own, whatever its name.
  const known =
    builtIn && builtIn.unit === measurement.unit && builtIn.tasks?.includes('custom') !== true
      ? builtIn
      : metricDefinition(measurement.metric, { higherIsBetter: !lowerIsBetter });
  return {
    name: measurement.metric,
    title: known?.title ?? measurement.metric,
    unit: measurement.unit,
    judging: known?.judging ?? 'exact',
    higherIsBetter: known?.higherIsBetter ?? true,
  };
}

/**
 * Names places in words: the provider, and of the other coordinates those that differ somewhere among `all` (a batch or
 * concurrency of 1 goes without saying). Made once per report: it looks at all places.
 */
export function placeNamer(all: readonly Place[], machines: NamedMachines): (place: Place) => string[] {
  const machineOf = machineNamer(machines);
  const varies = (key: (typeof PLACE_KEYS)[number]) =>
    new Set(all.map((place) => place[key] ?? null).filter((value) => value !== null)).size > 1;
  const varying = {
    batch: varies('batch'),
    threads: varies('threads'),
    concurrency: varies('concurrency'),
    environment: varies('environment'),
  };
  return ({ provider, batch, threads, concurrency, environment }) => {
    const words: string[] = [];
    if (provider !== null) words.push(provider);
    if (batch !== null && (batch !== 1 || varying.batch)) words.push(`batch ${batch}`);
    if (threads !== null && varying.threads) words.push(`${threads} ${threads === 1 ? 'thread' : 'threads'}`);
    if (concurrency !== null && (concurrency !== 1 || varying.concurrency))
      words.push(`${concurrency} at once`);
    if (environment && varying.environment) words.push(`on ${machineOf(environment)}`);
    return words;
  };
}
