import { describe, expect, it } from 'vitest';
import { firstOf, foldsOf } from '../../../src/auto/judging/held-out.js';
import type { Dataset } from '../../../src/data/samples/dataset.js';

function numbered(length: number): Dataset {
  return {
    description: 'numbers',
    length,
    labelled: false,
    classes: null,
    async *samples() {
      for (let i = 0; i < length; i++) yield { id: String(i), feeds: {}, label: null };
    },
  };
}

async function idsOf(dataset: Dataset): Promise<string[]> {
  const ids: string[] = [];
  for await (const { id } of dataset.samples()) ids.push(id);
  expect(ids).toHaveLength(dataset.length);
  return ids;
}

describe('the samples that judge candidates', () => {
  it.each([8, 9, 100, 128, 500])(
    'of %i are a quarter in each fold, 24 at most, and make none there',
    async (length) => {
      const { folds, others } = foldsOf(numbered(length));
      const judging: string[] = [];
      for (const { makes, judges } of folds) {
        const [made, judged] = [await idsOf(makes), await idsOf(judges)];
        expect(judged).toHaveLength(Math.min(24, Math.floor(length / 4)));
        expect(new Set([...made, ...judged]).size).toBe(length);
        judging.push(...judged);
      }
      expect(folds).toHaveLength(length < 80 ? 2 : 1);
      expect(new Set([...judging, ...(await idsOf(others))]).size).toBe(length);
      expect(new Set(judging).size + others.length).toBe(length);
    },
  );

  it('of very few are all of them, in one fold', async () => {
    const few = numbered(7);
    const { folds, others } = foldsOf(few);
    expect(folds).toEqual([{ makes: few, judges: few }]);
    expect(await idsOf(others)).toEqual([]);
  });
});

describe('the first samples', () => {
  it.each([3, 20])('of 10, %i', async (count) => {
    expect(await idsOf(firstOf(numbered(10), count))).toHaveLength(Math.min(10, count));
  });
});
