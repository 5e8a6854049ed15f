/** Ratios of launches, kept in a file after each one: a run that is ended loses the launch it was in, and the next run goes on from there. */
import { existsSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';

export interface Launch {
  /** What it belongs to: model, provider, settings. */
  key: string;
  /** By file: time ÷ the reference's. */
  ratios: Record<string, number>;
  /** What else a table says of it, by name. */
  facts: Record<string, number | string>;
}

export class KeptLaunches {
  readonly #launches: Launch[];

  /** @param fresh forgets what is there. */
  constructor(
    readonly file: string,
    { fresh }: { fresh: boolean },
  ) {
    this.#launches = fresh || !existsSync(file) ? [] : (JSON.parse(readFileSync(file, 'utf8')) as Launch[]);
  }

  of(key: string): readonly Launch[] {
    return this.#launches.filter((launch) => launch.key === key);
  }

  add(launch: Launch): void {
    this.#launches.push(launch);
    const partial = `${this.file}.partial`;
    writeFileSync(partial, `${JSON.stringify(this.#launches, null, 1)}\n`);
    renameSync(partial, this.file);
  }
}

/** Another model of the same name is another one. */
export function modelKey(model: string, settings: object): string {
  return JSON.stringify({ model: basename(model), bytes: statSync(model).size, ...settings });
}

/** Time for all launches: whether one more fits, if it takes as long as the longest of its kind. */
export class LaunchBudget {
  readonly #started = performance.now();

  constructor(readonly budgetMs: number) {}

  fits(expectedMs: number): boolean {
    return performance.now() - this.#started + expectedMs <= this.budgetMs;
  }
}

/** What other work on the machine disturbs least. */
export function lowerQuartile(times: readonly number[]): number {
  return times.toSorted((a, b) => a - b)[Math.floor((times.length - 1) / 4)]!;
}

export function median(list: readonly number[]): number {
  const sorted = list.toSorted((a, b) => a - b);
  return (sorted[(sorted.length - 1) >> 1]! + sorted[sorted.length >> 1]!) / 2;
}

/** '0.82 [0.80, 0.85]': median, least and most; of one launch the figure alone. */
export function spread(list: readonly number[], digits: number, unit = ''): string {
  const middle = `${median(list).toFixed(digits)}${unit}`;
  if (list.length < 2) return middle;
  const [least, most] = [Math.min(...list), Math.max(...list)];
  return `${middle} [${least.toFixed(digits)}, ${most.toFixed(digits)}]`;
}
