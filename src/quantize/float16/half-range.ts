/** Constants on their way into half precision: none becomes infinite, none vanishes. */
import { LARGEST_HALF } from '../../tensor/half.js';

/** Smallest half above zero: constants nearer to zero become it, so that divisors and epsilons don't vanish. */
const SMALLEST_HALF = 2 ** -24;

/** Values with the finite ones beyond the half range clamped to it, and those below its smallest step raised to it. */
export function intoHalfRange(values: Float32Array): { values: Float32Array; clamped: number } {
  let copy: Float32Array | undefined;
  let clamped = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    const magnitude = Math.abs(value);
    if (magnitude > LARGEST_HALF && magnitude < Number.POSITIVE_INFINITY) {
      copy ??= values.slice();
      copy[i] = Math.sign(value) * LARGEST_HALF;
      clamped++;
    } else if (magnitude !== 0 && magnitude < SMALLEST_HALF) {
      copy ??= values.slice();
      copy[i] = Math.sign(value) * SMALLEST_HALF;
    }
  }
  return { values: copy ?? values, clamped };
}
