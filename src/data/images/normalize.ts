/** The arithmetic of preprocessing: ÷ 255 (or × a number), − mean, ÷ std, each step rounded to float32 as NumPy and torchvision do. */

import { UserError } from '../../errors.js';
import { elementCount } from '../../tensor/dims.js';
import { allocate, isFloatType, numbersOf } from '../../tensor/elements.js';
import { halfBits } from '../../tensor/half.js';
import type { Tensor } from '../../tensor/tensor.js';
import type { Binding } from '../samples/binding.js';
import type { Pixels } from '../samples/pixels.js';
import type { Size } from '../samples/placement.js';
import { dividesBy255, layoutOf } from './layout.js';

const LEVELS = 256;

/** Where the pixels lie on a larger canvas, and what the rest of it is. */
export interface Frame {
  canvas: Size;
  left: number;
  top: number;
  /** Levels, 0 … 255: one, or one per channel in the order of the model. `mean`: 0 after normalization. */
  fill: readonly number[] | 'mean';
}

/** 8-bit pixels as the model's element type and layout, without a batch dimension: [C, H, W] or [H, W, C]. `frame` null: they are all of it. */
export function normalizePixels(
  pixels: Pixels,
  binding: Binding,
  sample: string,
  frame: Frame | null = null,
): Tensor {
  const { channels, data } = pixels;
  const { config, type } = binding;
  const { width, height } = frame?.canvas ?? pixels;
  const size = width * height;
  const planar = layoutOf(binding) === 'NCHW';
  const computed = isFloatType(type) ? type : 'float32';
  const asIs = !isFloatType(type) && !scales(binding, true) && config.mean === null && config.std === null;
  const output = allocate(asIs ? 'uint8' : computed, size * channels) as Float32Array;
  const table = asIs ? null : levelTable(binding, channels, sample);
  for (let channel = 0; channel < channels; channel++) {
    const from = config.channels === 'bgr' ? channels - 1 - channel : channel;
    const levels = table?.subarray(channel * LEVELS, (channel + 1) * LEVELS) ?? IDENTITY;
    const into = planar ? { start: channel * size, step: 1 } : { start: channel, step: channels };
    const place = { output, from, every: channels, into };
    if (frame === null) translate(data, levels, place);
    else translateRows(pixels, levels, { ...place, frame, filling: fillOf(frame, channel, levels) });
  }
  const dims = planar ? [channels, height, width] : [height, width, channels];
  return squeezed({ type: asIs ? 'uint8' : computed, dims, data: output }, binding);
}

const IDENTITY = Float32Array.from({ length: LEVELS }, (_, level) => level);

function fillOf({ fill }: Frame, channel: number, levels: Float32Array): number {
  return fill === 'mean' ? 0 : levels[fill[channel] ?? fill[0]!]!;
}

interface Place {
  output: Float32Array;
  from: number;
  every: number;
  into: { start: number; step: number };
}

/** Every how many-th level of `data`, through the table. Apart from the rest, so that the compiler sees one kind of array each. */
function translate(data: Uint8Array, levels: Float32Array, place: Place): void {
  const { output, from, every } = place;
  const { step } = place.into;
  let target = place.into.start;
  for (let at = from; at < data.length; at += every, target += step) output[target] = levels[data[at]!]!;
}

/** The same onto a canvas, row by row, the rest of which is filled. */
function translateRows(
  pixels: Pixels,
  levels: Float32Array,
  place: Place & { frame: Frame; filling: number },
): void {
  const { frame, filling, into, output } = place;
  const { canvas, left, top } = frame;
  const end = into.start + canvas.width * canvas.height * into.step;
  for (let at = into.start; at < end; at += into.step) output[at] = filling;
  const line = pixels.width * pixels.channels;
  for (let row = 0; row < pixels.height; row++) {
    const start = into.start + ((top + row) * canvas.width + left) * into.step;
    const one = pixels.data.subarray(row * line, (row + 1) * line);
    translate(one, levels, { ...place, into: { start, step: into.step } });
  }
}

