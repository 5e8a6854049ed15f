/** A detector from the command line, with data, decoder and preprocessing as options; and from a config with one folder for all. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeModel, makeNode, makeValue } from '../../src/onnx/build.js';
import { writeModel } from '../../src/onnx/file/write.js';
import { DataType } from '../../src/onnx/tensor/element-type.js';
import { makeTensor } from '../../src/onnx/tensor/tensor.js';
import type { Measurement } from '../../src/terms/measurement.js';
import { temporaryFolder } from '../data/samples.js';
import { quantgate } from './command-line.js';

const folder = temporaryFolder();
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const SIDE = 64;
/** Places that the model knows: a grid of 4 × 4 cells of 16 pixels. */
const CELL = 16;
const CELLS = SIDE / CELL;
const IMAGES = 40;

/**
 * Mean brightness of each cell (Conv) as the score of a box around it: [1, 16, 6] of corners, score and class, as end-to-end heads give them.
 */
function detector(): string {
  const boxes = Float32Array.from({ length: CELLS * CELLS * 4 }, (_, at) => {
    const [cell, side] = [Math.floor(at / 4), at % 4];
    const [x, y] = [(cell % CELLS) * CELL, Math.floor(cell / CELLS) * CELL];
    return [x, y, x + CELL, y + CELL][side]!;
  });
  const model = makeModel({
    inputs: [makeValue('images', DataType.FLOAT, [1, 3, SIDE, SIDE])],
    outputs: [makeValue('output0', DataType.FLOAT, [1, CELLS * CELLS, 6])],
    nodes: [
      makeNode('Conv', ['images', 'mean'], ['brightness'], {
        name: 'stem',
        attributes: { strides: { ints: [CELL, CELL] }, kernel_shape: { ints: [CELL, CELL] } },
      }),
      makeNode('Reshape', ['brightness', 'column'], ['scores']),
      makeNode('Concat', ['boxes', 'scores', 'classes'], ['output0'], { attributes: { axis: { int: 2 } } }),
    ],
    initializers: [
      makeTensor(
        'mean',
        DataType.FLOAT,
        [1, 3, CELL, CELL],
        new Float32Array(3 * CELL * CELL).fill(1 / (3 * CELL * CELL)),
      ),
      makeTensor('column', DataType.INT64, [3], BigInt64Array.of(1n, BigInt(CELLS * CELLS), 1n)),
      makeTensor('boxes', DataType.FLOAT, [1, CELLS * CELLS, 4], boxes),
      makeTensor('classes', DataType.FLOAT, [1, CELLS * CELLS, 1], new Float32Array(CELLS * CELLS)),
    ],
  });
  const file = join(folder, 'detector.onnx');
  writeModel(model, file);
  return file;
}

/** Black images of 128 × 64 with one white cell, as the model sees it after letterbox: 32 × 32 pixels of the image. */
beforeAll(async () => {
  mkdirSync(join(folder, 'images'));
  const images = [];
  const annotations = [];
  for (let id = 0; id < IMAGES; id++) {
    const [left, top] = [32 * (id % 4), 32 * (Math.floor(id / 4) % 2)];
    const level = 255 - (id >> 3) * 10;
    const white = {
      width: 32,
      height: 32,
      channels: 3 as const,
      background: { r: level, g: level, b: level },
    };
    await sharp({ create: { width: 128, height: 64, channels: 3, background: 'black' } })
      .composite([{ input: await sharp({ create: white }).png().toBuffer(), left, top }])
      .png()
      .toFile(join(folder, 'images', `${id}.png`));
    images.push({ id, file_name: `${id}.png`, width: 128, height: 64 });
    annotations.push({ image_id: id, category_id: 1, bbox: [left, top, 32, 32] });
  }
  writeFileSync(
    join(folder, 'coco.json'),
    JSON.stringify({ images, annotations, categories: [{ id: 1, name: 'cell' }] }),
  );
});

describe('a detector', () => {
  const model = detector();
  const given = [
    '--task',
    'detection',
    '--data',
    join(folder, 'coco.json'),
    '--images',
    join(folder, 'images'),
  ];
  const prepared = ['--letterbox', '64', '--filter', 'opencv-bilinear', '--scale', 'true'];

  it('is scored by options alone', () => {
    const { status, stdout, stderr } = quantgate([
      'eval',
      model,
      ...given,
      ...prepared,
      '--decoder',
      'boxes',
      '--json',
    ]);
    expect(status, stderr).toBe(0);
    const { measurements } = JSON.parse(stdout) as { measurements: Measurement[] };
    const value = (metric: string) => measurements.find((one) => one.metric === metric)!.value;
    expect(value('accuracy.map50')).toBe(1);
    expect(value('accuracy.ap')).toBe(1);
  });

  it('says of an original that finds nothing that its result is chance', () => {
    const dark = ['--letterbox', '64', '--scale', 'false', '--mean', '300'];
    const { status, stdout, stderr } = quantgate([
      'eval',
      model,
      ...given,
      ...dark,
      '--decoder',
      'boxes',
      '--json',
    ]);
    expect(status, stderr).toBe(1);
    const { notes } = JSON.parse(stdout) as { notes: { code: string; message: string }[] };
    expect(notes).toContainEqual(expect.objectContaining({ code: 'accuracy.chance' }));
    expect(stderr).toMatch(/of the original is .*; chance \(/);
    expect(JSON.parse(stdout)).toMatchObject({ originalInDoubt: { level: 'error' } });
  });

  it('without a decoder ends with exit code 2 and what its outputs look like', () => {
    const { status, stderr } = quantgate(['eval', model, ...given, ...prepared]);
    expect([status, stderr]).toEqual([
      2,
      expect.stringMatching(/needs a `decoder`, one of .*look like `decoder: yolov8`/),
    ]);
  });

  it('goes through the pipeline with one set of images, split in two', () => {
    writeFileSync(
      join(folder, 'quantgate.yml'),
      JSON.stringify({
        version: 1,
        models: [
          {
            path: 'detector.onnx',
            task: 'detection',
            decoder: 'boxes',
            data: {
              evaluation: { path: 'coco.json', images: 'images' },
              split: { calibration: 10 },
              input: { letterbox: 64, filter: 'opencv-bilinear', scale: true },
            },
          },
        ],
        benchmark: { budget: '1s', threads: 1 },
        thresholds: { 'accuracy.map50': { 'max-drop': '5pp' } },
      }),
    );
    const { status, stderr } = quantgate(['run'], { cwd: folder });
    expect(status, stderr).toBe(0);
    const report = JSON.parse(
      readFileSync(join(folder, 'quantgate-out', 'quantgate-report.json'), 'utf8'),
    ) as {
      models: { evaluation: { samples: number }; calibration: { samples: number } }[];
      checks: { metric: string; verdict: string }[];
    };
    expect(report.models[0]).toMatchObject({ evaluation: { samples: 30 }, calibration: { samples: 10 } });
    const checks = report.checks.filter(({ metric }) => metric === 'accuracy.map50');
    expect(checks.map(({ verdict }) => verdict)).toEqual(['pass']);
  });
});
