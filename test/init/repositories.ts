/** Five small repositories, each with a model that knows its data. */

import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { makeModel, makeNode, makeValue } from '../../src/onnx/build.js';
import { writeModel } from '../../src/onnx/file/write.js';
import { DataType } from '../../src/onnx/tensor/element-type.js';
import { makeTensor } from '../../src/onnx/tensor/tensor.js';
import { seededRandom } from '../../src/tensor/random.js';
import { TOKENIZER, vocabulary } from '../data/text/word-piece.js';

const random = seededRandom(7);

const floats = (name: string, dims: readonly number[], value: (at: number) => number) =>
  makeTensor(
    name,
    DataType.FLOAT,
    dims,
    Float32Array.from({ length: dims.reduce((a, b) => a * b, 1) }, (_, at) => value(at)),
  );
const int64s = (name: string, values: readonly number[]) =>
  makeTensor(name, DataType.INT64, [values.length], BigInt64Array.from(values.map(BigInt)));

function folder(...parts: string[]): string {
  const path = join(...parts);
  mkdirSync(path, { recursive: true });
  return path;
}

const SIDE = 16;
/** Colours of the classes: which channel lies above grey. */
const COLOURS = ['blue', 'green', 'red'];
const WIDTH = 64;

/**
 * Each class by how far its channel is above the others. What is further than values from 0 to 1 ever are counts for the next class, so that
 * the model is wrong where ImageNet's preprocessing stretches the values.
 */
function colourModel(file: string): void {
  const isFar = (unit: number) => unit >= WIDTH / 2;
  writeModel(
    makeModel({
      inputs: [makeValue('image', DataType.FLOAT, [1, 3, SIDE, SIDE])],
      outputs: [makeValue('scores', DataType.FLOAT, [1, 3])],
      nodes: [
        makeNode('Conv', ['image', 'w', 'b'], ['features'], {
          name: 'conv',
          attributes: { kernel_shape: { ints: [8, 8] }, strides: { ints: [8, 8] } },
        }),
        makeNode('Relu', ['features'], ['active'], { name: 'relu' }),
        makeNode('GlobalAveragePool', ['active'], ['pooled'], { name: 'pool' }),
        makeNode('Flatten', ['pooled'], ['flat'], { name: 'flat' }),
        makeNode('MatMul', ['flat', 'head'], ['scores'], { name: 'head' }),
      ],
      initializers: [
        // Blue is the third channel, green the second, red the first.
        floats('w', [WIDTH, 3, 8, 8], (at) => {
          const [unit, channel] = [Math.floor(at / 192), Math.floor(at / 64) % 3];
          return (channel === 2 - (unit % 3) ? 1 : -0.5) / 64;
        }),
        floats('b', [WIDTH], (unit) => (isFar(unit) ? -0.7 : 0)),
        floats('head', [WIDTH, 3], (at) => {
          const [unit, index] = [Math.floor(at / 3), at % 3];
          if (!isFar(unit)) return unit % 3 === index ? 0.1 : 0;
          return (unit + 1) % 3 === index ? 2 : 0;
        }),
      ],
    }),
    file,
  );
}

export async function classifierRepository(root: string): Promise<void> {
  folder(root, 'models');
  colourModel(join(root, 'models', 'colours.onnx'));
  for (const [side, count] of [
    ['train', 12],
    ['val', 16],
  ] as const) {
    for (const [index, colour] of COLOURS.entries()) {
      const place = folder(root, 'data', side, colour);
      for (let at = 0; at < count; at++) {
        const level = () => Math.floor((random.uint32() / 2 ** 32) * 40);
        const rgb = [60 + level(), 60 + level(), 60 + level()];
        rgb[2 - index]! += 60 + level();
        const [r, g, b] = rgb as [number, number, number];
        const image = sharp({ create: { width: 20, height: 20, channels: 3, background: { r, g, b } } });
        await image.png().toFile(join(place, `${at}.png`));
      }
    }
  }
}

const CANVAS = 64;
const CELL = 16;
const CELLS = CANVAS / CELL;

