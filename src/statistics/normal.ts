/** The standard normal distribution. */

/** P(Z ≤ z), by Marsaglia's series ("Evaluating the normal distribution", J. Stat. Software 11, 2004), exact to 1e-15 for |z| < 8. */
export function normalCdf(z: number): number {
  if (z > 8) return 1;
  if (z < -8) return 0;
  let term = z;
  let sum = z;
  for (let divisor = 3; Math.abs(term) > 1e-17 * Math.abs(sum); divisor += 2) {
    term *= (z * z) / divisor;
    sum += term;
  }
  return 0.5 + (sum * Math.exp((-z * z) / 2)) / Math.sqrt(2 * Math.PI);
}

/** The z with P(Z ≤ z) = `probability`, which lies between 0 and 1: 0.95 → 1.645. */
export function normalQuantile(probability: number): number {
  if (!(probability > 0 && probability < 1))
    throw new RangeError(`probability ${probability} is not in (0, 1)`);
  let low = -8;
  let high = 8;
  for (let step = 0; step < 80 && high - low > 1e-13; step++) {
    const middle = (low + high) / 2;
    if (normalCdf(middle) < probability) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
