/** One figure of a row in words: original, variant, change, bounds. What the table cells of every renderer say. */
import type { Verdict } from '../judge/verdict.js';
import type { Interval } from '../measure/measurement.js';
import { checkWords } from './check-words.js';
import { formatApart, formatChange, formatInterval, formatRatio, formatValue } from './format.js';
import { type Cell, cellRatio } from './rows.js';

export interface Figure {
  /** `Top-1`, untrusted for custom metrics. */
  title: string;
  /** null: no such measurement of the original. */
  original: string | null;
  value: string | null;
  /** `0.41×` or `−0.8 pp`. */
  change: string | null;
  /** Interval of the ratio; null when exact or unknown. */
  interval: string | null;
  bounds: { text: string; verdict: Verdict }[];
  /** Head against base, when measured: `1.02× the base`. */
  base: string | null;
  /** Why there is no value. Untrusted. */
  problem: string | null;
}

export function figureOf(cell: Cell): Figure {
  const { metric, measurement, original, checks } = cell;
  const before = original?.status === 'ok' ? original.value : null;
  const after = measurement.status === 'ok' ? measurement.value : null;
  // A change below one point shows with two decimals: its values must bear them too.
  const fine =
    metric.unit === 'fraction' && before !== null && after !== null && Math.abs(after - before) < 0.01;
  const format = (value: number, digits = 3) => formatValue(value, metric.unit, fine ? digits + 1 : digits);
  const [originalText, valueText] =
    before !== null && after !== null
      ? formatApart(before, after, format)
      : [before === null ? null : format(before), after === null ? null : format(after)];
  return {
    title: metric.title,
    original: originalText,
    value: valueText,
    change: after === null ? null : changeOf(cell, before, after),
    interval: intervalOf(cell),
    bounds: checks.map((check) => ({ text: boundText(cell, check), verdict: check.verdict })),
    base: baseOf(cell),
    problem: measurement.status === 'ok' ? null : (measurement.reason ?? measurement.status),
  };
}

/** The interval of what the cell shows as the change. */
function intervalOf({ metric, measurement }: Cell): string | null {
  if (metric.judging === 'paired') {
    const interval = changeInterval(measurement.drop?.interval ?? null, metric.higherIsBetter);
    return formatInterval(interval, (value) => formatChange(value, metric.unit));
  }
  return formatInterval(measurement.ratio?.interval ?? null, (value) => formatRatio(value));
}

/** Accuracy changes by difference, everything with a size by ratio; fidelity is a comparison already. */
function changeOf(cell: Cell, before: number | null, after: number): string | null {
  const { metric } = cell;
  if (metric.name.startsWith('fidelity.') || metric.name.startsWith('placement.')) return null;
  if (metric.judging === 'paired') return before === null ? null : formatChange(after - before, metric.unit);
  const ratio = cellRatio(cell);
  return ratio === null ? null : formatRatio(ratio);
}

/** A drop reads as the signed change that the cell shows: `≥ −0.5 pp`. */
function boundText({ metric }: Cell, check: Cell['checks'][number]): string {
  if (check.condition === 'max-drop') {
    return metric.higherIsBetter
      ? `≥ ${formatChange(-check.bound, check.unit)}`
      : `≤ ${formatChange(check.bound, check.unit)}`;
  }
  const { short } = checkWords(check);
  if (check.condition !== 'max-regression') return short;
  return metric.higherIsBetter ? `${short} than base` : `≤ ${formatRatio(check.bound)} of base`;
}

function baseOf({ metric, measurement }: Cell): string | null {
  const base = measurement.base;
  if (!base || measurement.value === null) return null;
  if (metric.judging === 'paired')
    return `${formatChange(measurement.value - base.value, metric.unit)} to base`;
  const ratio = base.ratio?.value ?? (base.value > 0 ? measurement.value / base.value : null);
  return ratio === null ? null : `${formatRatio(ratio)} of base`;
}

/** The interval of a drop, turned into one of the change that is shown. */
export function changeInterval(interval: Interval | null, higherIsBetter: boolean): Interval | null {
  if (interval === null || !higherIsBetter) return interval;
  const negate = (bound: number | null) => (bound === null ? null : -bound);
  return { lo: negate(interval.hi), hi: negate(interval.lo), confidence: interval.confidence };
}
