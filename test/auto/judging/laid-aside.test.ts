import { describe, expect, it } from 'vitest';
import { foldsOf } from '../../../src/auto/judging/held-out.js';
import { judgeSamples } from '../../../src/auto/judging/judge-samples.js';
import { withAside } from '../../../src/auto/judging/laid-aside.js';
import type { Feeds } from '../../../src/tensor/tensor.js';
import { dataset } from '../../quantize/small-models.js';

const sample = (value: number): Feeds => ({
  x: { type: 'float32', dims: [1, 4], data: new Float32Array(4).fill(value) },
});

describe('tensors that are laid aside', () => {
  it('are read anew each time, and strings stay', async () => {
    const words: Feeds = { text: { type: 'string', dims: [1], data: ['word'] } };
    const seen = await withAside(async (aside) => {
      const [one, two, text] = [sample(1), sample(2), words].map((feeds) => aside.keep(feeds));
      return [one!(), two!(), one!(), text!()];
    });
    expect(seen).toEqual([sample(1), sample(2), sample(1), words]);
    expect(seen[0]).not.toBe(seen[2]);
  });

  it('are all that is held of the samples that judge', async () => {
    const asked: Feeds[] = [];
    const aside = {
      keep(feeds: Feeds) {
        asked.push(feeds);
        return () => sample(-1);
      },
    };
    const folds = foldsOf(dataset(Array.from({ length: 8 }, (_, index) => sample(index))));
    const samples = await judgeSamples(folds, { inputs: [], limits: {}, aside });
    expect(samples.map(({ fold }) => fold)).toEqual([0, 0, 1, 1]);
    expect(asked).toEqual([3, 7, 1, 5].map(sample));
    expect(samples.map(({ feeds }) => feeds)).toEqual(asked.map(() => sample(-1)));
  });
});
