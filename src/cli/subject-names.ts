/** What the models given to one command are called in its table and its JSON. */
import { modelName } from '../config/defaults.js';

/** Each file's name without extension; its path where two share a name, numbered where two share a path. */
export function subjectNames(models: readonly string[]): string[] {
  return models.map((file, index) => {
    const alike = (other: string) => modelName(other) === modelName(file);
    if (models.filter(alike).length === 1) return modelName(file);
    return models.indexOf(file) === index ? file : `${file} (${index + 1})`;
  });
}
