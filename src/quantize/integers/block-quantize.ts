/** Block-wise rounding of weights: every block of a row has its own scale (and zero-point), in 8 or 4 bits.
 *
 *  8 bits are symmetric around 128 and keep the block's largest magnitude. 4 bits search: from the block's full range inwards, each
 *  candidate is rounded, its scale refitted by least squares, and the one with the smallest (weighted) squared error taken. */
import { roundHalfEven } from './scale.js';

export interface BlockFormat {
  bits: 4 | 8;
  /** Values that share a scale; a power of two, at least 16 (MatMulNBits). */
  blockSize: number;
  /** Zero-points in the middle of the range; 4 bits lose about 2 dB by it. 8 bits always are symmetric. */
  symmetric: boolean;
}

export interface BlockQuantized {
  /** [rows, blocks, blockSize], one value per element; a row's last block is filled up with its zero-point. */
  codes: Uint8Array;
  /** [rows, blocks]. */
  scales: Float32Array;
  /** [rows, blocks]. */
  zeroPoints: Uint8Array;
  /** Blocks per row: ceil(depth / blockSize). */
  blocks: number;
}

export interface BlockOptions {
  /** Weight of the squared error at each position of a row, e.g. the mean square of what it is multiplied by. Default: all count alike. */
  importance?: ArrayLike<number> | null;
  /**
   * 4-bit blocks keep their full range. For weights of which nothing is known: the largest may meet the loudest inputs, and drawn in blindly the range
   * clips just those (1.8 dB on Whisper's decoder).
   */
  keepsRange?: boolean;
}

/** Rounds [rows, depth] values block by block along depth. */
export function quantizeBlocks(
  values: Float32Array,
  depth: number,
  format: BlockFormat,
  { importance = null, keepsRange = false }: BlockOptions = {},
): BlockQuantized {
  const rows = values.length / depth;
  const blocks = Math.ceil(depth / format.blockSize);
  const result: BlockQuantized = {
    codes: new Uint8Array(rows * blocks * format.blockSize),
    scales: new Float32Array(rows * blocks),
    zeroPoints: new Uint8Array(rows * blocks),
    blocks,
  };
  const search = new BlockSearch(format, { importance, keepsRange });
  for (let row = 0, block = 0; row < rows; row++) {
    for (let b = 0; b < blocks; b++, block++) {
      const from = b * format.blockSize;
      const length = Math.min(format.blockSize, depth - from);
      const codes = result.codes.subarray(block * format.blockSize, (block + 1) * format.blockSize);
      const start = row * depth + from;
      const fit =
        format.bits === 8
          ? roundSymmetric(values.subarray(start, start + length), codes)
          : search.round(values.subarray(start, start + length), { codes, position: from });
      codes.fill(fit.zeroPoint, length);
      result.scales[block] = fit.scale;
      result.zeroPoints[block] = fit.zeroPoint;
    }
  }
  return result;
}

/** The values that block codes stand for, [rows, depth]. */
export function dequantizeBlocks(quantized: BlockQuantized, depth: number): Float32Array {
  const { codes, scales, zeroPoints, blocks } = quantized;
  const rows = scales.length / blocks;
  const blockSize = codes.length / scales.length;
  const values = new Float32Array(rows * depth);
  for (let row = 0, i = 0; row < rows; row++) {
    for (let k = 0; k < depth; k++) {
      const block = row * blocks + Math.floor(k / blockSize);
      const code = codes[block * blockSize + (k % blockSize)]!;
      values[i++] = (code - zeroPoints[block]!) * scales[block]!;
    }
  }
  return values;
}

interface BlockFit {
  scale: number;
  zeroPoint: number;
}

/** A block of zeros in 4 bits. With any other scale, kernels that add up what zero-points stand for leave rounding noise where there is nothing. */
const NOTHING: BlockFit = { scale: 0, zeroPoint: 8 };

function roundSymmetric(values: Float32Array, codes: Uint8Array): BlockFit {
  let largest = 0;
  for (const value of values) {
    const magnitude = value < 0 ? -value : value;
    if (magnitude > largest) largest = magnitude;
  }
  const scale = Math.fround(largest / 127);
  if (scale === 0) {
    codes.fill(128);
    return { scale, zeroPoint: 128 };
  }
  for (let i = 0; i < values.length; i++) codes[i] = roundHalfEven(values[i]! / scale) + 128;
  return { scale, zeroPoint: 128 };
}

