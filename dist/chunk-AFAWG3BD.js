import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);

// src/data/samples/class-order.ts
var CLASS_ORDERS = ["index", "name", "number"];
function defaultOrder(names) {
  return names.every(isIndex) ? "index" : "name";
}
function classIndices(names, order) {
  if (order === "index") {
    return names.every(isIndex) ? new Map(names.map((name) => [name, Number(name)])) : null;
  }
  const sorted = order === "name" ? [...names].sort() : [...names].sort(byNumbers);
  return new Map(sorted.map((name, index) => [name, index]));
}
function isIndex(name) {
  return /^\d+$/.test(name);
}
function byNumbers(one, other) {
  const parts = (name) => name.match(/\d+|\D+/g) ?? [];
  const [a, b] = [parts(one), parts(other)];
  for (let at = 0; at < Math.min(a.length, b.length); at++) {
    const [left, right] = [a[at], b[at]];
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

export {
  CLASS_ORDERS,
  defaultOrder,
  classIndices
};
