/** Where an image lies in what the model sees: how coordinates map back to the image as it is stored. */

export interface Size {
  width: number;
  height: number;
}

/** Resized, then cut out, then laid on a canvas: letterbox, crop and pad are all of this kind. */
export interface Placement {
  /** The image as stored, its EXIF orientation applied. */
  original: Size;
  resized: Size;
  /** The part of the resized image that is kept, in its pixels. */
  window: { left: number; top: number; width: number; height: number };
  /** What the model sees. */
  canvas: Size;
  /** The window's corner on the canvas. */
  left: number;
  top: number;
}

/** A point of the canvas, in pixels (0 is the left or upper edge), in pixels of the original image. It may lie outside of that. */
export function toOriginal(
  { original, resized, window, left, top }: Placement,
  [x, y]: readonly [number, number],
): [number, number] {
  return [
    ((x - left + window.left) * original.width) / resized.width,
    ((y - top + window.top) * original.height) / resized.height,
  ];
}

/** A point of the original image on the canvas. */
export function toCanvas(
  { original, resized, window, left, top }: Placement,
  [x, y]: readonly [number, number],
): [number, number] {
  return [
    (x * resized.width) / original.width - window.left + left,
    (y * resized.height) / original.height - window.top + top,
  ];
}
