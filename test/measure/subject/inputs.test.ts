import { describe, expect, it } from 'vitest';
import { UserError } from '../../../src/errors.js';
import { assertShapesKnown, timingFeeds } from '../../../src/measure/subject/inputs.js';
import type { ValueMeta } from '../../../src/tensor/value-meta.js';

const plain = { batch: 1, shapes: {}, sample: null };
const image: ValueMeta = { name: 'image', type: 'float32', shape: ['batch', 3, 8, 8] };
const ids: ValueMeta = { name: 'input_ids', type: 'int64', shape: ['batch', 'sequence'] };

describe('inputs for timing', () => {
  it('are the same every time', () => {
    expect(timingFeeds([image, ids], plain)).toEqual(timingFeeds([image, ids], plain));
    expect(new Set(timingFeeds([image], plain).image!.data as Float32Array).size).toBeGreaterThan(100);
  });

  it('take the batch on the batch axis, sizes from the configuration, and others by name', () => {
    const shapes = (metas: ValueMeta[], more = {}) =>
      Object.values(timingFeeds(metas, { ...plain, ...more })).map(({ dims }) => dims);
    expect(shapes([image], { batch: 8 })).toEqual([[8, 3, 8, 8]]);
    expect(shapes([ids], { shapes: { sequence: 64 } })).toEqual([[1, 64]]);
    expect(shapes([ids])).toEqual([[1, 128]]);
    const cache: ValueMeta = { name: 'past.key', type: 'float32', shape: ['batch', 4, 'past', 8] };
    expect(shapes([cache], { shapes: { past: 0 } })).toEqual([[1, 4, 0, 8]]);
    expect(shapes([{ name: 'x', type: 'float32', shape: ['', 3, '', ''] }])).toEqual([[1, 3, 224, 224]]);
    expect(shapes([{ name: 'x', type: 'float32', shape: ['N', 3, 'height', 'width'] }])).toEqual([
      [1, 3, 224, 224],
    ]);
    expect(shapes([{ name: 'steps', type: 'float32', shape: ['sequence'] }])).toEqual([[128]]);
  });

  it('hold what an input of that name may hold', () => {
    const meta = (name: string): ValueMeta => ({ ...ids, name });
    const feeds = timingFeeds([ids, meta('attention_mask'), meta('token_type_ids'), meta('position_ids')], {
      ...plain,
      shapes: { sequence: 4 },
    });
    expect([...(feeds.attention_mask!.data as BigInt64Array)]).toEqual([1n, 1n, 1n, 1n]);
    expect([...(feeds.token_type_ids!.data as BigInt64Array)]).toEqual([0n, 0n, 0n, 0n]);
    expect([...(feeds.position_ids!.data as BigInt64Array)]).toEqual([0n, 1n, 2n, 3n]);
    for (const id of feeds.input_ids!.data as BigInt64Array) expect(id).toBeLessThan(10n);
  });

  it('repeat the user’s sample to the batch', () => {
    const sample = { image: { type: 'float32', dims: [1, 2], data: Float32Array.of(5, 7) } } as const;
    const meta: ValueMeta = { name: 'image', type: 'float32', shape: ['batch', 2] };
    expect(timingFeeds([meta], { ...plain, sample, batch: 3 }).image).toEqual({
      type: 'float32',
      dims: [3, 2],
      data: Float32Array.of(5, 7, 5, 7, 5, 7),
    });
    expect(timingFeeds([meta], { ...plain, sample }).image).toBe(sample.image);
  });

  it('refuse a batch that a fixed first dimension rules out', () => {
    const fixed: ValueMeta = { name: 'image', type: 'float32', shape: [1, 3, 8, 8] };
    expect(() => timingFeeds([fixed], { ...plain, batch: 4 })).toThrow(UserError);
    expect(() => timingFeeds([fixed], { ...plain, batch: 4 })).toThrow(
      /'image' has a fixed first dimension of 1/,
    );
    expect(timingFeeds([fixed], plain).image!.dims).toEqual([1, 3, 8, 8]);
  });

  it('refuse an input that is no tensor', () => {
    expect(() => timingFeeds([{ name: 'list', type: null, shape: null }], plain)).toThrow(
      /'list' is not a tensor/,
    );
  });

  it('are not made up beyond a gigabyte', () => {
    const input = { name: 'x', type: 'float32' as const, shape: [1, 1_000_000_007, 8, 8] };
    expect(() => timingFeeds([input], { batch: 1, shapes: {}, sample: null })).toThrow(
      /'x' is declared as 1 × 1000000007 × 8 × 8/,
    );
  });
});

describe('sizes of dimensions', () => {
  it('are refused for a dimension that no input has, with those there are', () => {
    const shapes = (names: Record<string, number>, inputs: ValueMeta[]) => () =>
      assertShapesKnown(names, inputs, 'benchmark.shapes');
    expect(shapes({ sequence: 8, batch: 2 }, [image, ids])).not.toThrow();
    expect(shapes({ sequense: 8 }, [ids])).toThrow(
      "benchmark.shapes: no input has a dimension 'sequense'; did you mean 'sequence'?; those with a name are 'batch', 'sequence'.",
    );
    expect(shapes({ n: 8 }, [{ ...image, shape: [1, 3, '', 8] }])).toThrow(/no dimension has a name/);
    expect(shapes({ n: 8 }, [image])).toThrow(UserError);
  });
});
