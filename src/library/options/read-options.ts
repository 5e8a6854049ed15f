/** Options are read as the same keys of a quantgate.yml would be: by its schema, its units and its rules. */
import type { Config } from '../../config/config.js';
import { ConfigError } from '../../config/file/problems.js';
import { parseConfig } from '../../config/read/load.js';
import { inConfigKeys, inOptionKeys } from './config-keys.js';
import { OptionError, type OptionWriter } from './option-error.js';

/** Where parts of the configuration stand among the options: `['models[0].data.input', 'calibration.input']`, the longest first. */
export type Places = readonly (readonly [place: string, option: string])[];

/** A model of options: its keys as under `models:`, in camelCase. */
export interface OptionModel {
  path: string;
  [key: string]: unknown;
}

/**
 * A configuration of one model and whatever else `document` says, in camelCase. Paths in it are relative to the working directory; the
 * model's file needn't be there. @throws UserError that names the options.
 */
export async function readOptions(
  model: OptionModel,
  { places, ...document }: { places: Places; [key: string]: unknown },
): Promise<Config> {
  const text = JSON.stringify({
    version: 1,
    models: [inConfigKeys(model)],
    ...(inConfigKeys(document) as object),
  });
  try {
    return await parseConfig(text, { file: null, directory: process.cwd(), expand: false });
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const problems = error.problems.map(({ path, message }) => ({
      option: inOptionKeys(placed(path, places)),
      message: inOptionKeys(message),
    }));
    throw new OptionError('usage.invalid-value', (option: OptionWriter) =>
      problems.map((problem) => `${option(problem.option)}: ${problem.message}.`).join('\n'),
    );
  }
}

function placed(path: string, places: Places): string {
  for (const [place, option] of places) {
    if (path === place) return option;
    if (path.startsWith(`${place}.`)) return [option, path.slice(place.length + 1)].filter(Boolean).join('.');
  }
  return path;
}
