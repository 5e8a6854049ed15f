/** OpenCV's `resize(…, INTER_LINEAR)` on 8-bit images, bit for bit: two taps each way, in fixed point, without smoothing. */
import type { Pixels } from '../samples/pixels.js';
import type { Size } from '../samples/placement.js';
import { roundHalfToEven, type Window } from './geometry.js';

/** OpenCV's fixed point (`resize.cpp`, INTER_RESIZE_COEF_BITS). */
const COEFFICIENT = 2 ** 11;

/**
 * Resizes to `size` and returns the `window` of the result. Halving both sides exactly averages four pixels: OpenCV takes INTER_AREA for that
 * (`resize.cpp`, cv::hal::resize).
 */
export function resizeLikeOpenCv(pixels: Pixels, size: Size, window: Window): Pixels {
  if (pixels.width === 2 * size.width && pixels.height === 2 * size.height) return halved(pixels, window);
  const columns = taps(pixels.width, size.width, { clamped: true });
  const rows = taps(pixels.height, size.height, { clamped: false });
  const line = window.width * pixels.channels;
  const data = new Uint8Array(line * window.height);
  const lines = new Map<number, Int32Array>();
  const lineOf = (row: number) => {
    const known = lines.get(row);
    if (known) return known;
    // Two neighbours are all that an output row needs; those above are done with.
    for (const old of lines.keys()) if (old < row - 1) lines.delete(old);
    const made = horizontally(pixels, row, columns, window);
    lines.set(row, made);
    return made;
  };
  for (let y = 0; y < window.height; y++) {
    const place = window.top + y;
    const start = rows.start[place]!;
    const upper = lineOf(clamp(start, pixels.height));
    const lower = lineOf(clamp(start + 1, pixels.height));
    const [first, second] = [rows.first[place]!, rows.second[place]!];
    for (let at = 0; at < line; at++) {
      const sum = ((first * (upper[at]! >> 4)) >> 16) + ((second * (lower[at]! >> 4)) >> 16);
      data[y * line + at] = (sum + 2) >> 2;
    }
  }
  return { width: window.width, height: window.height, channels: pixels.channels, data };
}

/** Per output position: the first of two input positions, and the weights of both. */
interface Taps {
  start: Int32Array;
  first: Int32Array;
  second: Int32Array;
}

/** Positions are float32, as in OpenCV. `clamped`: at the edges one pixel takes the whole weight; else its row is only taken twice. */
function taps(inputSize: number, outputSize: number, { clamped }: { clamped: boolean }): Taps {
  const scale = 1 / (outputSize / inputSize);
  const result: Taps = {
    start: new Int32Array(outputSize),
    first: new Int32Array(outputSize),
    second: new Int32Array(outputSize),
  };
  for (let at = 0; at < outputSize; at++) {
    const position = Math.fround((at + 0.5) * scale - 0.5);
    let start = Math.floor(position);
    let share = Math.fround(position - start);
    if (clamped && start < 0) [start, share] = [0, 0];
    if (clamped && start >= inputSize - 1) [start, share] = [inputSize - 1, 0];
    result.start[at] = start;
    result.first[at] = roundHalfToEven(Math.fround(1 - share) * COEFFICIENT);
    result.second[at] = roundHalfToEven(share * COEFFICIENT);
  }
  return result;
}

function horizontally(
  { width, channels, data }: Pixels,
  row: number,
  columns: Taps,
  window: Window,
): Int32Array {
  const line = new Int32Array(window.width * channels);
  for (let x = 0, written = 0; x < window.width; x++) {
    const place = window.left + x;
    const start = columns.start[place]!;
    const left = (row * width + start) * channels;
    const right = start + 1 < width ? left + channels : left;
    const [first, second] = [columns.first[place]!, columns.second[place]!];
    for (let channel = 0; channel < channels; channel++) {
      line[written++] = data[left + channel]! * first + data[right + channel]! * second;
    }
  }
  return line;
}

function halved({ width, channels, data }: Pixels, window: Window): Pixels {
  const output = new Uint8Array(window.width * window.height * channels);
  const below = width * channels;
  let written = 0;
  for (let y = 0; y < window.height; y++) {
    for (let x = 0; x < window.width; x++) {
      const at = ((window.top + y) * 2 * width + (window.left + x) * 2) * channels;
      for (let channel = at; channel < at + channels; channel++) {
        const above = data[channel]! + data[channel + channels]!;
        output[written++] = (above + data[channel + below]! + data[channel + below + channels]! + 2) >> 2;
      }
    }
  }
  return { width: window.width, height: window.height, channels, data: output };
}

function clamp(row: number, height: number): number {
  return Math.min(height - 1, Math.max(0, row));
}
