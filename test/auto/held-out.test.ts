import { describe, expect, it } from 'vitest';
import { partsOf } from '../../src/auto/held-out.js';
import type { Dataset } from '../../src/data/samples/dataset.js';

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
  it.each([8, 9, 100, 128, 500])('of %i are a quarter, 32 at most, and make none', async (length) => {
    const { makes, judges } = partsOf(numbered(length));
    const [made, judging] = [await idsOf(makes), await idsOf(judges)];
    expect(judging).toHaveLength(Math.min(32, Math.floor(length / 4)));
    expect(new Set([...made, ...judging]).size).toBe(length);
  });

  it('of very few are all of them', async () => {
    const few = numbered(7);
    expect(partsOf(few)).toEqual({ makes: few, judges: few });
  });
});
