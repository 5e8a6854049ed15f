import { describe, expect, it } from 'vitest';
import { skillTest } from '../../../../src/measure/accuracy/chance/original.js';
import { standingOf } from '../../../../src/measure/accuracy/chance/skill.js';
import { dataset, floats, model } from '../models.js';
import { REFERENCE } from '../reference-scores.js';
import { score } from '../score.js';

/** Scores whose highest is the class that the sample's second number names. */
const answering = (variant: string, place = 1) =>
  model(variant, (x) =>
    floats(
      [1, 9],
      Array.from({ length: 9 }, (_, at) => (at === x[place] ? 1 : 0)),
    ),
  );

describe('classes of texts', () => {
  it("have scikit-learn's macro F1 and Matthews' correlation", async () => {
    for (const { labels, answers, f1, mcc } of REFERENCE.classes) {
      const rows = labels.map((label, at) => ({ x: [label, answers[at]!], label }));
      const scores = await score('text-classification', { dataset: dataset(rows) }, answering('original'));
      expect(scores.get('accuracy.f1 original')!.value).toBeCloseTo(f1, 9);
      expect(scores.get('accuracy.mcc original')!.value).toBeCloseTo(mcc, 9);
      const right = labels.filter((label, at) => label === answers[at]).length;
      expect(scores.get('accuracy.top1 original')!.value).toBeCloseTo(right / labels.length, 12);
    }
  });

  it('have an interval of the paired difference, and flips', async () => {
    const { labels, answers } = REFERENCE.classes[2]!;
    const rows = labels.map((label, at) => ({ x: [label, answers[at]!], label }));
    const scores = await score(
      'text-classification',
      { dataset: dataset(rows) },
      answering('original', 0),
      answering('int8'),
    );
    for (const metric of ['f1', 'mcc']) {
      const { drop } = scores.get(`accuracy.${metric} int8`)!;
      expect(drop!.interval!.lo).toBeGreaterThan(0.2);
      expect(drop!.interval!.lo).toBeLessThan(drop!.value);
      expect(drop!.interval!.hi).toBeGreaterThan(drop!.value);
    }
    const lost = labels.filter((label, at) => label !== answers[at]).length;
    for (const metric of ['top1', 'f1', 'mcc'])
      expect(scores.get(`accuracy.${metric} int8`)!.drop).toMatchObject({ lost, gained: 0 });
  });

  it('have no F1 of an answer that never changes to hide behind: chance is told', async () => {
    const test = skillTest('text-classification', { classes: 2, labelOffset: 0 })!;
    const rows = Array.from({ length: 200 }, (_, at) =>
      test.keep({ id: `${at}`, feeds: {}, label: at % 2 }, floats([1, 2], [1, 0]), {}),
    );
    expect(standingOf(test.assess(rows)!)).toBe('chance');
  });
});

describe('pairs of texts with scores', () => {
  const rows = [0.1, 0.9, 0.4, 0.7, 0.2].map((value) => ({ x: [value], label: floats([], [value * 5]) }));

  it('are ranked as their labels rank them', async () => {
    const scores = await score(
      'text-classification',
      { dataset: dataset(rows) },
      model('original', (x) => floats([1, 1], [x[0]! ** 3])),
      model('int8', (x) => floats([1, 1], [-x[0]!])),
    );
    expect(scores.get('accuracy.spearman original')!.value).toBeCloseTo(1, 12);
    expect(scores.get('accuracy.spearman int8')!.drop!.value).toBeCloseTo(2, 12);
    expect(scores.has('accuracy.f1 original')).toBe(false);
  });
});
