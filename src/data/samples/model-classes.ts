/** Names of a model's classes in the model's own order: from the configuration, or from the config.json that Hugging Face keeps with a model. */
import type { DataConfig } from '../../config/data-config.js';
import { UserError } from '../../errors.js';
import { shownPath } from '../../system/files/shown-path.js';
import { readJson } from '../../system/files/text-file.js';

export interface ClassNames {
  /** By class index. */
  names: readonly string[];
  /** Where they come from, for errors. */
  from: string;
}

/** null: nobody names the classes. Throws UserError for a config.json that can't be read. */
export async function classNames({ classNames: names, modelConfig }: DataConfig): Promise<ClassNames | null> {
  if (names !== null) return { names, from: 'class-names' };
  if (!modelConfig) return null;
  const found = namesIn(await readJson(modelConfig));
  return found && { names: found, from: shownPath(modelConfig) };
}

/** The same where a config.json that is no Hugging Face's may lie beside the model: one that can't be read names nothing. */
export async function classNamesIfAny(data: DataConfig): Promise<ClassNames | null> {
  try {
    return await classNames(data);
  } catch (error) {
    if (error instanceof UserError) return null;
    throw error;
  }
}

/** `id2label` of a config.json, by index; null where it has none, or not one for every class. */
export function namesIn(config: unknown): readonly string[] | null {
  const { id2label } = (config ?? {}) as { id2label?: unknown };
  if (typeof id2label !== 'object' || id2label === null) return null;
  const ordered = Object.entries(id2label)
    .map(([index, name]) => [Number(index), String(name)] as const)
    .sort(([a], [b]) => a - b);
  const complete = ordered.every(([index], at) => index === at);
  // LABEL_0, LABEL_1 … stand for names that nobody gave.
  const given = ordered.some(([index, name]) => name !== `LABEL_${index}`);
  return ordered.length > 0 && complete && given ? ordered.map(([, name]) => name) : null;
}

/** Index by name, in whatever case where that is clear; undefined: none of the model's classes is called so. */
export function indexByName(names: readonly string[]): (name: string) => number | undefined {
  const exact = new Map(names.map((name, index) => [name, index]));
  const folded = new Map<string, number | null>();
  for (const [index, name] of names.entries()) {
    const key = name.toLowerCase();
    folded.set(key, folded.has(key) ? null : index);
  }
  return (name) => exact.get(name) ?? folded.get(name.toLowerCase()) ?? undefined;
}

/** An order that nobody gave is told: it may be another than the model's. @param what the data have, in the plural: labels, tags. */
export function orderIsAGuess(
  count: number,
  what: string,
  named: { from: string; lacking: string } | null = null,
): string {
  const nobody =
    named === null
      ? "Nothing names the model's classes"
      : `${named.from} names the model's classes, but none '${named.lacking}'`;
  return `${nobody}: the data's ${count} ${what} are taken in alphabetical order. \`class-names\` gives another.`;
}
