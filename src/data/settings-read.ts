/** Which settings of an input work on what the data hold for it: what would be ignored is refused, or told. */

import type { DataFormat } from '../config/choices.js';
import type { DataConfig } from '../config/data-config.js';
import type { ValueMeta } from '../tensor/value-meta.js';
import { readsRecordings } from './options-read.js';
import { type Binding, ownInputs, soleInput } from './samples/binding.js';
import type { RawSample } from './samples/source.js';
import { tokenRoles } from './samples/token-inputs.js';
import { namedKeys, unreadSettingsError, worksOnPixels, writtenKeys } from './samples/unread-settings.js';

interface Asked {
  /** As it was written: presets and preprocessor files not yet resolved. */
  config: DataConfig;
  inputs: readonly ValueMeta[];
  format: DataFormat;
  bindings: readonly Binding[];
}

/**
 * What to tell of settings without effect on the first sample. Throws UserError for settings of images where the data are texts or recordings. (Those of
 * arrays that are no images are refused where each sample is prepared.)
 */
export function unreadSettings(first: RawSample, { config, inputs, format, bindings }: Asked): string[] {
  const sole = soleInput(inputs);
  return bindings.flatMap((binding) => {
    const { input } = binding;
    const written = config.inputs[input] ?? (input === sole ? config.inputs[''] : undefined);
    if (written === undefined) return [];
    const given = writtenKeys(written);
    const value = first.values[input];
    const recordings = readsRecordings(config, format);
    if (recordings || config.text) {
      const unread = recordings ? given.filter((key) => key === 'from' || worksOnPixels(key)) : given;
      if (unread.length > 0)
        throw unreadSettingsError(unread, {
          path: config.path,
          reader: `input '${input}'`,
          holds: recordings ? 'recordings' : 'texts',
        });
      return [];
    }
    if (value === undefined || value.kind === 'feed') {
      const why = value === undefined ? 'it follows from the other inputs' : 'it is fed as it is stored';
      const unread = given.filter((key) => key !== 'from');
      return unread.length === 0 ? [] : [`${namedKeys(unread)} of input '${input}' had no effect: ${why}.`];
    }
    const { resize, letterbox } = binding.config;
    if (written.filter === null || resize !== null || letterbox !== null) return [];
    return [
      `${namedKeys(['filter'])} of input '${input}' had no effect: nothing resizes it (\`resize\`, \`letterbox\`).`,
    ];
  });
}

/**
 * Throws UserError for settings of images that are written for the only input of a model, where it has several that read tokens: to name one of them
 * would not help. (Of a named input, `unreadSettings` says so.)
 */
export function assertNoTokens({ path, text, inputs }: DataConfig, modelInputs: readonly ValueMeta[]): void {
  const written = inputs[''];
  if (written === undefined || soleInput(modelInputs) !== null) return;
  if (![...tokenRoles(ownInputs(modelInputs)).values()].includes('ids')) return;
  const unread = text ? writtenKeys(written) : writtenKeys(written).filter(worksOnPixels);
  if (unread.length === 0) return;
  throw unreadSettingsError(unread, { path, reader: 'the model', holds: text ? 'texts' : 'token ids' });
}
