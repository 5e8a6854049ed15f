import type { Coordinates, Measurement } from '../../terms/measurement.js';
import type { Report } from '../../terms/report.js';
import type { CheckResult } from '../../terms/verdict.js';

export interface FactMerge<T> {
  pick: (report: Report) => readonly T[];
  /** With the coordinates: what the fact is about. */
  key: (item: T) => string;
  same: (a: T, b: T) => boolean;
  conflict: (item: T, environment: string) => void;
  several: boolean;
}

/** Facts in the order of `reports`; `newest` decides between two of one machine. */
export function mergeFacts<T extends Measurement | CheckResult>(
  newest: readonly Report[],
  reports: readonly Report[],
  merge: FactMerge<T>,
): T[] {
  const keyOf = (item: T) =>
    JSON.stringify([
      item.model,
      item.variant,
      item.provider,
      item.batch,
      item.threads,
      item.concurrency,
      merge.key(item),
    ]);
  const winners = new Map<string, Map<string, T>>();
  for (const report of newest) {
    const inThisReport = new Set<string>();
    for (const item of merge.pick(report)) {
      const key = keyOf(item);
      const environment = item.environment ?? report.environment.fingerprint;
      const perMachine = winners.get(key) ?? new Map<string, T>();
      winners.set(key, perMachine);
      const winner = perMachine.get(environment);
      const place = `${environment} ${key}`;
      if (winner === undefined) perMachine.set(environment, item);
      else if (!inThisReport.has(place) && !merge.same(winner, item)) merge.conflict(winner, environment);
      inThisReport.add(place);
    }
  }
  const merged: T[] = [];
  const told = new Set<string>();
  for (const report of reports) {
    for (const item of merge.pick(report)) {
      const key = keyOf(item);
      if (told.has(key)) continue;
      told.add(key);
      merged.push(...perMachine(winners.get(key)!, merge));
    }
  }
  return merged;
}

/** One fact when all machines agree on it or there is only one, else one per machine. */
function perMachine<T extends Measurement | CheckResult>(machines: Map<string, T>, merge: FactMerge<T>): T[] {
  const items = [...machines];
  const [, first] = items[0]!;
  const general = first.provider === null && items.every(([, item]) => merge.same(first, item));
  if (!merge.several || general) return [withoutEnvironment(first)];
  return items.map(([environment, item]) => ({ ...item, environment }));
}

function withoutEnvironment<T extends Coordinates>(item: T): T {
  const { environment: _, ...rest } = item;
  return rest as T;
}
