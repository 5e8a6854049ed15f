/** The highest of several scores. */

/** Index, counted from `from`, of the first highest value among values[from … to − 1]. */
export function indexOfMaximum(values: ArrayLike<number>, from = 0, to = values.length): number {
  let best = from;
  for (let at = from + 1; at < to; at++) if (values[at]! > values[best]!) best = at;
  return best - from;
}
