/** Which of two candidates is nearer to the original, for sure: on the samples that judged both. */
import { sureGain } from '../../quantize/method/sure-gain.js';
import type { SampleError } from './evaluate.js';

/** A difference in SQNR below this is none, in dB. */
const LEAST_DB = 0.3;
const DB = 10 / Math.LN10;

/** How many decibels the first is nearer (negative: the second); 0 where that is no more than chance, or too little to count. */
export function sureGainDb(
  first: readonly (SampleError | null)[],
  second: readonly (SampleError | null)[],
): number {
  const pairs = first.flatMap((one, index) => {
    const other = second[index];
    return one && other ? [{ one: one.noise, other: other.noise }] : [];
  });
  const gain =
    DB *
    sureGain(
      pairs.map(({ one }) => one),
      pairs.map(({ other }) => other),
    );
  return Math.abs(gain) < LEAST_DB ? 0 : gain;
}
