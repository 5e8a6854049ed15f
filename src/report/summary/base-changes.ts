/** What changed against the base, in plain words: a line per variant that the base was built and measured for. */
import type { Report } from '../../terms/report.js';
import { type Compared, titleOf, withBase } from '../rows/against-base.js';
import { type Place, placeNamer, type Row } from '../rows/rows.js';
import { plainText } from '../words/escape.js';
import type { FigureChange } from '../words/figure-change.js';
import { countOf } from '../words/format.js';

/** `int8`: `size 2.1% larger`. Untrusted: names come from outside. */
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
  const all = rows.flatMap((row) => {
    const name = `${report.models.length > 1 ? `${row.model} ` : ''}${row.variant.name}`;
    return withBase(row).map((compared) => ({ name, ...changeOf(compared, nameOf) }));
  });
  const changed = all.filter((change) => change.changed);
  const names = [...new Set(changed.map(({ name }) => name))];
  const lines = names.map((subject): BaseChange => {
    const own = changed.filter(({ name }) => name === subject);
    return { subject, text: textOf(own) };
  });
  if (lines.length > MOST_LINES) {
    const more = lines.splice(MOST_LINES).length;
    lines.push({ subject: null, text: `${countOf(more, 'more', 'more')} changed: the details tell.` });
  }
  const same = all.filter(({ name }) => !names.includes(name));
  if (same.length === 0) return lines;
  const rest = changed.length === 0 ? 'Nothing changed' : 'Nothing changed in the others';
  lines.push({
    subject: null,
    text: `${rest}${same.some(({ known }) => known === 'interval') ? ' that this run can see' : ''}.`,
  });
  return lines;
}

/** `size 2.0% larger; latency p50 12.0% slower on cpu, 9.1% slower on cuda`: a metric is named once. */
function textOf(changes: readonly Change[]): string {
  const titles = [...new Set(changes.map(({ title }) => title))];
  return titles
    .map((title) => {
      const own = changes.filter((change) => change.title === title);
      return `${title} ${own.map(({ text }) => text).join(', ')}`;
    })
    .join('; ');
}

interface Change extends FigureChange {
  /** Of the metric. */
  title: string;
  /** What follows it: `12.0% slower on cpu`. */
  text: string;
}

function changeOf({ cell, change }: Compared, nameOf: (place: Place) => string[]): Change {
  const { measurement } = cell;
  const title = titleOf(cell);
  const place = plainText(nameOf(measurement).join(', '), 80);
  const text = `${change.words}${place === '' ? '' : ` on ${place}`}`;
  if (change.known !== 'value') return { ...change, title, text };
  // Told all the same: nobody knows that it didn't change.
  return {
    ...change,
    title,
    text: `${text}, which may be chance: it has no interval`,
    changed: change.direction !== 'same',
  };
}
