import { describe, expect, it } from 'vitest';
import type { RawValue, Source } from '../../src/data/samples/source.js';
import { shownContents } from '../../src/data/shown-content.js';

function sourceOf(values: readonly Record<string, RawValue>[], more: Partial<Source> = {}): Source {
  return {
    description: 'test',
    length: values.length,
    labelled: false,
    classes: null,
    warnings: [],
    id: (index: number) => `s${index}`,
    hash: async () => '',
    read: async (index: number) => ({ values: values[index]!, label: null, annotation: null }),
    ...more,
  } as Source;
}

const bytes = (dims: number[], data: number[]): Record<string, RawValue> => ({
  x: { kind: 'array', tensor: { type: 'uint8', dims, data: Uint8Array.from(data) } },
});
const order = (length: number) => Uint32Array.from({ length }, (_, index) => index);

describe('what is shown of samples', () => {
  it('is their text, of the asked ids alone', async () => {
    const source = sourceOf([{}, {}, {}], { text: (index) => `text ${index}` });
    const found = await shownContents({ source, order: Uint32Array.of(2, 1) }, new Set(['s0', 's1']));
    expect([...found]).toEqual([['s1', { text: 'text 1' }]]);
  });

  it('is an array of bytes in the shape of a picture, channels last', async () => {
    const source = sourceOf([
      bytes([1, 2], [1, 2]),
      bytes([1, 2, 3], [1, 2, 3, 4, 5, 6]),
      bytes([1, 1, 2], [7, 8]),
      bytes([1, 3, 1, 2], [1, 2, 3, 4, 5, 6]),
    ]);
    const found = await shownContents({ source, order: order(4) }, new Set(['s0', 's1', 's2', 's3']));
    expect(found.get('s0')).toEqual({
      pixels: { width: 2, height: 1, channels: 1, data: Uint8Array.of(1, 2) },
    });
    expect(found.get('s1')).toEqual({
      pixels: { width: 2, height: 1, channels: 3, data: Uint8Array.of(1, 2, 3, 4, 5, 6) },
    });
    expect(found.get('s2')).toEqual({
      pixels: { width: 2, height: 1, channels: 1, data: Uint8Array.of(7, 8) },
    });
    expect(found.get('s3')).toEqual({
      pixels: { width: 2, height: 1, channels: 3, data: Uint8Array.of(1, 3, 5, 2, 4, 6) },
    });
  });

  it('is nothing for other shapes and for figures', async () => {
    const floats: Record<string, RawValue> = {
      x: {
        kind: 'array',
        tensor: { type: 'float32', dims: [2, 2], data: new Float32Array(4) },
      },
    };
    const source = sourceOf([bytes([4], [1, 2, 3, 4]), bytes([2, 2, 2], [1, 2, 3, 4, 5, 6, 7, 8]), floats]);
    expect(await shownContents({ source, order: order(3) }, new Set(['s0', 's1', 's2']))).toEqual(new Map());
  });
});
