/** Preparation of pictures, as the package of each model does it. */
import type { Feeds, Tensor } from '../../src/tensor/tensor.js';
import {
  centred,
  documents,
  imagenet,
  type PixelsWanted,
  photographs,
  plain,
  textLines,
  unit,
} from './pictures.js';
import type { MakeSamples } from './samples.js';

const ofPhotographs = (input: string, to: PixelsWanted): MakeSamples =>
  async function* ({ cache }) {
    yield* named(input, photographs(cache, to));
  };

const ofDocuments = (input: string, to: PixelsWanted): MakeSamples =>
  async function* ({ cache }) {
    yield* named(input, documents(cache, to));
  };

const ofLines = (input: string, to: PixelsWanted & { leastWidth?: number }): MakeSamples =>
  async function* ({ cache }) {
    yield* named(input, textLines(cache, to));
  };

async function* named(input: string, tensors: AsyncIterable<Tensor>): AsyncGenerator<Feeds> {
  for await (const tensor of tensors) yield { [input]: tensor };
}

export const nudenet = ofPhotographs('images', {
  width: 320,
  height: 320,
  channels: 'rgb',
  ...unit,
  fit: { pad: 0 },
});
/** Sides are multiples of 32. */
const detected = { width: 480, height: 480, channels: 'bgr' } as const;
export const ocrV4Detector = ofDocuments('x', { ...detected, ...centred });
export const ocrV5Detector = ofDocuments('x', { ...detected, ...imagenet });
export const ocrDirection = ofLines('x', { width: 192, height: 48, channels: 'bgr', ...centred });
export const ocrRecognizer = ofLines('x', {
  width: 320,
  height: 48,
  channels: 'bgr',
  ...centred,
  leastWidth: 320,
});
export const orientation = ofPhotographs('x', { width: 224, height: 224, channels: 'rgb', ...imagenet });
export const layout = ofPhotographs('image', { width: 608, height: 800, channels: 'rgb', ...imagenet });
export const yolox = ofPhotographs('images', {
  width: 416,
  height: 416,
  channels: 'bgr',
  ...plain,
  fit: { pad: 114 },
});
export const slider = ofPhotographs('images', {
  width: 640,
  height: 640,
  channels: 'rgb',
  ...unit,
  fit: { pad: 114 },
});
