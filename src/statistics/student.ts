/** Student's t distribution. */

/** P(T ≤ t) of Student's t with an integer number of degrees of freedom (Abramowitz & Stegun 26.7.3, 26.7.4). */
export function studentCdf(t: number, degrees: number): number {
  const theta = Math.atan(t / Math.sqrt(degrees));
  const cos2 = Math.cos(theta) ** 2;
  let inside: number;
  if (degrees % 2 === 1) {
    let term = Math.cos(theta);
    let sum = degrees > 1 ? term : 0;
    for (let k = 3; k <= degrees - 2; k += 2) {
      term *= (cos2 * (k - 1)) / k;
      sum += term;
    }
    inside = (2 / Math.PI) * (theta + Math.sin(theta) * sum);
  } else {
    let term = 1;
    let sum = 1;
    for (let k = 2; k <= degrees - 2; k += 2) {
      term *= (cos2 * (k - 1)) / k;
      sum += term;
    }
    inside = Math.sin(theta) * sum;
  }
  return (1 + inside) / 2;
}

/** The t with P(T ≤ t) = `probability`, for probability in [0.5, 1) and integer degrees ≥ 1. */
export function studentQuantile(probability: number, degrees: number): number {
  if (!(probability >= 0.5 && probability < 1))
    throw new RangeError(`probability ${probability} is not in [0.5, 1)`);
  if (!Number.isInteger(degrees) || degrees < 1) throw new RangeError(`${degrees} degrees of freedom`);
  let low = 0;
  let high = 2;
  while (studentCdf(high, degrees) < probability) high *= 2;
  for (let step = 0; step < 100 && high - low > 1e-12 * high; step++) {
    const middle = (low + high) / 2;
    if (studentCdf(middle, degrees) < probability) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
