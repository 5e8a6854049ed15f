/** Photographs and lines of text for the models that see: out of packages, each in several views. */
import sharp, { type Sharp } from 'sharp';
import type { Tensor } from '../../src/tensor/tensor.js';
import { packageFile } from './fetch.js';
import type { PackageName } from './packages.js';

const skimage = (name: string) => ['scikit-image', `skimage/data/${name}`] as const;

/** Those that calibrate and those that judge lie apart: the first ones calibrate. */
const PHOTOGRAPHS: readonly (readonly [PackageName, string])[] = [
  skimage('astronaut.png'),
  ['ultralytics', 'ultralytics/assets/bus.jpg'],
  skimage('coffee.png'),
  ['scikit-learn', 'sklearn/datasets/images/china.jpg'],
  skimage('motorcycle_left.png'),
  skimage('camera.png'),
  skimage('rocket.jpg'),
  skimage('page.png'),
  skimage('chelsea.png'),
  ['ultralytics', 'ultralytics/assets/zidane.jpg'],
  ['scikit-learn', 'sklearn/datasets/images/flower.jpg'],
  skimage('coins.png'),
  skimage('text.png'),
  skimage('hubble_deep_field.jpg'),
  skimage('retina.jpg'),
  skimage('color.png'),
  skimage('ihc.png'),
  skimage('clock_motion.png'),
  skimage('moon.png'),
  skimage('brick.png'),
];

/** Of a picture: left, top, width, height, as shares of it; mirrored or not. */
const VIEWS = [
  { left: 0, top: 0, size: 1, mirrored: false },
  { left: 0, top: 0, size: 0.7, mirrored: true },
  { left: 0.3, top: 0.3, size: 0.7, mirrored: false },
] as const;

/** Left, top, width, height of the lines of text in scikit-image's page.png. */
const LINES = [
  [4, 8, 210, 28],
  [4, 48, 376, 19],
  [4, 66, 376, 18],
  [4, 83, 376, 18],
  [4, 98, 376, 18],
  [4, 114, 180, 19],
] as const;
/** Each line from these shares of its length on, to these. */
const PIECES = [
  [0, 1],
  [0, 0.5],
  [0.4, 1],
  [0.2, 0.7],
] as const;

export interface PixelsWanted {
  width: number;
  height: number;
  channels: 'rgb' | 'bgr' | 'grey';
  /** value = (pixel − mean) ÷ std per channel, of pixels 0–255. */
  mean: readonly number[];
  std: readonly number[];
  /** 'fill' stretches; 'contain' keeps the proportions and pads on the right and below with this pixel. */
  fit?: 'fill' | { pad: number };
}

export const plain = { mean: [0, 0, 0], std: [1, 1, 1] } as const;
export const unit = { mean: [0, 0, 0], std: [255, 255, 255] } as const;
export const centred = { mean: [127.5, 127.5, 127.5], std: [127.5, 127.5, 127.5] } as const;
/** ImageNet's mean and deviation of red, green and blue. */
export const imagenet = { mean: [123.675, 116.28, 103.53], std: [58.395, 57.12, 57.375] } as const;

/** All photographs in all views, [1, channels, height, width]. */
export async function* photographs(cache: string, to: PixelsWanted): AsyncGenerator<Tensor> {
  for (const [name, member] of PHOTOGRAPHS) {
    const file = await packageFile(name, member, cache);
    const { width, height } = await sharp(file).metadata();
    for (const { left, top, size, mirrored } of VIEWS) {
      const region = {
        left: Math.floor(left * width),
        top: Math.floor(top * height),
        width: Math.floor(size * width),
        height: Math.floor(size * height),
      };
      yield pixels(sharp(file).extract(region).flop(mirrored), to);
    }
  }
}

/** Printed pages: parts of scikit-image's page.png and text.png, from close by and from afar. */
export async function* documents(cache: string, to: PixelsWanted): AsyncGenerator<Tensor> {
  for (const zoom of [1, 0.8, 0.6, 0.9, 0.7]) {
    for (const name of ['page.png', 'text.png']) {
      const file = await packageFile(...skimage(name), cache);
      const { width, height } = await sharp(file).metadata();
      for (const [across, down] of [
        [0, 0],
        [1, 1],
        [0, 1],
        [1, 0],
      ] as const) {
        const [w, h] = [Math.floor(width * zoom), Math.floor(height * zoom)];
        const region = { left: across * (width - w), top: down * (height - h), width: w, height: h };
        if (zoom < 1 || (across === 0 && down === 0)) yield pixels(sharp(file).extract(region), to);
      }
    }
  }
}

/** Lines of text and pieces of them; as wide as their height wants, at least `leastWidth`, or stretched to `to.width`. */
export async function* textLines(
  cache: string,
  to: PixelsWanted & { leastWidth?: number },
): AsyncGenerator<Tensor> {
  const file = await packageFile(...skimage('page.png'), cache);
  for (const [from, till] of PIECES) {
    for (const [left, top, width, height] of LINES) {
      const region = {
        left: left + Math.floor(from * width),
        top,
        width: Math.floor((till - from) * width),
        height,
      };
      const natural = Math.ceil((region.width / region.height) * to.height);
      const wide = to.leastWidth === undefined ? to.width : Math.max(to.leastWidth, natural);
      yield pixels(sharp(file).extract(region), { ...to, width: wide });
    }
  }
}

async function pixels(image: Sharp, to: PixelsWanted): Promise<Tensor> {
  const { width, height, fit = 'fill' } = to;
  const flat = image.flatten({ background: 'white' }).toColourspace(to.channels === 'grey' ? 'b-w' : 'srgb');
  const resized =
    fit === 'fill'
      ? flat.resize(width, height, { fit: 'fill', kernel: 'linear' })
      : flat.resize(width, height, {
          fit: 'contain',
          position: 'left top',
          background: { r: fit.pad, g: fit.pad, b: fit.pad },
          kernel: 'linear',
        });
  const { data, info } = await resized.raw().toBuffer({ resolveWithObject: true });
  const order = to.channels === 'grey' ? [0] : to.channels === 'rgb' ? [0, 1, 2] : [2, 1, 0];
  const plane = width * height;
  const values = new Float32Array(order.length * plane);
  order.forEach((channel, place) => {
    const [mean, std] = [to.mean[place]!, to.std[place]!];
    for (let at = 0; at < plane; at++)
      values[place * plane + at] = (data[at * info.channels + channel]! - mean) / std;
  });
  return { type: 'float32', dims: [1, order.length, height, width], data: values };
}
