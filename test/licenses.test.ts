import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { LICENSES, licensesOf } from '../scripts/build.mjs';
import { ROOT } from './github/runner.js';

const text = readFileSync(join(ROOT, 'dist', LICENSES), 'utf8');
const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
/** Found at run time, not in the bundle. */
const OUTSIDE = ['onnxruntime-node', 'sharp'];

describe('the licenses beside the bundle', () => {
  it('are there for each package that is in it, at its version', () => {
    const bundled = Object.keys(manifest.dependencies).filter((name) => !OUTSIDE.includes(name));
    for (const name of bundled) expect(text).toContain(`${name} ${manifest.dependencies[name]} (`);
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
