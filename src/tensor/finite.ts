/** NaN and infinities have no place on a scale: weights that hold any stay float32. */

/** Whether every value is a number. Summing zeros made of them is faster than asking each: 0 · NaN and 0 · ∞ are NaN. Four sums side by
 *  side: none waits for the one before. */
export function allFinite(values: Float32Array | Float64Array): boolean {
  let [a, b, c, d] = [0, 0, 0, 0];
  const whole = values.length & ~3;
  for (let i = 0; i < whole; i += 4) {
    a += 0 * values[i]!;
    b += 0 * values[i + 1]!;
    c += 0 * values[i + 2]!;
    d += 0 * values[i + 3]!;
  }
  for (let i = whole; i < values.length; i++) a += 0 * values[i]!;
  return a + b + c + d === 0;
}

export const NOT_FINITE = 'its weights hold NaN or infinity';
