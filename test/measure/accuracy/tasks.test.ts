import { describe, expect, it } from 'vitest';
import type { Dataset, Sample } from '../../../src/data/samples/dataset.js';
import { evaluate } from '../../../src/measure/accuracy/evaluate.js';
import type { Runner } from '../../../src/measure/accuracy/runner.js';
import type { Tensor } from '../../../src/tensor/tensor.js';
import type { Measurement } from '../../../src/terms/measurement.js';
import type { Task } from '../../../src/terms/metrics.js';
import { dataset, datasetOf, floats, identity, integers, model } from './models.js';

/** Measurements by `metric variant`. */
async function score(task: Task, data: Dataset, ...models: Runner[]): Promise<Map<string, Measurement>> {
  const { measurements } = await evaluate({
    model: 'net',
    task,
    output: null,
    labelOffset: 0,
    dataset: data,
    original: models[0]!,
    variants: models.slice(1),
    provider: 'cpu',
    confidence: 0.95,
  });
  return new Map(measurements.map((one) => [`${one.metric} ${one.variant}`, one]));
}

describe('regression', () => {
  const TARGETS = [1, 2, 3, 4];
  const rows = TARGETS.map((target) => ({ x: [target], label: floats([1], [target]) }));
  const shifted = (variant: string, by: number[]) => {
    let at = 0;
    return model(variant, (x) => floats([1, 1], [x[0]! + by[at++ % by.length]!]));
  };

  it('gives mean absolute error, root mean square error and R² of the textbook', async () => {
    // Errors 0.5, −0.5, 1, 0: MAE 0.5, RMSE √(1.5 ÷ 4), R² 1 − 1.5 ÷ 5.
    const scores = await score('regression', dataset(rows), shifted('original', [0.5, -0.5, 1, 0]));
    expect(scores.get('accuracy.mae original')!.value).toBeCloseTo(0.5, 6);
    expect(scores.get('accuracy.rmse original')!.value).toBeCloseTo(Math.sqrt(1.5 / 4), 6);
    expect(scores.get('accuracy.r2 original')!.value).toBeCloseTo(0.7, 6);
  });

  it('signs drops so that worse is positive, whichever way the metric points', async () => {
    const scores = await score(
      'regression',
      dataset(rows),
      shifted('original', [0.1]),
      shifted('int8', [0.6]),
    );
    for (const metric of ['mae', 'rmse', 'r2']) {
      expect(scores.get(`accuracy.${metric} int8`)!.drop!.value, metric).toBeGreaterThan(0);
    }
    expect(scores.get('accuracy.mae int8')!.ratio!.value).toBeCloseTo(6, 4);
    expect(scores.get('accuracy.mae int8')!.drop!.interval!.lo).toBeCloseTo(0.5, 5);
  });

  it('averages R² over the columns of several targets', async () => {
    // First column perfect, second no better than its mean.
    const two = [1, 2, 3].map((value) => ({ x: [value, 5], label: floats([2], [value, value + 3]) }));
    const scores = await score('regression', dataset(two), identity('original'));
    expect(scores.get('accuracy.r2 original')!.value).toBeCloseTo(0.5, 6);
  });

  it('accepts integer labels as targets, and skips R² when all are equal', async () => {
    const equal = [1, 2].map((value) => ({ x: [value], label: 2 }));
    const scores = await score('regression', dataset(equal), identity('original'));
    expect(scores.get('accuracy.mae original')!.value).toBeCloseTo(0.5);
    expect(scores.get('accuracy.r2 original')).toMatchObject({
      status: 'skipped',
      reason: 'undefined here: all targets are equal',
    });
  });

  it('refuses targets of another shape', async () => {
    const wrong = dataset([{ x: [1], label: floats([2], [1, 2]) }]);
    await expect(score('regression', wrong, identity('original'))).rejects.toThrow(
      /target of shape \[2\], but the scored output has shape \[1, 1\]/,
    );
  });
});

