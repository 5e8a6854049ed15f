/** What changed against the base, in plain words: a line per variant that the base was built and measured for. */
import type { Report } from '../../terms/report.js';
import { titleInSentence } from '../check-sentence.js';
import { plainText } from '../escape.js';
import { formatChange, formatWorse } from '../format.js';
import { type Cell, placeNamer, type Row } from '../rows.js';

/** `int8`: `size 2.1% worse`. Untrusted: names come from outside. */
export interface BaseChange {
  /** null: said of all the others. */
  subject: string | null;
  text: string;
}

/** Empty without a base. */
export function baseChanges(report: Report, rows: readonly Row[]): BaseChange[] {
  const nameOf = placeNamer(
    rows.map(({ place }) => place),
    report,
  );
  const changes = rows.flatMap((row) => {
    const cells = [row.first ? row.size : null, row.latency, row.first ? row.accuracy : null];
    const compared = cells.filter((cell): cell is Cell => cell?.measurement.base != null);
    if (compared.length === 0) return [];
    const name = [
      ...(report.models.length > 1 ? [row.model] : []),
      row.variant.name,
      ...nameOf(row.place),
    ].join(' ');
    return [{ name, parts: compared.map(changeOf) }];
  });
  const changed = changes.filter(({ parts }) => parts.some((part) => part.changed));
  const lines = changed.map(({ name, parts }): BaseChange => {
    const told = parts.filter((part) => part.changed).map(({ text }) => text);
    return { subject: name, text: told.join('; ') };
  });
  if (changes.length === 0 || changed.length === changes.length) return lines;
  const seen = changes.every(({ parts }) => parts.every((part) => part.changed || part.certain));
  const rest = changed.length === 0 ? 'Nothing changed' : 'Nothing changed in the others';
  lines.push({
    subject: null,
    text: `${rest}${seen ? ' that this run can see' : ': no figure differs'}.`,
  });
  return lines;
}

interface Change {
  text: string;
  changed: boolean;
  /** There is an interval, or the figure is exact: that it didn't change is more than a guess. */
  certain: boolean;
}

function changeOf({ metric, measurement }: Cell): Change {
  const base = measurement.base!;
  const title = plainText(titleInSentence(metric.name), 40);
  const value = measurement.value ?? base.value;
  if (metric.judging === 'paired') {
    return {
      text: `${title} ${formatChange(value - base.value, metric.unit)}`,
      changed: value !== base.value,
      certain: true,
    };
  }
  const ratio = base.ratio?.value ?? (base.value === 0 ? 1 : value / base.value);
  const worse = metric.higherIsBetter ? 1 / ratio : ratio;
  const words = formatWorse(worse);
  if (metric.judging === 'exact')
    return { text: `${title} ${words}`, changed: words !== 'the same', certain: true };
  const interval = base.ratio?.interval ?? null;
  const apart =
    interval !== null && ((interval.lo ?? Number.NEGATIVE_INFINITY) > 1 || (interval.hi ?? Infinity) < 1);
  return { text: `${title} ${words}`, changed: apart, certain: interval !== null };
}
