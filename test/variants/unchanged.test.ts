/** A variant that is the original is told apart from one that is merely like it. */
import { copyFileSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeNode } from '../../src/onnx/build.js';
import { writeModel } from '../../src/onnx/file/write.js';
import { unchangedReason } from '../../src/variants/unchanged.js';
import { smallModel, weight } from '../quantize/small-models.js';

const folder = mkdtempSync(join(tmpdir(), 'quantgate-unchanged-'));

interface Changes {
  seed?: number;
  pad?: string;
  names?: string;
  last?: 'Relu' | 'QuantizeLinear';
}

/** x → Conv → Relu → y. */
function written(name: string, { seed = 1, pad = 'SAME_UPPER', names = '', last = 'Relu' }: Changes = {}) {
  const path = join(folder, `${name}.onnx`);
  const relu = makeNode('Relu', ['c'], ['y'], { name: `${names}relu` });
  const other = makeNode('Sigmoid', ['c'], ['y'], { name: `${names}relu` });
  const conv = makeNode('Conv', ['x', `${names}w`], ['c'], {
    name: `${names}conv`,
    attributes: { auto_pad: { string: pad } },
  });
  const model = smallModel({
    nodes: [conv, last === 'Relu' ? relu : other],
    initializers: [weight(`${names}w`, [4, 4, 3, 3], seed)],
  });
  writeModel(model, path);
  return path;
}

const original = written('original');
const reasonOf = (file: string, groups: { quantized: number; float: number } | null = null) =>
  unchangedReason({ model: original, file, groups, decisions: [] });

describe('a quantized variant', () => {
  it('is the original when nothing in it was quantized', async () => {
    expect(await reasonOf(original, { quantized: 0, float: 7 })).toBe('nothing in it was quantized');
    expect(await reasonOf(original, { quantized: 1, float: 6 })).toBeNull();
  });
});

describe('a file made elsewhere', () => {
  it('is the original when it is a copy', async () => {
    const copy = join(folder, 'copy.onnx');
    copyFileSync(original, copy);
    expect(await reasonOf(copy)).toBe('its file is a copy of the original');
  });

  it('is the original when only names differ, however it was saved', async () => {
    expect(await reasonOf(written('renamed', { names: 'other/' }))).toBe(
      'it has the operators and the weights of the original',
    );
  });

  it.each([
    ['other weights', { seed: 2 }],
    ['other attributes', { pad: 'SAME_LOWER' }],
    ['another operator', { last: 'QuantizeLinear' }],
  ] as const)('is none with %s', async (name, changes) => {
    expect(await reasonOf(written(name.replace(' ', '-'), changes as Changes))).toBeNull();
  });
});
