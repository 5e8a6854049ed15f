/** The figures of a row that the base has too, and which of them got worse: a verdict that passes doesn't say so. */

import { titleInSentence } from '../words/check-sentence.js';
import { plainText } from '../words/escape.js';
import { type FigureChange, figureChange } from '../words/figure-change.js';
import { countOf } from '../words/format.js';
import type { Cell, Row } from './rows.js';

/** A figure that the base has too, and how it changed. */
export interface Compared {
  cell: Cell;
  change: FigureChange;
}

/** What a variant's rows share is told by the first. */
export function withBase(row: Row): Compared[] {
  return [row.first ? row.size : null, row.latency, row.first ? row.accuracy : null].flatMap((cell) => {
    const base = cell?.measurement.base;
    if (!base) return [];
    return [{ cell, change: figureChange(cell.metric, cell.measurement.value ?? base.value, base) }];
  });
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

/** The metric's, within a sentence. */
export function titleOf({ metric }: Cell): string {
  return plainText(titleInSentence(metric.name), 40);
}
