/** The models given to one call, and what they are called in its tables and figures. */
import { modelName } from '../../config/defaults.js';
import { UserError } from '../../errors.js';

/** One path or several. @throws UserError for none. */
export function modelList(models: string | readonly string[]): readonly string[] {
  const list = typeof models === 'string' ? [models] : models;
  if (list.length === 0)
    throw new UserError('usage.invalid-value', 'No model is given: name the path of an ONNX file.');
  return list;
}

/** Each file's name without extension; its path where two share a name, numbered where two share a path. */
export function subjectNames(models: readonly string[]): string[] {
  return models.map((file, index) => {
    const alike = (other: string) => modelName(other) === modelName(file);
    if (models.filter(alike).length === 1) return modelName(file);
    return models.indexOf(file) === index ? file : `${file} (${index + 1})`;
  });
}
