/** Quantizes weights: per tensor or per output channel, with saturation-safe scales where the target needs them. */

import { elementCount } from '../../tensor/dims.js';
import {
  channelsToNudge,
  largestPairSums,
  MAX_PAIR_SUM,
  nudgePairs,
  type ReductionOrder,
} from './saturation.js';
import { computeScale, FULL_RANGE, type IntegerName, integerArray, type ScaleOptions } from './scale.js';

export interface WeightOptions {
  type: 'int8' | 'uint8';
  /** Axis of the output channels; null: one scale for the whole tensor. */
  axis: number | null;
  symmetric: boolean;
  reduceRange?: boolean;
  /** absmax ↦ 127.5, as PyTorch does. */
  fullRange?: boolean;
  /** Saturation-safe (int8, symmetric): how the kernel walks the reduction. */
  pairs?: ReductionOrder | null;
  /** Smallest scale per channel (or one), e.g. from the bias overflow guard. */
  smallestScale?: Float32Array;
  /** Last word on the scales, e.g. the next larger ones of a narrower type; never smaller ones. */
  widen?: (scales: Float32Array) => Float32Array;
}

export interface QuantizedWeight {
  /** Same shape as the weight. */
  data: Int8Array | Uint8Array;
  /** One per channel, or one. */
  scale: Float32Array;
  zeroPoint: Int8Array | Uint8Array;
  axis: number | null;
}

/** @throws RangeError when the weight holds NaN or infinity. */
export function quantizeWeight(
  values: Float32Array,
  dims: readonly number[],
  options: WeightOptions,
): QuantizedWeight {
  const { type, axis } = options;
  const channels = axis === null ? 1 : dims[axis]!;
  const layout = channelLayout(dims, axis);
  let scale = new Float32Array(channels);
  const zeroPoint = integerArray(type, channels);
  const ranges = channelRanges(values, layout);
  const pairs = type === 'int8' && options.symmetric ? (options.pairs ?? null) : null;
  const scaleOptions: ScaleOptions = {
    type,
    symmetric: options.symmetric,
    reduceRange: options.reduceRange ?? false,
    fullRange: options.fullRange ?? false,
  };
  const safeScales = pairs && !options.reduceRange ? pairScales(values, pairs, axis !== null) : [];
  for (let channel = 0; channel < channels; channel++) {
    const parameters = computeScale(ranges.min[channel]!, ranges.max[channel]!, scaleOptions);
    const safe = safeScales[channel] ?? 0;
    const smallest = options.smallestScale?.[options.smallestScale.length === 1 ? 0 : channel] ?? 0;
    const empty = ranges.min[channel] === 0 && ranges.max[channel] === 0;
    scale[channel] = empty ? Math.max(1, smallest) : Math.max(parameters.scale, safe, smallest);
    zeroPoint[channel] = parameters.zeroPoint;
  }
  if (options.widen) scale = Float32Array.from(options.widen(scale));
  const data = quantizeWithScales(values, layout, { type, scale, zeroPoint });
  if (pairs && data instanceof Int8Array) {
    for (const index of channelsToNudge(data, pairs)) {
      nudgePairs(data, values, { order: pairs, index, scale: scale[axis === null ? 0 : index]! });
    }
  }
  return { data, scale, zeroPoint, axis };
}

/** A tensor seen as [outer, channels, inner]. */
interface ChannelLayout {
  outer: number;
  channels: number;
  inner: number;
}

function channelLayout(dims: readonly number[], axis: number | null): ChannelLayout {
  if (axis === null) return { outer: 1, channels: 1, inner: elementCount(dims) };
  return {
    outer: elementCount(dims.slice(0, axis)),
    channels: dims[axis]!,
    inner: elementCount(dims.slice(axis + 1)),
  };
}

