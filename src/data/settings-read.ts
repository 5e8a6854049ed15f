/** Which settings of an input work on what the data hold for it: what would be ignored is refused, or told. */
import type { DataConfig, DataFormat, InputConfig } from '../config/config.js';
import { UserError } from '../errors.js';
import type { ValueMeta } from '../tensor/value-meta.js';
import { readsRecordings } from './options-read.js';
import { type Binding, soleInput } from './samples/binding.js';
import type { RawSample } from './samples/source.js';

/** Settings as the configuration writes them, preset and file included, that work on numbers alone; the others work on pixels. */
const NUMBERS: readonly (keyof InputConfig)[] = ['from', 'scale', 'mean', 'std', 'layout'];

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
    const given = keysOf(written);
    const value = first.values[input];
    const recordings = readsRecordings(config, format);
    if (recordings || config.text) {
      const unread = recordings ? given.filter((key) => key === 'from' || !NUMBERS.includes(key)) : given;
      if (unread.length > 0)
        throw refused(unread, { config, input, holds: recordings ? 'recordings' : 'texts' });
      return [];
    }
    if (value === undefined || value.kind === 'feed') {
      const why = value === undefined ? 'it follows from the other inputs' : 'it is fed as it is stored';
      const unread = given.filter((key) => key !== 'from');
      return unread.length === 0 ? [] : [`${named(unread)} of input '${input}' had no effect: ${why}.`];
    }
    const { resize, letterbox } = binding.config;
    if (written.filter === null || resize !== null || letterbox !== null) return [];
    return [
      `${named(['filter'])} of input '${input}' had no effect: nothing resizes it (\`resize\`, \`letterbox\`).`,
    ];
  });
}

function keysOf(written: InputConfig): (keyof InputConfig)[] {
  return (Object.keys(written) as (keyof InputConfig)[]).filter((key) => written[key] !== null);
}

function refused(
  keys: readonly (keyof InputConfig)[],
  { config, input, holds }: { config: DataConfig; input: string; holds: 'texts' | 'recordings' },
): UserError {
  return new UserError(
    'data.option-unused',
    `${config.path}: ${named(keys)} ${keys.length === 1 ? 'prepares' : 'prepare'} images or arrays, and input '${input}' reads ${holds}. Remove ${keys.length === 1 ? 'it' : 'them'}.`,
  );
}

function named(keys: readonly string[]): string {
  return keys.map((key) => `'${key}'`).join(', ');
}
