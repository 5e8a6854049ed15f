/**
 * A detector of characters on photographs (ddddocr's, a YOLOX-s with one class): cuttings of real photographs with letters printed on
 * them, turned and coloured, so that every box is known to the pixel. What the model was trained to find.
 */
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp, { type OverlayOptions, type Sharp } from 'sharp';
import { packageFile } from '../../bench/models/fetch.js';
import type { PackageName } from '../../bench/models/packages.js';
import { type Random, seededRandom } from '../../src/tensor/random.js';
import type { Preparation } from './prepare.js';
import { printText } from './printed-text.js';

const PHOTOGRAPHS: readonly (readonly [PackageName, string])[] = [
  ['scikit-image', 'skimage/data/astronaut.png'],
  ['scikit-image', 'skimage/data/coffee.png'],
  ['scikit-image', 'skimage/data/chelsea.png'],
  ['scikit-image', 'skimage/data/rocket.jpg'],
  ['scikit-image', 'skimage/data/motorcycle_left.png'],
  ['scikit-learn', 'sklearn/datasets/images/china.jpg'],
  ['scikit-learn', 'sklearn/datasets/images/flower.jpg'],
];
const [CALIBRATION, EVALUATION] = [32, 100];
const [WIDTH, HEIGHT] = [320, 240];
const LETTERS = 'ABCDEFGHJKLMNPRSTUVWXYZ23456789';
/** Of a letter's ink, from this on it is seen: 0 to 255. */
const SEEN = 96;

/** Left, top, width, height in pixels. */
type Box = [number, number, number, number];

export async function prepareDetector({ cache, folder }: Preparation): Promise<void> {
  copyFileSync(await packageFile('ddddocr', 'ddddocr/common_det.onnx', cache), join(folder, 'model.onnx'));
  await writePictures(cache, { folder, name: 'calibration', count: CALIBRATION, seed: 1 });
  await writePictures(cache, { folder, name: 'evaluation', count: EVALUATION, seed: 2 });
}

/** A folder of images, and its annotations in COCO's JSON beside it. */
async function writePictures(
  cache: string,
  { folder, name, count, seed }: { folder: string; name: string; count: number; seed: number },
): Promise<void> {
  mkdirSync(join(folder, name));
  const random = seededRandom(seed);
  const images: object[] = [];
  const annotations: object[] = [];
  for (let id = 1; id <= count; id++) {
    const file_name = `${String(id).padStart(3, '0')}.jpg`;
    const letters = await placeLetters(cache, random);
    const photograph = await cutting(cache, random);
    await photograph
      .composite(letters.map(({ overlay }) => overlay))
      .jpeg({ quality: 90 })
      .toFile(join(folder, name, file_name));
    images.push({ id, file_name, width: WIDTH, height: HEIGHT });
    for (const { box } of letters)
      annotations.push({
        id: annotations.length + 1,
        image_id: id,
        category_id: 1,
        bbox: box,
        area: box[2] * box[3],
        iscrowd: 0,
      });
  }
  const categories = [{ id: 1, name: 'character' }];
  writeFileSync(join(folder, `${name}.json`), JSON.stringify({ images, categories, annotations }));
}

async function cutting(cache: string, random: Random): Promise<Sharp> {
  const photograph = await packageFile(...PHOTOGRAPHS[random.below(PHOTOGRAPHS.length)]!, cache);
  const { width, height } = await sharp(photograph).metadata();
  const region = {
    left: random.below(width - WIDTH),
    top: random.below(height - HEIGHT),
    width: WIDTH,
    height: HEIGHT,
  };
  return sharp(photograph).removeAlpha().toColourspace('srgb').extract(region);
}

/** Three to six letters, none over another. */
async function placeLetters(cache: string, random: Random): Promise<{ box: Box; overlay: OverlayOptions }[]> {
  const placed: { box: Box; overlay: OverlayOptions }[] = [];
  const wanted = 3 + random.below(4);
  for (let tries = 0; placed.length < wanted && tries < 50; tries++) {
    const { png, width, height } = await letter(cache, random);
    const [left, top] = [random.below(WIDTH - width), random.below(HEIGHT - height)];
    const free = placed.every(
      ({ box: [x, y, w, h] }) =>
        left + width + 4 < x || x + w + 4 < left || top + height + 4 < y || y + h + 4 < top,
    );
    if (free) placed.push({ box: [left, top, width, height], overlay: { input: png, left, top } });
  }
  return placed;
}

/** A letter, turned by up to 30°, in a colour of its own, cut at its ink. */
async function letter(
  cache: string,
  random: Random,
): Promise<{ png: Buffer; width: number; height: number }> {
  const text = LETTERS[random.below(LETTERS.length)]!;
  const { ink, width, height } = await printText(text, {
    cache,
    height: 40 + random.below(30),
    weight: '700Bold',
  });
  const colour = [0, 1, 2].map(() => random.below(256));
  const pixels = new Uint8Array(4 * ink.length);
  for (let i = 0; i < ink.length; i++) pixels.set([...colour, ink[i]!], 4 * i);
  const turned = await sharp(pixels, { raw: { width, height, channels: 4 } })
    .rotate(random.below(61) - 30, { background: { r: 0, g: 0, b: 0, alpha: 0 } })
    .raw()
    .toBuffer({ resolveWithObject: true });
  const region = inked(turned.data, turned.info);
  const raw = { width: turned.info.width, height: turned.info.height, channels: 4 as const };
  const png = await sharp(turned.data, { raw }).extract(region).png().toBuffer();
  return { png, width: region.width, height: region.height };
}

function inked(rgba: Uint8Array, { width, height }: { width: number; height: number }) {
  let [left, top, right, bottom] = [width, height, 0, 0];
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      if (rgba[4 * (y * width + x) + 3]! >= SEEN) {
        [left, right] = [Math.min(left, x), Math.max(right, x)];
        [top, bottom] = [Math.min(top, y), Math.max(bottom, y)];
      }
  return { left, top, width: right - left + 1, height: bottom - top + 1 };
}
