/**
 * From a stored value to what the model is fed, in the order of docs/configuration.md: (decoded) → grey or colour as the
 * model needs → letterbox, or resize → centre crop → pad → channel order → ÷ 255 for 8-bit sources → − mean → ÷ std → layout.
 */
import type { InputConfig } from '../../config/data-config.js';
import { UserError } from '../../errors.js';
import { elementCount } from '../../tensor/dims.js';
import { castLossless, isFloatType } from '../../tensor/elements.js';
import type { Tensor } from '../../tensor/tensor.js';
import type { Binding } from '../samples/binding.js';
import type { Pixels } from '../samples/pixels.js';
import type { Placement, Size } from '../samples/placement.js';
import type { RawValue } from '../samples/source.js';
import { assertInTable } from '../samples/table-indices.js';
import { placementOf } from './geometry.js';
import { channelsOf, imageChannels, layoutOf } from './layout.js';
import { normalizeArray, normalizePixels } from './normalize.js';
import { resizePixels } from './resize.js';

/** The tensor fed to the bound input, with its batch dimension. `sample` names the sample in errors (UserError). */
export function prepare(value: RawValue, binding: Binding, sample: string): Tensor {
  const tensor = prepared(value, binding, sample);
  const batched = value.kind === 'feed' ? tensor : withMissingAxes(tensor, binding);
  assertFits(batched, binding, { sample, isImage: pixelsOf(value, binding) !== null });
  const cast = castToInput(batched, binding, sample);
  assertInTable(cast, binding, sample);
  return cast;
}

function prepared(value: RawValue, binding: Binding, sample: string): Tensor {
  if (value.kind === 'feed') return value.tensor;
  const pixels = pixelsOf(value, binding);
  if (pixels) return preparePixels(pixels, binding, sample);
  const { tensor } = value as { tensor: Tensor };
  const { config } = binding;
  const given = IMAGES_ONLY.filter((key) => config[key] !== null);
  if (given.length > 0) {
    throw new UserError(
      'data.preprocessing',
      `${sample}: ${given.map((key) => `'${key}'`).join(', ')} ${given.length === 1 ? 'works' : 'work'} on 8-bit images, but input '${binding.input}' reads ` +
        `${tensor.type} [${tensor.dims}]. Save it as uint8 [height, width, channels], or prepare it beforehand.`,
    );
  }
  return normalizeArray(inModelsLayout(tensor, binding), binding, sample);
}

/** Settings that change where pixels lie, or which. */
const IMAGES_ONLY = ['resize', 'letterbox', 'crop', 'pad', 'channels'] as const;

/** The image that a value holds; null when it holds none, or is fed as it is. */
function pixelsOf(value: RawValue, binding: Binding): Pixels | null {
  if (value.kind === 'image') return value.pixels;
  if (value.kind === 'feed' || value.tensor.type !== 'uint8' || !wantsPixels(binding)) return null;
  return asPixels(value.tensor, binding);
}

/** Whether an 8-bit array goes through the image pipeline: not when an integer input takes the bytes as they are. */
function wantsPixels({ config, type }: Binding): boolean {
  const { mean, std, scale } = config;
  const settings = [...IMAGES_ONLY.map((key) => config[key]), mean, std, scale];
  return isFloatType(type) || settings.some((setting) => setting !== null);
}

/** Where the value's image lies in what the model sees; null when it is none. Throws UserError when it doesn't fit. */
export function placementIn(value: RawValue, binding: Binding, sample: string): Placement | null {
  const pixels = pixelsOf(value, binding);
  return pixels && placed(pixels, binding.config, sample);
}

