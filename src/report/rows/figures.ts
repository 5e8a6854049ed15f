/** One figure of a row in words: original, variant, change, bounds. What the table cells of every renderer say. */

import type { Interval } from '../../terms/measurement.js';
import type { CheckResult, Verdict } from '../../terms/verdict.js';
import { checkWords } from '../words/check-words.js';
import {
  digitsApart,
  formatApart,
  formatChange,
  formatInterval,
  formatRatio,
  formatValue,
} from '../words/format.js';
import { isSetAside } from '../words/verdict-words.js';
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
  /** Head against base, when measured and not told by a bound: `1.02× of base`. */
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
  const change = after === null ? null : changeOf(cell, before, after);
  const digits = change === null ? 3 : digitsToTell(change, cell);
  return {
    title: metric.title,
    original: originalText,
    value: valueText,
    change: change === null ? null : change.format(change.value, digits),
    interval: intervalOf(cell),
    bounds: checks
      .filter((check) => !isSetAside(check))
      .map((check) => ({ text: boundText(cell, check, digits), verdict: check.verdict })),
    base: checks.some(({ condition }) => condition === 'max-regression') ? null : baseOf(cell),
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

interface Change {
  value: number;
  format: (value: number, digits: number) => string;
  /** A check's bound on this change, as the change is shown; null: it bounds something else. */
  boundOf: (check: CheckResult) => number | null;
}

/** Accuracy changes by difference, everything with a size by ratio; fidelity is a comparison already. */
function changeOf(cell: Cell, before: number | null, after: number): Change | null {
  const { metric } = cell;
  if (metric.name.startsWith('fidelity.') || metric.name.startsWith('placement.')) return null;
  if (metric.judging === 'paired') {
    return before === null
      ? null
      : {
          value: after - before,
          format: (value, digits) => formatChange(value, metric.unit, digits),
          boundOf: (check) => (check.condition === 'max-drop' ? dropAsChange(check.bound, cell) : null),
        };
  }
  const ratio = cellRatio(cell);
  return ratio === null
    ? null
    : {
        value: ratio,
        format: formatRatio,
        boundOf: ({ condition, bound }) =>
          condition === 'max-ratio' || condition === 'min-ratio' ? bound : null,
      };
}

function dropAsChange(drop: number, { metric }: Cell): number {
  return metric.higherIsBetter ? -drop : drop;
}

/** Enough digits that the change never reads like a bound it doesn't equal. */
function digitsToTell(change: Change, { checks }: Cell): number {
  const bounds = checks.flatMap((check) => change.boundOf(check) ?? []);
  return Math.max(3, ...bounds.map((bound) => digitsApart(change.value, bound, change.format)));
}

/** A drop reads as the signed change that the cell shows: `≥ −0.5 pp`. */
function boundText(cell: Cell, check: CheckResult, digits: number): string {
  const { metric } = cell;
  switch (check.condition) {
    case 'max-drop':
      return `${metric.higherIsBetter ? '≥' : '≤'} ${formatChange(dropAsChange(check.bound, cell), check.unit, digits)}`;
    case 'max-ratio':
      return `≤ ${formatRatio(check.bound, digits)}`;
    case 'min-ratio':
      return `≥ ${formatRatio(check.bound, digits)}`;
    case 'max-regression':
      return regressionText(cell, check);
    case 'max':
    case 'min':
      return checkWords(check).short;
  }
}

/** With the figure that it bounds, which is none of those above it: `1.11× of base (≤ 1.05×)`. */
function regressionText({ metric }: Cell, check: CheckResult): string {
  const { observed, short } = checkWords(check);
  if (check.observed === null) return `${short} than base`;
  if (metric.higherIsBetter) return `${observed} (${short})`;
  const [seen, bound] = formatApart(check.observed, check.bound, formatRatio);
  return `${seen} of base (≤ ${bound})`;
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
