/** Exact limits of a share: what `count` of `total` says about the probability behind it. */

export interface Share {
  value: number;
  lo: number;
  hi: number;
}

/**
 * Two-sided interval of a binomial probability by Clopper and Pearson (Biometrika 26, 1934): the probabilities at which a count as
 * large, or as small, would be seen in (1 − confidence) / 2 of all campaigns.
 */
export function clopperPearson(count: number, total: number, confidence = 0.95): Share {
  const tail = (1 - confidence) / 2;
  return {
    value: total === 0 ? Number.NaN : count / total,
    lo: count === 0 ? 0 : root((p) => 1 - atMost(count - 1, total, p) - tail),
    hi: count === total ? 1 : root((p) => tail - atMost(count, total, p)),
  };
}

/** P(X ≤ count) of a binomial variable. */
function atMost(count: number, total: number, p: number): number {
  let logChoose = 0;
  let sum = 0;
  for (let k = 0; k <= count; k++) {
    if (k > 0) logChoose += Math.log((total - k + 1) / k);
    sum += Math.exp(logChoose + k * Math.log(p) + (total - k) * Math.log1p(-p));
  }
  return sum;
}

/** Where a function that rises over (0, 1) is zero. */
function root(rising: (p: number) => number): number {
  let low = 0;
  let high = 1;
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2;
    if (rising(middle) < 0) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
