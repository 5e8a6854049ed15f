import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { ConfigError } from '../../src/config/file/problems.js';
import { parseConfig } from '../../src/config/read/load.js';
import { UserError } from '../../src/errors.js';
import { assertApplicable } from '../../src/judge/applicable.js';

const valid = parse(readFileSync(join(import.meta.dirname, 'fixtures', 'all-options.yml'), 'utf8'));

type Path = (string | number)[];

/** Paths of every key and item of a document. */
function paths(value: unknown, at: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [at];
  const entries: [string | number, unknown][] = Array.isArray(value)
    ? [...value.entries()]
    : Object.entries(value);
  return [at, ...entries.flatMap(([key, inner]) => paths(inner, [...at, key]))];
}

function replaced(value: unknown, path: Path, by: unknown): unknown {
  if (path.length === 0) return by;
  const [step, ...rest] = path;
  const copy = (Array.isArray(value) ? [...value] : { ...(value as object) }) as Record<
    string | number,
    unknown
  >;
  copy[step!] = replaced(copy[step!], rest, by);
  return copy;
}

const junk = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    '',
    '5%',
    0,
    -1,
    1.5,
    1e12,
    true,
    [],
    {},
    [[]],
    { a: 1 },
    'int8',
    '25 MiB',
    '60s',
    '__proto__',
  ),
  fc.jsonValue(),
);

/** Either a config or one UserError that speaks of lines and keys; whatever else is thrown is a bug. */
async function outcome(text: string): Promise<'config' | 'error'> {
  try {
    const config = await parseConfig(text, { file: 'q.yml', directory: '/project', expand: false });
    try {
      assertApplicable(config);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
    }
    return 'config';
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    expect(error).toBeInstanceOf(ConfigError);
    expect(error.message).not.toMatch(
      /\bmust (NOT|match|have|be (string|number|integer|object|array|boolean|equal))\b|instancePath|undefined|\[object/,
    );
    return 'error';
  }
}

describe('any file', () => {
  it('with one value replaced by another is read or refused in words', async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...paths(valid)), junk, async (path, by) => {
        await outcome(stringify(replaced(valid, path, by)));
      }),
      { numRuns: 80 },
    );
  });

  it('with one key added anywhere is refused, with that key named', async () => {
    const mappings = paths(valid).filter((path) => {
      const value = path.reduce<unknown>((inner, step) => (inner as Record<string, unknown>)[step], valid);
      const free = ['overrides', 'inputs', 'shapes', 'higher-is-better', 'external-data'].includes(
        String(path.at(-1)),
      );
      return typeof value === 'object' && value !== null && !Array.isArray(value) && !free;
    });
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...mappings), async (path) => {
        const text = stringify(replaced(valid, [...path, 'zzz'], 1));
        const line = text.split('\n').findIndex((row) => row.includes('zzz')) + 1;
        await expect(
          parseConfig(text, { file: 'q.yml', directory: '/project', expand: false }),
        ).rejects.toThrow(new RegExp(`q\\.yml:${line}: .*unknown key 'zzz'`));
      }),
    );
  });

  it('of any text at all is read or refused in words', async () => {
    const text = fc.oneof(
      fc.string({ unit: fc.constantFrom(...'{}[]:-,&*!|>%@`"\'#? \n\tab1') }),
      fc.string({ unit: 'binary' }),
      fc.json(),
    );
    await fc.assert(
      fc.asyncProperty(text, async (anything) => void expect(await outcome(anything)).toBe('error')),
      {
        numRuns: 80,
      },
    );
  });

  it('that unfolds to billions of entries is refused', async () => {
    const levels = ['a: &a [x, x, x, x, x, x, x, x, x, x]'];
    for (let i = 1; i < 12; i++) {
      const [to, from] = ['abcdefghijklm'[i], 'abcdefghijklm'[i - 1]];
      levels.push(`${to}: &${to} [${Array(10).fill(`*${from}`).join(', ')}]`);
    }
    expect(await outcome(levels.join('\n'))).toBe('error');
  });
});
