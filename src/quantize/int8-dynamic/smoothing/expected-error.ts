/** The error that 8 bits are expected to make of a product X·W, from statistics alone: rounding to a step makes an error of variance step²/12. */
import type { ChannelStatistics } from '../../calibrate/channels.js';

export interface WeightMatrix {
  /** [depth, channels]. */
  values: Float32Array;
  channels: number;
}

/** Channels of a weight looked at for its expected rounding error. */
const MAX_SAMPLED_CHANNELS = 32;

/** Every n-th channel, and how many channels each stands for. */
export function sampleChannels(
  { values, channels }: WeightMatrix,
  depth: number,
): WeightMatrix & { share: number } {
  const stride = Math.ceil(channels / MAX_SAMPLED_CHANNELS);
  if (stride === 1) return { values, channels, share: 1 };
  const count = Math.ceil(channels / stride);
  const sampled = new Float32Array(depth * count);
  for (let row = 0, i = 0; row < depth; row++) {
    for (let n = 0; n < channels; n += stride) sampled[i++] = values[row * channels + n]!;
  }
  return { values: sampled, channels: count, share: channels / count };
}

/** Per row over all weights: largest magnitude and sum of squares. */
export function rowStatistics(
  weights: readonly WeightMatrix[],
  depth: number,
): { largest: Float32Array; squares: Float64Array } {
  const largest = new Float32Array(depth);
  const squares = new Float64Array(depth);
  for (const { values, channels } of weights) {
    for (let row = 0; row < depth; row++) {
      const start = row * channels;
      largest[row] = Math.max(largest[row]!, largestMagnitude(values, start, start + channels));
      squares[row]! += sumOfSquares(values, start, start + channels);
    }
  }
  return { largest, squares };
}

/** Like the next, a function of its own: called for every row, both are compiled early. */
function largestMagnitude(values: Float32Array, start: number, end: number): number {
  let [least, most] = [0, 0];
  for (let i = start; i < end; i++) {
    const value = values[i]!;
    if (value > most) most = value;
    if (value < least) least = value;
  }
  return Math.max(most, -least);
}

function sumOfSquares(values: Float32Array, start: number, end: number): number {
  let sum = 0;
  for (let i = start; i < end; i++) sum += values[i]! * values[i]!;
  return sum;
}

/** Rounding X/s to 8 bits over its whole range: variance step²/12 in every channel, multiplied by s·W. */
export function activationError(
  factors: Float32Array,
  observed: ChannelStatistics,
  rowSquares: Float64Array,
): number {
  let min = 0;
  let max = 0;
  let gain = 0;
  for (let j = 0; j < factors.length; j++) {
    const factor = factors[j]!;
    min = Math.min(min, observed.min[j]! / factor);
    max = Math.max(max, observed.max[j]! / factor);
    gain += factor * factor * rowSquares[j]!;
  }
  const step = (max - min) / 255;
  return ((step * step) / 12) * gain;
}

/** Rounding s·W to its channel's scale: variance scale²/12 in every element, multiplied by X/s. */
export function weightError(
  factors: Float32Array,
  observed: ChannelStatistics,
  scaleSquares: number,
): number {
  let power = 0;
  for (let j = 0; j < factors.length; j++) power += observed.meanSquare[j]! / factors[j]! ** 2;
  return (scaleSquares / 12) * power;
}

/** Sum over channels of the squared scale that s·W would get (weights.ts). */
export function sumOfSquaredScales(
  { values, channels }: WeightMatrix,
  factors: Float32Array,
  saturationSafe: boolean,
): number {
  const scales = new Float32Array(channels);
  for (let j = 0, i = 0; j < factors.length; j++) {
    const factor = factors[j]! / 127;
    for (let n = 0; n < channels; n++, i++) {
      const magnitude = Math.abs(values[i]! * factor);
      if (magnitude > scales[n]!) scales[n] = magnitude;
    }
  }
  if (saturationSafe) {
    for (let j = 0; j + 1 < factors.length; j += 2) {
      const first = factors[j]! / 128;
      const second = factors[j + 1]! / 128;
      const row = j * channels;
      for (let n = 0; n < channels; n++) {
        const magnitude = Math.abs(values[row + n]! * first + values[row + channels + n]! * second);
        if (magnitude > scales[n]!) scales[n] = magnitude;
      }
    }
  }
  let total = 0;
  for (const scale of scales) total += scale * scale;
  return total;
}
