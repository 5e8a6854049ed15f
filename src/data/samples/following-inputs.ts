/** Inputs that follow from what another input holds: an image's size and scale, which of its pixels count, how long a recording is. */
import { isFloatType, isIntegerType, type NumericType } from '../../tensor/elements.js';
import { filled } from '../../tensor/filled.js';
import type { Tensor } from '../../tensor/tensor.js';
import type { ValueMeta } from '../../tensor/value-meta.js';
import type { Placement } from './placement.js';

/** What such an input holds. */
export type FollowingRole = 'width-height' | 'height-width' | 'image-scale' | 'pixel-mask' | 'length';

export interface Following {
  role: FollowingRole;
  /** Name of the input that it follows from. */
  of: string;
}

/** Names that exporters give: RT-DETR, D-FINE and DEIM; PaddleDetection; Hugging Face's DETR; NeMo and FunASR. */
const BY_NAME: readonly [RegExp, FollowingRole][] = [
  [/^orig(inal)?_target_sizes?$/i, 'width-height'],
  [/^(im|img|image)_(shape|size)$|^target_sizes?$/i, 'height-width'],
  [/^scale_factor$/i, 'image-scale'],
  [/^pixel_mask$/i, 'pixel-mask'],
  [/(^|_)len(gth)?s?$/i, 'length'],
];

/** What each is fed with, for a note. */
export const FOLLOWING_FED: Record<FollowingRole, string> = {
  'width-height':
    'width and height of what the model sees, from where boxes are mapped back to the stored image',
  'height-width':
    'height and width of what the model sees, from where boxes are mapped back to the stored image',
  'image-scale': 'a scale of 1, so that boxes lie on what the model sees; they are mapped back from there',
  'pixel-mask': "ones where the image's pixels are, zeros where it was padded",
  length: 'the length of each sample',
};

/** By input name; inputs of other kinds are left out, and so is everything where no input could hold an image or a recording. */
export function followingInputs(
  inputs: readonly Pick<ValueMeta, 'name' | 'type' | 'shape'>[],
): Map<string, Following> {
  const found = new Map<string, Following>();
  const named = inputs.map((input) => ({
    ...input,
    role: BY_NAME.find(([pattern]) => pattern.test(input.name))?.[1],
  }));
  const sources = named.filter(({ role }) => role === undefined);
  for (const { name, type, role } of named) {
    if (role === undefined || type === null || !(isIntegerType(type) || isFloatType(type) || type === 'bool'))
      continue;
    const source = sources.find((one) => (role === 'length' ? isRecording(one) : isImage(one)));
    if (source) found.set(name, { role, of: source.name });
  }
  return found;
}

function isImage({ type, shape }: Pick<ValueMeta, 'type' | 'shape'>): boolean {
  return shape?.length === 4 && (type === 'uint8' || (type !== null && isFloatType(type)));
}

function isRecording({ type, shape }: Pick<ValueMeta, 'type' | 'shape'>): boolean {
  return (shape?.length === 2 || shape?.length === 3) && type !== null && isFloatType(type);
}

export interface FollowingInput {
  role: FollowingRole;
  type: NumericType;
  shape: readonly (number | string)[] | null;
}

/** What the other input is fed with, and how it was made. */
export interface FollowedInput {
  tensor: Tensor;
  shape: readonly (number | string)[] | null;
  layout: 'NCHW' | 'NHWC';
  placement: Placement | null;
}

/** One row per sample: [n, 2] of sizes and scales, [n, height, width] of a mask, [n] of lengths. */
export function followingTensor({ role, type, shape }: FollowingInput, followed: FollowedInput): Tensor {
  const { dims } = followed.tensor;
  const rows = dims[0] ?? 1;
  const [height = 0, width = 0] = followed.layout === 'NHWC' ? dims.slice(1, 3) : dims.slice(2, 4);
  const pairs = (first: number, second: number) =>
    filled(type, [rows, 2], (at) => (at % 2 === 0 ? first : second));
  switch (role) {
    case 'width-height':
      return pairs(width, height);
    case 'height-width':
      return pairs(height, width);
    case 'image-scale':
      return pairs(1, 1);
    case 'pixel-mask':
      return filled(
        type,
        [rows, ...maskSize(shape, [height, width])],
        maskOf(followed, { height, width, shape }),
      );
    case 'length':
      return filled(type, lengthDims(shape, rows), () => dims[lengthAxis(followed)] ?? 1);
  }
}

/** A model may fix the mask's size by itself; it then scales the mask to its feature map. */
function maskSize(shape: FollowingInput['shape'], size: readonly [number, number]): number[] {
  return size.map((own, axis) => {
    const fixed = shape?.[axis + 1];
    return typeof fixed === 'number' && fixed > 0 ? fixed : own;
  });
}

function maskOf(
  { placement }: FollowedInput,
  { height, width, shape }: { height: number; width: number; shape: FollowingInput['shape'] },
): (at: number) => number {
  const [rows, columns] = maskSize(shape, [height, width]) as [number, number];
  if (placement === null) return () => 1;
  const { left, top, window } = placement;
  return (at) => {
    const x = (((at % columns) + 0.5) * width) / columns;
    const y = (((Math.floor(at / columns) % rows) + 0.5) * height) / rows;
    return Number(x > left && x < left + window.width && y > top && y < top + window.height);
  };
}

/** [n], or [n, 1] where the model wants that. */
function lengthDims(shape: FollowingInput['shape'], rows: number): number[] {
  return shape?.length === 2 ? [rows, 1] : [rows];
}

/** The axis whose size the model leaves open, else the last one. */
function lengthAxis({ shape, tensor }: FollowedInput): number {
  const open = (shape ?? []).flatMap((dim, axis) =>
    axis > 0 && (typeof dim === 'string' || dim < 0) ? [axis] : [],
  );
  return open.length === 1 ? open[0]! : tensor.dims.length - 1;
}
