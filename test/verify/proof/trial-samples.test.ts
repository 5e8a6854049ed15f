import { describe, expect, it } from 'vitest';
import { loudest } from '../../../src/verify/proof/trial-samples.js';

describe('samples that lose most', () => {
  it('come first, and those of which nothing is known last', () => {
    expect(loudest(['a', 'b', 'c', 'd'], [1, 3, 2])).toEqual(['b', 'c', 'a', 'd']);
  });
});