/** Mean brightness of each cell (Conv) as the score of a box around it: corners, score and class, as end-to-end heads give them. */
function cellDetector(file: string): void {
  const count = CELLS * CELLS;
  writeModel(
    makeModel({
      inputs: [makeValue('images', DataType.FLOAT, [1, 3, CANVAS, CANVAS])],
      outputs: [makeValue('output0', DataType.FLOAT, [1, count, 6])],
      nodes: [
        makeNode('Conv', ['images', 'mean'], ['brightness'], {
          name: 'stem',
          attributes: { strides: { ints: [CELL, CELL] }, kernel_shape: { ints: [CELL, CELL] } },
        }),
        makeNode('ReduceMean', ['brightness'], ['cells'], {
          attributes: { axes: { ints: [1] }, keepdims: { int: 0 } },
        }),
        makeNode('Reshape', ['cells', 'column'], ['scores']),
        makeNode('Concat', ['boxes', 'scores', 'classes'], ['output0'], { attributes: { axis: { int: 2 } } }),
      ],
      initializers: [
        floats('mean', [16, 3, CELL, CELL], () => 1 / (3 * CELL * CELL)),
        int64s('column', [1, count, 1]),
        floats('boxes', [1, count, 4], (at) => {
          const [cell, side] = [Math.floor(at / 4), at % 4];
          const [x, y] = [(cell % CELLS) * CELL, Math.floor(cell / CELLS) * CELL];
          return [x, y, x + CELL, y + CELL][side]!;
        }),
        floats('classes', [1, count, 1], () => 0),
      ],
    }),
    file,
  );
}

/** Black images of 128 × 64 with one bright cell, as the model sees it after letterbox. */
export async function detectorRepository(root: string): Promise<void> {
  cellDetector(join(root, 'detector.onnx'));
  const place = folder(root, 'data', 'val');
  const images = [];
  const annotations = [];
  for (let id = 0; id < 40; id++) {
    const [left, top] = [32 * (id % 4), 32 * (Math.floor(id / 4) % 2)];
    const level = 255 - (id >> 3) * 10;
    const background = { r: level, g: level, b: level };
    const bright = sharp({ create: { width: 32, height: 32, channels: 3, background } });
    await sharp({ create: { width: 128, height: 64, channels: 3, background: 'black' } })
      .composite([{ input: await bright.png().toBuffer(), left, top }])
      .png()
      .toFile(join(place, `${id}.png`));
    images.push({ id, file_name: `${id}.png`, width: 128, height: 64 });
    annotations.push({ id, image_id: id, category_id: 1, bbox: [left, top, 32, 32], area: 1024, iscrowd: 0 });
  }
  const categories = [{ id: 1, name: 'cell' }];
  writeFileSync(join(root, 'data', 'val.json'), JSON.stringify({ images, annotations, categories }));
}

/** Mean of the tokens' rows, times [64, 2]: tokens of odd ids speak for class 0, of even ids for class 1. */
export function textRepository(root: string): void {
  const models = folder(root, 'models');
  copyFileSync(TOKENIZER, join(models, 'tokenizer.json'));
  const ids = vocabulary();
  const size = Object.keys(ids).length;
  writeModel(
    makeModel({
      inputs: [
        makeValue('input_ids', DataType.INT64, ['batch', 'sequence']),
        makeValue('attention_mask', DataType.INT64, ['batch', 'sequence']),
      ],
      outputs: [makeValue('logits', DataType.FLOAT, ['batch', 2])],
      nodes: [
        makeNode('Gather', ['table', 'input_ids'], ['rows'], { name: 'gather' }),
        makeNode('Cast', ['attention_mask'], ['float_mask'], { attributes: { to: { int: DataType.FLOAT } } }),
        makeNode('Unsqueeze', ['float_mask', 'last'], ['mask']),
        makeNode('Mul', ['rows', 'mask'], ['kept']),
        makeNode('ReduceMean', ['kept'], ['mean'], {
          attributes: { axes: { ints: [1] }, keepdims: { int: 0 } },
        }),
        makeNode('MatMul', ['mean', 'mix'], ['mixed'], { name: 'mix' }),
        makeNode('MatMul', ['mixed', 'weight'], ['logits'], { name: 'classify' }),
      ],
      initializers: [
        floats('table', [size, WIDTH], (at) => {
          const [id, column] = [Math.floor(at / WIDTH), at % WIDTH];
          return id % 2 === column % 2 ? 1 : Math.sin(at) / 8;
        }),
        floats('mix', [WIDTH, WIDTH], (at) =>
          Math.floor(at / WIDTH) === at % WIDTH ? 1 : Math.cos(at) / 200,
        ),
        floats('weight', [WIDTH, 2], (at) => (Math.floor(at / 2) % 2 === at % 2 ? -0.5 : 0.5)),
        int64s('last', [-1]),
      ],
    }),
    join(models, 'parity.onnx'),
  );
  const known = Object.keys(ids).filter((word) => /^[a-z]+$/.test(word));
  const rows = Array.from({ length: 120 }, (_, at) => {
    const own = known.filter((word) => ids[word]! % 2 === at % 2);
    const text = [0, 1, 2, 3].map((step) => own[(at * 7 + step * 3) % own.length]).join(' ');
    return JSON.stringify({ text, label: ['even', 'odd'][at % 2] });
  });
  folder(root, 'data');
  writeFileSync(join(root, 'data', 'test.jsonl'), rows.join('\n'));
}

