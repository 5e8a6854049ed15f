/** The model of a config that a call is about: by name, by file, or the only one. */
import { resolve } from 'node:path';
import type { Config, ModelConfig } from '../../config/config.js';
import { UserError } from '../../errors.js';
import { OptionError } from './option-error.js';

export function pickModel(config: Config, name: string | undefined, file?: string): ModelConfig {
  const names = config.models.map((model) => model.name).join(', ');
  if (name !== undefined) {
    const found = config.models.find((model) => model.name === name);
    if (!found)
      throw new UserError(
        'usage.unknown-name',
        `No model is called '${name}' in ${config.file}. It has: ${names}.`,
      );
    return found;
  }
  const byFile = file ? config.models.find((model) => model.path === resolve(file)) : undefined;
  if (byFile) return byFile;
  if (config.models.length === 1) return config.models[0]!;
  throw new OptionError(
    'usage.choose-model',
    (option) => `${config.file} has several models: choose one with ${option('model')} (${names}).`,
  );
}
