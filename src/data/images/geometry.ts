/** Which part of an image a `resize` and a `crop` keep. */
import type { Window } from './resize.js';

export interface Size {
  width: number;
  height: number;
}

/** Size after making the shorter side `shorter` pixels; the longer side is cut to an integer (torchvision `Resize(int)`). */
export function shorterSideSize({ width, height }: Size, shorter: number): Size {
  if (width <= height) return { width: shorter, height: Math.trunc((shorter * height) / width) };
  return { width: Math.trunc((shorter * width) / height), height: shorter };
}

/**
 * The centre window of `crop` = [height, width], or null if it doesn't fit. Half a pixel goes to the right and below, as
 * `(size - crop) // 2` does in NumPy, Keras and Hugging Face (torchvision rounds it to even: one pixel apart in half of those cases).
 */
export function centreWindow(size: Size, [height, width]: readonly [number, number]): Window | null {
  if (height > size.height || width > size.width) return null;
  return {
    top: Math.floor((size.height - height) / 2),
    left: Math.floor((size.width - width) / 2),
    height,
    width,
  };
}
