import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { LICENSES, licensesOf } from '../scripts/build.mjs';
import { ROOT } from './github/runner.js';

const text = readFileSync(join(ROOT, 'dist', LICENSES), 'utf8');
const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
/** Found at run time, not in the bundle. */
const OUTSIDE = Object.keys(manifest.peerDependencies);

/** Names of packages that the sources import. */
function imported(): Set<string> {
  const names = new Set<string>();
  for (const file of readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' })) {
    if (!file.endsWith('.ts')) continue;
    const source = readFileSync(join(ROOT, 'src', file), 'utf8');
    for (const [, name] of source.matchAll(/(?:from|import\()\s*'((?:@[^/']+\/)?[^./'][^/']*)/g))
      names.add(name!);
  }
  return names;
}

describe('the licenses beside the bundle', () => {
  it('are there for each package that is in it, at its version', () => {
    const used = imported();
    const versions: Record<string, string> = manifest.devDependencies;
    const bundled = Object.keys(versions).filter((name) => used.has(name) && !OUTSIDE.includes(name));
    expect(bundled).toEqual(
      expect.arrayContaining(['@actions/core', '@actions/github', 'ajv', 'markdown-table']),
    );
    for (const name of bundled) expect(text).toContain(`${name} ${versions[name]} (`);
  });

  it('stand for everything that a user installs: the package itself brings nothing along', () => {
    expect(manifest.dependencies).toBeUndefined();
    expect(Object.keys(manifest.peerDependenciesMeta)).toEqual(['onnxruntime-node', 'sharp']);
    for (const { optional } of Object.values<{ optional: boolean }>(manifest.peerDependenciesMeta))
      expect(optional).toBe(true);
  });

  it('are there for what those bring along', () => {
    expect(text).toMatch(/^undici \d+\.\d+\.\d+ \(MIT\)$/m);
    expect(text).not.toContain('vitest');
  });

  it('are whole texts, once each', () => {
    const section = licensesOf(['node_modules/yaml/dist/a.js', 'node_modules/yaml/dist/b.js', 'src/run.ts']);
    expect(section).toMatch(/^yaml \S+ \(ISC\)\n=+\n\n/);
    expect(section).toContain('Permission to use, copy, modify');
    expect(section.match(/^=+$/gm)).toHaveLength(1);
  });
});
