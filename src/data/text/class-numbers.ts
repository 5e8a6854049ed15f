/** Labels of texts as indices of the model's classes. */
import { UserError } from '../../errors.js';
import type { ScalarLabel } from '../formats/label-column.js';
import { quoted } from '../samples/binding.js';
import { type ClassNames, indexByName } from '../samples/model-classes.js';

/** Every label as the index of its class, by name (case aside, where that is clear) or as a number. Throws UserError for a name that isn't among them. */
export function classNumbers(
  labels: readonly ScalarLabel[],
  { names, from }: ClassNames,
  placeOf: (index: number) => string,
): ScalarLabel[] {
  const indexOf = indexByName(names);
  return labels.map((label, at) => {
    if (label === null || typeof label === 'number') return label;
    const found = indexOf(label);
    if (found !== undefined) return found;
    throw new UserError(
      'data.unknown-class',
      `${placeOf(at)}: the label '${label}' is none of the model's classes: ${quoted(names)} (${from}). Correct the label, or give the classes in the model's order: \`class-names: [NAME, …]\`.`,
    );
  });
}
