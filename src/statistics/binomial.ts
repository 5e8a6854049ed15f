/** The binomial distribution. */

/** P(X ≥ k) of `n` tries that each succeed with `probability`: the sum of its terms, each from the one before, in logarithms. */
export function binomialTail(k: number, n: number, probability: number): number {
  if (k <= 0) return 1;
  if (probability <= 0) return 0;
  if (probability >= 1) return 1;
  const odds = Math.log(probability) - Math.log1p(-probability);
  let logTerm = n * Math.log1p(-probability);
  let below = 0;
  let tail = 0;
  for (let hits = 0; hits <= n; hits++) {
    const term = Math.exp(logTerm);
    if (hits >= k) tail += term;
    else below += term;
    logTerm += Math.log(n - hits) - Math.log(hits + 1) + odds;
  }
  // The shorter sum is the more exact one.
  return Math.min(1, Math.max(0, tail < below ? tail : 1 - below));
}
