/** What a tensor's shape tells. */

/** Number of elements of a shape; 1 for a scalar. */
export function elementCount(dims: readonly (number | bigint)[]): number {
  let count = 1;
  for (const dim of dims) count *= Number(dim);
  return count;
}
