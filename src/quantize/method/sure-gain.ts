/** Which of two files is nearer to the original, for sure: on samples on which both were compared. */
import { meanInterval } from '../../statistics/mean-intervals.js';

const CONFIDENCE = 0.95;

/**
 * How much less noise the first file has over all samples together, as the logarithm of the second's ÷ the first's (negative: it has more); 0 where that may be
 * chance. SQNR is over all samples, of which one alone may hold most of the noise: that does not decide. Each sample's own ratio counts, on a logarithmic
 * scale, and Student's one-sided bound of their mean must lie on the same side as the whole.
 * @param first noise of each sample, a sum of squares; NaN is as bad as can be. @param second of the same samples.
 */
export function sureGain(first: readonly number[], second: readonly number[]): number {
  const [one, other] = [total(first), total(second)];
  if (one === other) return 0;
  if (Math.min(one, other) === 0 || Math.max(one, other) === Number.POSITIVE_INFINITY)
    return one < other ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
  const gain = Math.log(other / one);
  const { mean, halfWidth } = meanInterval(
    first.map((noise, index) => logOf(second[index]!) - logOf(noise)),
    CONFIDENCE,
  );
  return Math.sign(gain) * mean - halfWidth > 0 ? gain : 0;
}

function total(noises: readonly number[]): number {
  const sum = noises.reduce((all, noise) => all + noise, 0);
  return Number.isNaN(sum) ? Number.POSITIVE_INFINITY : sum;
}

function logOf(noise: number): number {
  return Math.log(Math.max(noise, Number.MIN_VALUE));
}
