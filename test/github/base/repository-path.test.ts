import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { repositoryPaths } from '../../../src/github/base/repository-path.js';

let home: string;
let root: string;
beforeEach(() => {
  home = realpathSync(mkdtempSync(join(tmpdir(), 'quantgate-paths-')));
  root = join(home, 'disk/repo');
  mkdirSync(join(root, 'pkg/models'), { recursive: true });
  writeFileSync(join(root, 'pkg/quantgate.yml'), '');
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

describe('a path in the repository', () => {
  it('is relative to its top, with forward slashes, whether it is there or not', () => {
    expect(repositoryPaths(root, join(root, 'pkg/quantgate.yml'))).toEqual(['pkg/quantgate.yml']);
    expect(repositoryPaths(root, join(root, 'pkg/models/none.onnx'))).toEqual(['pkg/models/none.onnx']);
    expect(repositoryPaths(root, join(root, '..name/file'))).toEqual(['..name/file']);
  });

  it.each([
    ['the disk', 'disk', 'repo/pkg/quantgate.yml'],
    ['the repository', 'disk/repo', 'pkg/quantgate.yml'],
    ['a folder of it', 'disk/repo/pkg', 'quantgate.yml'],
  ])('is the same through a link to %s', (_, target, rest) => {
    symlinkSync(join(home, target), join(home, 'link'));
    expect(repositoryPaths(root, join(home, 'link', rest))).toEqual(['pkg/quantgate.yml']);
  });

  it('that leads over a link inside is the one that is written, then where it leads', () => {
    symlinkSync('pkg', join(root, 'current'));
    expect(repositoryPaths(root, join(root, 'current/quantgate.yml'))).toEqual([
      'current/quantgate.yml',
      'pkg/quantgate.yml',
    ]);
  });

  it('stays the one that is written when it is a link out of the repository', () => {
    writeFileSync(join(home, 'other.yml'), '');
    symlinkSync(join(home, 'other.yml'), join(root, 'quantgate.yml'));
    expect(repositoryPaths(root, join(root, 'quantgate.yml'))).toEqual(['quantgate.yml']);
  });

  it('is none outside of it', () => {
    expect(repositoryPaths(root, join(home, 'elsewhere.yml'))).toEqual([]);
    expect(repositoryPaths(root, `${root}-beside/quantgate.yml`)).toEqual([]);
  });
});