/** An array that isn't an image: taken as it is unless it is 8-bit for a float input, or `scale`, `mean` or `std` are given. */
export function normalizeArray(tensor: Tensor, binding: Binding, sample: string): Tensor {
  const { config, type } = binding;
  const scaled = scales(binding, tensor.type === 'uint8');
  if (!scaled && config.mean === null && config.std === null) return tensor;
  const axis = tensor.dims.length < 3 ? null : tensor.dims.length - (layoutOf(binding) === 'NHWC' ? 1 : 3);
  const channels = axis === null ? 1 : tensor.dims[axis]!;
  const inner = axis === null ? 1 : elementCount(tensor.dims.slice(axis + 1));
  const steps = normalization(binding, { channels, sample, is8Bit: tensor.type === 'uint8' });
  const values = numbersOf(tensor);
  const computed = isFloatType(type) ? type : 'float32';
  const output = allocate(computed as 'float32', values.length) as Float32Array;
  const store = computed === 'float16' ? halfBits : (value: number) => value;
  for (let at = 0; at < values.length; at++) {
    const channel = channels === 1 ? 0 : Math.floor(at / inner) % channels;
    output[at] = store(normalized(values[at]!, steps, channel));
  }
  return { type: computed as 'float32', dims: tensor.dims, data: output };
}

interface Normalization {
  /** 0 … 255 to 0 … 1, multiplied by a number, or as it is. */
  scale: boolean | number;
  mean: Float32Array;
  std: Float32Array;
}

function normalization(
  binding: Binding,
  { channels, sample, is8Bit }: { channels: number; sample: string; is8Bit: boolean },
): Normalization {
  const { config, input } = binding;
  const perChannel = (name: 'mean' | 'std', fallback: number) => {
    const values = config[name] ?? [fallback];
    if (values.length !== 1 && values.length !== channels) {
      throw new UserError(
        'data.preprocessing',
        `${sample}: \`${name}\` of input '${input}' has ${values.length} values, but there ${channels === 1 ? 'is 1 channel' : `are ${channels} channels`}. ` +
          'Give one value, or one per channel.',
      );
    }
    if (name === 'std' && values.includes(0))
      throw new UserError('data.preprocessing', `\`std\` of input '${input}' holds a 0.`);
    return Float32Array.from({ length: channels }, (_, channel) => values[channel] ?? values[0]!);
  };
  const scale = typeof config.scale === 'number' ? config.scale : dividesBy255(binding, is8Bit);
  return { scale, mean: perChannel('mean', 0), std: perChannel('std', 1) };
}

/** Whether values are multiplied or divided at all. */
function scales(binding: Binding, is8Bit: boolean): boolean {
  return typeof binding.config.scale === 'number' || dividesBy255(binding, is8Bit);
}

function normalized(value: number, { scale, mean, std }: Normalization, channel: number): number {
  const unit = scaled(Math.fround(value), scale);
  return Math.fround(Math.fround(unit - mean[channel]!) / std[channel]!);
}

function scaled(value: number, scale: boolean | number): number {
  if (typeof scale === 'number') return Math.fround(value * Math.fround(scale));
  return scale ? Math.fround(value / 255) : value;
}

/** What each of the 256 levels becomes, per channel (channel order already applied: the mean's order is the model's). */
function levelTable(binding: Binding, channels: number, sample: string): Float32Array {
  const steps = normalization(binding, { channels, sample, is8Bit: true });
  const table = new Float32Array(channels * LEVELS);
  for (let channel = 0; channel < channels; channel++) {
    for (let level = 0; level < LEVELS; level++) {
      const value = normalized(level, steps, channel);
      table[channel * LEVELS + level] = binding.type === 'float16' ? halfBits(value) : value;
    }
  }
  return table;
}

/** A model without a channel axis, [N, H, W], takes a grey image without it. */
function squeezed(tensor: Tensor, { shape }: Binding): Tensor {
  const channelAxis = tensor.dims.indexOf(1) === 0 ? 0 : 2;
  if (shape?.length !== 3 || tensor.dims[channelAxis] !== 1 || shape[channelAxis] === 1) return tensor;
  return { ...tensor, dims: tensor.dims.filter((_, axis) => axis !== channelAxis) };
}
