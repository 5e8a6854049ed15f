import { closeSync, fstatSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { FeedsFile, FeedsReader } from '../../../src/runtime/worker/feeds-file.js';
import { processFolder } from '../../../src/system/files/scratch.js';
import type { Feeds } from '../../../src/tensor/tensor.js';

const files: FeedsFile[] = [];
const open = (memory?: string) => {
  const file = FeedsFile.open(memory);
  files.push(file);
  return file;
};
afterEach(() => {
  for (const file of files.splice(0)) file.close();
});

const bytes = (...values: number[]): Feeds => ({
  x: { type: 'uint8', dims: [values.length], data: Uint8Array.from(values) },
});

const MIXED: Feeds = {
  flag: { type: 'bool', dims: [3], data: Uint8Array.of(1, 0, 1) },
  tokens: { type: 'int64', dims: [1, 2], data: BigInt64Array.of(-5n, 2n ** 40n) },
  half: { type: 'float16', dims: [], data: Uint16Array.of(0x3c00) },
  image: { type: 'float32', dims: [1, 3], data: Float32Array.of(Number.NaN, -0, 1.5) },
  none: { type: 'float64', dims: [0], data: new Float64Array(0) },
};

describe('a file of inputs', () => {
  it('gives back what was stored, of every type, in any order', () => {
    const file = open();
    const reader = new FeedsReader(file.descriptor);
    const first = file.store(MIXED)!;
    const second = file.store(bytes(7, 8))!;
    expect(reader.read(second)).toEqual(bytes(7, 8));
    expect(reader.read(first)).toEqual(MIXED);
  });

  it('stores a part of a larger array alone', () => {
    const file = open();
    const data = Float32Array.of(1, 2, 3, 4).subarray(1, 3);
    const stored = file.store({ x: { type: 'float32', dims: [2], data } })!;
    expect(new FeedsReader(file.descriptor).read(stored).x!.data).toEqual(Float32Array.of(2, 3));
  });

  it('does not grow once it is cleared', () => {
    const file = open();
    for (let round = 0; round < 3; round++) {
      file.store(MIXED);
      const stored = file.store(bytes(round))!;
      expect(new FeedsReader(file.descriptor).read(stored)).toEqual(bytes(round));
      file.clear();
    }
    expect(fstatSync(file.descriptor).size).toBeLessThan(100);
  });

  it('leaves strings, and what there is no room for, to be sent', () => {
    const file = FeedsFile.open();
    expect(file.store({ x: { type: 'string', dims: [1], data: ['a'] } })).toBeNull();
    expect(file.store(bytes(1))).not.toBeNull();
    closeSync(file.descriptor);
    expect(file.store(bytes(1))).toBeNull();
  });

  it('says when it ends too early', () => {
    const file = open();
    const stored = file.store(bytes(1, 2))!;
    const beyond = { ...stored, offset: 4_096 };
    expect(() => new FeedsReader(file.descriptor).read(beyond)).toThrow("the file of inputs ends before 'x'");
  });

  it('lies in the scratch folder where there is no folder in memory', () => {
    const file = open('/nowhere');
    expect(new FeedsReader(file.descriptor).read(file.store(MIXED)!)).toEqual(MIXED);
  });

  it.skipIf(process.platform === 'win32')(
    'clears the folder in memory of what a killed process left there',
    () => {
      const memory = mkdtempSync(join(tmpdir(), 'memory-'));
      // No process has that number: Linux ends at 2²².
      const left = join(memory, `quantgate-999999999-${hostname()}-abcdef`);
      mkdirSync(left);
      writeFileSync(join(left, 'feeds'), '');
      const file = open(memory);
      expect(readdirSync(memory)).toEqual([]);
      expect(file.store(MIXED)).not.toBeNull();
      rmSync(memory, { recursive: true });
    },
  );

  // Windows removes a name only when the file is closed.
  it.skipIf(process.platform === 'win32').each(['/dev/shm', '/nowhere'])(
    'has no name that a killed process could leave behind (%s)',
    (memory) => {
      const names = () => [
        ...readdirSync(processFolder()).filter((name) => name.startsWith('feeds-')),
        ...(process.platform === 'linux' ? readdirSync('/dev/shm') : []).filter((name) =>
          name.startsWith(`quantgate-${process.pid}-`),
        ),
      ];
      const file = open(memory);
      file.store(MIXED);
      expect(names()).toEqual([]);
    },
  );
});
