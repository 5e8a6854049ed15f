/** What differs between two records, job by job. */
import { readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import type { Outcome, Recorded } from './record.js';

export interface Comparison {
  lines: string[];
  /** Jobs that differ, or that one record lacks. */
  differing: number;
}

export function readRecord(file: string): Recorded {
  return JSON.parse(readFileSync(file, 'utf8')) as Recorded;
}

/** @param options.only jobs whose key it matches. @param options.show differences listed for each job. */
export function compareRecords(
  before: Recorded,
  after: Recorded,
  { only, show }: { only: RegExp; show: number },
): Comparison {
  const lines = [`before: ${before.settings.commit}`, `after:  ${after.settings.commit}`];
  for (const name of ['script', 'cpu', 'node', 'onnxruntime'] as const) {
    const [one, other] = [before.settings[name], after.settings[name]];
    if (one !== other) lines.push(`${name} differs (${one}, ${other}): so may bytes`);
  }
  const keys = [...new Set([...Object.keys(before.jobs), ...Object.keys(after.jobs)])].filter((key) =>
    only.test(key),
  );
  let [same, differing] = [0, 0];
  for (const key of keys) {
    const [one, other] = [outcomeOf(before, key), outcomeOf(after, key)];
    const found = one && other ? differences(one, other, '') : [`only ${one ? 'before' : 'after'}`];
    if (found.length === 0) {
      same++;
      continue;
    }
    differing++;
    lines.push('', key, ...found.slice(0, show).map((line) => `  ${line}`));
    if (found.length > show) lines.push(`  … and ${found.length - show} more`);
  }
  lines.push('', `${same} the same, ${differing} differ`);
  return { lines, differing };
}

function outcomeOf({ jobs, results }: Recorded, key: string): Outcome | null {
  const job = jobs[key];
  return job ? { ...job, result: job.result === null ? null : results[job.result] } : null;
}

/** Each place where two values differ, with both. Decisions are told apart by their nodes. */
function differences(before: unknown, after: unknown, place: string): string[] {
  if (isDeepStrictEqual(before, after)) return [];
  const [one, other] = [entriesOf(before), entriesOf(after)];
  if (!one || !other) return [`${place}: ${short(before)} → ${short(after)}`];
  const inner = [...new Set([...one.keys(), ...other.keys()])].flatMap((key) =>
    differences(one.get(key), other.get(key), place === '' ? key : `${place}.${key}`),
  );
  // The same entries in another order.
  return inner.length > 0 ? inner : [`${place}: another order`];
}

function entriesOf(value: unknown): Map<string, unknown> | null {
  if (typeof value !== 'object' || value === null) return null;
  if (!Array.isArray(value)) return new Map(Object.entries(value));
  const names = value.map((entry: { node?: string } | null, index) => entry?.node ?? `${index}`);
  const isUnique = new Set(names).size === names.length;
  return new Map(value.map((entry, index) => [isUnique ? `[${names[index]}]` : `[${index}]`, entry]));
}

function short(value: unknown): string {
  const text = value === undefined ? 'nothing' : JSON.stringify(value);
  return text.length > 300 ? `${text.slice(0, 300)}…` : text;
}
