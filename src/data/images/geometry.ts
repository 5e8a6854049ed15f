/** Which size an image is resized to, which part of it is kept, and where that lies in what the model sees. */
import type { Align, InputConfig, Letterbox, Resize } from '../../config/data-config.js';
import type { Placement, Size } from '../samples/placement.js';

/** The part of the resized image that is wanted, in its pixels. */
export interface Window {
  left: number;
  top: number;
  width: number;
  height: number;
}

/** The image doesn't fill a crop of `crop` = [height, width] pixels after it was resized to `size`. */
export interface TooSmall {
  crop: readonly [number, number];
  size: Size;
}

/** The place of an image of this size, or why it has none. The image's own values are not needed. */
export function placementOf(original: Size, config: InputConfig): Placement | TooSmall {
  const { resize, letterbox, crop, pad } = config;
  if (letterbox !== null) return letterboxed(original, letterbox);
  const resized = resize === null ? sizeOf(original) : resizedSize(original, resize);
  const window =
    crop === null ? { left: 0, top: 0, ...resized } : centreWindow(resized, crop, config.cropRounding);
  if (window === null) return { crop: crop!, size: resized };
  const canvas = { width: window.width, height: window.height };
  if (pad !== null) {
    const [height, width] = pad.size ?? [0, 0];
    const step = pad.multiple ?? 1;
    canvas.width = Math.ceil(Math.max(width, canvas.width) / step) * step;
    canvas.height = Math.ceil(Math.max(height, canvas.height) / step) * step;
  }
  return {
    original: sizeOf(original),
    resized,
    window,
    canvas,
    ...cornerOf(window, canvas, pad?.align ?? 'top-left'),
  };
}

function sizeOf({ width, height }: Size): Size {
  return { width, height };
}

/**
 * As large as fits into the letterbox, sides rounded half to even, half a pixel of an odd rest going right and below: what Ultralytics'
 * `LetterBox` does.
 */
function letterboxed(original: Size, { size: [height, width], align }: Letterbox): Placement {
  const scale = Math.min(height / original.height, width / original.width);
  const side = (pixels: number) => Math.max(1, roundHalfToEven(pixels * scale));
  const resized = { width: side(original.width), height: side(original.height) };
  const canvas = { width, height };
  const window = { left: 0, top: 0, ...resized };
  return { original: sizeOf(original), resized, window, canvas, ...cornerOf(window, canvas, align) };
}

function cornerOf(window: Size, canvas: Size, align: Align): { left: number; top: number } {
  if (align === 'top-left') return { left: 0, top: 0 };
  return {
    left: Math.floor((canvas.width - window.width) / 2),
    top: Math.floor((canvas.height - window.height) / 2),
  };
}

/** Size after `resize`; the side that isn't given is cut to an integer, as torchvision and Hugging Face do, and both to a multiple where one is asked for. */
export function resizedSize(size: Size, resize: Resize): Size {
  if (typeof resize === 'number') return shorterSideSize(size, resize);
  if (Array.isArray(resize)) return { width: resize[1], height: resize[0] };
  const { multiple = 1 } = resize;
  const { width, height } = bySides(size, resize);
  const cut = (side: number) => Math.max(multiple, side - (side % multiple));
  return { width: cut(width), height: cut(height) };
}

function bySides(size: Size, { shorter, longer }: { shorter?: number; longer?: number }): Size {
  if (shorter === undefined) return longer === undefined ? size : longerSideSize(size, longer);
  const [short, long] = [Math.min(size.width, size.height), Math.max(size.width, size.height)];
  if (longer === undefined || (long / short) * shorter <= longer) return shorterSideSize(size, shorter);
  return cappedSize(size, longer);
}

/** Size after making the shorter side `shorter` pixels; the longer side is cut to an integer (torchvision `Resize(int)`). */
export function shorterSideSize({ width, height }: Size, shorter: number): Size {
  if (width <= height) return { width: shorter, height: Math.trunc((shorter * height) / width) };
  return { width: Math.trunc((shorter * width) / height), height: shorter };
}

function longerSideSize({ width, height }: Size, longer: number): Size {
  if (width >= height) return { width: longer, height: Math.max(1, Math.trunc((longer * height) / width)) };
  return { width: Math.max(1, Math.trunc((longer * width) / height)), height: longer };
}

/** The shorter side is what the longer one leaves it, rounded; the longer one is cut (Hugging Face, `get_size_with_aspect_ratio`). */
function cappedSize({ width, height }: Size, longer: number): Size {
  const raw = (longer * Math.min(width, height)) / Math.max(width, height);
  const short = Math.max(1, roundHalfToEven(raw));
  if (width < height) return { width: short, height: Math.trunc((raw * height) / width) };
  return { width: Math.trunc((raw * width) / height), height: short };
}

/**
 * The centre window of `crop` = [height, width], or null if it doesn't fit. Its corner is rounded half to even, as torchvision's `CenterCrop` does; `down`:
 * `(size - crop) // 2`, as NumPy, Keras and Hugging Face have it.
 */
export function centreWindow(
  size: Size,
  [height, width]: readonly [number, number],
  rounding?: 'down',
): Window | null {
  if (height > size.height || width > size.width) return null;
  const round = rounding === 'down' ? Math.floor : roundHalfToEven;
  return {
    top: round((size.height - height) / 2),
    left: round((size.width - width) / 2),
    height,
    width,
  };
}

/** Python's `round`. */
export function roundHalfToEven(value: number): number {
  const below = Math.floor(value);
  const rest = value - below;
  return rest > 0.5 || (rest === 0.5 && below % 2 === 1) ? below + 1 : below;
}