function channelRanges(
  values: Float32Array,
  layout: ChannelLayout,
): { min: Float32Array; max: Float32Array } {
  const { outer, channels, inner } = layout;
  const min = new Float32Array(channels);
  const max = new Float32Array(channels);
  if (inner === 1) {
    // Walk memory in order: channel by channel would touch every cache line `channels` times.
    for (let i = 0; i < values.length; ) {
      for (let channel = 0; channel < channels; channel++, i++) {
        const value = values[i]!;
        if (value < min[channel]!) min[channel] = value;
        else if (value > max[channel]!) max[channel] = value;
        else if (Number.isNaN(value)) min[channel] = max[channel] = Number.NaN;
      }
    }
    return { min, max };
  }
  for (let o = 0, i = 0; o < outer; o++) {
    for (let channel = 0; channel < channels; channel++) {
      const range = rangeOf(values, i, i + inner);
      min[channel] = Math.min(min[channel]!, range.min);
      max[channel] = Math.max(max[channel]!, range.max);
      i += inner;
    }
  }
  return { min, max };
}

/** Range of some values and zero; NaN if any is. Like `roundChannel` a function of its own: called for every channel, both are compiled
 *  early. */
function rangeOf(values: Float32Array, start: number, end: number): { min: number; max: number } {
  let [min, max, zero] = [0, 0, 0];
  for (let i = start; i < end; i++) {
    const value = values[i]!;
    if (value < min) min = value;
    if (value > max) max = value;
    // NaN for NaN and infinities: cheaper than asking each value.
    zero += 0 * value;
  }
  return zero === 0 ? { min, max } : { min: Number.NaN, max: Number.NaN };
}

/** Smallest scales at which no pair passes the bound before rounding: per channel, or one for all. */
function pairScales(values: Float32Array, order: ReductionOrder, perChannel: boolean): number[] {
  const scales = Array.from(largestPairSums(values, order), (sum) => Math.fround(sum / MAX_PAIR_SUM));
  return perChannel ? scales : [scales.reduce((largest, scale) => Math.max(largest, scale), 0)];
}

function quantizeWithScales(
  values: Float32Array,
  { outer, channels, inner }: ChannelLayout,
  parameters: {
    type: IntegerName & ('int8' | 'uint8');
    scale: Float32Array;
    zeroPoint: Int8Array | Uint8Array;
  },
): Int8Array | Uint8Array {
  const { type, scale, zeroPoint } = parameters;
  const data = integerArray(type, values.length);
  for (let o = 0, i = 0; o < outer; o++) {
    if (inner === 1) {
      roundRow(data, values, i, { scale, zeroPoint, ...FULL_RANGE[type] });
      i += channels;
      continue;
    }
    for (let channel = 0; channel < channels; channel++, i += inner) {
      const parameters = { scale: scale[channel]!, zeroPoint: zeroPoint[channel]!, ...FULL_RANGE[type] };
      roundChannel(data, values, { start: i, end: i + inner }, parameters);
    }
  }
  return data;
}

/** Added and taken away again, it makes the FPU round half to even, as roundHalfEven does: a quotient of float32 never reaches 2^51
 *  quanta here. */
const ROUNDING = 6755399441055744;

/** Values of one channel. */
function roundChannel(
  data: Int8Array | Uint8Array,
  values: Float32Array,
  { start, end }: { start: number; end: number },
  { scale, zeroPoint, min, max }: { scale: number; zeroPoint: number; min: number; max: number },
): void {
  for (let i = start; i < end; i++) {
    const q = Math.fround(values[i]! / scale) + ROUNDING - ROUNDING + zeroPoint;
    data[i] = q < min ? min : q > max ? max : q;
  }
}

/** Values of all channels, side by side. */
function roundRow(
  data: Int8Array | Uint8Array,
  values: Float32Array,
  start: number,
  parameters: { scale: Float32Array; zeroPoint: Int8Array | Uint8Array; min: number; max: number },
): void {
  const { scale, zeroPoint, min, max } = parameters;
  for (let channel = 0, i = start; channel < scale.length; channel++, i++) {
    const q = Math.fround(values[i]! / scale[channel]!) + ROUNDING - ROUNDING + zeroPoint[channel]!;
    data[i] = q < min ? min : q > max ? max : q;
  }
}
