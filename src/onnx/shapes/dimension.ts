/** Sizes of which some are known only by a name, and the arithmetic on them. */

/** A known size, or a name for an unknown one. */
export type Dimension = number | string;

/** A new name: for the size of an axis of which nothing is known. */
export const unknown = (name: string, axis: number): string => `${name}#${axis}`;

/** By numpy's rule; two unknown sizes that may differ give a third, named for the output. */
export function broadcast(shapes: readonly (readonly Dimension[])[], output: string): Dimension[] {
  const length = Math.max(...shapes.map((shape) => shape.length));
  return Array.from({ length }, (_, axis) => {
    const dims = new Set(shapes.map((shape) => shape[axis - (length - shape.length)] ?? 1));
    dims.delete(1);
    const number = [...dims].find((dim) => typeof dim === 'number');
    if (dims.size === 0) return 1;
    if (number !== undefined) return number;
    return dims.size === 1 ? [...dims][0]! : unknown(output, axis);
  });
}

/** Element by element, a single element broadcast; undefined when any result is. */
export function pointwise(
  inputs: readonly (readonly Dimension[])[],
  operation: (elements: Dimension[]) => Dimension | undefined,
): Dimension[] | undefined {
  const length = Math.max(...inputs.map((values) => values.length));
  const results = Array.from({ length }, (_, i) =>
    operation(inputs.map((values) => values[values.length === 1 ? 0 : i]!)),
  );
  return results.includes(undefined) ? undefined : (results as Dimension[]);
}

/** 1 or 0 where it is certain. A size is never negative, whatever its name stands for. */
export function equal(a: Dimension, b: Dimension): number | undefined {
  if (a === b) return 1;
  if (typeof a === 'number' && typeof b === 'number') return 0;
  return [a, b].some((dim) => typeof dim === 'number' && dim < 0) ? 0 : undefined;
}

/** What is left of a product when others are divided out of it; undefined when names are left. */
export function quotient(dims: readonly Dimension[], others: readonly Dimension[]): number | undefined {
  const names = dims.filter((dim) => typeof dim === 'string');
  for (const name of others.filter((dim) => typeof dim === 'string')) {
    const at = names.indexOf(name);
    if (at < 0) return undefined;
    names.splice(at, 1);
  }
  const product = (factors: readonly Dimension[]): number =>
    factors.reduce<number>((result, dim) => (typeof dim === 'number' ? result * dim : result), 1);
  const [whole, part] = [product(dims), product(others)];
  return names.length === 0 && part > 0 && whole % part === 0 ? whole / part : undefined;
}
