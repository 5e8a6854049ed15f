/** Task detection from images to measurements: boxes go through letterbox and decoder and back, and variants are compared image by image. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { openDataset } from '../../../../../src/data/open.js';
import type { StoredDataset } from '../../../../../src/data/samples/dataset.js';
import { skillTest } from '../../../../../src/measure/accuracy/chance/original.js';
import { standingOf } from '../../../../../src/measure/accuracy/chance/skill.js';
import { type EvaluateRequest, evaluate } from '../../../../../src/measure/accuracy/evaluate.js';
import type { Runner } from '../../../../../src/measure/accuracy/runner.js';
import { seededRandom } from '../../../../../src/tensor/random.js';
import type { Feeds, Tensor } from '../../../../../src/tensor/tensor.js';
import type { Measurement } from '../../../../../src/terms/measurement.js';
import { dataConfig, input, meta, temporaryFolder } from '../../../../data/samples.js';

const folder = temporaryFolder();
const IMAGES = 24;
const SIDE = 64;

/** Black images of different shapes with one white rectangle each: class 0 where it is wide, else 1. */
beforeAll(async () => {
  mkdirSync(join(folder, 'images'));
  const random = seededRandom(3);
  const images = [];
  const annotations = [];
  for (let id = 0; id < IMAGES; id++) {
    const [width, height] = id % 2 === 0 ? [128, 96] : [80, 128];
    const wide = random.below(2) === 0;
    const [boxWidth, boxHeight] = wide ? [40, 24] : [24, 40];
    const [left, top] = [random.below(width - boxWidth), random.below(height - boxHeight)];
    const white = {
      create: { width: boxWidth, height: boxHeight, channels: 3 as const, background: 'white' },
    };
    await sharp({ create: { width, height, channels: 3, background: 'black' } })
      .composite([{ input: await sharp(white).png().toBuffer(), left, top }])
      .png()
      .toFile(join(folder, 'images', `${id}.png`));
    images.push({ id, file_name: `${id}.png`, width, height });
    annotations.push({ image_id: id, category_id: wide ? 1 : 2, bbox: [left, top, boxWidth, boxHeight] });
  }
  const categories = [
    { id: 1, name: 'wide' },
    { id: 2, name: 'tall' },
  ];
  writeFileSync(join(folder, 'coco.json'), JSON.stringify({ images, annotations, categories }));
});

function opened(): Promise<StoredDataset> {
  const letterbox = { size: [SIDE, SIDE] as [number, number], fill: [114], align: 'center' as const };
  const data = dataConfig(join(folder, 'coco.json'), {
    images: join(folder, 'images'),
    inputs: { '': input({ letterbox, filter: 'opencv-bilinear' }) },
  });
  return openDataset(data, [meta('x', 'float32', ['n', 3, SIDE, SIDE])]);
}

/** A model that finds the bright rectangle, to half a pixel, and gives [rows, 6]; `change` makes a variant of it. */
function finder(
  variant: string,
  change: (row: number[], call: number) => number[][] = (row) => [row],
): Runner {
  let call = 0;
  return {
    variant,
    outputs: [meta('output0', 'float32', [1, 'boxes', 6])],
    async run(feeds: Feeds) {
      const rows = change(brightest(feeds.x!), call++);
      return {
        output0: { type: 'float32', dims: [1, rows.length, 6], data: Float32Array.from(rows.flat()) },
      };
    },
  };
}

function brightest({ data }: Tensor): number[] {
  const values = data as Float32Array;
  const hit = (x: number, y: number) => values[y * SIDE + x]! > 0.6;
  const xs: number[] = [];
  const ys: number[] = [];
  for (let y = 0; y < SIDE; y++) for (let x = 0; x < SIDE; x++) if (hit(x, y)) [xs.push(x), ys.push(y)];
  const [left, right] = [Math.min(...xs), Math.max(...xs) + 1];
  const [top, bottom] = [Math.min(...ys), Math.max(...ys) + 1];
  return [left, top, right, bottom, 0.9, right - left > bottom - top ? 0 : 1];
}

