/** Names of a model's classes in the model's own order: from the configuration, or from the config.json that Hugging Face keeps with a model. */
import type { DataConfig } from '../../config/config.js';
import { UserError } from '../../errors.js';
import { shownPath } from '../../system/shown-path.js';
import { readJson } from '../../system/text-file.js';
import type { ScalarLabel } from '../formats/label-column.js';
import { quoted } from '../samples/binding.js';

export interface ClassNames {
  /** By class index. */
  names: readonly string[];
  /** Where they come from, for errors. */
  from: string;
}

/** null: nobody names the classes. Throws UserError for a config.json that can't be read. */
export async function classNames({ classNames: names, text }: DataConfig): Promise<ClassNames | null> {
  if (names !== null) return { names, from: 'class-names' };
  const modelConfig = text?.modelConfig ?? null;
  if (modelConfig === null) return null;
  const parsed = (await readJson(modelConfig)) as { id2label?: Record<string, unknown> } | null;
  const entries = Object.entries(parsed?.id2label ?? {});
  const ordered = entries
    .map(([index, name]) => [Number(index), String(name)] as const)
    .sort(([a], [b]) => a - b);
  const complete = ordered.every(([index], at) => index === at);
  // LABEL_0, LABEL_1 … stand for names that nobody gave.
  const given = ordered.some(([index, name]) => name !== `LABEL_${index}`);
  if (ordered.length === 0 || !complete || !given) return null;
  return { names: ordered.map(([, name]) => name), from: shownPath(modelConfig) };
}

/** Every label as the index of its class, by name (case aside, where that is clear) or as a number. Throws UserError for a name that isn't among them. */
export function classNumbers(
  labels: readonly ScalarLabel[],
  { names, from }: ClassNames,
  placeOf: (index: number) => string,
): ScalarLabel[] {
  const exact = new Map(names.map((name, index) => [name, index]));
  const folded = new Map<string, number | null>();
  for (const [index, name] of names.entries()) {
    const key = name.toLowerCase();
    folded.set(key, folded.has(key) ? null : index);
  }
  return labels.map((label, at) => {
    if (label === null || typeof label === 'number') return label;
    const found = exact.get(label) ?? folded.get(label.toLowerCase());
    if (found !== undefined && found !== null) return found;
    throw new UserError(
      'data.unknown-class',
      `${placeOf(at)}: the label '${label}' is none of the model's classes: ${quoted(names)} (${from}). Correct the label, or give the classes in the model's order: \`class-names: [NAME, …]\`.`,
    );
  });
}
