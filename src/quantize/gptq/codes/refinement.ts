/**
 * What rounding in order leaves undone: scales and zero-points of the blocks fitted to the codes under the Hessian, and codes moved by one wherever that
 * lowers the layer's error (coordinate descent, whose error never rises). Inputs are visited in panels: what the errors of all others mean for a panel is
 * one product, and within it the gradient H · e is kept up to date by every step.
 */
import type { BlockQuantized } from '../../integers/block-quantize.js';
import type { Matrices } from '../matrices/matrices.js';
import { allowedCodes, type CodeRange } from './rounding.js';

/** Rows of a layer, their codes, and where they stand. All matrices [rows, size]. */
export interface Refined {
  size: number;
  /** [size, size], symmetric. */
  hessian: Float32Array;
  blocks: BlockQuantized;
  range: CodeRange;
  /** Codes are moved only within one quantum of their weight: what is known of the inputs is little, and a nearer output may be luck. */
  staysNear: boolean;
  /** Whether scales are fitted to the codes, and zero-points moved, too. */
  refits: { scales: boolean; zeroPoints: boolean };
  /** Weight − what its code stands for. */
  errors: Float32Array;
}

/** Inputs of a panel; whole blocks where those are refitted. */
const PANEL = 64;
/** A change must gain more than this share of what it moves: float32 sums are no more exact. */
const TOLERANCE = 1e-5;

/** Goes once through all inputs; gives how many codes it moved. */
export async function refine(refined: Refined, matrices: Matrices): Promise<number> {
  const { size, hessian, errors, blocks, refits } = refined;
  const rows = errors.length / size;
  const blockSize = blocks.codes.length / blocks.scales.length;
  const width = refits.scales || refits.zeroPoints ? Math.max(PANEL, blockSize) : PANEL;
  let moved = 0;
  for (let from = 0; from < size; from += width) {
    const to = Math.min(size, from + width);
    const gradient = await matrices.multiplyTransposed(
      { rows, columns: size, data: errors },
      { rows: to - from, columns: size, data: hessian.subarray(from * size, to * size) },
    );
    const panel = new Panel(refined, { from, to, gradient });
    for (let row = 0; row < rows; row++) moved += panel.refine(row);
  }
  return moved;
}

/** The blocks of a row that begin in the panel, and their inputs within it. */
interface Part {
  /** In the row. */
  block: number;
  from: number;
  to: number;
  /** 1ᵀ H 1 of its inputs. */
  sum: number;
}

/** Inputs from … to − 1 of all rows. */
class Panel {
  readonly #refined: Refined;
  readonly #from: number;
  readonly #width: number;
  /** [rows, width]. */
  readonly #gradient: Float32Array;
  /** The Hessian of the panel's inputs, [width, width]. */
  readonly #hessian: Float64Array;
  readonly #parts: readonly Part[];
  readonly #blockSize: number;
  /** The row that is refined. */
  #row = 0;

