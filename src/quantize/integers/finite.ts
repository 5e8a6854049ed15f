/** NaN and infinities have no place on a scale: weights that hold any stay float32. */

/** Whether every value is a number. Summing zeros made of them is faster than asking each: 0 · NaN and 0 · ∞ are NaN. */
export function allFinite(values: Float32Array): boolean {
  let zero = 0;
  for (let i = 0; i < values.length; i++) zero += 0 * values[i]!;
  return zero === 0;
}

export const NOT_FINITE = 'its weights hold NaN or infinity';
