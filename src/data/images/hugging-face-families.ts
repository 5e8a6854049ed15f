/** What Hugging Face's image processors do where a `preprocessor_config.json` is silent: the classes' own defaults in `transformers`. */

/** By the name of the class in the file. */
export interface Family {
  pattern: RegExp;
  /** A bare number means a square, else the shorter side. */
  square: boolean;
  size: unknown;
  /** `PIL.Image.Resampling`. */
  resample: number;
  /** Side of the centre that is kept; null: nothing is cut, unless the file says so. */
  crop: number | null;
  mean: readonly number[];
  std: readonly number[];
  /** Default true. */
  normalize?: boolean;
  /** Blue, green, red unless the file says otherwise. */
  flips?: boolean;
  /** Both sides are cut to a multiple of it. */
  multiple?: number;
  /** Resized so much larger than what is cropped: `size` ÷ it. Of `crop_pct` where the file has that. */
  share?: number;
  /** Divided by the deviation once more, unless `include_top` is false. */
  twice?: boolean;
}

const STANDARD = { mean: [0.5, 0.5, 0.5], std: [0.5, 0.5, 0.5] };
const IMAGENET = { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] };
const CLIP = {
  mean: [0.48145466, 0.4578275, 0.40821073],
  std: [0.26862954, 0.26130258, 0.27577711],
};
/** DETR's, and of those that follow it. */
const DETECTOR = {
  square: false,
  size: { shortest_edge: 800, longest_edge: 1333 },
  resample: 2,
  crop: null,
  ...IMAGENET,
};

const FAMILIES: readonly Family[] = [
  { pattern: /^(chinese)?clip/i, square: false, size: 224, resample: 3, crop: 224, ...CLIP },
  { pattern: /^siglip(?!2)/i, square: true, size: 224, resample: 3, crop: null, ...STANDARD },
  { pattern: /^bit/i, square: false, size: 224, resample: 3, crop: 224, ...CLIP },
  { pattern: /^blip/i, square: true, size: 384, resample: 3, crop: null, ...CLIP },
  { pattern: /^owlvit/i, square: true, size: 768, resample: 3, crop: null, ...CLIP },
  { pattern: /^flava/i, square: true, size: 224, resample: 3, crop: 224, ...CLIP },
  { pattern: /^deit/i, square: true, size: 256, resample: 3, crop: 224, ...STANDARD },
  { pattern: /^convnext/i, square: false, size: 384, resample: 3, crop: null, ...STANDARD },
  { pattern: /^segformer/i, square: true, size: 512, resample: 2, crop: null, ...IMAGENET },
  { pattern: /^rtdetr/i, square: true, size: 640, resample: 2, crop: null, ...IMAGENET, normalize: false },
  { pattern: /^yolos/i, ...DETECTOR, multiple: 16 },
  { pattern: /detr|groundingdino/i, ...DETECTOR },
  { pattern: /^mobilenet/i, square: false, size: 256, resample: 2, crop: 224, ...STANDARD },
  {
    pattern: /^mobilevit/i,
    square: false,
    size: 224,
    resample: 3,
    crop: 256,
    ...STANDARD,
    normalize: false,
    flips: true,
  },
  { pattern: /^(beit|data2vecvision)/i, square: true, size: 224, resample: 3, crop: null, ...STANDARD },
  { pattern: /^dpt/i, square: true, size: 384, resample: 3, crop: null, ...STANDARD },
  { pattern: /^efficientnet/i, square: true, size: 346, resample: 3, crop: null, ...STANDARD, twice: true },
  { pattern: /^levit/i, square: false, size: 224, resample: 3, crop: 224, ...IMAGENET, share: 224 / 256 },
  { pattern: /^poolformer/i, square: false, size: 224, resample: 3, crop: 224, ...IMAGENET, share: 0.9 },
  { pattern: /^pvt/i, square: true, size: 224, resample: 3, crop: null, ...IMAGENET },
];

/** Also where the file names no class. */
const VIT: Family = {
  pattern: /^(vit(image|feature)|$)/i,
  square: true,
  size: 224,
  resample: 2,
  crop: null,
  ...STANDARD,
};

/** @param type `image_processor_type`, '' where the file has none. A class that isn't known here is taken as ViT's, and `known` says that it isn't. */
export function familyOf(type: string): { family: Family; known: boolean } {
  const family = [...FAMILIES, VIT].find(({ pattern }) => pattern.test(type));
  return { family: family ?? VIT, known: family !== undefined };
}
