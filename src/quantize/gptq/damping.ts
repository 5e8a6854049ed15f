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

/** Of the inputs that are not always 0; 0 where all are. */
export function medianDiagonal(matrix: Float32Array, size: number): number {
  const values = Float32Array.from({ length: size }, (_, k) => matrix[k * size + k]!).filter(
    (value) => value > 0,
  );
  return values.sort()[values.length >> 1] ?? 0;
}

/** A copy with `damping` added to its diagonal. @param matrix [size, size]. */
export function dampedBy(matrix: Float32Array, size: number, damping: number): Float32Array {
  const damped = matrix.slice();
  for (let k = 0; k < size; k++) damped[k * size + k]! += damping;
  return damped;
}
