/** Options of the library are the keys of quantgate.yml in camelCase: `blockSize` is `block-size`. One reader, one schema, for both. */
import schema from '../../../quantgate.schema.json' with { type: 'json' };
import { didYouMean } from '../../config/file/nearest.js';
import { OptionError } from './option-error.js';

/** Mappings whose keys are names that the user chose. */
const NAMED = new Set(['overrides', 'inputs', 'shapes', 'outputs', 'thresholds', 'higherIsBetter']);

/** The value as quantgate.yml would have it. What is undefined is left out. */
export function inConfigKeys(value: unknown, named = false): unknown {
  if (Array.isArray(value)) return value.map((one) => inConfigKeys(one));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, inner]) => inner !== undefined)
      .map(([key, inner]) => [named ? key : kebab(key), inConfigKeys(inner, NAMED.has(key))]),
  );
}

/** Keys of the schema that are not the same in camelCase. */
const DASHED: ReadonlySet<string> = new Set(keysIn(schema).filter((key) => key.includes('-')));

/** Names of all properties, however deep. */
function keysIn(node: unknown): string[] {
  if (typeof node !== 'object' || node === null) return [];
  return Object.entries(node).flatMap(([key, inner]) => [
    ...(key === 'properties' ? Object.keys(inner as object) : []),
    ...keysIn(inner),
  ]);
}

/** A message or path about quantgate.yml with its keys as options have them. */
export function inOptionKeys(text: string): string {
  return text.replace(/(?<![\w-])[a-z]+(?:-[a-z]+)+(?![\w-])/g, (word) =>
    DASHED.has(word) ? camel(word) : word,
  );
}

/** `block-size` for `blockSize`. */
export function kebab(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

function camel(key: string): string {
  return key.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

/** @throws UserError for an option that a function doesn't have: it would be ignored. */
export function assertKnown(given: object, known: readonly string[], path = ''): void {
  for (const key of Object.keys(given)) {
    if (known.includes(key)) continue;
    const near = didYouMean(key, known) || `; valid here: ${known.join(', ')}.`;
    throw new OptionError('usage.invalid-value', (option) => `${option(path + key)} is no option${near}`);
  }
}
