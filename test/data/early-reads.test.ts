import { describe, expect, it } from 'vitest';
import { EarlyReads, rawBytes } from '../../src/data/early-reads.js';
import { type RawSample, type Source, UndecodableSample } from '../../src/data/samples/source.js';

const raw = (index: number): RawSample => ({
  values: { x: { kind: 'image', pixels: { width: 2, height: 1, channels: 3, data: new Uint8Array(6) } } },
  label: index,
});

function recorded(read: Source['read'] = async (index) => raw(index)) {
  const begun: number[] = [];
  const source: Source = {
    description: 'made for the test',
    length: 1000,
    labelled: true,
    classes: 1000,
    id: String,
    hash: async (index) => String(index),
    read(index) {
      begun.push(index);
      return read(index);
    },
  };
  return { begun, early: new EarlyReads(source) };
}

const order = (length: number) => Uint32Array.from({ length }, (_, i) => i + 3);

describe('reading early', () => {
  it('begins at once, and hands each sample over once', async () => {
    const { begun, early } = recorded();
    early.start(order(2), 6);
    expect(begun).toEqual([3, 4]);
    expect((await early.read(4)).label).toBe(4);
    expect((await early.read(3)).label).toBe(3);
    expect(begun).toEqual([3, 4]);
    expect((await early.read(3)).label).toBe(3);
    expect(begun).toEqual([3, 4, 3]);
  });

  it('begins no more than a few megabytes of large samples, and none twice', () => {
    const { begun, early } = recorded();
    const twelveMegapixels = 36e6;
    early.start(order(1000), twelveMegapixels);
    expect(begun).toEqual([]);
    early.start(order(1000), 1e6);
    expect(begun.length).toBe(20);
    early.start(order(1000), 1e6);
    expect(begun.length).toBe(20);
    early.start(order(1000), 0);
    expect(begun.length).toBe(128);
  });

  it('keeps an error for the one who asks', async () => {
    const { early } = recorded(async (index) => {
      throw new UndecodableSample(String(index), 'torn');
    });
    early.start(order(2), 6);
    await new Promise((resolve) => setTimeout(resolve, 5));
    await expect(early.read(4)).rejects.toThrow('4: torn');
  });

  it('counts the bytes of pixels and arrays, and none for text', () => {
    expect(rawBytes(raw(0))).toBe(6);
    const tensor = { type: 'float32', dims: [2], data: new Float32Array(2) } as const;
    const words = { type: 'string', dims: [1], data: ['word'] } as const;
    expect(
      rawBytes({
        values: { a: { kind: 'array', tensor }, b: { kind: 'feed', tensor: { ...words, data: ['word'] } } },
        label: null,
      }),
    ).toBe(8);
  });
});
