/** Resizing 8-bit images as the libraries do that models are trained with, bit for bit. */
import type { Filter } from '../../config/choices.js';
import type { Pixels } from '../samples/pixels.js';
import type { Size } from '../samples/placement.js';
import type { Window } from './geometry.js';
import { resizeLikeOpenCv } from './opencv-bilinear.js';
import { resizeLikePillow } from './pillow-resize.js';

export interface ResizeOptions {
  /** Default bilinear: Pillow's, which smooths when it makes an image smaller. */
  filter?: Filter | null;
  /** Default: the whole result. What lies outside is not computed. */
  window?: Window;
}

/** Resizes to `size` and returns the `window` of the result. A size that doesn't change leaves the pixels as they are, as in Pillow and OpenCV. */
export function resizePixels(pixels: Pixels, size: Size, options: ResizeOptions = {}): Pixels {
  const { filter, window = { left: 0, top: 0, width: size.width, height: size.height } } = options;
  if (pixels.width === size.width && pixels.height === size.height) return cropped(pixels, window);
  switch (filter ?? 'bilinear') {
    case 'nearest':
      return resizeNearest(pixels, size, window);
    case 'opencv-bilinear':
      return resizeLikeOpenCv(pixels, size, window);
    default:
      return resizeLikePillow(pixels, size, window, (filter ?? 'bilinear') as 'bilinear');
  }
}

/** Nothing to resize: the window's rows as they are. */
function cropped({ width, channels, data }: Pixels, window: Window): Pixels {
  const rowLength = window.width * channels;
  const rows = new Uint8Array(rowLength * window.height);
  for (let row = 0; row < window.height; row++) {
    const start = ((window.top + row) * width + window.left) * channels;
    rows.set(data.subarray(start, start + rowLength), row * rowLength);
  }
  return { width: window.width, height: window.height, channels, data: rows };
}

/** Pillow's `NEAREST`: the pixel that the centre of the output's pixel falls into. */
function resizeNearest(pixels: Pixels, size: Size, window: Window): Pixels {
  const { channels, width, data } = pixels;
  const columns = nearestPositions(width, size.width).subarray(window.left, window.left + window.width);
  const rows = nearestPositions(pixels.height, size.height).subarray(window.top, window.top + window.height);
  const output = new Uint8Array(window.width * window.height * channels);
  let written = 0;
  for (const row of rows) {
    for (const column of columns) {
      const at = (row * width + column) * channels;
      for (let channel = 0; channel < channels; channel++) output[written++] = data[at + channel]!;
    }
  }
  return { width: window.width, height: window.height, channels, data: output };
}

/** For each output position the input position of Pillow's `NEAREST`. The centres are summed up step by step, as Pillow does (`Geometry.c`, ImagingScaleAffine): where they fall on an edge, rounding decides. */
export function nearestPositions(inputSize: number, outputSize: number): Int32Array {
  const step = inputSize / outputSize;
  const positions = new Int32Array(outputSize);
  let centre = step * 0.5;
  for (let at = 0; at < outputSize; at++) {
    positions[at] = Math.min(inputSize - 1, Math.trunc(centre));
    centre += step;
  }
  return positions;
}
