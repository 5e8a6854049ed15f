/**
 * Kullback–Leibler divergence of a variant's distribution from the original's, Σ p · ln(p ÷ q), in nats: what a difference of scores means for the
 * answer. Scores become a distribution by softmax; rows that are one already are taken as they are.
 */

/** How far from 1 a row of probabilities may sum. */
const SUM_TOLERANCE = 1e-3;
/** Shares below it count as it: 8-bit outputs hold zeros, whose logarithm would be infinite. */
const SMALLEST_SHARE = 1e-7;

/** Where the competing scores of one position lie: `classes` of them, `step` apart. */
export interface Position {
  from: number;
  classes: number;
  step: number;
}

/** The divergence at one position; never below 0. null: its scores are no distribution (all masked with −∞, or one is +∞ or NaN). */
export function divergenceAt(x: ArrayLike<number>, y: ArrayLike<number>, position: Position): number | null {
  return isDistribution(x, position) ? ofShares(x, y, position) : ofScores(x, y, position);
}

function isDistribution(values: ArrayLike<number>, { from, classes, step }: Position): boolean {
  let sum = 0;
  for (let index = 0; index < classes; index++) {
    const value = values[from + index * step]!;
    if (value < 0 || value > 1 + SUM_TOLERANCE) return false;
    sum += value;
  }
  return Math.abs(sum - 1) <= SUM_TOLERANCE;
}

function ofShares(x: ArrayLike<number>, y: ArrayLike<number>, { from, classes, step }: Position): number {
  const share = (value: number) => Math.max(value, SMALLEST_SHARE);
  let [px, qy] = [0, 0];
  for (let index = 0; index < classes; index++) {
    px += share(x[from + index * step]!);
    qy += share(y[from + index * step]!);
  }
  let divergence = 0;
  for (let index = 0; index < classes; index++) {
    const p = share(x[from + index * step]!) / px;
    divergence += p * Math.log(p / (share(y[from + index * step]!) / qy));
  }
  return Math.max(0, divergence);
}

/** With p ∝ eˣ and q ∝ eʸ: Σ p · (x − y) − ln Σ eˣ + ln Σ eʸ. */
function ofScores(
  x: ArrayLike<number>,
  y: ArrayLike<number>,
  { from, classes, step }: Position,
): number | null {
  let [highX, highY] = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let index = 0; index < classes; index++) {
    highX = Math.max(highX, x[from + index * step]!);
    highY = Math.max(highY, y[from + index * step]!);
  }
  if (!Number.isFinite(highX) || !Number.isFinite(highY)) return null;
  let [sumX, sumY, difference] = [0, 0, 0];
  for (let index = 0; index < classes; index++) {
    const [a, b] = [x[from + index * step]! - highX, y[from + index * step]! - highY];
    const weight = Math.exp(a);
    sumX += weight;
    sumY += Math.exp(b);
    // Masked scores (−∞ in both) weigh nothing.
    if (weight > 0) difference += weight * (a - b);
  }
  return Math.max(0, difference / sumX - Math.log(sumX) + Math.log(sumY));
}
