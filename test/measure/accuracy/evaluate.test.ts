import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { type EvaluateRequest, evaluate } from '../../../src/measure/accuracy/evaluate.js';
import type { Runner } from '../../../src/measure/accuracy/runner.js';
import { assertLabelled } from '../../../src/measure/accuracy/something-to-score.js';
import { FeedsFile, FeedsReader } from '../../../src/runtime/worker/feeds-file.js';
import type { Measurement } from '../../../src/terms/measurement.js';
import { dataset, floats, identity, model } from './models.js';

/** Four classes; the identity model is right on all but the last. */
const ROWS = [
  { x: [9, 1, 2, 3], label: 0 },
  { x: [1, 9, 2, 3], label: 1 },
  { x: [1, 2, 9, 3], label: 2 },
  { x: [1, 2, 3, 9], label: 3 },
  { x: [9, 8, 7, 6], label: 1 },
];

function request(changes: Partial<EvaluateRequest> = {}): EvaluateRequest {
  return {
    model: 'net',
    task: 'classification',
    output: null,
    labelOffset: 0,
    dataset: dataset(ROWS),
    original: identity('original'),
    variants: [],
    provider: 'cpu',
    confidence: 0.95,
    ...changes,
  };
}

/** The model as a process that reads its inputs from the file and is never sent any; `groups` takes how many were asked at once. */
function reading(
  runner: Runner,
  file: FeedsFile,
  groups: number[] = [],
  onRun: () => void = () => {},
): Runner {
  const reader = new FeedsReader(file.descriptor);
  return {
    ...runner,
    run: () => Promise.reject(new Error('sent')),
    async runStored(feeds, outputs) {
      groups.push(feeds.length);
      const results = [];
      for (const stored of feeds) {
        onRun();
        results.push(await runner.run(reader.read(stored), outputs));
      }
      return results;
    },
  };
}

function find(measurements: readonly Measurement[], metric: string, variant: string): Measurement {
  const found = measurements.find((one) => one.metric === metric && one.variant === variant);
  expect(found, `${metric} of ${variant}`).toBeDefined();
  return found!;
}

