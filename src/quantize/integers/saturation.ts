/** Saturation-safe weight scales: the same bits with and without VNNI.
 *
 *  Without VNNI the u8·s8 kernels add two neighbouring products in 16 bits (vpmaddubsw): 255·w₀ + 255·w₁ must stay within
 *  ±32767, so two neighbours of the same sign may add up to at most 128. A per-channel scale that makes the largest pair fit
 *  loses far less than 7-bit weights do. Neighbours are adjacent in the reduction as the kernel sees it: k, k + 1 for
 *  MatMul (k even), and the im2col order (kh, kw, channel) for Conv. Depthwise kernels multiply without pairs. */
import type { WeightLayout } from '../../onnx/query/weighted.js';

/** Largest |w₀ + w₁| whose products with 255 fit 16 bits: floor(32767 / 255). */
export const MAX_PAIR_SUM = 128;

/** Where the pairs of one output channel are: flat offsets from the channel's first element, in the order of the reduction. */
export interface ReductionOrder {
  /** Output channels. */
  channels: number;
  /** Flat index of element `position` of channel `channel`: channel · channelStride + offsets[position]. */
  channelStride: number;
  offsets: Int32Array;
}

/** How the kernels walk the reduction: a product input by input, a convolution kernel position by position, inputs fastest (im2col).
 *  null for depthwise convolutions. Not for a ConvTranspose, of which there is no 8-bit kernel. */
export function reductionOrder(layout: WeightLayout): ReductionOrder | null {
  const { rows, columns, kernel, rowsAreOutputs, group } = layout;
  if (columns === 1 && group > 1) return null;
  if (!rowsAreOutputs) {
    const offsets = Int32Array.from({ length: rows }, (_, k) => k * columns);
    return { channels: columns, channelStride: 1, offsets };
  }
  const offsets = new Int32Array(columns * kernel);
  for (let position = 0, k = 0; position < kernel; position++) {
    for (let column = 0; column < columns; column++) offsets[k++] = column * kernel + position;
  }
  return { channels: rows, channelStride: columns * kernel, offsets };
}

/** Largest |w₀ + w₁| over the same-sign pairs of a channel. */
export function largestPairSum(
  values: Float32Array | Int8Array,
  order: ReductionOrder,
  channel: number,
): number {
  const { offsets, channelStride } = order;
  const base = channel * channelStride;
  let largest = 0;
  for (let k = 0; k + 1 < offsets.length; k += 2) {
    const sum = Math.abs(values[base + offsets[k]!]! + values[base + offsets[k + 1]!]!);
    if (sum > largest) largest = sum;
  }
  return largest;
}

/** largestPairSum of every channel. Channels that lie side by side (MatMul) are walked row by row: column by column would touch every
 *  cache line once per channel. */
export function largestPairSums(values: Float32Array | Int8Array, order: ReductionOrder): Float64Array {
  const { channels, channelStride, offsets } = order;
  if (channelStride !== 1) {
    return Float64Array.from({ length: channels }, (_, channel) => largestPairSum(values, order, channel));
  }
  const largest = new Float64Array(channels);
  for (let k = 0; k + 1 < offsets.length; k += 2) {
    const [first, second] = [offsets[k]!, offsets[k + 1]!];
    for (let channel = 0; channel < channels; channel++) {
      const sum = Math.abs(values[first + channel]! + values[second + channel]!);
      if (sum > largest[channel]!) largest[channel] = sum;
    }
  }
  return largest;
}

/** Channels that hold a pair past the bound after rounding: those that nudgePairs has work in. */
export function channelsToNudge(quantized: Int8Array, order: ReductionOrder): number[] {
  const largest = largestPairSums(quantized, order);
  return [...largest.keys()].filter((channel) => largest[channel]! > MAX_PAIR_SUM);
}

/** Moves one quantum off every pair that rounding took past the bound: off the one that was rounded furthest outwards. */
export function nudgePairs(
  quantized: Int8Array,
  values: Float32Array,
  channel: { order: ReductionOrder; index: number; scale: number },
): void {
  const { order, index, scale } = channel;
  const base = index * order.channelStride;
  for (let k = 0; k + 1 < order.offsets.length; k += 2) {
    const first = base + order.offsets[k]!;
    const second = base + order.offsets[k + 1]!;
    for (let sum = quantized[first]! + quantized[second]!; Math.abs(sum) > MAX_PAIR_SUM; ) {
      const sign = Math.sign(sum);
      const outwards = (i: number) => sign * (quantized[i]! - values[i]! / scale);
      const moved = outwards(first) >= outwards(second) ? first : second;
      quantized[moved] = quantized[moved]! - sign;
      sum -= sign;
    }
  }
}
