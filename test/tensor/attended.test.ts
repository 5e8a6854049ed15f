import { describe, expect, it } from 'vitest';
import { attended } from '../../src/tensor/attended.js';

const mask = (rows: readonly (readonly number[])[]) => ({
  attention_mask: {
    type: 'int64' as const,
    dims: [rows.length, rows[0]!.length],
    data: BigInt64Array.from(rows.flat(), BigInt),
  },
});

describe('the positions of a sample that are text', () => {
  const feeds = mask([
    [1, 1, 0],
    [1, 0, 0],
  ]);

  it('stand in the mask of a tensor with a vector per token, in whatever dimensions the tokens lie', () => {
    for (const dims of [
      [2, 3, 8],
      [6, 8],
    ])
      expect(Array.from(attended({ dims }, feeds)!, Number)).toEqual([1, 1, 0, 1, 0, 0]);
  });

  it('are all of those that have no mask', () => {
    for (const dims of [
      [2, 8],
      [3, 8],
      [2, 3],
      [2, 4, 8],
      [2, 3, 3, 8],
    ])
      expect(attended({ dims }, feeds)).toBeNull();
    expect(attended({ dims: [2, 3, 8] }, {})).toBeNull();
  });
});