describe('evaluate', () => {
  it('scores original and variant on the same samples and counts the flips', async () => {
    // Loses the first sample, gains the last.
    const shifted = model('int8', (x) => floats([1, 4], [x[0]! - 8.5, x[1]! + 0.9, x[2]!, x[3]!]));
    const { measurements } = await evaluate(request({ variants: [shifted] }));
    expect(find(measurements, 'accuracy.top1', 'original')).toMatchObject({ value: 0.8, n: 5, drop: null });
    const top1 = find(measurements, 'accuracy.top1', 'int8');
    expect(top1).toMatchObject({ value: 0.8, status: 'ok', unit: 'fraction', provider: 'cpu' });
    expect(top1.drop).toMatchObject({ value: 0, lost: 1, gained: 1, p: 0.5 });
    expect(top1.ratio!.value).toBe(1);
    expect(find(measurements, 'accuracy.top5', 'int8').value).toBe(1);
  });

  it('measures fidelity from the same outputs', async () => {
    const halved = model('half', (x) =>
      floats(
        [1, 4],
        x.map((value) => value * 0.9),
      ),
    );
    const { measurements } = await evaluate(request({ variants: [halved] }));
    expect(find(measurements, 'fidelity.sqnr', 'half').value).toBeCloseTo(20, 4);
    expect(find(measurements, 'fidelity.cosine', 'half').value).toBeCloseTo(1, 6);
    expect(find(measurements, 'fidelity.max-abs', 'half').value).toBeCloseTo(0.9, 5);
    expect(find(measurements, 'fidelity.agreement', 'half')).toMatchObject({ value: 1, n: 5 });
    expect(find(measurements, 'fidelity.agreement', 'half').interval!.lo).toBeCloseTo(
      5 / (5 + 1.6449 ** 2),
      4,
    );
  });

  it('gives the same numbers every time', async () => {
    const noisy = model('int8', (x) => floats([1, 1], [x[0]! + Math.sin(x[0]! * 99) / 3]));
    const rows = Array.from({ length: 40 }, (_, index) => ({
      x: [index % 7],
      label: floats([], [index % 7]),
    }));
    const run = () =>
      evaluate(
        request({
          task: 'regression',
          dataset: dataset(rows),
          original: model('original', (x) => floats([1, 1], [x[0]! + 0.1])),
          variants: [noisy],
        }),
      );
    expect(await run()).toEqual(await run());
  });

  it('decodes each sample once, however many models there are', async () => {
    let read = 0;
    const data = dataset(ROWS);
    const counting = {
      ...data,
      async *samples() {
        for await (const sample of data.samples()) {
          read++;
          yield sample;
        }
      },
    };
    await evaluate(request({ dataset: counting, variants: [identity('a'), identity('b')] }));
    expect(read).toBe(ROWS.length);
  });

  it('makes a variant with NaN invalid, names and counts the samples, and scores the others', async () => {
    const broken = model('broken', (x) => floats([1, 4], x[0] === 9 ? [Number.NaN, 1, 2, 3] : x));
    const { measurements } = await evaluate(request({ variants: [broken, identity('fine')] }));
    for (const metric of ['accuracy.top1', 'fidelity.sqnr']) {
      expect(find(measurements, metric, 'broken')).toMatchObject({
        status: 'invalid',
        value: null,
        reason: "NaN or infinite values in output 'y' for 2 of 5 samples (2 values): sample-0, sample-4",
      });
      expect(find(measurements, metric, 'fine').status).toBe('ok');
    }
  });

  it('ends when the original itself gives NaN: the variants are not to blame', async () => {
    const original = model('original', (x) => floats([1, 4], x[3] === 9 ? [Number.NaN, 1, 2, 3] : x));
    await expect(evaluate(request({ original, variants: [identity('int8')] }))).rejects.toThrow(
      /net: the original model gives NaN or infinite values in output 'y' for 1 of 5 samples \(1 values\): sample-3/,
    );
  });

  it('lets an original mask scores with −∞, and a variant do the same', async () => {
    const masked = (variant: string) =>
      model(variant, (x) => floats([1, 4], [x[0]!, x[1]!, x[2]!, Number.NEGATIVE_INFINITY]));
    const { measurements } = await evaluate(
      request({ original: masked('original'), variants: [masked('int8')] }),
    );
    expect(find(measurements, 'accuracy.top1', 'int8')).toMatchObject({ status: 'ok', value: 0.6 });
    expect(find(measurements, 'fidelity.max-abs', 'int8').value).toBe(0);
  });

  it('makes a variant invalid that crashes or changes its output shape', async () => {
    const crashing = model('crashing', () => {
      throw new Error('the worker was ended by SIGSEGV');
    });
    const reshaped = model('reshaped', (x) => floats([4], x));
    const other = { ...identity('other'), outputs: [{ name: 'z', type: 'float32' as const, shape: null }] };
    const { measurements } = await evaluate(request({ variants: [crashing, reshaped, other] }));
    const reason = (variant: string) => find(measurements, 'accuracy.top1', variant).reason;
    expect(reason('crashing')).toMatch(/SIGSEGV/);
    expect(reason('reshaped')).toBe(
      "output 'y' has shape [4] for sample sample-0, but [1, 4] in the original",
    );
    expect(reason('other')).toBe("its outputs are 'z'; the original's 'y' is missing");
  });

  it('ends when the original crashes', async () => {
    const crashing = model('original', () => {
      throw new Error('the worker was ended by SIGSEGV');
    });
    await expect(evaluate(request({ original: crashing }))).rejects.toThrow(
      /original model can't be evaluated: the worker was ended by SIGSEGV/,
    );
  });

  it('names the sample that the original refuses, among those that were asked at once', async () => {
    const picky = model('original', (x) => {
      if (x[3] === 9) throw new Error('Got invalid dimensions for input: x');
      return floats([1, x.length], x);
    });
    const feedsFile = FeedsFile.open();
    onTestFinished(() => feedsFile.close());
    const grouped = { ...reading(picky, feedsFile), run: picky.run };
    await expect(evaluate(request({ original: grouped, feedsFile }))).rejects.toMatchObject({
      code: 'data.refused-by-model',
      message: "Sample sample-3: the model doesn't run on it: Got invalid dimensions for input: x",
    });
  });

  it('refuses labels without an output, before the run when the shape says so', async () => {
    const rows = [...ROWS, { x: [1, 2, 3, 4], label: 4 }];
    const run = (shape: number[] | null) =>
      evaluate(
        request({
          dataset: dataset(rows),
          original: { ...identity('original'), outputs: [{ name: 'y', type: 'float32', shape }] },
        }),
      );
    await expect(run(null)).rejects.toThrow(
      /sample sample-5 has label 4, but the scored output has 4 classes, 0 … 3/,
    );
    await expect(run([1, 4])).rejects.toThrow(/made for the test has label 4.*label-offset/);
  });

  it('shifts labels by label-offset for models with a background class', async () => {
    const background = model('original', (x) => floats([1, 5], [0, ...x]));
    const { measurements } = await evaluate(request({ original: background, labelOffset: 1 }));
    expect(find(measurements, 'accuracy.top1', 'original').value).toBe(0.8);
  });

  it('refuses to score an output that is not a tensor, and lists those that can be chosen', async () => {
    const original = {
      ...identity('original'),
      outputs: [
        { name: 'map', type: null, shape: null },
        { name: 'y', type: 'float32' as const, shape: null },
      ],
    };
    await expect(evaluate(request({ original, output: 'map' }))).rejects.toThrow(
      /output 'map' is not a tensor \(a sequence or a map\) and can't be scored. Set `output` to one of 'y'/,
    );
    await expect(evaluate(request({ original, output: 'logits' }))).rejects.toThrow(
      /'logits' is not an output/,
    );
    const { measurements } = await evaluate(request({ original }));
    expect(find(measurements, 'accuracy.top1', 'original').value).toBe(0.8);
  });

  it('skips scores without labels and still measures fidelity', async () => {
    const unlabelled = dataset(ROWS.map(({ x }) => ({ x, label: null })));
    const { measurements } = await evaluate(request({ dataset: unlabelled, variants: [identity('int8')] }));
    expect(find(measurements, 'accuracy.top1', 'int8')).toMatchObject({
      status: 'skipped',
      reason: 'made for the test has no labels',
    });
    expect(find(measurements, 'fidelity.agreement', 'int8').value).toBe(1);
  });

  it('refuses data in which nothing can be scored, and says what is missing', async () => {
    const ignored = { type: 'uint8' as const, dims: [1, 1], data: Uint8Array.of(255) };
    const empty = dataset(ROWS.map(({ x }) => ({ x, label: ignored })));
    const original = model('original', (x) => floats([1, 4, 1, 1], x));
    await expect(evaluate(request({ task: 'segmentation', dataset: empty, original }))).rejects.toThrow(
      /Nothing in made for the test can be scored \(.*every pixel of the masks is ignored\).*set `task: none`/,
    );
    expect(() => assertLabelled('classification', { ...empty, labelled: false })).toThrow(
      /Task classification is scored against labels: class folders.*made for the test has no labels/,
    );
    expect(() => assertLabelled('none', { ...empty, labelled: false })).not.toThrow();
  });

  it('compares with the base build of the same variant', async () => {
    const base = { ...model('int8', (x) => floats([1, 4], x[0] === 9 ? [0, 1, 0, 0] : x)), base: true };
    const { measurements } = await evaluate(request({ variants: [identity('int8'), base] }));
    // The base is wrong on the first sample and right on the last: also 4 of 5.
    expect(find(measurements, 'accuracy.top1', 'int8').base).toMatchObject({
      value: 0.8,
      ratio: { value: 1 },
    });
    expect(measurements.filter(({ metric }) => metric === 'accuracy.top1')).toHaveLength(2);
  });

  it('gives the same scores in batches as one by one', async () => {
    const batched = model('original', (x) => floats([x.length / 4, 4], x));
    const one = await evaluate(request({ original: batched }));
    const three = await evaluate(request({ original: batched, batch: 3 }));
    expect(three).toEqual(one);
  });

  it('gives the same figures when inputs are read from a file, also where one model reads none', async () => {
    const halved = model('half', (x) => floats([1, 4], [x[0]! - 8.5, x[1]! * 0.9, x[2]!, x[3]!]));
    const many = dataset(Array.from({ length: 9 }, () => ROWS).flat());
    const sent = await evaluate(request({ dataset: many, variants: [halved, identity('same')] }));
    const feedsFile = FeedsFile.open();
    const groups: number[] = [];
    const stored = await evaluate(
      request({
        dataset: many,
        feedsFile,
        original: reading(identity('original'), feedsFile, groups),
        variants: [reading(halved, feedsFile), identity('same')],
      }),
    );
    feedsFile.close();
    expect(stored).toEqual(sent);
    // The first tells how large they are.
    expect(groups).toEqual([1, 16, 16, 12]);
  });

  it('asks a slow model for one inference at a time: a request has a deadline', async () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    const feedsFile = FeedsFile.open();
    try {
      const groups: number[] = [];
      const slow = reading(identity('original'), feedsFile, groups, () => vi.advanceTimersByTime(1_500));
      await evaluate(request({ feedsFile, original: slow }));
      expect(groups).toEqual([1, 1, 1, 1, 1]);
    } finally {
      feedsFile.close();
      vi.useRealTimers();
    }
  });
});
