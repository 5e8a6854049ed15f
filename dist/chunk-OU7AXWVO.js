import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);

// src/config/where.ts
function matchesPattern(name, pattern) {
  const [first = "", ...rest] = pattern.split("*");
  if (rest.length === 0) return name === pattern;
  const last = rest.pop();
  if (!name.startsWith(first)) return false;
  let from = first.length;
  for (const part of rest) {
    const at = name.indexOf(part, from);
    if (at < 0) return false;
    from = at + part.length;
  }
  return name.length - last.length >= from && name.endsWith(last);
}
function matchesWhere(where, at) {
  return matchesName(where.model, at.model) && matchesName(where.variant, at.variant) && matchesName(where.provider, at.provider) && matchesNumber(where.batch, at.batch) && matchesNumber(where.threads, at.threads) && matchesNumber(where.concurrency, at.concurrency);
}
function describeWhere(where) {
  return Object.entries(where).filter(([, values]) => values !== void 0).map(([key, values]) => `${key} ${values.join(" or ")}`).join(", ");
}
function matchesName(patterns, name) {
  return patterns === void 0 || name === null || patterns.some((pattern) => matchesPattern(name, pattern));
}
function matchesNumber(values, value) {
  return values === void 0 || value === null || values.includes(value);
}

export {
  matchesPattern,
  matchesWhere,
  describeWhere
};
