/** What changed against the base, in plain words: a line per variant that the base was built and measured for. */
import type { Report } from '../../terms/report.js';
import { type Cell, type Place, placeNamer, type Row } from '../rows.js';
import { titleInSentence } from '../words/check-sentence.js';
import { plainText } from '../words/escape.js';
import { countOf } from '../words/format.js';
import { type FigureChange, figureChange } from './figure-change.js';

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

/** `latency p50, Top-1`: the row's figures that surely got worse, whatever their bounds allow; null: none did. */
export function worseThanBase(row: Row): string | null {
  const worse = withBase(row).filter(gotWorse);
  return worse.length === 0 ? null : worse.map(({ cell }) => titleOf(cell)).join(', ');
}

/** `, 2 figures worse than the base`, to follow what is said of the checks; empty where none surely got worse. */
export function worseCount(rows: readonly Row[]): string {
  const count = rows.flatMap((row) => withBase(row).filter(gotWorse)).length;
  return count === 0 ? '' : `, ${countOf(count, 'figure')} worse than the base`;
}

function gotWorse({ change }: Compared): boolean {
  return change.changed && change.direction === 'worse';
}

function titleOf({ metric }: Cell): string {
  return plainText(titleInSentence(metric.name), 40);
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

/** A figure that the base has too, and how it changed. */
interface Compared {
  cell: Cell;
  change: FigureChange;
}

/** What a variant's rows share is told by the first. */
function withBase(row: Row): Compared[] {
  return [row.first ? row.size : null, row.latency, row.first ? row.accuracy : null].flatMap((cell) => {
    const base = cell?.measurement.base;
    if (!base) return [];
    return [{ cell, change: figureChange(cell.metric, cell.measurement.value ?? base.value, base) }];
  });
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
