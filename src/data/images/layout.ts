/** What a model input's shape and its configuration say about channels and their place. */

import { isFloatType } from '../../tensor/elements.js';
import type { Binding } from '../samples/binding.js';

/** 0 … 255 becomes 0 … 1: when asked for, or when the source is 8-bit and the model takes floats. */
export function dividesBy255(binding: Binding, sourceIs8Bit: boolean): boolean {
  const { scale } = binding.config;
  return typeof scale === 'number' ? false : (scale ?? (sourceIs8Bit && isFloatType(binding.type)));
}

/** The fixed channel count that the model's shape and the layout name, or null. */
export function channelsOf(binding: Binding): number | null {
  const { shape } = binding;
  if (shape === null || shape.length < 3) return null;
  if (shape.length === 3) {
    // [N, H, W] or one unbatched image.
    const [first, , last] = shape;
    return layoutOf(binding) === 'NHWC' ? imageChannels(last) : (imageChannels(first) ?? 1);
  }
  const channels = shape.at(layoutOf(binding) === 'NHWC' ? -1 : -3);
  return typeof channels === 'number' && channels > 0 ? channels : null;
}

/** Grey, colour, colour with alpha; more than that is a height. */
const MAX_CHANNELS = 4;

/** NCHW unless configured otherwise or only the last axis can be channels. */
export function layoutOf({ config, shape }: Binding): 'NCHW' | 'NHWC' {
  if (config.layout !== null) return config.layout;
  if (shape === null || shape.length < 3) return 'NCHW';
  const first = shape.at(-3);
  const isHeight = typeof first !== 'number' || first > MAX_CHANNELS;
  return isHeight && imageChannels(shape.at(-1)) !== null ? 'NHWC' : 'NCHW';
}

/** The dimension if it can be a channel axis: grey, colour, colour with alpha. */
export function imageChannels(dim: number | string | undefined): number | null {
  return dim === 1 || dim === 3 || dim === 4 ? dim : null;
}
