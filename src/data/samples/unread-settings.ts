/** Settings of an input that what it reads has no use for. */
import type { InputConfig } from '../../config/data-config.js';
import { UserError } from '../../errors.js';

/** Settings as the configuration writes them, preset and file included, that work on numbers alone; the others work on pixels. */
const NUMBERS: readonly (keyof InputConfig)[] = ['from', 'scale', 'mean', 'std', 'layout'];

/** Those that were written. */
export function writtenKeys(written: InputConfig): (keyof InputConfig)[] {
  return (Object.keys(written) as (keyof InputConfig)[]).filter((key) => written[key] !== null);
}

export function worksOnPixels(key: keyof InputConfig): boolean {
  return !NUMBERS.includes(key);
}

interface Unread {
  /** Path of the data. */
  path: string;
  /** `input 'x'` or `the model`. */
  reader: string;
  holds: 'texts' | 'token ids' | 'recordings';
}

export function unreadSettingsError(
  keys: readonly (keyof InputConfig)[],
  { path, reader, holds }: Unread,
): UserError {
  const [prepare, them] = keys.length === 1 ? ['prepares', 'it'] : ['prepare', 'them'];
  return new UserError(
    'data.option-unused',
    `${path}: ${namedKeys(keys)} ${prepare} images or arrays, and ${reader} reads ${holds}. Remove ${them}.`,
  );
}

export function namedKeys(keys: readonly string[]): string {
  return keys.map((key) => `'${key}'`).join(', ');
}
