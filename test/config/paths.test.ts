import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import schema from '../../quantgate.schema.json' with { type: 'json' };
import type { DataConfig } from '../../src/config/data-config.js';
import { defaultData, defaultModel } from '../../src/config/defaults.js';
import { namedPaths } from '../../src/config/paths.js';
import { parseConfig } from '../../src/config/read/load.js';

const DIRECTORY = '/project';
const file = join(import.meta.dirname, 'fixtures', 'all-options.yml');
const text = readFileSync(file, 'utf8');

/** Keys whose values are paths, wherever the schema has them. */
function pathKeys(node: unknown, found = new Set<string>()): Set<string> {
  if (typeof node !== 'object' || node === null) return found;
  for (const [key, value] of Object.entries(node)) {
    if (typeof value === 'object' && value !== null && value.$ref === '#/definitions/path') found.add(key);
    pathKeys(value, found);
  }
  return found;
}

/** Values of these keys in a document, by key. */
function valuesOf(node: unknown, keys: ReadonlySet<string>): [string, string][] {
  if (typeof node !== 'object' || node === null) return [];
  return Object.entries(node).flatMap(([key, value]): [string, string][] => [
    ...(keys.has(key) && typeof value === 'string' ? [[key, value] as [string, string]] : []),
    ...valuesOf(value, keys),
  ]);
}

describe('the paths that a configuration names', () => {
  it('are all in one list: every key that the schema calls a path', async () => {
    const keys = pathKeys(schema);
    const written = valuesOf(parse(text), keys);
    expect(new Set(written.map(([key]) => key))).toEqual(keys);
    const config = await parseConfig(text, { file, directory: DIRECTORY, expand: false });
    const named = new Set(namedPaths(config));
    const missing = written.filter(([, path]) => !named.has(resolve(DIRECTORY, path)));
    expect(missing).toEqual([]);
  });

  it('are also the folder of a table that says no other for its files: they may change while it does not', () => {
    const paths = (path: string, changes: Partial<DataConfig> = {}) =>
      namedPaths({
        models: [
          defaultModel('/p/m.onnx', { data: { evaluation: defaultData(path, changes), calibration: null } }),
        ],
      }).slice(1);
    expect(paths('/p/data/rows.jsonl')).toEqual(['/p/data/rows.jsonl', '/p/data']);
    expect(paths('/p/data/rows.jsonl', { images: '/p/images' })).toEqual(['/p/data/rows.jsonl', '/p/images']);
    for (const whole of ['/p/data/rows.npz', '/p/data/classes']) expect(paths(whole)).toEqual([whole]);
  });

  it('are called so in the schema wherever its text speaks of a file of the project', () => {
    const texts = [...JSON.stringify(schema).matchAll(/\{"\$ref":"([^"]*)","description":"([^"]*)"/g)];
    const unmarked = texts.filter(
      ([, ref, description]) =>
        description!.includes("relative to this file's folder") && ref !== '#/definitions/path',
    );
    expect(unmarked).toEqual([]);
  });
});
