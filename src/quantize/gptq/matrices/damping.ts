/** What is added to the diagonal of a Hessian or a covariance: few samples see less variety than there is. */

/** Share of the mean of the diagonal (GPTQ's default). */
export const DAMPING = 0.01;

/** The share of a matrix [size, size] whose values stand row by row. */
export function dampingOf(matrix: Float32Array, size: number): number {
  return DAMPING * meanDiagonal(matrix, size);
}

export function meanDiagonal(matrix: Float32Array, size: number): number {
  let sum = 0;
  for (let k = 0; k < size; k++) sum += matrix[k * size + k]!;
  return sum / size;
}

/** A copy with `damping` added to its diagonal. @param matrix [size, size]. */
export function dampedBy(matrix: Float32Array, size: number, damping: number): Float32Array {
  const damped = matrix.slice();
  for (let k = 0; k < size; k++) damped[k * size + k]! += damping;
  return damped;
}
