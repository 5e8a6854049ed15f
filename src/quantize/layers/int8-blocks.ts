/** Weights as symmetric int8 blocks, each with a scale that is stored in half where half has the bits for it. */
import { DataType } from '../../onnx/tensor/element-type.js';
import { halfBits, halfValue, LARGEST_HALF, SMALLEST_NORMAL_HALF } from '../../tensor/half.js';
import { roundHalfEven } from '../integers/scale.js';
import { factorsByChannel } from '../integers/scaled-twins.js';

/** Values that share a scale (2 bytes: 3 % of the block). */
const BLOCK = 64;
/** Below this, a block's scale would take more room than the precision is worth. */
const SMALLEST_BLOCK = 16;

/** The largest divisor of a channel's length that makes a good block; the whole channel where there is none. */
export function blockLength(channelLength: number): number {
  for (let length = Math.min(BLOCK, channelLength); length >= SMALLEST_BLOCK; length--) {
    if (channelLength % length === 0) return length;
  }
  return Math.max(1, channelLength);
}

interface Blocks {
  codes: Int8Array;
  scales: Float32Array;
  /** Sum of squared differences. */
  error: number;
}

/** What half scales may lose against float32 ones: 1 dB. */
const WORTH = 10 ** 0.1;

/** Symmetric int8 blocks with scales in half, or in float32 where half has too few bits for them: weights next to zero, or beyond its range. */
export function roundedBlocks(
  values: Float32Array,
  block: number,
  { half }: { half: boolean },
): Blocks & { type: DataType } {
  const halves = { ...roundBlocks(values, block, toHalfScale), type: DataType.FLOAT16 };
  const { scales } = halves;
  if (half || scales.every(isNormalHalf)) return halves;
  const floats = { ...roundBlocks(values, block, (scale) => scale), type: DataType.FLOAT };
  return halves.error <= floats.error * WORTH ? halves : floats;
}

/** Whether half holds a scale with all its bits, or it is of zeros. */
export function isNormalHalf(scale: number): boolean {
  const magnitude = Math.abs(scale);
  return magnitude === 0 || (magnitude >= SMALLEST_NORMAL_HALF && magnitude < LARGEST_HALF);
}

/** Rounded up by half a unit in the last place of a half, so that the largest value still fits 127. */
function toHalfScale(scale: number): number {
  return halfValue(halfBits(scale * (1 + 2 ** -11)));
}

/** @param toScale the scale as it is stored. */
function roundBlocks(values: Float32Array, block: number, toScale: (scale: number) => number): Blocks {
  const codes = new Int8Array(values.length);
  const scales = new Float32Array(values.length / block);
  let error = 0;
  for (let b = 0, start = 0; b < scales.length; b++, start += block) {
    let largest = 0;
    for (let i = start; i < start + block; i++) largest = Math.max(largest, Math.abs(values[i]!));
    scales[b] = toScale(largest / 127) || SMALLEST_SCALE;
    const scale = scales[b]!;
    for (let i = start; i < start + block; i++) {
      const code = Math.max(-127, Math.min(127, roundHalfEven(values[i]! / scale)));
      codes[i] = code;
      error += (values[i]! - code * scale) ** 2;
    }
  }
  return { codes, scales, error };
}

/** The smallest half: for blocks whose values are (next to) zero. */
const SMALLEST_SCALE = 2 ** -24;

/** Convolutions' weights that were folded: one that is another's times a factor per output channel shares its codes. */
export class FoldedConvolutions {
  readonly #known = new Map<string, { values: Float32Array; codes: string; scales: Float32Array }[]>();

  add(key: string, known: { values: Float32Array; codes: string; scales: Float32Array }): void {
    this.#known.set(key, [...(this.#known.get(key) ?? []), known]);
  }

  /** The codes' constant, and what their scales are multiplied by, block by block. */
  find(key: string, values: Float32Array, channels: number): { codes: string; scales: Float32Array } | null {
    for (const known of this.#known.get(key) ?? []) {
      const factors = factorsByChannel(known.values, values, channels);
      if (factors === null) continue;
      const blocks = known.scales.length / channels;
      return {
        codes: known.codes,
        scales: known.scales.map((scale, block) => scale * factors[Math.floor(block / blocks)]!),
      };
    }
    return null;
  }
}
