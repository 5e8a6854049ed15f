/** Which of two candidates is nearer to the original, for sure: on the samples that judged both. */
import { jackknifeLogs } from '../measure/statistics/statistics.js';
import type { SampleError } from './evaluate.js';

/** A difference in SQNR below this is none, in dB. */
const LEAST_DB = 0.3;
const CONFIDENCE = 0.95;
const DB = 10 / Math.LN10;

/**
 * How many decibels the first is nearer (negative: the second); 0 where that is no more than chance, or too little to count. SQNR is over all samples
 * together: its difference is that of the logarithms of both noises, with a jackknife's interval over the samples.
 */
export function sureGainDb(
  first: readonly (SampleError | null)[],
  second: readonly (SampleError | null)[],
): number {
  const pairs = first.flatMap((one, index) => {
    const other = second[index];
    return one && other ? [{ one: known(one.noise), other: known(other.noise) }] : [];
  });
  const total = (of: (pair: (typeof pairs)[number]) => number) =>
    pairs.reduce((sum, pair) => sum + of(pair), 0);
  const [one, other] = [total((pair) => pair.one), total((pair) => pair.other)];
  if (one === other) return 0;
  if (Math.min(one, other) === 0 || Math.max(one, other) === Number.POSITIVE_INFINITY)
    return one < other ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
  const { value, interval } = jackknifeLogs(
    pairs,
    (some) => {
      const of = (noise: number) => Math.max(noise, Number.MIN_VALUE);
      return Math.log(
        of(some.reduce((sum, pair) => sum + pair.other, 0)) /
          of(some.reduce((sum, pair) => sum + pair.one, 0)),
      );
    },
    CONFIDENCE,
  );
  const gain = DB * Math.log(value);
  if (Math.abs(gain) < LEAST_DB) return 0;
  const bound = gain > 0 ? interval?.lo : interval?.hi;
  if (bound === null || bound === undefined) return 0;
  return Math.sign(Math.log(bound)) === Math.sign(gain) ? gain : 0;
}

function known(noise: number): number {
  return Number.isNaN(noise) ? Number.POSITIVE_INFINITY : noise;
}
