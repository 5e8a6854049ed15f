/** Data named by an argument, read the way the config's data are. */
import { resolve } from 'node:path';
import type { DataConfig, ModelConfig } from '../config/config.js';
import { defaultData, defaultText, textOfModel } from '../config/defaults.js';
import { guessFormat, namesClasses } from '../data/format.js';
import { UserError } from '../errors.js';

/** @param like the config's data of the model, null: none. What the format of `path` doesn't read is left out. */
export async function givenData(
  path: string,
  like: DataConfig | null,
  changes: Partial<DataConfig> = {},
): Promise<DataConfig> {
  const data = defaultData(path, changes);
  if (like === null) return data;
  const format = await guessFormat(data.path);
  return {
    ...data,
    inputs: like.inputs,
    ...(like.text ? { text: like.text } : {}),
    labels: format === 'image-folder' ? null : like.labels,
    classOrder: namesClasses(format) ? like.classOrder : null,
  };
}

/** `--tokenizer` and `--max-length` in the place of what the config says. Throws UserError where there are no texts to apply them to. */
export function withGivenText(
  data: DataConfig | null,
  { tokenizer, maxLength }: { tokenizer?: string; maxLength?: number },
  model: Pick<ModelConfig, 'path' | 'task'>,
): DataConfig | null {
  if (tokenizer === undefined && maxLength === undefined) return data;
  const option = tokenizer === undefined ? '--max-length' : '--tokenizer';
  if (data === null) throw new UserError(`${option} prepares data, but none are given.`);
  const text = data.text ?? null;
  if (tokenizer === undefined && text === null)
    throw new UserError('--max-length cuts texts that a tokenizer reads: give --tokenizer FILE with it.');
  const changes = { maxLength: maxLength ?? text?.maxLength ?? null, columns: text?.columns ?? null };
  return {
    ...data,
    text: textOfModel(
      tokenizer === undefined ? { ...text!, ...changes } : defaultText(resolve(tokenizer), changes),
      { ...model, path: resolve(model.path) },
    ),
  };
}
