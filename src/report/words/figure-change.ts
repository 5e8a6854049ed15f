/** How a figure changed against an earlier one, in words: against the base, and between two reports. */
import type { Estimate } from '../../terms/measurement.js';
import type { MetricDefinition, Unit } from '../../terms/metrics.js';
import { changeWords } from './change-words.js';
import { formatChange, formatValue, formatWorse } from './format.js';

export interface FigureChange {
  /** `12.0% slower`, `−0.4 pp`, `0 → 5`, `the same`. */
  words: string;
  /** As the values say; whether it is more than chance says `known`. */
  direction: 'better' | 'worse' | 'same';
  /** What it is known by: an exact figure, an interval, or a single value that may be chance. */
  known: 'exact' | 'interval' | 'value';
  /** Whether it surely changed: exact and different, or by an interval that doesn't hold "the same". */
  changed: boolean;
}

/** Of these a quotient says how much; of counts both are told, and others change by a difference. */
const BY_RATIO: ReadonlySet<Unit> = new Set(['bytes', 'ms', 'per-second', 'count']);

/** `value` against `base`; `base.ratio` is value ÷ base where it was measured or estimated as such. */
export function figureChange(
  {
    name,
    unit,
    higherIsBetter,
    judging,
  }: Pick<MetricDefinition, 'name' | 'unit' | 'higherIsBetter' | 'judging'>,
  value: number,
  base: { value: number; ratio: Estimate | null },
): FigureChange {
  const ratio = base.ratio?.value ?? (base.value > 0 ? value / base.value : null);
  const bySize = BY_RATIO.has(unit) && ratio !== null && ratio > 0;
  const worse = bySize
    ? higherIsBetter
      ? 1 / ratio
      : ratio
    : higherIsBetter
      ? base.value - value
      : value - base.value;
  const neutral = bySize ? 1 : 0;
  const words =
    bySize && unit !== 'count'
      ? formatWorse(worse, changeWords(name))
      : worse === neutral
        ? 'the same'
        : BY_RATIO.has(unit)
          ? `${formatValue(base.value, unit)} → ${formatValue(value, unit)}`
          : formatChange(value - base.value, unit);
  const direction = worse === neutral || words === 'the same' ? 'same' : worse > neutral ? 'worse' : 'better';
  if (judging !== 'interval') return { words, direction, known: 'exact', changed: direction !== 'same' };
  const interval = base.ratio?.interval ?? null;
  if (interval === null) return { words, direction, known: 'value', changed: false };
  const apart = (interval.lo ?? Number.NEGATIVE_INFINITY) > 1 || (interval.hi ?? Infinity) < 1;
  return { words, direction, known: 'interval', changed: apart };
}
