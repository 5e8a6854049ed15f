/** Spearman's rank correlation of weighted samples. */
import type { Statistic } from '../../../statistics/bootstrap.js';

/**
 * Pearson's correlation of the two columns' mean ranks (ties share the mean of theirs). A sample of weight w counts as w
 * equal samples. NaN when a column has only one value.
 */
export function rankCorrelation(first: Float64Array, second: Float64Array): Statistic {
  const n = first.length;
  const orders = [first, second].map((values) =>
    Uint32Array.from(values, (_, at) => at).sort((a, b) => values[a]! - values[b]!),
  );
  const ranks = [new Float64Array(n), new Float64Array(n)] as const;
  return (weights) => {
    weightedRanks(first, orders[0]!, weights, ranks[0]);
    weightedRanks(second, orders[1]!, weights, ranks[1]);
    return correlation(ranks[0], ranks[1], weights);
  };
}

function weightedRanks(
  values: Float64Array,
  order: Uint32Array,
  weights: Uint32Array | null,
  ranks: Float64Array,
): void {
  let below = 0;
  for (let start = 0; start < order.length; ) {
    let end = start;
    let tied = 0;
    while (end < order.length && values[order[end]!] === values[order[start]!]) {
      tied += weights === null ? 1 : weights[order[end]!]!;
      end++;
    }
    for (let at = start; at < end; at++) ranks[order[at]!] = below + (tied + 1) / 2;
    below += tied;
    start = end;
  }
}

function correlation(first: Float64Array, second: Float64Array, weights: Uint32Array | null): number {
  const weight = (at: number) => (weights === null ? 1 : weights[at]!);
  let total = 0;
  let [sumFirst, sumSecond] = [0, 0];
  for (let at = 0; at < first.length; at++) {
    total += weight(at);
    sumFirst += weight(at) * first[at]!;
    sumSecond += weight(at) * second[at]!;
  }
  const [meanFirst, meanSecond] = [sumFirst / total, sumSecond / total];
  let [cross, squareFirst, squareSecond] = [0, 0, 0];
  for (let at = 0; at < first.length; at++) {
    const [a, b] = [first[at]! - meanFirst, second[at]! - meanSecond];
    cross += weight(at) * a * b;
    squareFirst += weight(at) * a * a;
    squareSecond += weight(at) * b * b;
  }
  return cross / Math.sqrt(squareFirst * squareSecond);
}
