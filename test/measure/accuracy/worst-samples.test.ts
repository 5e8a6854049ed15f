import { describe, expect, it } from 'vitest';
import { LONGEST_TEXT } from '../../../src/terms/worst-sample.js';
import { dataset, floats, identity, integers, model } from './models.js';
import { score } from './score.js';

/** Scores of three classes; the original gives class 0 to all. */
const DATA = dataset([
  { x: [2, 0, 0], label: 0 },
  { x: [3, 0, 0], label: 0 },
  { x: [4, 0, 0], label: 0 },
  { x: [5, 0, 0], label: 1 },
]);

const worst = async (variant: (x: number[]) => number[], most = 20) => {
  const answers = model('int8', (x) => floats([1, 3], variant(x)));
  const measured = await score(
    'classification',
    {
      dataset: {
        ...DATA,
        classIndices: new Map([
          ['cat', 0],
          ['dog', 1],
        ]),
      },
      worstSamples: most,
    },
    identity('original'),
    answers,
  );
  return measured.get('accuracy.top1 int8')!.worst;
};

describe('the worst samples of a variant', () => {
  it('are those that it loses, the greatest loss of the label first, then those that only got less sure', async () => {
    const found = await worst(([first = 0]) =>
      first === 2 ? [0, 0.1, 0] : first === 4 ? [0, 4, 0] : [first - 1, 0, 0],
    );
    expect(found?.map(({ sample }) => sample)).toEqual(['sample-2', 'sample-0', 'sample-1']);
    expect(found?.[0]).toMatchObject({
      label: 'cat',
      original: 'cat, 96%',
      variant: 'dog, 96%',
      figures: [1, 0],
    });
    expect(found?.[0]?.scores[0]).toBeCloseTo(Math.exp(4) / (Math.exp(4) + 2), 12);
    expect(found?.[2]).toMatchObject({ figures: [1, 1], variant: 'cat, 79%' });
  });

  it('are as many as asked for', async () => {
    expect(await worst(() => [0, 9, 0], 1)).toHaveLength(1);
  });

  it('are none where nothing got worse, or only by arithmetic', async () => {
    expect(await worst((x) => x)).toBeUndefined();
    expect(await worst((x) => x.map((value) => value * 0.9999))).toBeUndefined();
  });

  it('are not told unless asked for', async () => {
    expect(await worst(() => [0, 9, 0], 0)).toBeUndefined();
  });

  it('of numbers are those whose own error grew most', async () => {
    const data = dataset([
      { x: [1], label: floats([1], [1]) },
      { x: [2], label: floats([1], [2.5]) },
    ]);
    const measured = await score(
      'regression',
      { dataset: data, worstSamples: 5 },
      identity('original'),
      model('int8', ([x = 0]) => floats([1, 1], [x - 1])),
    );
    expect(measured.get('accuracy.mae int8')!.worst).toEqual([
      { sample: 'sample-0', label: '1', original: '1', variant: '0', figures: [0, 1], scores: [null, null] },
      {
        sample: 'sample-1',
        label: '2.5',
        original: '2',
        variant: '1',
        figures: [0.5, 1.5],
        scores: [null, null],
      },
    ]);
  });

  it('of masks are told by the share of each class', async () => {
    const mask = integers([2, 2], [0, 0, 0, 1]);
    const data = dataset([{ x: [0, 0, 0, 1], label: mask }]);
    const indices = (variant: string, of: (x: number[]) => number[]) =>
      model(variant, (x) => integers([1, 2, 2], of(x)), {
        outputs: [{ name: 'y', type: 'int64', shape: null }],
      });
    const measured = await score(
      'segmentation',
      { dataset: data, worstSamples: 5 },
      indices('original', (x) => x),
      indices('int8', () => [0, 0, 1, 1]),
    );
    expect(measured.get('accuracy.miou int8')!.worst).toMatchObject([
      {
        label: 'class 0 75%, class 1 25%',
        original: 'class 0 75%, class 1 25%',
        variant: 'class 0 50%, class 1 50%',
      },
    ]);
  });

  it('have texts of at most 200 characters', async () => {
    const data = {
      ...dataset([{ x: [9, 0], label: 0 }]),
      classIndices: new Map([
        ['a'.repeat(5_000), 0],
        ['b', 1],
      ]),
    };
    const measured = await score(
      'classification',
      { dataset: data, worstSamples: 1 },
      identity('original'),
      model('int8', () => floats([1, 2], [0, 9])),
    );
    const [only] = measured.get('accuracy.top1 int8')!.worst!;
    expect([...only!.original]).toHaveLength(LONGEST_TEXT);
    expect(only!.label).toMatch(/a…$/);
  });
});
