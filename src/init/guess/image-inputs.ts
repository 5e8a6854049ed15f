/** Ways to prepare images for a model, likely ones first. */
import type { RawInput } from '../../config/raw.js';
import { type Found, nearest } from '../find/find.js';
import type { LookedAt } from './guess.js';

export interface ImageInput {
  input: RawInput;
  why: string;
  /** A file of the model says so. */
  told: boolean;
}

const USUAL_SIDE = 224;
const YOLO_SIDE = 640;
const HALF = { mean: 0.5, std: 0.5 };

interface ImageShape {
  /** [height, width]; null: any. */
  size: [number, number] | null;
  channels: number;
}

function imageShape({ inputs }: LookedAt): ImageShape {
  const shape = inputs[0]?.shape ?? [];
  const last =
    typeof shape[3] === 'number' && shape[3] <= 4 && !(typeof shape[1] === 'number' && shape[1] <= 4);
  const [height, width] = last ? [shape[1], shape[2]] : [shape[2], shape[3]];
  const channels = last ? shape[3] : shape[1];
  return {
    size: typeof height === 'number' && typeof width === 'number' ? [height, width] : null,
    channels: typeof channels === 'number' ? channels : 3,
  };
}

/** The model's preprocessor_config.json; null: there is none. */
function fromFile(model: LookedAt, found: Found): ImageInput[] {
  const preprocessor = nearest(found.preprocessors, model.path);
  return preprocessor === null
    ? []
    : [{ input: { preprocessor }, why: `${preprocessor} says how its images are prepared`, told: true }];
}

/** Of classifiers, embeddings and segmentation. */
export function usualInputs(model: LookedAt, found: Found): ImageInput[] {
  const { size, channels } = imageShape(model);
  const resize = size ?? ([USUAL_SIDE, USUAL_SIDE] as [number, number]);
  const sized = `resized to ${resize.join(' × ')}`;
  const plain: ImageInput[] = [
    { input: { resize, scale: true }, why: `${sized}, values from 0 to 1`, told: false },
    { input: { resize, scale: true, ...HALF }, why: `${sized}, values from -1 to 1`, told: false },
    { input: { resize, scale: false }, why: `${sized}, values from 0 to 255`, told: false },
  ];
  if (model.inputs[0]?.type === 'uint8')
    return [...fromFile(model, found), { input: { resize }, why: sized, told: true }];
  if (channels !== 3) return [...fromFile(model, found), ...plain];
  const presets: ImageInput[] = [
    { input: { preset: 'imagenet' }, why: "ImageNet's usual preprocessing", told: false },
    ...plain,
    { input: { preset: 'caffe' }, why: "Caffe's preprocessing", told: false },
  ];
  return [...fromFile(model, found), ...presets];
}

/** Of detectors, by decoder. */
export function detectorInputs(model: LookedAt, found: Found, decoder: string): ImageInput[] {
  const size = imageShape(model).size ?? ([YOLO_SIDE, YOLO_SIDE] as [number, number]);
  const yolo: ImageInput = {
    input: { preset: 'yolo' },
    why: "YOLO's letterbox, values from 0 to 1",
    told: false,
  };
  if (decoder === 'yolox') {
    const letterbox = { size, align: 'top-left' as const };
    const input: RawInput = { letterbox, filter: 'opencv-bilinear', scale: false, channels: 'bgr' };
    return [{ input, why: "YOLOX's letterbox, blue first, values from 0 to 255", told: false }];
  }
  const sized = `resized to ${size.join(' × ')}`;
  const plain: ImageInput[] = [
    { input: { resize: size, scale: true }, why: `${sized}, values from 0 to 1`, told: false },
    { input: { resize: size, scale: true, ...HALF }, why: `${sized}, values from -1 to 1`, told: false },
    { input: { resize: size, scale: false }, why: `${sized}, values from 0 to 255`, told: false },
  ];
  if (/^yolo/.test(decoder)) return [...fromFile(model, found), yolo];
  return [...fromFile(model, found), ...(decoder === 'boxes' ? [yolo, ...plain] : plain)];
}

/** Of recognizers of text. */
export function recognizerInputs(model: LookedAt, found: Found): ImageInput[] {
  const shape = model.inputs[0]?.shape ?? [];
  const side = (size: number | string | undefined, usual: number) =>
    typeof size === 'number' ? size : usual;
  const resize: [number, number] = [side(shape[2], 48), side(shape[3], 320)];
  const colours = imageShape(model).channels === 3;
  const sized = `resized to ${resize.join(' × ')}`;
  return [
    ...fromFile(model, found),
    ...(colours
      ? [
          {
            input: { resize, ...HALF, channels: 'bgr' as const },
            why: `${sized}, values from -1 to 1, blue first`,
            told: false,
          },
        ]
      : []),
    { input: { resize, ...HALF }, why: `${sized}, values from -1 to 1`, told: false },
    { input: { resize, scale: true }, why: `${sized}, values from 0 to 1`, told: false },
    { input: { resize, scale: false }, why: `${sized}, values from 0 to 255`, told: false },
  ];
}
