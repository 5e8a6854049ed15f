/** What the config.json of a model says: its architecture, and names of its classes. */
import { readFileSync } from 'node:fs';
import { namesIn } from '../../data/samples/model-classes.js';
import { type Found, nearest } from '../find/find.js';

export interface ModelConfigFile {
  path: string;
  /** 'BertForSequenceClassification' …; null: not said. */
  architecture: string | null;
  /** By class index; null: none are given. */
  classNames: readonly string[] | null;
}

/** The nearest one; null where there is none that can be read. */
export function readModelConfig(found: Found, model: string): ModelConfigFile | null {
  const path = nearest(found.modelConfigs, model);
  if (path === null) return null;
  try {
    const parsed = JSON.parse(readFileSync(found.tree.absolute(path), 'utf8')) as {
      architectures?: string[];
    };
    return {
      path,
      architecture: parsed.architectures?.[0] ?? null,
      classNames: namesIn(parsed),
    };
  } catch {
    return null;
  }
}

/** Names of the model's classes from a list beside it, where it has one for each; null: there is none. */
export function listedClasses(
  found: Found,
  model: string,
  classes: number,
): { path: string; names: string[] } | null {
  const fitting = found.lists.flatMap((path) => {
    const names = linesOf(found, path);
    return names.length === classes ? [{ path, names }] : [];
  });
  const best = nearest(
    fitting.map(({ path }) => path),
    model,
  );
  return fitting.find(({ path }) => path === best) ?? null;
}

export function linesOf(found: Found, path: string): string[] {
  const lines = readFileSync(found.tree.absolute(path), 'utf8')
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/);
  if (lines.at(-1) === '') lines.pop();
  return lines;
}
