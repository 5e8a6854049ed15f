/** Which measurements a check applies to. */

import type { Coordinates } from '../terms/measurement.js';
import type { Where } from './config.js';

/** Whether `name` equals `pattern`, in which each `*` stands for any text. */
export function matchesPattern(name: string, pattern: string): boolean {
  const [first = '', ...rest] = pattern.split('*');
  if (rest.length === 0) return name === pattern;
  const last = rest.pop()!;
  if (!name.startsWith(first)) return false;
  let from = first.length;
  for (const part of rest) {
    const at = name.indexOf(part, from);
    if (at < 0) return false;
    from = at + part.length;
  }
  return name.length - last.length >= from && name.endsWith(last);
}

/**
 * Whether `where` lets `at` through: every key given must list its value. A coordinate that is null belongs to a metric
 * that doesn't depend on it (a file's size has no batch), so its value holds for every one.
 */
export function matchesWhere(where: Where, at: Coordinates): boolean {
  return (
    matchesName(where.model, at.model) &&
    matchesName(where.variant, at.variant) &&
    matchesName(where.provider, at.provider) &&
    matchesNumber(where.batch, at.batch) &&
    matchesNumber(where.threads, at.threads) &&
    matchesNumber(where.concurrency, at.concurrency)
  );
}

/** `variant int8, provider cpu or cuda`; empty when nothing is asked for. */
export function describeWhere(where: Where): string {
  return Object.entries(where)
    .filter(([, values]) => values !== undefined)
    .map(([key, values]) => `${key} ${(values as (string | number)[]).join(' or ')}`)
    .join(', ');
}

function matchesName(patterns: readonly string[] | undefined, name: string | null): boolean {
  return patterns === undefined || name === null || patterns.some((pattern) => matchesPattern(name, pattern));
}

function matchesNumber(values: readonly number[] | undefined, value: number | null): boolean {
  return values === undefined || value === null || values.includes(value);
}
