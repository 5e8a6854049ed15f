/** A check in words: what was observed, what was allowed, and how sure it is. The same words in every renderer. */
import { isEstablished } from '../../judge/established.js';
import type { CheckResult } from '../../terms/verdict.js';
import { changeWords } from './change-words.js';
import {
  formatApart,
  formatInterval,
  formatPoints,
  formatRatio,
  formatValue,
  formatWorse,
} from './format.js';

export interface CheckWords {
  /** `0.86×`; null: nothing was observed. */
  observed: string | null;
  /** `at most 0.80×`, `drop of at most 0.5 pp`. */
  bound: string;
  /** The bound as short as a table cell wants it: `≤ 0.80×`. */
  short: string;
  /** `95% CI 0.84× to 0.88×`. */
  interval: string | null;
}

/** Drop of a fraction in points, of anything else in its unit; a negative drop is a gain. */
function formatDrop(drop: number, check: CheckResult, digits: number): string {
  if (check.unit !== 'fraction') return formatValue(drop, check.unit, digits);
  return (drop < 0 ? '\u2212' : '') + formatPoints(drop, digits);
}

function formatterOf(check: CheckResult): (value: number, digits: number) => string {
  switch (check.condition) {
    case 'max':
    case 'min':
      return (value, digits) => formatValue(value, check.unit, digits);
    case 'max-ratio':
    case 'min-ratio':
      return formatRatio;
    case 'max-drop':
      return (value, digits) => formatDrop(value, check, digits);
    case 'max-regression': {
      const words = changeWords(check.metric);
      return (ratio, digits) => formatWorse(ratio, words, digits);
    }
  }
}

/** Established or not: the 0 or 1 of the report is no figure that anyone reads. */
const ESTABLISHED: CheckWords = {
  observed: null,
  bound: 'established',
  short: 'established',
  interval: null,
};

export function checkWords(check: CheckResult): CheckWords {
  if (isEstablished(check)) return ESTABLISHED;
  const format = formatterOf(check);
  const [observed, bound] =
    check.observed === null
      ? [null, format(check.bound, 3)]
      : formatApart(check.observed, check.bound, format);
  const interval = formatInterval(check.interval, (value) => format(value, 3));
  switch (check.condition) {
    case 'max':
    case 'max-ratio':
      return { observed, bound: `at most ${bound}`, short: `≤ ${bound}`, interval };
    case 'min':
    case 'min-ratio':
      return { observed, bound: `at least ${bound}`, short: `≥ ${bound}`, interval };
    case 'max-drop':
      return {
        observed: observed === null ? null : `a drop of ${observed}`,
        bound: `a drop of at most ${bound}`,
        short: `drop ≤ ${bound}`,
        interval,
      };
    case 'max-regression': {
      const slack =
        check.slack !== null && check.slack > 0
          ? `, or within ${formatValue(check.slack, check.unit)} of it`
          : '';
      return {
        observed: observed === null ? null : toBase(observed),
        bound: `at most ${toBase(bound)}${slack}`,
        short: `≤ ${bound}`,
        interval,
      };
    }
  }
}

function toBase(worse: string): string {
  return worse === 'the same' ? 'the same as the base' : `${worse} than the base`;
}
