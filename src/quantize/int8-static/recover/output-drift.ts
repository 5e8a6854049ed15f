/** What all outputs of a quantized file are off by in the mean: shifts of many layers, of their clipped and rounded tensors, that bias correction of one layer's weights
 *  does not see. The bias of the layer that gives an output takes them up. */
import type { FileError } from './file-error.js';

/** Fewer rows say little of their mean. */
const LEAST_ROWS = 8;
/** Of the mean that was seen; where less of it is sure, what is left to gain is less than other samples would show. */
const LEAST_SURE = 0.25;

/** The mean of the rows as far as it is no chance: of what a few rows show, the share that their scatter explains is left out (James–Stein). null: too little
 *  is sure.
 *  @param rows what each row is off by, all of one length. */
export function sureDrift(rows: readonly Float32Array[]): Float32Array | null {
  const count = rows.length;
  if (count < LEAST_ROWS) return null;
  const mean = new Float64Array(rows[0]!.length);
  for (const row of rows)
    row.forEach((value, at) => {
      mean[at]! += value / count;
    });
  let [square, scatter] = [0, 0];
  for (const own of mean) square += own * own;
  for (const row of rows)
    row.forEach((value, at) => {
      scatter += (value - mean[at]!) ** 2;
    });
  const sure = 1 - scatter / (count - 1) / count / square;
  return sure >= LEAST_SURE ? Float32Array.from(mean, (own) => own * sure) : null;
}

/** Of these outputs, by their names. */
export function sureDrifts(
  { drifts = new Map() }: FileError,
  isAsked: (output: string) => boolean,
): Map<string, Float32Array> {
  const sure = new Map<string, Float32Array>();
  for (const [output, rows] of drifts) {
    const drift = isAsked(output) ? sureDrift(rows) : null;
    if (drift) sure.set(output, drift);
  }
  return sure;
}
