/**
 * From a stored value to what the model is fed, in the order of docs/configuration.md: (decoded) → grey or colour as the
 * model needs → resize the shorter side → centre crop → channel order → ÷ 255 for 8-bit sources → − mean → ÷ std → layout.
 */
import { UserError } from '../../errors.js';
import { elementCount } from '../../onnx/tensor.js';
import { castLossless, isFloatType } from '../../tensor/elements.js';
import type { Tensor } from '../../tensor/tensor.js';
import type { Binding } from '../samples/binding.js';
import type { Pixels } from '../samples/pixels.js';
import type { RawValue } from '../samples/source.js';
import { centreWindow, shorterSideSize } from './geometry.js';
import { channelsOf, imageChannels, layoutOf } from './layout.js';
import { normalizeArray, normalizePixels } from './normalize.js';
import { resizeBilinear } from './resize.js';

/** The tensor fed to the bound input, with its batch dimension. `sample` names the sample in errors (UserError). */
export function prepare(value: RawValue, binding: Binding, sample: string): Tensor {
  const tensor = prepared(value, binding, sample);
  const batched = value.kind === 'feed' ? tensor : withMissingAxes(tensor, binding);
  assertFits(batched, binding, sample);
  return castToInput(batched, binding, sample);
}

function prepared(value: RawValue, binding: Binding, sample: string): Tensor {
  if (value.kind === 'image') return preparePixels(value.pixels, binding, sample);
  if (value.kind === 'feed') return value.tensor;
  const { tensor } = value;
  const { config } = binding;
  const pixels = tensor.type === 'uint8' && wantsPixels(binding) ? asPixels(tensor, binding) : null;
  if (pixels) return preparePixels(pixels, binding, sample);
  if (config.resize !== null || config.crop !== null || config.channels !== null) {
    throw new UserError(
      `${sample}: 'resize', 'crop' and 'channels' work on 8-bit images, but input '${binding.input}' reads ` +
        `${tensor.type} [${tensor.dims}]. Save it as uint8 [height, width, channels], or prepare it beforehand.`,
    );
  }
  return normalizeArray(tensor, binding, sample);
}

/** Whether an 8-bit array goes through the image pipeline: not when an integer input takes the bytes as they are. */
function wantsPixels({ config, type }: Binding): boolean {
  const { resize, crop, channels, mean, std, scale } = config;
  return isFloatType(type) || [resize, crop, channels, mean, std, scale].some((setting) => setting !== null);
}

function preparePixels(pixels: Pixels, binding: Binding, sample: string): Tensor {
  const { config } = binding;
  const colours = withChannels(pixels, binding, sample);
  return normalizePixels(resizeAndCrop(colours, config.resize, config.crop, sample), binding, sample);
}

function resizeAndCrop(
  pixels: Pixels,
  resize: number | null,
  crop: readonly [number, number] | null,
  sample: string,
): Pixels {
  if (resize === null && crop === null) return pixels;
  const size = resize === null ? pixels : shorterSideSize(pixels, resize);
  if (crop === null) return resizeBilinear(pixels, size);
  const window = centreWindow(size, crop);
  if (window === null) {
    throw new UserError(
      `${sample}: a crop of ${crop[0]} × ${crop[1]} doesn't fit into ${size.height} × ${size.width} pixels (height × width)` +
        `${resize === null ? '; set `resize` to make the shorter side long enough.' : ` after resizing; raise \`resize\` to at least ${Math.max(...crop)}.`}`,
    );
  }
  return resizeBilinear(pixels, size, window);
}

/** An 8-bit array read as an image: [H, W], [H, W, C] or [C, H, W]; null when it can't be one. */
function asPixels(tensor: Tensor, binding: Binding): Pixels | null {
  const { dims } = tensor;
  const data = tensor.data as Uint8Array;
  if (dims.length === 2) return { height: dims[0]!, width: dims[1]!, channels: 1, data };
  if (dims.length !== 3) return null;
  const wanted = channelsOf(binding);
  const isChannels = (dim: number) => dim === wanted || imageChannels(dim) !== null;
  const [first, second, third] = dims as [number, number, number];
  const planar =
    first === wanted && layoutOf(binding) === 'NCHW' ? true : !isChannels(third) && isChannels(first);
  if (planar) return interleave(data, { channels: first, height: second, width: third });
  return isChannels(third) ? { height: first, width: second, channels: third, data } : null;
}

function interleave(planes: Uint8Array, { channels, height, width }: Omit<Pixels, 'data'>): Pixels {
  const size = height * width;
  const data = new Uint8Array(planes.length);
  for (let channel = 0; channel < channels; channel++) {
    for (let at = 0; at < size; at++) data[at * channels + channel] = planes[channel * size + at]!;
  }
  return { height, width, channels, data };
}

function withChannels(pixels: Pixels, binding: Binding, sample: string): Pixels {
  const { config } = binding;
  const wanted = channelsOf(binding) ?? pixels.channels;
  const { channels } = pixels;
  if (channels === wanted) return pixels;
  const size = pixels.width * pixels.height;
  const data = new Uint8Array(size * wanted);
  if (channels === 1) {
    for (let at = 0; at < size; at++) data.fill(pixels.data[at]!, at * wanted, (at + 1) * wanted);
  } else if (wanted === 1 && channels >= 3) {
    for (let at = 0, pixel = 0; at < size; at++, pixel += channels) data[at] = luma(pixels.data, pixel);
  } else if (wanted === 3 && channels === 4) {
    for (let at = 0; at < size; at++) data.set(pixels.data.subarray(at * 4, at * 4 + 3), at * 3);
  } else {
    const advice =
      config.layout === null
        ? ''
        : ` That is its shape with \`layout: ${config.layout}\`: correct or remove it.`;
    throw new UserError(
      `${sample}: it has ${channels} channels, but the model's input takes ${wanted}.${advice}`,
    );
  }
  return { ...pixels, channels: wanted, data };
}