function request(dataset: StoredDataset, changes: Partial<EvaluateRequest> = {}): EvaluateRequest {
  return {
    model: 'finder',
    task: 'detection',
    output: null,
    labelOffset: 0,
    decoder: 'boxes',
    dataset,
    original: finder('original'),
    variants: [],
    provider: 'cpu',
    confidence: 0.95,
    ...changes,
  };
}

function figure(measurements: readonly Measurement[], metric: string, variant: string): Measurement {
  return measurements.find((one) => one.metric === metric && one.variant === variant)!;
}

describe('detection', () => {
  it('finds in the images what the model found in what it saw', async () => {
    const { measurements } = await evaluate(request(await opened()));
    expect(figure(measurements, 'accuracy.map50', 'original')).toMatchObject({
      value: 1,
      unit: 'fraction',
      n: IMAGES,
    });
    expect(figure(measurements, 'accuracy.map', 'original').value).toBeGreaterThan(0.75);
    expect(figure(measurements, 'accuracy.ap', 'original').value).toBe(1);
    expect(figure(measurements, 'accuracy.map50', 'original').details).toEqual({
      classes: [
        { class: 0, name: 'wide', value: 1 },
        { class: 1, name: 'tall', value: 1 },
      ],
    });
    expect(figure(measurements, 'accuracy.map-small', 'original')).toMatchObject({ status: 'ok' });
    expect(figure(measurements, 'accuracy.map-large', 'original')).toMatchObject({
      status: 'skipped',
      reason: 'undefined here: the images hold no objects of this kind',
    });
  });

  it('compares a variant on the same images: which lost, the interval of the difference; and gives as many boxes as it likes', async () => {
    const worse = finder('int8', (row, call) => (call % 4 === 0 ? [] : [row, [0, 0, 9, 9, 0.1, 0]]));
    const { measurements } = await evaluate(request(await opened(), { variants: [worse] }));
    const { value, drop } = figure(measurements, 'accuracy.map50', 'int8');
    expect(value).toBeGreaterThan(0.6);
    expect(drop).toMatchObject({ lost: IMAGES / 4, gained: 0 });
    expect(drop!.value).toBeCloseTo(1 - value!, 12);
    expect(drop!.interval!.lo).toBeGreaterThan(0);
    expect(drop!.interval!.hi).toBeLessThan(0.6);
    expect(figure(measurements, 'fidelity.sqnr', 'int8')).toMatchObject({
      status: 'skipped',
      reason: expect.stringMatching(/as many boxes as the model finds/),
    });
  });

  it('is skipped where nothing is labelled, and refused without a decoder', async () => {
    await expect(evaluate(request(await opened(), { decoder: null }))).rejects.toThrow(
      /needs a `decoder`, one of/,
    );
  });
});

describe('the original against chance', () => {
  const skill = async (original: Runner) => {
    const dataset = await opened();
    const result = await evaluate(request(dataset, { original }));
    const test = skillTest('detection', { classes: 2, labelOffset: 0, decoder: 'boxes' })!;
    return test.assess(result.original.kept.get(test.from!)!)!;
  };

  it('is above it when it finds the objects', async () => {
    const known = await skill(finder('original'));
    expect(known.chance).toBeLessThan(0.2);
    expect(standingOf(known)).toBe('above');
  });

  it('is no better when it finds boxes without regard to the image', async () => {
    const found = await skill(
      finder('original', (_, call) => [[call % 30, call % 20, 30, 30, 0.9, call % 2]]),
    );
    expect(standingOf(found)).toBe('chance');
  });

  it('is chance when the decoder finds no box in any image, however few they are', async () => {
    const found = await skill(finder('original', () => []));
    expect(found.fact).toBe('the decoder finds no box in any image');
    expect(standingOf(found)).toBe('chance');
  });
});