/** How far the range is drawn in, as shares of the full one. */
const SHRINKAGE = [1, 0.95, 0.9, 0.85, 0.8, 0.75, 0.7];
const FULL_RANGE = [1];
const LEVELS = 15;

/** Searches the best scale and zero-point of 4-bit blocks; holds what is reused from block to block. */
class BlockSearch {
  readonly #symmetric: boolean;
  readonly #importance: ArrayLike<number> | null;
  readonly #shares: readonly number[];
  readonly #codes: Uint8Array;

  constructor(format: BlockFormat, { importance, keepsRange }: Required<BlockOptions>) {
    this.#symmetric = format.symmetric;
    this.#importance = importance;
    this.#shares = keepsRange ? FULL_RANGE : SHRINKAGE;
    this.#codes = new Uint8Array(format.blockSize);
  }

  /** @param place where the codes go, and the block's first position in its row. */
  round(values: Float32Array, place: { codes: Uint8Array; position: number }): BlockFit {
    let min = 0;
    let max = 0;
    for (const value of values) {
      if (value < min) min = value;
      else if (value > max) max = value;
    }
    // Of zeros, and of values too small for a scale.
    let best = NOTHING;
    place.codes.fill(best.zeroPoint);
    let smallest = Number.POSITIVE_INFINITY;
    const fits = this.#symmetric ? symmetricFits : asymmetricFits;
    for (const candidate of fits(min, max, this.#shares)) {
      const { scale, error } = this.#try(values, candidate, place.position);
      if (error >= smallest) continue;
      smallest = error;
      best = { scale, zeroPoint: candidate.zeroPoint };
      place.codes.set(this.#codes.subarray(0, values.length));
    }
    return best;
  }

  /** Rounds with a candidate, refits its scale to the codes found, and gives the error that is left. */
  #try(values: Float32Array, { scale, zeroPoint }: BlockFit, position: number) {
    const codes = this.#codes;
    const importance = this.#importance;
    let xx = 0;
    let xq = 0;
    let qq = 0;
    for (let i = 0; i < values.length; i++) {
      const value = values[i]!;
      // Rounded half up, not half even: only which of two equally good codes is taken differs.
      let code = Math.floor(value / scale + zeroPoint + 0.5);
      if (code < 0) code = 0;
      else if (code > LEVELS) code = LEVELS;
      codes[i] = code;
      const q = code - zeroPoint;
      const weight = importance ? importance[position + i]! : 1;
      xx += weight * value * value;
      xq += weight * value * q;
      qq += weight * q * q;
    }
    // A refitted scale makes the weights nearer, and the outputs of Whisper's decoder 1.8 dB farther off.
    if (this.#shares === FULL_RANGE || qq === 0 || xq === 0) return { scale, error: xx };
    const refitted = Math.fround(xq / qq);
    return { scale: refitted, error: xx - 2 * refitted * xq + refitted * refitted * qq };
  }
}

function* asymmetricFits(min: number, max: number, shares: readonly number[]): Iterable<BlockFit> {
  for (const share of shares) {
    const scale = Math.fround(((max - min) * share) / LEVELS);
    if (scale === 0) continue;
    const zeroPoint = Math.min(LEVELS, Math.max(0, Math.round((-min * share) / scale)));
    yield { scale, zeroPoint };
  }
}

/** −8 and 7 are not alike: the side with the larger magnitude gets the longer arm (by the sign of the scale). */
function* symmetricFits(min: number, max: number, shares: readonly number[]): Iterable<BlockFit> {
  const signed = -min > max ? min : max;
  for (const share of shares) {
    const scale = Math.fround((-signed * share) / 8);
    if (scale !== 0) yield { scale, zeroPoint: 8 };
  }
}

/** Two 4-bit values per byte, the first in the low nibble; rows of an odd length end with `padding` in the last high nibble. */
export function packRows(codes: Uint8Array, rowLength: number, padding = 0): Uint8Array {
  const bytes = Math.ceil(rowLength / 2);
  const rows = codes.length / rowLength;
  const packed = new Uint8Array(rows * bytes);
  for (let row = 0; row < rows; row++) {
    for (let i = 0; i < bytes; i++) {
      const low = codes[row * rowLength + 2 * i]!;
      const high = 2 * i + 1 < rowLength ? codes[row * rowLength + 2 * i + 1]! : padding;
      packed[row * bytes + i] = low | (high << 4);
    }
  }
  return packed;
}