  constructor(
    refined: Refined,
    { from, to, gradient }: { from: number; to: number; gradient: Float32Array },
  ) {
    this.#refined = refined;
    this.#from = from;
    this.#width = to - from;
    this.#gradient = gradient;
    this.#hessian = new Float64Array(this.#width ** 2);
    for (let k = 0; k < this.#width; k++) {
      const start = (from + k) * refined.size + from;
      this.#hessian.set(refined.hessian.subarray(start, start + this.#width), k * this.#width);
    }
    const { codes, scales } = refined.blocks;
    this.#blockSize = codes.length / scales.length;
    this.#parts =
      refined.refits.scales || refined.refits.zeroPoints
        ? Array.from({ length: Math.ceil(this.#width / this.#blockSize) }, (_, at) => this.#partOf(at))
        : [];
  }

  #partOf(index: number): Part {
    const from = index * this.#blockSize;
    const to = Math.min(this.#width, from + this.#blockSize);
    let sum = 0;
    for (let k = from; k < to; k++) {
      for (let i = from; i < to; i++) sum += this.#hessian[k * this.#width + i]!;
    }
    return { block: this.#from / this.#blockSize + index, from, to, sum };
  }

  /** Gives how many codes were moved. */
  refine(row: number): number {
    this.#row = row;
    const { refits } = this.#refined;
    for (const part of this.#parts) {
      if (refits.scales) this.#refitScale(part);
      if (refits.zeroPoints) this.#moveZeroPoint(part);
    }
    return this.#moveCodes();
  }

  /** The scale that minimizes the row's error, the codes given: s + (qᵀ g) ÷ (qᵀ H q), q the codes less their zero-point. */
  #refitScale({ block, from, to }: Part): void {
    const { codes, scales, zeroPoints, blocks: perRow } = this.#refined.blocks;
    const index = this.#row * perRow + block;
    const first = index * this.#blockSize - from;
    const zero = zeroPoints[index]!;
    const [hessian, gradient, width] = [this.#hessian, this.#gradient, this.#width];
    const line = this.#row * width;
    let slope = 0;
    let curvature = 0;
    for (let k = from; k < to; k++) {
      const q = codes[first + k]! - zero;
      if (q === 0) continue;
      slope += q * gradient[line + k]!;
      // Half of H tells all of it.
      let sum = 0;
      for (let i = from; i < k; i++) sum += hessian[k * width + i]! * (codes[first + i]! - zero);
      curvature += q * (2 * sum + hessian[k * width + k]! * q);
    }
    if (!(curvature > 0)) return;
    const before = scales[index]!;
    const scale = Math.fround(before + slope / curvature);
    // A scale never turns round, nor vanishes: then its block holds nothing that the codes can say.
    if (!(scale * before > 0)) return;
    scales[index] = scale;
    for (let k = from; k < to; k++) this.#change(k, (before - scale) * (codes[first + k]! - zero));
  }

  /** By one, where that helps. */
  #moveZeroPoint({ block, from, to, sum }: Part): void {
    const { blocks, range } = this.#refined;
    const { scales, zeroPoints, blocks: perRow } = blocks;
    const index = this.#row * perRow + block;
    const scale = scales[index]!;
    const gradient = this.#row * this.#width;
    let slope = 0;
    for (let k = from; k < to; k++) slope += this.#gradient[gradient + k]! * scale;
    const curvature = scale * scale * sum;
    if (2 * Math.abs(slope) <= curvature * (1 + TOLERANCE)) return;
    const step = slope > 0 ? -1 : 1;
    const next = zeroPoints[index]! + step;
    if (next < range.lowest || next > range.highest) return;
    zeroPoints[index] = next;
    for (let k = from; k < to; k++) this.#change(k, step * scale);
  }

  /** By one, where that helps; gives how many. */
  #moveCodes(): number {
    const { size, blocks, range, staysNear, errors } = this.#refined;
    const { codes, scales, zeroPoints, blocks: perRow } = blocks;
    let moved = 0;
    for (let k = 0; k < this.#width; k++) {
      const input = this.#from + k;
      const block = this.#row * perRow + Math.floor(input / this.#blockSize);
      const scale = scales[block]!;
      const slope = this.#gradient[this.#row * this.#width + k]! * scale;
      const curvature = scale * scale * this.#hessian[k * this.#width + k]!;
      if (2 * Math.abs(slope) <= curvature * (1 + TOLERANCE)) continue;
      const direction = slope > 0 ? 1 : -1;
      const place = block * this.#blockSize + (input % this.#blockSize);
      const next = codes[place]! + direction;
      const allowed = allowedCodes(range, codes, { place, input, size, zero: zeroPoints[block]! });
      if (next < allowed.lowest || next > allowed.highest) continue;
      const change = -direction * scale;
      if (staysNear && Math.abs(errors[this.#row * size + input]! + change) > Math.abs(scale)) continue;
      codes[place] = next;
      this.#change(k, change);
      moved++;
    }
    return moved;
  }

  /** Of the error of the panel's input k. */
  #change(k: number, change: number): void {
    if (change === 0) return;
    const { errors, size } = this.#refined;
    const [hessian, gradient, width] = [this.#hessian, this.#gradient, this.#width];
    errors[this.#row * size + this.#from + k]! += change;
    const start = this.#row * width;
    for (let i = 0; i < width; i++) gradient[start + i]! += change * hessian[k * width + i]!;
  }
}
