/** What changed against the base, in plain words: a line per variant that the base was built and measured for. */
import type { Report } from '../../terms/report.js';
import { titleInSentence } from '../check-sentence.js';
import { plainText } from '../escape.js';
import { countOf } from '../format.js';
import { type Cell, placeNamer, type Row } from '../rows.js';
import { type FigureChange, figureChange } from './figure-change.js';

/** `int8`: `size 2.1% worse`. Untrusted: names come from outside. */
export interface BaseChange {
  /** null: said of all the others. */
  subject: string | null;
  text: string;
}

/** Of more the details tell. */
const MOST_LINES = 12;

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
  if (lines.length > MOST_LINES) {
    const more = lines.splice(MOST_LINES).length;
    lines.push({ subject: null, text: `${countOf(more, 'more', 'more')} changed: the details tell.` });
  }
  if (changes.length === 0 || changed.length === changes.length) return lines;
  const rest = changed.length === 0 ? 'Nothing changed' : 'Nothing changed in the others';
  const same = changes.filter((change) => !changed.includes(change)).flatMap(({ parts }) => parts);
  lines.push({
    subject: null,
    text: `${rest}${same.some(({ known }) => known === 'interval') ? ' that this run can see' : ''}.`,
  });
  return lines;
}

interface Change extends FigureChange {
  text: string;
}

function changeOf({ metric, measurement }: Cell): Change {
  const base = measurement.base!;
  const title = plainText(titleInSentence(metric.name), 40);
  const change = figureChange(metric, measurement.value ?? base.value, base);
  const text = `${title} ${change.words}`;
  if (change.known !== 'value') return { ...change, text };
  // Told all the same: nobody knows that it didn't change.
  return {
    ...change,
    text: `${text}, which may be chance: it has no interval`,
    changed: change.direction !== 'same',
  };
}
