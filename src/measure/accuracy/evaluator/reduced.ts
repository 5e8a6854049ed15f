/** An evaluator's figure of a whole set: rows of one per sample, and how they become one number. */
import type { Statistic } from '../../statistics/bootstrap.js';
import { type DetectionFigure, detectionStatistic, isDetectionFigure } from '../tasks/detection.js';
import { ofSums } from '../tasks/metric.js';
import { meanIntersectionOverUnion } from '../tasks/segmentation.js';
import { rankCorrelation } from '../tasks/spearman.js';
import { macroF1, matthews, ofConfusions } from '../tasks/text-classification.js';

/**
 * sum: Σ values. ratio: Σ first ÷ Σ second numbers. The others are the built-in tasks' own figures; `metrics` makes their rows: perplexity of [loss, tokens];
 * f1 (macro) and mcc of [answer, label]; spearman of [one, other]; miou of counts per class; COCO's and Pascal VOC's of boxes.
 */
export type Reducer = 'sum' | 'ratio' | 'perplexity' | 'f1' | 'mcc' | 'spearman' | 'miou' | DetectionFigure;

export interface ReducedRows {
  values: readonly (number | boolean | readonly (number | boolean)[])[];
  reduce: Reducer;
}

/** Rows as they are kept. null: it is something else. */
export function readReduced(value: unknown): { rows: readonly number[][]; reduce: Reducer } | null {
  if (typeof value !== 'object' || value === null || !('values' in value) || !('reduce' in value))
    return null;
  const { reduce } = value;
  if (!isReducer(reduce) || !Array.isArray(value.values)) return null;
  const rows = value.values.map((row: unknown) => (Array.isArray(row) ? row : [row]).map(counted));
  const fits = rows.every((row) => row.every((one) => typeof one === 'number') && hasWidth(row, reduce));
  return fits ? { rows: rows as number[][], reduce } : null;
}

/** Numbers of a row; of boxes and of counts per class as many as there are. */
const WIDTHS: Readonly<Partial<Record<Reducer, number>>> = {
  sum: 1,
  ratio: 2,
  perplexity: 2,
  f1: 2,
  mcc: 2,
  spearman: 2,
};

function isReducer(name: unknown): name is Reducer {
  return (
    name === 'miou' || isDetectionFigure(name) || (typeof name === 'string' && Object.hasOwn(WIDTHS, name))
  );
}

function hasWidth(row: readonly unknown[], reduce: Reducer): boolean {
  return WIDTHS[reduce] === undefined || row.length === WIDTHS[reduce];
}

/** Right or wrong counts 1 or 0. */
export function counted(value: unknown): unknown {
  return typeof value === 'boolean' ? Number(value) : value;
}

/** The figure, as a function of how often each row counts. */
export function reduced(rows: readonly ArrayLike<number>[], reduce: Reducer): Statistic {
  switch (reduce) {
    case 'sum':
      return ofSums(rows, ([sum = 0]) => sum);
    case 'ratio':
      return ofSums(rows, ([part = 0, whole = 0]) => part / whole);
    case 'perplexity':
      return ofSums(rows, ([loss = 0, tokens = 0]) => Math.exp(loss / tokens));
    case 'f1':
      return ofConfusions(rows, macroF1);
    case 'mcc':
      return ofConfusions(rows, matthews);
    case 'spearman':
      return rankCorrelation(column(rows, 0), column(rows, 1));
    case 'miou':
      return ofSums(rows, meanIntersectionOverUnion);
    default:
      return detectionStatistic(reduce, rows);
  }
}

/** A sample's own figure, for which samples lost and which won; undefined: a sample has none. */
export function figureOfRow(reduce: Reducer): ((row: ArrayLike<number>) => number) | undefined {
  switch (reduce) {
    case 'sum':
    case 'spearman':
      return undefined;
    case 'ratio':
      return (row) => row[0]! / Math.max(1, row[1]!);
    case 'f1':
    case 'mcc':
      return (row) => Number(row[0] === row[1]);
    default:
      return (row) => reduced([row], reduce)(null);
  }
}

function column(rows: readonly ArrayLike<number>[], at: number): Float64Array {
  return Float64Array.from(rows, (row) => row[at]!);
}
