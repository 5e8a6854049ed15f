/** A model's file that is put aside while others are made in its place. */
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { PLAN_SUFFIX } from '../auto/plan/plan.js';

/** Endings of files that may lie beside a model: its weights, and the plan that made it. */
export const COMPANIONS: readonly string[] = ['.data', PLAN_SUFFIX];

export class KeptFile {
  readonly #file: string;
  readonly #endings: readonly string[];
  /** In the same folder: moved, nothing is copied. */
  readonly #folder: string;

  /** @param companions endings of files that may lie beside it. */
  constructor(file: string, companions: readonly string[]) {
    this.#file = file;
    this.#endings = ['', ...companions];
    this.#folder = join(dirname(file), `${basename(file)}.kept`);
  }

  /** Puts aside what lies there; the first time only. */
  keep(): void {
    if (existsSync(this.#folder)) return;
    mkdirSync(this.#folder);
    this.#move(dirname(this.#file), this.#folder);
  }

  /** Puts it back, over what lies there now. */
  restore(): void {
    if (!existsSync(this.#folder)) return;
    for (const ending of this.#endings) rmSync(this.#file + ending, { force: true });
    this.#move(this.#folder, dirname(this.#file));
    this.forget();
  }

  /** Deletes what was put aside. */
  forget(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #move(from: string, to: string): void {
    for (const ending of this.#endings) {
      const name = basename(this.#file) + ending;
      if (existsSync(join(from, name))) renameSync(join(from, name), join(to, name));
    }
  }
}
