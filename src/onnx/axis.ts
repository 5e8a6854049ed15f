/** An axis may be counted from the end. */

/** The axis from the front: -1 of three is 2. */
export function fromEnd(axis: number, rank: number): number {
  return axis < 0 ? axis + rank : axis;
}
