/** Figures that two reports have of the same model, variant and place, and why others can't be compared. */
import {
  type Coordinates,
  type Estimate,
  type Interval,
  type Measurement,
  ORIGINAL,
} from '../../terms/measurement.js';
import type { MetricDefinition } from '../../terms/metrics.js';
import type { ModelReport, Report } from '../../terms/report.js';
import { directedMetric, originalLookup } from '../rows/rows.js';
import { type FigureChange, figureChange } from '../words/figure-change.js';

export interface FigureDifference extends Coordinates {
  metric: string;
  title: string;
  unit: Measurement['unit'];
  before: number;
  after: number;
  /** after ÷ before; null: the metric isn't one of sizes. */
  ratio: Estimate | null;
  /** unclear: they differ by less than the two runs can tell. */
  change: 'better' | 'worse' | 'same' | 'unclear';
  /** `12.0% slower`, `−0.4 pp`, `the same`. */
  words: string;
}

/** Why figures that both reports have, or only one has, are not compared. */
export interface NotCompared {
  reason: 'machine' | 'data' | 'only-before' | 'only-after' | 'no-value';
  /** How many figures. */
  count: number;
  /** Names of their metrics, each once. */
  metrics: string[];
  /** Names of their models, each once. Untrusted. */
  models: string[];
}

interface Sides {
  before: Report;
  after: Report;
}

/** Latency, throughput and memory only between equal fingerprints; accuracy only on the same samples. */
export function figureDifferences(
  before: Report,
  after: Report,
): { figures: FigureDifference[]; notCompared: NotCompared[] } {
  const sides = { before, after };
  const earlier = indexOf(before);
  const later = indexOf(after);
  const refused = new Refusals();
  const originalOf = lookups(after);
  const figures = after.measurements.flatMap((item): FigureDifference[] => {
    const at = keysOf(item, after);
    const metric = directedMetric(item, originalOf(item));
    const others = earlier.get(at.place) ?? [];
    const same = others.find((other) => keysOf(other, before).machine === at.machine);
    const found = same ?? (metric.judging === 'interval' ? undefined : others[0]);
    if (found === undefined) return refused.add(others.length === 0 ? 'only-after' : 'machine', item);
    if (dataDiffer(metric, item, sides)) return refused.add('data', item);
    if (found.value === null || item.value === null) return refused.add('no-value', item);
    return [differenceOf(metric, { ...found, value: found.value }, { ...item, value: item.value })];
  });
  for (const item of before.measurements)
    if (!later.has(keysOf(item, before).place)) refused.add('only-before', item);
  return { figures, notCompared: refused.all() };
}

interface Keys {
  /** Everything but the machine. */
  place: string;
  machine: string;
}

function keysOf(item: Measurement, report: Report): Keys {
  const { model, variant, provider, batch, threads, concurrency, metric, unit } = item;
  return {
    place: JSON.stringify([model, variant, provider, batch, threads, concurrency, metric, unit]),
    machine: item.environment ?? report.environment.fingerprint,
  };
}

function indexOf(report: Report): Map<string, Measurement[]> {
  const found = new Map<string, Measurement[]>();
  for (const item of report.measurements) {
    const { place } = keysOf(item, report);
    found.set(place, [...(found.get(place) ?? []), item]);
  }
  return found;
}

/** A custom metric's direction follows from its drop against the original. */
function lookups({ measurements, models }: Report): (item: Measurement) => Measurement | null {
  const byModel = new Map(
    models.map(({ name }) => [
      name,
      originalLookup(measurements.filter(({ model, variant }) => model === name && variant === ORIGINAL)),
    ]),
  );
  return (item) => byModel.get(item.model)?.(item) ?? null;
}

/** Accuracy of other samples says nothing of the model; fidelity is measured on them too. */
function dataDiffer({ name }: MetricDefinition, { model }: Measurement, { before, after }: Sides): boolean {
  if (!/^(accuracy|fidelity)\./.test(name)) return false;
  const of = (report: Report) => report.models.find((one) => one.name === model);
  return dataOf(of(before)) !== dataOf(of(after));
}

function dataOf(model: ModelReport | undefined): string {
  return JSON.stringify([model?.task ?? null, model?.evaluation ?? null]);
}

type Known = Measurement & { value: number };

function differenceOf(metric: MetricDefinition, before: Known, after: Known): FigureDifference {
  const { model, variant, provider, batch, threads, concurrency, environment, unit } = after;
  const place = { provider, batch, threads, concurrency, ...(environment && { environment }) };
  const ratio = ratioOf(before, after);
  const change = figureChange(metric, after.value, { value: before.value, ratio });
  const { name, title } = metric;
  return {
    model,
    variant,
    ...place,
    metric: name,
    title,
    unit,
    before: before.value,
    after: after.value,
    ratio,
    change: kindOf(change),
    words: change.words,
  };
}

function kindOf({ changed, direction }: FigureChange): FigureDifference['change'] {
  if (direction === 'same') return 'same';
  return changed ? direction : 'unclear';
}

/**
 * Two runs are not paired: their quotient lies between those of the ends of their intervals, and is known with what remains of both
 * confidences (Bonferroni's inequality). null where one of them isn't above 0.
 */
function ratioOf(before: Known, after: Known): Estimate | null {
  if (before.value <= 0 || after.value <= 0) return null;
  return { value: after.value / before.value, interval: quotient(after.interval, before.interval) };
}

function quotient(above: Interval | null, below: Interval | null): Interval | null {
  if (above === null || below === null) return null;
  const { lo: aboveLo, hi: aboveHi } = above;
  const { lo: belowLo, hi: belowHi } = below;
  if (aboveLo === null || aboveHi === null || !belowLo || !belowHi || belowLo < 0) return null;
  const confidence = Math.max(0, above.confidence + below.confidence - 1);
  return { lo: aboveLo / belowHi, hi: aboveHi / belowLo, confidence: Number(confidence.toFixed(6)) };
}

class Refusals {
  readonly #groups = new Map<NotCompared['reason'], Measurement[]>();

  add(reason: NotCompared['reason'], item: Measurement): [] {
    this.#groups.set(reason, [...(this.#groups.get(reason) ?? []), item]);
    return [];
  }

  all(): NotCompared[] {
    return [...this.#groups].map(([reason, items]) => ({
      reason,
      count: items.length,
      metrics: [...new Set(items.map(({ metric }) => metric))],
      models: [...new Set(items.map(({ model }) => model))],
    }));
  }
}
