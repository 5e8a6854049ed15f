/** An original in doubt, and what is found to make sense of its data: real data sets, models that are functions. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import type { Check } from '../../../../src/config/config.js';
import type { DataConfig, InputConfig } from '../../../../src/config/data-config.js';
import { openDataset } from '../../../../src/data/open.js';
import type { Dataset } from '../../../../src/data/samples/dataset.js';
import { SILENT } from '../../../../src/log.js';
import { questionOriginal, skillTest } from '../../../../src/measure/accuracy/chance/original.js';
import { renumbering } from '../../../../src/measure/accuracy/chance/renumbered.js';
import { evaluate } from '../../../../src/measure/accuracy/evaluate.js';
import type { Runner } from '../../../../src/measure/accuracy/runner.js';
import type { Task } from '../../../../src/terms/metrics.js';
import { doubtOf } from '../../../../src/terms/original-doubt.js';
import { dataConfig, input, meta, npy, npz, temporaryFolder } from '../../../data/samples.js';
import { floats, model, dataset as rowsAsDataset } from '../models.js';

const root = temporaryFolder();
const CLASSES = 10;

interface Question {
  data: Dataset;
  original: Runner;
  task?: Task;
  labelOffset?: number;
  checks?: Check[];
}

async function question({ data, original, task = 'classification', labelOffset = 0, checks = [] }: Question) {
  const test = skillTest(task, { classes: data.classes, labelOffset })!;
  const result = await evaluate({
    model: 'm',
    task,
    output: null,
    labelOffset,
    dataset: data,
    original,
    variants: [],
    provider: 'cpu',
    confidence: 0.95,
    ...(test.from === null ? { witness: test.keep } : {}),
  });
  const rows = test.from === null ? result.original.witnessed : result.original.kept.get(test.from)!;
  const asked = await questionOriginal({
    task,
    labelOffset,
    dataset: data,
    original,
    scored: result.original.scored,
    outputs: result.original.outputs,
    test: skillTest(task, { classes: data.classes, labelOffset })!,
    rows,
    measurements: result.measurements,
    checks,
    log: SILENT,
  });
  const doubts = asked.measurements.flatMap((one) => doubtOf(one) ?? []);
  expect(doubts.length).toBeLessThan(2);
  return { doubt: doubts[0] ?? null, notes: asked.notes };
}

/** Names the class whose level (0 … 1 on a scale from −1 to 1) is nearest to the mean of the first plane. */
function levelModel(seen: { runs: number }): Runner {
  return model('original', (x) => {
    seen.runs++;
    const plane = x.slice(0, x.length / 3);
    const mean = plane.reduce((sum, value) => sum + value, 0) / plane.length;
    const level = ((mean + 1) / 2) * (CLASSES - 1);
    return floats(
      [1, CLASSES],
      Array.from({ length: CLASSES }, (_, at) => -Math.abs(level - at)),
    );
  });
}

/** 8-bit images, red at the level of their class, green and blue against it. */
async function levels(
  name: string,
  prepared: Partial<InputConfig>,
  more: Partial<DataConfig> & {
    label?: (index: number) => number;
    grey?: (index: number) => boolean;
    n?: number;
  } = {},
): Promise<Dataset> {
  const { label = (index: number) => index, grey = () => false, n = 120, ...changes } = more;
  const images = new Uint8Array(n * 4 * 4 * 3);
  const labels: number[] = [];
  for (let at = 0; at < n; at++) {
    const index = at % CLASSES;
    const level = Math.round((index / (CLASSES - 1)) * 255);
    const other = grey(index) ? level : 255 - level;
    for (let pixel = 0; pixel < 16; pixel++) images.set([level, 128, other], (at * 16 + pixel) * 3);
    labels.push(label(index));
  }
  const path = join(root, `${name}.npz`);
  writeFileSync(
    path,
    npz({ x: npy(images, [n, 4, 4, 3]), labels: npy(BigInt64Array.from(labels, BigInt), [n]) }),
  );
  return openDataset(dataConfig(path, { inputs: { x: input(prepared) }, ...changes }), [
    meta('x', 'float32', ['n', 3, 4, 4]),
  ]);
}

const RIGHT = { mean: [0.5], std: [0.5] };

