/** In which order names of classes become class indices. */

/** index: each name is the index itself. name: by code units, as torchvision's ImageFolder. number: digits in names count as numbers. */
export type ClassOrder = 'index' | 'name' | 'number';

export const CLASS_ORDERS: readonly ClassOrder[] = ['index', 'name', 'number'];

/** Unless the configuration says otherwise: by index where every name is a whole number, else by name. */
export function defaultOrder(names: readonly string[]): ClassOrder {
  return names.every(isIndex) ? 'index' : 'name';
}

/** Class index by name; null when a name is no index. */
export function classIndices(names: readonly string[], order: ClassOrder): Map<string, number> | null {
  if (order === 'index') {
    return names.every(isIndex) ? new Map(names.map((name) => [name, Number(name)])) : null;
  }
  const sorted = order === 'name' ? [...names].sort() : [...names].sort(byNumbers);
  return new Map(sorted.map((name, index) => [name, index]));
}

function isIndex(name: string): boolean {
  return /^\d+$/.test(name);
}

/** `class2` before `class10`; names that differ only in leading zeros by code units. */
function byNumbers(one: string, other: string): number {
  const parts = (name: string): readonly string[] => name.match(/\d+|\D+/g) ?? [];
  const [a, b] = [parts(one), parts(other)];
  for (let at = 0; at < Math.min(a.length, b.length); at++) {
    const [left, right] = [a[at]!, b[at]!];
    if (isIndex(left) && isIndex(right)) {
      const difference = BigInt(left) - BigInt(right);
      if (difference !== 0n) return difference < 0n ? -1 : 1;
    } else if (left !== right) {
      return left < right ? -1 : 1;
    }
  }
  if (a.length !== b.length) return a.length - b.length;
  return one < other ? -1 : Number(one > other);
}
