/** The arithmetic of preprocessing: ÷ 255, − mean, ÷ std, each step rounded to float32 as NumPy and torchvision do. */
import { UserError } from '../../errors.js';
import { allocate, isFloatType, numbersOf } from '../../tensor/elements.js';
import { halfBits } from '../../tensor/half.js';
import type { Tensor } from '../../tensor/tensor.js';
import type { Binding } from '../samples/binding.js';
import type { Pixels } from '../samples/pixels.js';
import { dividesBy255, layoutOf } from './layout.js';

const LEVELS = 256;

/** 8-bit pixels as the model's element type and layout, without a batch dimension: [C, H, W] or [H, W, C]. */
export function normalizePixels(pixels: Pixels, binding: Binding, sample: string): Tensor {
  const { width, height, channels, data } = pixels;
  const { config, type } = binding;
  const size = width * height;
  const planar = layoutOf(binding) === 'NCHW';
  const computed = isFloatType(type) ? type : 'float32';
  const asIs =
    !isFloatType(type) && !dividesBy255(binding, true) && config.mean === null && config.std === null;
  const output = allocate(asIs ? 'uint8' : computed, size * channels) as Float32Array;
  const table = asIs ? null : levelTable(binding, channels, sample);
  for (let channel = 0; channel < channels; channel++) {
    const from = config.channels === 'bgr' ? channels - 1 - channel : channel;
    const levels = table?.subarray(channel * LEVELS, (channel + 1) * LEVELS) ?? IDENTITY;
    const into = planar ? { start: channel * size, step: 1 } : { start: channel, step: channels };
    translate(data, levels, { output, from, every: channels, into });
  }
  const dims = planar ? [channels, height, width] : [height, width, channels];
  return squeezed({ type: asIs ? 'uint8' : computed, dims, data: output }, binding);
}

const IDENTITY = Float32Array.from({ length: LEVELS }, (_, level) => level);

/** Every how many-th level of `data`, through the table. Apart from the rest, so that the compiler sees one kind of array each. */
function translate(
  data: Uint8Array,
  levels: Float32Array,
  place: { output: Float32Array; from: number; every: number; into: { start: number; step: number } },
): void {
  const { output, from, every } = place;
  const { step } = place.into;
  let target = place.into.start;
  for (let at = from; at < data.length; at += every, target += step) output[target] = levels[data[at]!]!;
}

/** An array that isn't an image: taken as it is unless it is 8-bit for a float input, or `scale`, `mean` or `std` are given. */
export function normalizeArray(tensor: Tensor, binding: Binding, sample: string): Tensor {
  const { config, type } = binding;
  const scaled = dividesBy255(binding, tensor.type === 'uint8');
  if (!scaled && config.mean === null && config.std === null) return tensor;
  const axis = tensor.dims.length < 3 ? null : tensor.dims.length - (layoutOf(binding) === 'NHWC' ? 1 : 3);
  const channels = axis === null ? 1 : tensor.dims[axis]!;
  const inner = axis === null ? 1 : tensor.dims.slice(axis + 1).reduce((product, dim) => product * dim, 1);
  const steps = normalization(binding, channels, sample);
  const values = numbersOf(tensor);
  const computed = isFloatType(type) ? type : 'float32';
  const output = allocate(computed as 'float32', values.length) as Float32Array;
  const store = computed === 'float16' ? halfBits : (value: number) => value;
  for (let at = 0; at < values.length; at++) {
    const channel = channels === 1 ? 0 : Math.floor(at / inner) % channels;
    output[at] = store(normalized(values[at]!, steps, scaled, channel));
  }
  return { type: computed as 'float32', dims: tensor.dims, data: output };
}

interface Normalization {
  mean: Float32Array;
  std: Float32Array;
}

function normalization({ config, input }: Binding, channels: number, sample: string): Normalization {
  const perChannel = (name: 'mean' | 'std', fallback: number) => {
    const values = config[name] ?? [fallback];
    if (values.length !== 1 && values.length !== channels) {
      throw new UserError(
        `${sample}: \`${name}\` of input '${input}' has ${values.length} values, but there ${channels === 1 ? 'is 1 channel' : `are ${channels} channels`}. ` +
          'Give one value, or one per channel.',
      );
    }
    if (name === 'std' && values.includes(0)) throw new UserError(`\`std\` of input '${input}' holds a 0.`);
    return Float32Array.from({ length: channels }, (_, channel) => values[channel] ?? values[0]!);
  };
  return { mean: perChannel('mean', 0), std: perChannel('std', 1) };
}

function normalized(value: number, { mean, std }: Normalization, scaled: boolean, channel: number): number {
  const unit = scaled ? Math.fround(Math.fround(value) / 255) : Math.fround(value);
  return Math.fround(Math.fround(unit - mean[channel]!) / std[channel]!);
}

/** What each of the 256 levels becomes, per channel (channel order already applied: the mean's order is the model's). */
function levelTable(binding: Binding, channels: number, sample: string): Float32Array {
  const steps = normalization(binding, channels, sample);
  const scaled = dividesBy255(binding, true);
  const table = new Float32Array(channels * LEVELS);
  for (let channel = 0; channel < channels; channel++) {
    for (let level = 0; level < LEVELS; level++) {
      const value = normalized(level, steps, scaled, channel);
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
