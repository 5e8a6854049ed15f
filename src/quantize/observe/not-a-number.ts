/** Calibration data that holds NaN: some reductions skip it, others take every range behind it away, so it is named instead. */
import type { Sample } from '../../data/samples/dataset.js';
import { UserError } from '../../errors.js';
import { allFinite } from '../../tensor/finite.js';

/** @throws UserError that names the sample, the input and the element. */
export function refuseNotANumber({ id, feeds }: Sample, description: string): void {
  for (const [input, { type, data }] of Object.entries(feeds)) {
    if (type !== 'float32' && type !== 'float64') continue;
    const at = firstNaN(data as Float32Array | Float64Array);
    if (at < 0) continue;
    throw new UserError(
      'data.nan',
      `${description}, sample ${id}: element ${at} of input '${input}' is NaN, and no range can be calibrated with it. ` +
        'Repair or remove the sample.',
    );
  }
}

function firstNaN(values: Float32Array | Float64Array): number {
  if (allFinite(values)) return -1;
  for (let at = 0; at < values.length; at++) {
    // biome-ignore lint/suspicious/noSelfCompare: a plain comparison over millions of values; only NaN differs from itself.
    if (values[at] !== values[at]) return at;
  }
  return -1;
}
