/** What an earlier run kept of a model: files, samples and figures, in a folder of its own. */
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Figures } from './measure.js';
import { METHODS, type MethodName } from './methods.js';

const FIGURES = 'figures.json';

/** The folder as a new run of some methods needs it: other methods' files and figures stay, unless they are of another original.
 *  @param original path of the model as it was fetched. @returns path of its copy in the folder. */
export function emptied(
  folder: string,
  { original, methods }: { original: string; methods: readonly MethodName[] },
): string {
  const copy = join(folder, 'original.onnx');
  const isSame = existsSync(copy) && readFileSync(copy).equals(readFileSync(original));
  if (!isSame) rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const others = METHODS.filter((name) => !methods.includes(name));
  const stays = new Set([FIGURES, ...others.map((name) => `${name}.onnx`)]);
  for (const name of readdirSync(folder))
    if (!stays.has(name) && !others.some((other) => name.startsWith(`${other}.onnx.`)))
      rmSync(join(folder, name), { recursive: true, force: true });
  cpSync(original, copy);
  return copy;
}

/** null: nothing is kept. */
export function keptFigures(folder: string): Figures[] | null {
  const file = join(folder, FIGURES);
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Figures[]) : null;
}

export function keepFigures(folder: string, figures: readonly Figures[]): void {
  writeFileSync(join(folder, FIGURES), JSON.stringify(figures, null, 2));
}

/** A row as it stands after a run of some methods: their new figures beside those that were kept of others. */
export function withKept(kept: readonly Figures[] | null, made: readonly Figures[]): Figures[] {
  const isNew = (method: MethodName) => made.some((each) => each.method === method);
  const all = [...(kept ?? []).filter(({ method }) => !isNew(method)), ...made];
  return all.toSorted((a, b) => METHODS.indexOf(a.method) - METHODS.indexOf(b.method));
}

/** Whether an earlier run has measured all these methods, and none of quantgate's failed. */
export function isComplete(figures: readonly Figures[] | null, methods: readonly MethodName[]): boolean {
  return methods.every((method) => {
    const found = figures?.find((each) => each.method === method);
    return found !== undefined && (found.failed === null || method.startsWith('python-'));
  });
}
