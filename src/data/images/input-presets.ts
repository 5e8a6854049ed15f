/** The field's usual preprocessing by name, sized to the model's input; what the configuration says besides comes before it. */

import type { InputPreset } from '../../config/choices.js';
import type { InputConfig } from '../../config/data-config.js';

/** What a preset or a file says of an input. */
export type InputDefaults = Partial<Omit<InputConfig, 'from' | 'preset' | 'preprocessor'>>;

/** torchvision.models, "transforms"; the share of the resized side that the crop keeps is 224 / 256 at every size. */
const IMAGENET = { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] };
const IMAGENET_SHARE = 0.875;
const IMAGENET_SIDE = 224;
/** openai/CLIP, `clip.py`, `_transform`. */
const CLIP = {
  mean: [0.48145466, 0.4578275, 0.40821073],
  std: [0.26862954, 0.26130258, 0.27577711],
};
/** Blue, green, red of 0 … 255 (Caffe's ImageNet models). */
const CAFFE = { channels: 'bgr', scale: false, mean: [103.939, 116.779, 123.68] } as const;
/** Ultralytics' `LetterBox`. */
const YOLO_SIDE = 640;
const YOLO_FILL = 114;

/** @param size [height, width] that the model's shape names; null where it names none. */
export function presetDefaults(preset: InputPreset, size: readonly [number, number] | null): InputDefaults {
  switch (preset) {
    case 'imagenet':
      return { ...centre(size, IMAGENET_SHARE), ...IMAGENET, scale: true };
    case 'imagenet-bicubic':
      return { ...centre(size, IMAGENET_SHARE), ...IMAGENET, scale: true, filter: 'bicubic' };
    case 'clip':
      return { ...centre(size, 1), ...CLIP, scale: true, filter: 'bicubic' };
    case 'caffe':
      return { ...centre(size, IMAGENET_SHARE), cropRounding: 'down', ...CAFFE, mean: [...CAFFE.mean] };
    case 'yolo':
      return {
        letterbox: { size: [...(size ?? [YOLO_SIDE, YOLO_SIDE])], fill: [YOLO_FILL], align: 'center' },
        filter: 'opencv-bilinear',
        scale: true,
      };
  }
}

/** The crop is the model's size, or the usual one. */
function centre(size: readonly [number, number] | null, share: number): InputDefaults {
  const crop: [number, number] = [...(size ?? [IMAGENET_SIDE, IMAGENET_SIDE])];
  return { resize: Math.round(Math.max(...crop) / share), crop };
}

/** What the configuration says comes first; sizes that contradict it go. */
export function withDefaults(own: InputConfig, defaults: InputDefaults): InputConfig {
  const dropped: (keyof InputDefaults)[] = [];
  if (own.letterbox !== null) dropped.push('resize', 'crop', 'pad');
  if (own.resize !== null || own.crop !== null || own.pad !== null) dropped.push('letterbox');
  if (Array.isArray(own.resize)) dropped.push('crop');
  const kept = Object.entries(defaults).filter(
    ([key]) =>
      !dropped.includes(key as keyof InputDefaults) && (own[key as keyof InputConfig] ?? null) === null,
  );
  return { ...own, ...Object.fromEntries(kept) };
}