/** ITU-R BT.601 luma in Pillow's 16-bit fixed point (`convert('L')`). */
function luma(data: Uint8Array, at: number): number {
  return (data[at]! * 19595 + data[at + 1]! * 38470 + data[at + 2]! * 7471 + 0x8000) >> 16;
}

/** Adds the batch dimension and, where the model has one more of size 1, the channel axis. */
function withMissingAxes(tensor: Tensor, binding: Binding): Tensor {
  const { shape } = binding;
  const { dims } = tensor;
  if (shape === null && dims.length === 0) return tensor;
  if (shape === null || dims.length === shape.length - 1) return { ...tensor, dims: [1, ...dims] };
  if (dims.length === shape.length) return tensor;
  if (dims.length === shape.length - 2 && dims.length >= 1) {
    const axes = layoutOf(binding) === 'NHWC' ? [...dims, 1] : [1, ...dims];
    return { ...tensor, dims: [1, ...axes] };
  }
  return { ...tensor, dims: [1, ...dims] };
}

function assertFits(tensor: Tensor, binding: Binding, sample: string): void {
  const { shape, input, config } = binding;
  if (shape === null) return;
  const fits =
    tensor.dims.length === shape.length &&
    tensor.dims.every(
      (dim, axis) => typeof shape[axis] !== 'number' || shape[axis] <= 0 || shape[axis] === dim,
    );
  if (fits) return;
  const expected = shape.map((dim) => (dim === '' ? '?' : dim)).join(', ');
  throw new UserError(
    `${sample}: it gives [${tensor.dims.join(', ')}] for the model's input '${input}', which takes [${expected}]. ` +
      `${advice(tensor, binding)}${config.from === null ? '' : ` (It was read from '${config.from}'.)`}`,
  );
}

function advice(tensor: Tensor, binding: Binding): string {
  const { shape, config } = binding;
  const [batch] = shape ?? [];
  if (
    typeof batch === 'number' &&
    batch > 1 &&
    tensor.dims[0] === 1 &&
    tensor.dims.length === shape?.length
  ) {
    return `The model's batch is fixed at ${batch}: export it with a dynamic batch axis, or with a batch of 1.`;
  }
  if (shape?.length === 4 && tensor.dims.length === 4) {
    const other = layoutOf(binding) === 'NHWC' ? 'NCHW' : 'NHWC';
    const [height, width] = layoutOf(binding) === 'NHWC' ? [shape[1], shape[2]] : [shape[2], shape[3]];
    if (typeof height === 'number' && typeof width === 'number' && height > 4 && width > 4) {
      return config.crop === null && config.resize === null
        ? `Set \`input: { resize: ${Math.max(height, width)}, crop: ${height === width ? height : `[${height}, ${width}]`} }\`.`
        : `Set \`crop: ${height === width ? height : `[${height}, ${width}]`}\`.`;
    }
    return `If the axes are in another order, set \`layout: ${other}\`.`;
  }
  return "Save the array in the model's shape without the batch dimension, or map another one with `from`.";
}

function castToInput(tensor: Tensor, { input, type }: Binding, sample: string): Tensor {
  const cast = castLossless(tensor, type);
  if ('dims' in cast) return cast;
  throw new UserError(
    `${sample}: ${tensor.type} doesn't fit the model's input '${input}' of type ${type}: element ${cast.index} of ` +
      `${elementCount(tensor.dims)} is ${cast.value}. Save the array as ${type}.`,
  );
}
