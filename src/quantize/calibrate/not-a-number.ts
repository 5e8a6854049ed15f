/** Calibration data that holds NaN: some reductions skip it, others take every range behind it away, so it is named instead. */
import type { Sample } from '../../data/dataset.js';
import { UserError } from '../../errors.js';

/** @throws UserError that names the sample, the input and the element. */
export function refuseNotANumber({ id, feeds }: Sample, description: string): void {
  for (const [input, { type, data }] of Object.entries(feeds)) {
    if (type !== 'float32' && type !== 'float64') continue;
    const at = firstNaN(data as Float32Array | Float64Array);
    if (at < 0) continue;
    throw new UserError(
      `${description}, sample ${id}: element ${at} of input '${input}' is NaN, and no range can be calibrated with it. ` +
        'Repair or remove the sample.',
    );
  }
}

function firstNaN(values: Float32Array | Float64Array): number {
  if (!Number.isNaN(sum(values))) return -1;
  for (let at = 0; at < values.length; at++) {
    // biome-ignore lint/suspicious/noSelfCompare: a plain comparison over millions of values; only NaN differs from itself.
    if (values[at] !== values[at]) return at;
  }
  return -1;
}

/** NaN where a value is (or where infinities of both signs are). Four sums side by side: none waits for the one before. */
function sum(values: Float32Array | Float64Array): number {
  let [a, b, c, d] = [0, 0, 0, 0];
  const whole = values.length & ~3;
  for (let at = 0; at < whole; at += 4) {
    a += values[at]!;
    b += values[at + 1]!;
    c += values[at + 2]!;
    d += values[at + 3]!;
  }
  for (let at = whole; at < values.length; at++) a += values[at]!;
  return a + b + c + d;
}
