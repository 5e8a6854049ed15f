import { existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeFolder } from '../../../src/system/files/make-folder.js';

const scratch = (name: string) => mkdtempSync(join(tmpdir(), `${name}-`));
const failure = (code: string) => Object.assign(new Error(code), { code });
const refusing = (code: string) => ({
  make: (() => {
    throw failure(code);
  }) as never,
});

describe('a folder that is made with those above it', () => {
  it('is there afterwards', () => {
    const folder = join(scratch('make-folder'), 'a/b');
    makeFolder(folder);
    makeFolder(folder);
    expect(existsSync(folder)).toBe(true);
  });

  it('is refused with the reason of the folder that is there, where Node.js speaks of a wrong name', () => {
    const there = scratch('make-folder-refused');
    const asked: unknown[] = [];
    const ask = ((folder: string) => {
      asked.push(folder);
      throw failure('EROFS');
    }) as never;
    expect(() => makeFolder(join(there, 'a/b'), { ...refusing('ENOENT'), ask })).toThrow('EROFS');
    expect(asked).toEqual([there]);
  });

  it('keeps any other reason, and its own where the folder above may be written', () => {
    const folder = join(scratch('make-folder-other'), 'a');
    expect(() => makeFolder(folder, refusing('ENOTDIR'))).toThrow('ENOTDIR');
    expect(() => makeFolder(folder, refusing('ENOENT'))).toThrow('ENOENT');
  });
});
