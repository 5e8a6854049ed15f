/** Levels of confidence. */

/** One-sided confidence per bound → level of the two-sided interval that is printed: 0.95 → 0.90. */
export function twoSided(confidence: number): number {
  return Math.round((2 * confidence - 1) * 1e9) / 1e9;
}
