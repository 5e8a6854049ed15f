/** Bilinear resizing with antialiasing, bit for bit what Pillow's `Image.resize(size, BILINEAR)` gives on 8-bit images. */
import type { Pixels } from '../samples/pixels.js';

/** The part of the resized image that is wanted, in its pixels. */
export interface Window {
  left: number;
  top: number;
  width: number;
  height: number;
}

/** Pillow's fixed point: 32 bits less 8 for the value and 2 of headroom. */
const PRECISION_BITS = 22;
const ONE = 2 ** PRECISION_BITS;
const HALF = 2 ** (PRECISION_BITS - 1);

/**
 * Resizes to `size` and returns the `window` of the result (default: all of it); what lies outside is not computed.
 *
 * A separable triangle filter whose support grows with the reduction (Pillow's `Resample.c`; torchvision's `Resize` on PIL
 * images is the same): columns first, rounded to 8 bits, then rows; a direction whose size doesn't change is not touched.
 */
export function resizeBilinear(
  pixels: Pixels,
  size: { width: number; height: number },
  window: Window = { left: 0, top: 0, ...size },
): Pixels {
  if (pixels.width === size.width && pixels.height === size.height) return cropped(pixels, window);
  const rows = filterTaps(pixels.height, size.height, window.top, window.height);
  const columns = filterTaps(pixels.width, size.width, window.left, window.width);
  const firstRow = rows.start[0]!;
  const lastRow = rows.start[window.height - 1]! + rows.count[window.height - 1]!;
  const narrowed = resizeColumns(pixels, columns, { from: firstRow, to: lastRow });
  return resizeRows(narrowed, rows, firstRow);
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

/** For each output position: the first input position, how many, and their weights in fixed point. */
interface Taps {
  start: Int32Array;
  count: Int32Array;
  /** `stride` weights per output position. */
  weights: Int32Array;
  stride: number;
}

function filterTaps(inputSize: number, outputSize: number, first: number, length: number): Taps {
  const scale = inputSize / outputSize;
  const filterScale = Math.max(scale, 1);
  const support = filterScale;
  const stride = inputSize === outputSize ? 1 : Math.ceil(support) * 2 + 1;
  const taps: Taps = {
    start: new Int32Array(length),
    count: new Int32Array(length),
    weights: new Int32Array(length * stride),
    stride,
  };
  for (let position = 0; position < length; position++) {
    if (inputSize === outputSize) {
      taps.start[position] = first + position;
      taps.count[position] = 1;
      taps.weights[position] = ONE;
      continue;
    }
    const center = (first + position + 0.5) * scale;
    const from = Math.max(0, Math.trunc(center - support + 0.5));
    const count = Math.min(inputSize, Math.trunc(center + support + 0.5)) - from;
    const weights: number[] = [];
    let sum = 0;
    for (let tap = 0; tap < count; tap++) {
      const weight = triangle((tap + from - center + 0.5) * (1 / filterScale));
      weights.push(weight);
      sum += weight;
    }
    taps.start[position] = from;
    taps.count[position] = count;
    for (let tap = 0; tap < count; tap++) {
      taps.weights[position * stride + tap] = Math.trunc(0.5 + (weights[tap]! / sum) * ONE);
    }
  }
  return taps;
}

function triangle(distance: number): number {
  return Math.max(0, 1 - Math.abs(distance));
}

/** Rows `from` … `to` − 1, each filtered to the columns of `taps`. */
function resizeColumns(pixels: Pixels, taps: Taps, { from, to }: { from: number; to: number }): Pixels {
  const { channels, data, width } = pixels;
  const { start, count, weights, stride } = taps;
  const outputWidth = start.length;
  const output = new Uint8Array((to - from) * outputWidth * channels);
  // Sums fit 31 bits: Math.imul and | 0 keep them in integer registers, which is faster.
  for (let row = from, written = 0; row < to; row++) {
    for (let column = 0; column < outputWidth; column++) {
      const weightsEnd = column * stride + count[column]!;
      const pixelAt = (row * width + start[column]!) * channels;
      if (channels === 3) {
        let red = HALF;
        let green = HALF;
        let blue = HALF;
        for (let tap = column * stride, at = pixelAt; tap < weightsEnd; tap++, at += 3) {
          const weight = weights[tap]!;
          red = (red + Math.imul(data[at]!, weight)) | 0;
          green = (green + Math.imul(data[at + 1]!, weight)) | 0;
          blue = (blue + Math.imul(data[at + 2]!, weight)) | 0;
        }
        output[written++] = clip(red);
        output[written++] = clip(green);
        output[written++] = clip(blue);
        continue;
      }
      for (let channel = 0; channel < channels; channel++) {
        let sum = HALF;
        for (let tap = column * stride, at = pixelAt + channel; tap < weightsEnd; tap++, at += channels) {
          sum = (sum + Math.imul(data[at]!, weights[tap]!)) | 0;
        }
        output[written++] = clip(sum);
      }
    }
  }
  return { width: outputWidth, height: to - from, channels, data: output };
}

/** All columns, filtered to the rows of `taps`, whose positions count from `firstRow`. */
function resizeRows(pixels: Pixels, taps: Taps, firstRow: number): Pixels {
  const { data } = pixels;
  const outputHeight = taps.start.length;
  const line = pixels.width * pixels.channels;
  const output = new Uint8Array(outputHeight * line);
  const sums = new Int32Array(line);
  for (let row = 0; row < outputHeight; row++) {
    sums.fill(HALF);
    for (let tap = 0; tap < taps.count[row]!; tap++) {
      const weight = taps.weights[row * taps.stride + tap]!;
      const lineAt = (taps.start[row]! + tap - firstRow) * line;
      for (let at = 0; at < line; at++) sums[at] = (sums[at]! + Math.imul(data[lineAt + at]!, weight)) | 0;
    }
    const outputAt = row * line;
    for (let at = 0; at < line; at++) output[outputAt + at] = clip(sums[at]!);
  }
  return { ...pixels, height: outputHeight, data: output };
}

/** Fixed point to 8 bits. Weights are non-negative and sum to about one, so the sum fits 31 bits. */
function clip(sum: number): number {
  const value = sum >> PRECISION_BITS;
  return Math.min(value, 255);
}
