/** Where an onnxruntime-node package is found when a directory is named. */
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { packageIn } from '../../src/runtime/load.js';

const root = mkdtempSync(join(tmpdir(), 'quantgate-load-'));
const modules = join(root, 'project', 'node_modules');
const place = join(modules, 'onnxruntime-node');
mkdirSync(place, { recursive: true });
writeFileSync(join(place, 'package.json'), '{"name": "onnxruntime-node"}');

it.each([
  ['the package', place],
  ['the node_modules that holds it', modules],
  ['the folder of that', join(root, 'project')],
])('it is found by naming %s', (_name, path) => {
  expect(packageIn(path)).toBe(place);
});

it('another package, and a folder without one, are not taken for it', () => {
  mkdirSync(join(root, 'other'));
  writeFileSync(join(root, 'other', 'package.json'), '{"name": "onnxruntime-web"}');
  expect(packageIn(join(root, 'other'))).toBeNull();
  expect(packageIn(root)).toBeNull();
});