describe('embedding', () => {
  it('finds the nearest other sample of the same class', async () => {
    const rows = [
      { x: [1, 0], label: 0 },
      { x: [0.9, 0.1], label: 0 },
      { x: [0, 2], label: 1 },
      { x: [0.1, 5], label: 1 },
    ];
    const collapsed = model('int8', (x) => floats([1, 2], [x[0]! > 0.95 ? 0 : x[0]!, x[1]! + 1]));
    const scores = await score('embedding', dataset(rows), identity('original'), collapsed);
    expect(scores.get('accuracy.recall1 original')!.value).toBe(1);
    // The first sample now lies with class 1, and is nearest to one of its members.
    expect(scores.get('accuracy.recall1 int8')!.drop!.lost).toBeGreaterThan(0);
  });

  it('ranks pairs by cosine, against their scores', async () => {
    const pair = (angle: number) => [1, 0, Math.cos(angle), Math.sin(angle)];
    const rows = [0.1, 0.5, 0.9, 1.4].map((angle, rank) => ({
      x: pair(angle),
      label: floats([], [5 - rank]),
    }));
    const embed = (variant: string, swap: boolean) =>
      model(variant, (x) => floats([2, 2], swap && x[3]! > 0.9 ? [1, 0, 1, 0] : x));
    const scores = await score('embedding', dataset(rows), embed('original', false), embed('int8', true));
    expect(scores.get('accuracy.spearman original')!.value).toBeCloseTo(1, 12);
    // The last of four comes first: 1 − 6 · (9 + 1 + 1 + 1) ÷ (4 · 15).
    expect(scores.get('accuracy.spearman int8')!.value).toBeCloseTo(-0.2, 12);
  });

  it('of a variant that gives one answer to all is undefined where the original has a correlation: that is no skipped check', async () => {
    const rows = [
      { x: [1, 0, 1, 0], label: floats([], [5]) },
      { x: [1, 0, 0.6, 0.8], label: floats([], [3]) },
      { x: [1, 0, 0, 1], label: floats([], [1]) },
    ];
    const constant = model('int8', () => floats([2, 2], [1, 0, 1, 0]));
    const scores = await score(
      'embedding',
      dataset(rows),
      model('original', (x) => floats([2, 2], x)),
      constant,
    );
    expect(scores.get('accuracy.spearman original')!.value).toBeCloseTo(1, 12);
    expect(scores.get('accuracy.spearman int8')).toMatchObject({
      status: 'invalid',
      reason: expect.stringMatching(/^undefined, unlike the original's: /),
    });
  });

  it('asks for pairs when the labels are scores', async () => {
    const rows = [{ x: [1, 2, 3], label: floats([], [0.5]) }];
    await expect(score('embedding', dataset(rows), identity('original'))).rejects.toThrow(
      /two embeddings, \[2, …\], but its shape is \[1, 3\]/,
    );
  });
});

describe('segmentation', () => {
  // 2 × 2 pixels, 3 classes; scores as planes. The model says 0 1 / 1 2.
  const planes = floats([1, 3, 2, 2], [9, 0, 0, 0, 0, 9, 9, 0, 0, 0, 0, 9]);
  const sample = (mask: Tensor) => datasetOf([{ id: 's', feeds: {}, label: mask }]);

  it('gives the mean intersection over union of the classes that occur', async () => {
    // Truth 0 1 / 2 2: class 0 1/1, class 1 1/2, class 2 1/2.
    const scores = await score(
      'segmentation',
      sample(integers([2, 2], [0, 1, 2, 2])),
      model('original', () => planes),
    );
    expect(scores.get('accuracy.miou original')!.value).toBeCloseTo(2 / 3, 12);
    expect(scores.get('accuracy.pixel original')!.value).toBe(0.75);
  });

  it('reads channels last and class indices too', async () => {
    const last = floats([1, 2, 2, 3], [9, 0, 0, 0, 9, 0, 0, 9, 0, 0, 0, 9]);
    const indices = integers([1, 2, 2], [0, 1, 1, 2]);
    for (const output of [last, indices]) {
      const scores = await score(
        'segmentation',
        sample(integers([2, 2], [0, 1, 2, 2])),
        model('original', () => output),
      );
      expect(scores.get('accuracy.miou original')!.value).toBeCloseTo(2 / 3, 12);
    }
  });

  it('ignores pixels labelled 255', async () => {
    const scores = await score(
      'segmentation',
      sample(integers([2, 2], [0, 1, 255, 255])),
      model('original', () => planes),
    );
    expect(scores.get('accuracy.pixel original')!.value).toBe(1);
    expect(scores.get('accuracy.miou original')!.value).toBe(1);
  });

  it('gives the classes one by one in the details, by name, and which images got worse', async () => {
    const measurements = await score(
      'segmentation',
      {
        ...sample(integers([2, 2], [0, 1, 2, 2])),
        classIndices: new Map([
          ['road', 0],
          ['tree', 2],
        ]),
      },
      model('original', () => planes),
      model('int8', () => floats([1, 3, 2, 2], [9, 0, 0, 0, 0, 9, 0, 0, 0, 0, 9, 9])),
    );
    expect(measurements.get('accuracy.miou original')!.details).toEqual({
      classes: [
        { class: 2, name: 'tree', iou: 1 / 2, pixels: 2 },
        { class: 0, name: 'road', iou: 1, pixels: 1 },
        { class: 1, iou: 1 / 2, pixels: 1 },
      ],
    });
    expect(measurements.get('accuracy.miou int8')).toMatchObject({
      drop: { lost: 0, gained: 1 },
      details: { flips: { by: 'own-figure', lost: [], gained: ['s'] } },
    });
  });

  it('makes an output that is coarser than the mask finer, bilinearly', async () => {
    // Along a line of four pixels the scores of class 1 are 0, 1, 3, 4 against 2 everywhere.
    const coarse = floats([1, 2, 1, 2], [2, 2, 0, 4]);
    const scores = await score(
      'segmentation',
      sample(integers([2, 4], [0, 0, 1, 1, 0, 0, 1, 1])),
      model('original', () => coarse),
    );
    expect(scores.get('accuracy.pixel original')!.value).toBe(1);
  });

  it('compares pixel by pixel with the original', async () => {
    const other = floats([1, 3, 2, 2], [9, 0, 0, 9, 0, 9, 9, 0, 0, 0, 0, 0]);
    const scores = await score(
      'segmentation',
      sample(integers([2, 2], [0, 1, 2, 2])),
      model('original', () => planes),
      model('int8', () => other),
    );
    expect(scores.get('fidelity.agreement int8')!.value).toBe(0.75);
  });

  it.each([
    [
      integers([3, 3], new Array(9).fill(0)),
      /scored output has shape \[1, 3, 2, 2\], but the mask of sample s is 3 × 3/,
    ],
    [integers([2, 2], [0, 1, 7, 2]), /mask of sample s names class 7, but the scored output has 3 classes/],
    [integers([4], [0, 1, 1, 2]), /mask of sample s has shape \[4\]/],
  ])('refuses a mask that does not go with the output', async (mask, message) => {
    await expect(
      score(
        'segmentation',
        sample(mask),
        model('original', () => planes),
      ),
    ).rejects.toThrow(message);
  });
});

describe('language-model', () => {
  const tokens = (ids: number[], mask?: number[]): Sample => ({
    id: 'text',

    feeds: {
      input_ids: integers([1, ids.length], ids),
      ...(mask ? { attention_mask: integers([1, mask.length], mask) } : {}),
    },
    label: null,
  });
  /** Gives the token after each, counting up, the probability p, and shares the rest among the other three. */
  const counting = (variant: string, p: number) =>
    model(variant, (_, feeds) => {
      const ids = Array.from(feeds.input_ids!.data as BigInt64Array, Number);
      const logits = ids.flatMap((id) =>
        [0, 1, 2, 3].map((next) => Math.log(next === (id + 1) % 4 ? p : (1 - p) / 3)),
      );
      return floats([1, ids.length, 4], logits);
    });

  it('is as perplexed as the probability of the right token says', async () => {
    const scores = await score(
      'language-model',
      datasetOf([tokens([0, 1, 2, 3, 0])]),
      counting('original', 0.5),
      counting('int8', 0.4),
    );
    expect(scores.get('accuracy.perplexity original')!.value).toBeCloseTo(2, 5);
    expect(scores.get('accuracy.perplexity int8')!.value).toBeCloseTo(2.5, 5);
    expect(scores.get('accuracy.perplexity int8')!.drop!.value).toBeCloseTo(0.5, 5);
    expect(scores.get('accuracy.next-token original')!.value).toBe(1);
  });

  it('pools tokens, not texts, and leaves padding out', async () => {
    // Right, right, wrong, and two padded: 2 of 3.
    const data = datasetOf([
      tokens([0, 1, 2], [1, 1, 1]),
      { ...tokens([0, 3, 0, 0], [1, 1, 0, 0]), id: 'other' },
    ]);
    const scores = await score('language-model', data, counting('original', 0.7));
    expect(scores.get('accuracy.next-token original')!.value).toBeCloseTo(2 / 3, 12);
    // −(2 ln 0.7 + ln 0.1) ÷ 3
    expect(Math.log(scores.get('accuracy.perplexity original')!.value!)).toBeCloseTo(
      -(2 * Math.log(0.7) + Math.log(0.1)) / 3,
      5,
    );
  });

  it('leaves out labels of −100', async () => {
    const labelled = { ...tokens([0, 1, 2, 3]), label: integers([4], [0, 1, -100, -100]) };
    const scores = await score('language-model', datasetOf([labelled]), counting('original', 0.5));
    expect(scores.get('accuracy.perplexity original')!.value).toBeCloseTo(2, 5);
  });

  it('refuses an output without a position per token', async () => {
    const pooled = model('original', () => floats([1, 4], [1, 2, 3, 4]));
    await expect(score('language-model', datasetOf([tokens([0, 1])]), pooled)).rejects.toThrow(
      /has 1 positions, but there are 2 tokens/,
    );
  });
});

describe('task none', () => {
  it('measures fidelity alone, the worst of all outputs', async () => {
    const outputs = [
      { name: 'a', type: 'float32' as const, shape: null },
      { name: 'b', type: 'float32' as const, shape: null },
      { name: 'ids', type: 'int64' as const, shape: null },
    ];
    const two = (variant: string, error: number): Runner => ({
      variant,
      outputs,
      run: async () => ({
        a: floats([1, 2], [3, 4]),
        b: floats([1, 2], [10 - error, 0]),
        ids: integers([1, 2], [1, error === 0 ? 2 : 3]),
      }),
    });
    const scores = await score(
      'none',
      dataset([{ x: [1], label: null }]),
      two('original', 0),
      two('int8', 1),
    );
    expect([...scores.keys()].some((key) => key.startsWith('accuracy.'))).toBe(false);
    expect(scores.get('fidelity.sqnr int8')!.value).toBeCloseTo(20, 6);
    expect(scores.get('fidelity.max-abs int8')!.value).toBe(1);
    const { outputs: details } = scores.get('fidelity.sqnr int8')!.details as {
      outputs: Record<string, { sqnr: number | null; identical: boolean; agreement: number | null }>;
    };
    expect(details.a!.identical).toBe(true);
    expect(details.ids).toMatchObject({ sqnr: null, agreement: 0.5 });
  });
});