function placed(size: Size, config: InputConfig, sample: string): Placement {
  const placement = placementOf(size, config);
  if ('canvas' in placement) return placement;
  const { crop, size: found } = placement;
  throw new UserError(
    'data.preprocessing',
    `${sample}: a crop of ${crop[0]} × ${crop[1]} doesn't fit into ${found.height} × ${found.width} pixels (height × width)` +
      `${config.resize === null ? '; set `resize` to make the shorter side long enough.' : ` after resizing; raise \`resize\` to at least ${Math.max(...crop)}.`}`,
  );
}

function preparePixels(pixels: Pixels, binding: Binding, sample: string): Tensor {
  const { config } = binding;
  const colours = withChannels(pixels, binding, sample);
  const placement = placed(pixels, config, sample);
  const { resized, window, canvas, left, top } = placement;
  const part = isWhole(placement)
    ? colours
    : resizePixels(colours, resized, { filter: config.filter, window });
  const fill = config.letterbox?.fill ?? config.pad?.fill ?? [0];
  const framed = canvas.width !== window.width || canvas.height !== window.height;
  return normalizePixels(part, binding, sample, framed ? { canvas, left, top, fill } : null);
}

/** Neither resized nor cut. */
function isWhole({ original, resized, window }: Placement): boolean {
  return [resized, window].every(
    ({ width, height }) => width === original.width && height === original.height,
  );
}

/** Colours last where the model has them first, or the other way round: turned, where only that fits. Other arrays as they are. */
function inModelsLayout(tensor: Tensor, binding: Binding): Tensor {
  const { dims } = tensor;
  const { shape } = binding;
  const [first, second, third] = dims as [number, number, number];
  if (dims.length !== 3 || shape?.length !== 4 || !isFloatType(tensor.type)) return tensor;
  const channels = channelsOf(binding);
  const fits = (...order: number[]) =>
    order.every((dim, axis) => typeof shape[axis + 1] !== 'number' || shape[axis + 1] === dim);
  if (channels === null || fits(...dims)) return tensor;
  if (layoutOf(binding) === 'NCHW')
    return third === channels && fits(third, first, second) ? turned(tensor, [2, 0, 1]) : tensor;
  return first === channels && fits(second, third, first) ? turned(tensor, [1, 2, 0]) : tensor;
}

function turned(tensor: Tensor, order: readonly [number, number, number]): Tensor {
  const dims = order.map((axis) => tensor.dims[axis]!);
  const steps = [tensor.dims[1]! * tensor.dims[2]!, tensor.dims[2]!, 1];
  const [a, b, c] = order.map((axis) => steps[axis]!) as [number, number, number];
  const data = tensor.data.slice() as Float32Array;
  const source = tensor.data as Float32Array;
  let written = 0;
  for (let i = 0; i < dims[0]!; i++) {
    for (let j = 0; j < dims[1]!; j++) {
      for (let k = 0; k < dims[2]!; k++) data[written++] = source[i * a + j * b + k * c]!;
    }
  }
  return { ...tensor, dims, data } as Tensor;
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
      'data.input-shape',
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

interface Given {
  /** Names the sample. */
  sample: string;
  /** Whether it can be resized: numbers that are no pixels can't. */
  isImage: boolean;
}

function assertFits(tensor: Tensor, binding: Binding, { sample, isImage }: Given): void {
  const { shape, input, config, takesSingles } = binding;
  if (shape === null) return;
  const fits =
    tensor.dims.length === shape.length &&
    tensor.dims.every(
      (dim, axis) =>
        typeof shape[axis] !== 'number' ||
        shape[axis] <= 0 ||
        shape[axis] === dim ||
        (takesSingles === true && axis === 0 && dim === 1),
    );
  if (fits) return;
  const expected = shape.map((dim) => (dim === '' ? '?' : dim)).join(', ');
  throw new UserError(
    'data.input-shape',
    `${sample}: it gives [${tensor.dims.join(', ')}] for the model's input '${input}', which takes [${expected}]. ` +
      `${advice(tensor, binding, isImage)}${config.from === null ? '' : ` (It was read from '${config.from}'.)`}`,
  );
}

function advice(tensor: Tensor, binding: Binding, isImage: boolean): string {
  const { shape, config } = binding;
  const [batch] = shape ?? [];
  if (
    typeof batch === 'number' &&
    batch > 1 &&
    tensor.dims[0] === 1 &&
    tensor.dims.length === shape?.length
  ) {
    // What has as many values is no batch: the state of a recurrent model is [layers, batch, values].
    if (tensor.dims.toSorted().join() === shape.toSorted().join())
      return `Save each sample with its axes in the model's order, as [${shape.join(', ')}].`;
    return `The model's batch is fixed at ${batch}: export it with a dynamic batch axis, or with a batch of 1.`;
  }
  if (shape?.length === 4 && tensor.dims.length === 4) {
    const other = layoutOf(binding) === 'NHWC' ? 'NCHW' : 'NHWC';
    const [height, width] = layoutOf(binding) === 'NHWC' ? [shape[1], shape[2]] : [shape[2], shape[3]];
    if (typeof height === 'number' && typeof width === 'number' && height > 4 && width > 4) {
      return isImage ? sizeAdvice(config, [height, width], tensor) : numbersAdvice([height, width], tensor);
    }
    return config.layout === null
      ? `If the axes are in another order, set \`layout: ${other}\`.`
      : `Without \`layout: ${config.layout}\` the model's own shape decides; save the array as the model takes it, without the batch dimension.`;
  }
  return "Save the array in the model's shape without the batch dimension, or map another one with `from`.";
}

/** What brings an image to the model's size. */
function sizeAdvice(config: InputConfig, [height, width]: [number, number], tensor: Tensor): string {
  const size = height === width ? `${height}` : `[${height}, ${width}]`;
  if (config.letterbox !== null) return `Set \`letterbox: ${size}\`.`;
  if (config.crop !== null || config.resize !== null) return `Set \`crop: ${size}\`.`;
  if (isAsLarge(tensor, [height, width])) return IN_ORDER;
  return `Set \`input: { resize: ${Math.max(height, width)}, crop: ${size} }\` (\`letterbox: ${size}\` for a detector), or save it in this size.`;
}

const IN_ORDER = 'Save the array in the order of these axes, without the batch dimension.';

/** What isn't an 8-bit image can't be resized here: it has to be saved otherwise. */
function numbersAdvice(size: readonly [number, number], tensor: Tensor): string {
  if (isAsLarge(tensor, size)) return IN_ORDER;
  return 'Save the array in this size: of arrays only images in 8 bits (uint8 [height, width, channels]) are resized.';
}

function isAsLarge({ dims }: Tensor, size: readonly [number, number]): boolean {
  const sides = dims.slice(1).filter((dim) => dim !== 1 && dim !== 3 && dim !== 4);
  const sorted = (lengths: readonly number[]) => [...lengths].sort((a, b) => a - b).join();
  return sorted(sides) === sorted(size);
}

function castToInput(tensor: Tensor, { input, type }: Binding, sample: string): Tensor {
  const cast = castLossless(tensor, type);
  if ('dims' in cast) return cast;
  throw new UserError(
    'data.input-type',
    `${sample}: ${tensor.type} doesn't fit the model's input '${input}' of type ${type}: element ${cast.index} of ` +
      `${elementCount(tensor.dims)} is ${cast.value}. Save the array as ${type}.`,
  );
}