describe('an original that makes sense of its data', () => {
  it('is left alone, and asked nothing more', async () => {
    const seen = { runs: 0 };
    const found = await question({ data: await levels('right', RIGHT), original: levelModel(seen) });
    expect(found).toEqual({ doubt: null, notes: [] });
    expect(seen.runs).toBe(120);
  });

  it('is left alone on a handful of samples too', async () => {
    for (const n of [1, 2, 5, 9]) {
      const data = await levels(`right-${n}`, RIGHT, { n });
      expect(await question({ data, original: levelModel({ runs: 0 }) })).toEqual({ doubt: null, notes: [] });
    }
  });
});

describe('an original at chance', () => {
  const found = async (name: string, prepared: Partial<InputConfig>, more = {}) =>
    (await question({ data: await levels(name, prepared, more), original: levelModel({ runs: 0 }), ...more }))
      .doubt!;

  it('is told which label offset makes sense of the data', async () => {
    const shifted = await found('shifted', RIGHT, { label: (index: number) => Math.max(0, index - 1) });
    expect(shifted).toMatchObject({
      explained: true,
      message: expect.stringMatching(
        /With `label-offset: 1` it is 9\d.* %|With `label-offset: 1` it is 100 %/,
      ),
      remedy: 'Write `label-offset: 1` (now 0).',
    });
    const back = await found('offset', RIGHT, {
      labelOffset: 1,
      label: (index: number) => Math.min(8, index),
    });
    expect(back.remedy).toBe('Write `label-offset: 0` (now 1).');
  });

  it('is told that the labels are numbered otherwise', async () => {
    const { message, remedy, explained } = await found('renumbered', RIGHT, {
      label: (index: number) => (index * 3) % CLASSES,
    });
    expect(explained).toBe(true);
    expect(message).toMatch(/go together, under other numbers: label 1 is output 7, label 2 is output 4/);
    expect(remedy).toMatch(/Number the labels as the model's outputs are/);
  });

  it('is told of other numbers where an offset explains one half of the classes only', async () => {
    const { message, remedy } = await found('swapped', RIGHT, {
      label: (index: number) => index ^ 1,
    });
    expect(message).toMatch(/under other numbers: label 0 is output 1, label 1 is output 0/);
    expect(remedy).not.toMatch(/label-offset/);
  });

  it.each([
    ['no normalization', {}, /With values from −1 to 1.*/, /write `mean: \[0\.5\], std: \[0\.5\]`/],
    [
      '0 to 255',
      { scale: false },
      /With values from −1 to 1/,
      /write `scale: true, mean: \[0\.5\], std: \[0\.5\]`/,
    ],
    ['blue first', { ...RIGHT, channels: 'bgr' }, /With the channels swapped/, /write `channels: rgb`/],
    [
      'both',
      { scale: false, channels: 'bgr' },
      /values from −1 to 1 and the channels swapped/,
      /write `scale: true, mean: \[0\.5\], std: \[0\.5\], channels: rgb`/,
    ],
  ] as const)('is told what to write for %s', async (name, prepared, words, remedy) => {
    const doubt = await found(name.replaceAll(' ', '-'), prepared as Partial<InputConfig>);
    expect(doubt.explained).toBe(true);
    expect(doubt.message).toMatch(words);
    expect(doubt.remedy).toMatch(remedy);
    expect(doubt.remedy).toMatch(/^For input 'x' /);
  });

  it('is told what was tried where nothing makes sense of the data', async () => {
    const nonsense = model('original', (x) =>
      floats(
        [1, CLASSES],
        Array.from({ length: CLASSES }, (_, at) => Math.sin(1e4 * (x[at]! + at * 7.3))),
      ),
    );
    const data = await levels('nonsense', RIGHT, { n: 200, label: () => 0 });
    const { doubt } = await question({ data: await relabelled(data), original: nonsense });
    expect(doubt).toMatchObject({ standing: 'chance', explained: false });
    expect(doubt!.remedy).toMatch(/^Tried in vain: `label-offset: 1`.*the channels swapped.*on-chance: warn/);
  });

  it('keeps what was measured where the model can not run on what is tried', async () => {
    const seen = { runs: 0 };
    const picky = levelModel(seen);
    const data = await levels('picky', {});
    const refusing: Runner = {
      ...picky,
      run: async (feeds, names) => {
        if (seen.runs >= 130) throw new Error('refused');
        return picky.run(feeds, names);
      },
    };
    expect((await question({ data, original: refusing })).doubt).toMatchObject({
      standing: 'chance',
      explained: false,
      tried: [],
    });
  });
});

/** Labels that go with nothing, evenly spread. */
async function relabelled(data: Dataset): Promise<Dataset> {
  const order = new Map<string, number>();
  for await (const { id } of data.samples()) order.set(id, Math.floor(order.size / 7) % CLASSES);
  const withLabels = async function* (samples: AsyncIterable<Awaited<ReturnType<typeof first>>>) {
    for await (const sample of samples) yield { ...sample, label: order.get(sample.id)! };
  };
  return {
    ...data,
    classes: CLASSES,
    samples: () => withLabels(data.samples()),
    preparedAs: (name, changes) => withLabels(data.preparedAs!(name, changes)),
  };
}

async function first(data: Dataset) {
  for await (const sample of data.samples()) return sample;
  throw new Error('no samples');
}

it('class folders in another order than the model are told apart from wrong images', async () => {
  const path = join(root, 'folders');
  for (let index = 0; index < CLASSES; index++) {
    const level = Math.round((index / (CLASSES - 1)) * 255);
    const folder = join(path, `class${index + 1}`);
    mkdirSync(folder, { recursive: true });
    for (let copy = 0; copy < 4; copy++) {
      await sharp({
        create: { width: 4, height: 4, channels: 3, background: { r: level, g: copy, b: 255 - level } },
      })
        .png()
        .toFile(join(folder, `${copy}.png`));
    }
  }
  const data = await openDataset(dataConfig(path, { inputs: { x: input(RIGHT) } }), [
    meta('x', 'float32', ['n', 3, 4, 4]),
  ]);
  const { doubt } = await question({ data, original: levelModel({ runs: 0 }) });
  expect(doubt).toMatchObject({
    explained: true,
    remedy: "Write `class-order: number` beside the data's `path`.",
  });
});

describe('a bound on the original', () => {
  const bound: Check = {
    id: 'accuracy.top1.original',
    metric: 'accuracy.top1',
    level: 'error',
    where: { variant: ['original'] },
    min: 0.95,
    line: 3,
  };
  it('that fails has tried what would help, and says so where the check is told', async () => {
    // Every second class is grey: there the order of the channels makes no difference.
    const data = await levels(
      'half-grey',
      { ...RIGHT, channels: 'bgr' },
      { grey: (index) => index % 2 === 0 },
    );
    const original = levelModel({ runs: 0 });
    expect(await question({ data, original })).toEqual({ doubt: null, notes: [] });
    expect(await question({ data, original, checks: [{ ...bound, min: 0.4 }] })).toEqual({
      doubt: null,
      notes: [],
    });
    const { doubt, notes } = await question({ data, original, checks: [bound] });
    expect(notes).toEqual([]);
    expect(doubt).toMatchObject({
      standing: 'low',
      explained: true,
      message: expect.stringMatching(
        /^Top-1 of the original is 50 % on 120 samples\. With the channels swapped it is 100 %/,
      ),
      remedy: "For input 'x' write `channels: rgb`.",
    });
  });
});

it('too few samples to tell are a warning, not a doubt that fails', async () => {
  const data = rowsAsDataset(Array.from({ length: 12 }, (_, at) => ({ x: [at], label: at % 2 })));
  const wrong = model('original', (x) => floats([1, 2], x[0]! % 2 ? [1, 0] : [0, 1]));
  const one = await question({
    data,
    original: model('original', (x) => floats([1, 2], x[0]! % 3 ? [1, 0] : [0, 1])),
  });
  expect(one.notes.map(({ level, code }) => [level, code])).toEqual([['warn', 'accuracy.chance']]);
  expect(one.doubt).toMatchObject({ standing: 'untold', explained: false });
  // All of them wrong is another matter: that is no accident.
  expect((await question({ data, original: wrong })).doubt?.standing).toBe('chance');
});

describe('classes numbered by their positions', () => {
  /** One sample per class, the model right about every second index. */
  const rows = (label: (at: number) => number, answer: (at: number) => number) =>
    Array.from({ length: 40 }, (_, at) => [answer(at), label(at), 80]);

  it('are told where the answers rise with the labels and are hardly ever right', () => {
    const found = renumbering(
      rows(
        (at) => at,
        (at) => at * 2,
      ),
      new Map(),
    );
    expect(found?.found).toMatch(
      /positions among the 40 classes that are there, and the model has 80 outputs/,
    );
  });

  it('are not suspected where the labels are right, however many classes are missing', () => {
    expect(
      renumbering(
        rows(
          (at) => at * 2,
          (at) => at * 2,
        ),
        new Map(),
      ),
    ).toBeNull();
    // Wrong here and there, as any model.
    expect(
      renumbering(
        rows(
          (at) => at * 2,
          (at) => at * 2 + Number(at % 3 === 0),
        ),
        new Map(),
      ),
    ).toBeNull();
  });
});