const SYMBOLS = ['a', 'b', 'c', 'd'];
const FRAMES = 8;
const HEIGHT = 16;

/** Each frame of 8 pixels is a level of grey: black is the blank, brighter ones the symbols. */
function greyRecognizer(file: string): void {
  const classes = SYMBOLS.length + 1;
  const level = (index: number) => (2 * index) / (classes - 1) - 1;
  writeModel(
    makeModel({
      inputs: [makeValue('x', DataType.FLOAT, [1, 3, HEIGHT, FRAMES * 8])],
      outputs: [makeValue('scores', DataType.FLOAT, [1, FRAMES, classes])],
      nodes: [
        makeNode('Conv', ['x', 'w'], ['grey'], {
          name: 'grey',
          attributes: { kernel_shape: { ints: [HEIGHT, 8] }, strides: { ints: [HEIGHT, 8] } },
        }),
        // The nearest level has the highest of 2·level·x − level².
        makeNode('Conv', ['grey', 'levels', 'squares'], ['near'], {
          name: 'levels',
          attributes: { kernel_shape: { ints: [1, 1] } },
        }),
        makeNode('Squeeze', ['near', 'two'], ['flat'], { name: 'squeeze' }),
        makeNode('Transpose', ['flat'], ['scores'], {
          name: 'turn',
          attributes: { perm: { ints: [0, 2, 1] } },
        }),
      ],
      initializers: [
        floats('w', [WIDTH, 3, HEIGHT, 8], () => 1 / (3 * HEIGHT * 8)),
        floats('levels', [classes, WIDTH, 1, 1], (at) => (2 * level(Math.floor(at / WIDTH))) / WIDTH),
        floats('squares', [classes], (at) => -(level(at) ** 2)),
        int64s('two', [2]),
      ],
    }),
    file,
  );
}

export async function recognizerRepository(root: string): Promise<void> {
  const models = folder(root, 'models');
  greyRecognizer(join(models, 'recognizer.onnx'));
  writeFileSync(join(models, 'keys.txt'), `${SYMBOLS.join('\n')}\n`);
  const place = folder(root, 'data', 'lines');
  const lines: string[] = [];
  for (let at = 0; at < 60; at++) {
    const frames = Array.from({ length: FRAMES }, () => random.below(SYMBOLS.length + 1));
    const pixels = new Uint8Array(HEIGHT * FRAMES * 8 * 3);
    for (let pixel = 0; pixel < pixels.length; pixel++) {
      const frame = Math.floor((Math.floor(pixel / 3) % (FRAMES * 8)) / 8);
      pixels[pixel] = Math.round((frames[frame]! / SYMBOLS.length) * 255);
    }
    const raw = { width: FRAMES * 8, height: HEIGHT, channels: 3 as const };
    await sharp(pixels, { raw })
      .png()
      .toFile(join(place, `${at}.png`));
    const text = frames
      .filter((one, index) => one !== 0 && one !== frames[index - 1])
      .map((one) => SYMBOLS[one - 1])
      .join('');
    lines.push(`${at}.png\t${text}`);
  }
  writeFileSync(join(place, 'labels.tsv'), `${lines.join('\n')}\n`);
}

export function modelAlone(root: string): void {
  colourModel(join(root, 'net.onnx'));
}
