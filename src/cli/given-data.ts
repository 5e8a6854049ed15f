/** Data named by an argument, read the way the config's data are. */
import type { DataConfig } from '../config/config.js';
import { defaultData } from '../config/defaults.js';
import { guessFormat, namesClasses } from '../data/format.js';

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
    labels: format === 'image-folder' ? null : like.labels,
    classOrder: namesClasses(format) ? like.classOrder : null,
  };
}
