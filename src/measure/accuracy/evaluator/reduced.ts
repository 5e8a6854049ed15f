/** An evaluator's figure of a whole set: rows of one per sample, and how they become one number. */

/** sum: Σ values. ratio: Σ first ÷ Σ second numbers. */
export const REDUCERS = ['sum', 'ratio'] as const;
export type Reducer = (typeof REDUCERS)[number];

export interface ReducedRows {
  values: readonly (number | boolean | readonly (number | boolean)[])[];
  reduce: Reducer;
}

/** Rows as they are kept: one number for `sum`, two for `ratio`. null: it is something else. */
export function readReduced(value: unknown): { rows: readonly number[][]; reduce: Reducer } | null {
  if (typeof value !== 'object' || value === null || !('values' in value) || !('reduce' in value))
    return null;
  const reduce = REDUCERS.find((one) => one === value.reduce);
  if (reduce === undefined || !Array.isArray(value.values)) return null;
  const rows = value.values.map((row: unknown) => (Array.isArray(row) ? row : [row]).map(counted));
  const width = reduce === 'ratio' ? 2 : 1;
  const fits = rows.every((row) => row.length === width && row.every((one) => typeof one === 'number'));
  return fits ? { rows: rows as number[][], reduce } : null;
}

/** Right or wrong counts 1 or 0. */
export function counted(value: unknown): unknown {
  return typeof value === 'boolean' ? Number(value) : value;
}

/** From the sums of a row's numbers. */
export function reduced(sums: ArrayLike<number>, reduce: Reducer): number {
  return reduce === 'ratio' ? sums[0]! / sums[1]! : sums[0]!;
}
