/** An evaluator's figure of a whole set: rows of one per sample, and how they become one number. */
import type { Statistic } from '../../../statistics/bootstrap.js';
import { isBoxesRow } from '../tasks/detection/image-boxes.js';
import { type DetectionFigure, detectionStatistic, isDetectionFigure } from '../tasks/detection.js';
import { ofSums } from '../tasks/metric.js';
import { isOverlapRow, meanIntersectionOverUnion } from '../tasks/segmentation.js';
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
  const values = listOf(value.values);
  if (!isReducer(reduce) || values === null) return null;
  const rows = values.map((row) => (listOf(row) ?? [row]).map(counted));
  if (!rows.every(isNumbers) || !rows.every((row) => fits(row, reduce, rows[0]!.length))) return null;
  return { rows, reduce };
}

/** Arrays, typed ones too; null: it is something else. */
export function listOf(value: unknown): unknown[] | null {
  if (Array.isArray(value)) return value;
  return ArrayBuffer.isView(value) && !(value instanceof DataView) ? Array.from(value as Float64Array) : null;
}

function isNumbers(row: readonly unknown[]): row is number[] {
  return row.every((one) => typeof one === 'number');
}

/** What rows of each reducer are, in words. */
export function rowsInWords(reduce: unknown): string {
  if (!isReducer(reduce)) return "there is no such `reduce`: use 'ratio', 'sum' or what `metrics` makes";
  if (reduce === 'miou') return 'miou takes rows that `metrics.overlaps` makes';
  if (isDetectionFigure(reduce)) return `${reduce} takes what \`metrics.detection\` makes`;
  const width = WIDTHS[reduce]!;
  return `${reduce} takes one row of ${width === 1 ? '1 number' : `${width} numbers`} per sample`;
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

/** @param first numbers of the first row. */
function fits(row: readonly number[], reduce: Reducer, first: number): boolean {
  if (reduce === 'miou') return isOverlapRow(row) && row.length === first;
  return isDetectionFigure(reduce) ? isBoxesRow(row) : row.length === WIDTHS[reduce];
}

/** Right or wrong counts 1 or 0. */
export function counted(value: unknown): unknown {
  return typeof value === 'boolean' ? Number(value) : value;
}

/** The figure, as a function of how often each row counts. */
export function reduced(rows: readonly ArrayLike<number>[], reduce: Reducer): Statistic {
  switch (reduce) {
    case 'sum':
      return ofSums(rows, ([sum = Number.NaN]) => sum);
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
