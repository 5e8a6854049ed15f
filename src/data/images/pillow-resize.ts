/** Resizing with antialiasing, bit for bit what Pillow's `Image.resize(size, filter)` gives on 8-bit images. */
import type { Pixels } from '../samples/pixels.js';
import type { Size } from '../samples/placement.js';
import type { Window } from './geometry.js';

/** Pillow's fixed point: 32 bits less 8 for the value and 2 of headroom. */
const PRECISION_BITS = 22;
const ONE = 2 ** PRECISION_BITS;
const HALF = 2 ** (PRECISION_BITS - 1);

interface Kernel {
  /** Half of its width, in pixels of the larger image. */
  support: number;
  weight(distance: number): number;
}

/** Pillow's `Resample.c`: bicubic is Keys's with a = −0.5, Lanczos has three lobes. */
const KERNELS = {
  bilinear: { support: 1, weight: (distance) => Math.max(0, 1 - Math.abs(distance)) },
  box: { support: 0.5, weight: (distance) => (distance > -0.5 && distance <= 0.5 ? 1 : 0) },
  bicubic: { support: 2, weight: bicubic },
  lanczos: {
    support: 3,
    weight: (distance) => (distance >= -3 && distance < 3 ? sinc(distance) * sinc(distance / 3) : 0),
  },
} as const satisfies Record<string, Kernel>;

export type PillowFilter = keyof typeof KERNELS;

function bicubic(distance: number): number {
  const a = -0.5;
  const x = Math.abs(distance);
  if (x < 1) return ((a + 2) * x - (a + 3)) * x * x + 1;
  return x < 2 ? (((x - 5) * x + 8) * x - 4) * a : 0;
}

function sinc(x: number): number {
  return x === 0 ? 1 : Math.sin(x * Math.PI) / (x * Math.PI);
}

/**
 * Resizes to `size` and returns the `window` of the result; what lies outside is not computed.
 *
 * A separable filter whose support grows with the reduction (Pillow's `Resample.c`; torchvision's `Resize` on PIL images is
 * the same): one direction, rounded to 8 bits, then the other; a direction whose size doesn't change is not touched.
 */
export function resizeLikePillow(pixels: Pixels, size: Size, window: Window, filter: PillowFilter): Pixels {
  const kernel = KERNELS[filter];
  const rows = filterTaps(kernel, { from: pixels.height, to: size.height }, window.top, window.height);
  const columns = filterTaps(kernel, { from: pixels.width, to: size.width }, window.left, window.width);
  if (heightComesFirst(pixels, size)) {
    const needed = reach(columns);
    return resizeWidth(resizeHeight(pixels, rows, needed), startingAt(columns, needed.from));
  }
  const needed = reach(rows);
  return resizeHeight(resizeWidth(pixels, columns, needed), startingAt(rows, needed.from));
}

/**
 * Whether the height is filtered before the width: where it loses pixels, and more than twice as many as the width loses
 * (Pillow from 13.0 on; before, the width always came first). As values are rounded in between, the order shows in the last bit.
 */
function heightComesFirst(from: Size, to: Size): boolean {
  const lostRows = from.height - to.height;
  return lostRows > 0 && lostRows > 2 * (from.width - to.width);
}

/** Positions of the larger image: `from` up to, but not with, `to`. */
interface Span {
  from: number;
  to: number;
}

/** All positions that `taps` read. */
function reach({ start, count }: Taps): Span {
  let [from, to] = [start[0]!, 0];
  for (let at = 0; at < start.length; at++) {
    from = Math.min(from, start[at]!);
    to = Math.max(to, start[at]! + count[at]!);
  }
  return { from, to };
}

/** The same taps for an image of which the positions before `first` were cut off. */
function startingAt(taps: Taps, first: number): Taps {
  return { ...taps, start: taps.start.map((start) => start - first) };
}

/** For each output position: the first input position, how many, and their weights in fixed point. */
interface Taps {
  start: Int32Array;
  count: Int32Array;
  /** `stride` weights per output position. */
  weights: Int32Array;
  stride: number;
}

function filterTaps(kernel: Kernel, side: { from: number; to: number }, first: number, length: number): Taps {
  const { from: inputSize, to: outputSize } = side;
  const scale = inputSize / outputSize;
  const filterScale = Math.max(scale, 1);
  const support = kernel.support * filterScale;
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
      const weight = kernel.weight((tap + from - center + 0.5) * (1 / filterScale));
      weights.push(weight);
      sum += weight;
    }
    taps.start[position] = from;
    taps.count[position] = count;
    for (let tap = 0; tap < count; tap++) {
      const weight = (sum === 0 ? weights[tap]! : weights[tap]! / sum) * ONE;
      taps.weights[position * stride + tap] = Math.trunc(weight < 0 ? weight - 0.5 : weight + 0.5);
    }
  }
  return taps;
}

/** The given rows (all, without), each filtered to the columns of `taps`. */
function resizeWidth(
  pixels: Pixels,
  taps: Taps,
  { from, to }: Span = { from: 0, to: pixels.height },
): Pixels {
  const { channels, data, width } = pixels;
  const { start, count, weights, stride } = taps;
  const outputWidth = start.length;
  const output = new Uint8ClampedArray((to - from) * outputWidth * channels);
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
        output[written++] = red >> PRECISION_BITS;
        output[written++] = green >> PRECISION_BITS;
        output[written++] = blue >> PRECISION_BITS;
        continue;
      }
      for (let channel = 0; channel < channels; channel++) {
        let sum = HALF;
        for (let tap = column * stride, at = pixelAt + channel; tap < weightsEnd; tap++, at += channels) {
          sum = (sum + Math.imul(data[at]!, weights[tap]!)) | 0;
        }
        output[written++] = sum >> PRECISION_BITS;
      }
    }
  }
  return { width: outputWidth, height: to - from, channels, data: new Uint8Array(output.buffer) };
}

/** The given columns (all, without), filtered to the rows of `taps`. */
function resizeHeight(
  pixels: Pixels,
  taps: Taps,
  { from, to }: Span = { from: 0, to: pixels.width },
): Pixels {
  const { channels, data, width } = pixels;
  const outputHeight = taps.start.length;
  const line = (to - from) * channels;
  const output = new Uint8ClampedArray(outputHeight * line);
  const sums = new Int32Array(line);
  for (let row = 0; row < outputHeight; row++) {
    sums.fill(HALF);
    for (let tap = 0; tap < taps.count[row]!; tap++) {
      const weight = taps.weights[row * taps.stride + tap]!;
      const lineAt = ((taps.start[row]! + tap) * width + from) * channels;
      for (let at = 0; at < line; at++) sums[at] = (sums[at]! + Math.imul(data[lineAt + at]!, weight)) | 0;
    }
    const outputAt = row * line;
    for (let at = 0; at < line; at++) output[outputAt + at] = sums[at]! >> PRECISION_BITS;
  }
  return { width: to - from, height: outputHeight, channels, data: new Uint8Array(output.buffer) };
}
