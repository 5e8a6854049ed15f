/**
 * What rounding in order leaves undone: scales and zero-points of the blocks fitted to the codes under the Hessian, then codes moved by one wherever
 * that lowers the layer's error (coordinate descent, whose error never rises). `gradient` is H · e, kept up to date by every step.
 */
import type { BlockQuantized } from '../integers/block-quantize.js';
import type { Matrices } from './matrices.js';
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
  /** Weight − what its code stands for. */
  errors: Float32Array;
  /** errors · hessian. */
  gradient: Float32Array;
}

/** Inputs whose changes reach the gradient of all others by one product. */
const PANEL = 64;
/** A change must gain more than this share of what it moves: float32 sums are no more exact. */
const TOLERANCE = 1e-5;

/** Fits every block's scale by least squares to its codes, block after block. */
export async function refitScales(refined: Refined, matrices: Matrices): Promise<void> {
  await inPanels(refined, matrices, (row, block, part) => refitScale(refined, row, block, part));
}

/** Moves zero-points by one where that helps. */
export async function moveZeroPoints(refined: Refined, matrices: Matrices): Promise<void> {
  await inPanels(refined, matrices, (row, block, part) => moveZeroPoint(refined, row, block, part));
}

/** Moves codes by one where that helps, through all inputs; gives how many it moved. */
export function moveCodes({ size, hessian, blocks, range, staysNear, errors, gradient }: Refined): number {
  const { codes, scales, zeroPoints, blocks: perRow } = blocks;
  const blockSize = codes.length / scales.length;
  const rows = errors.length / size;
  let moved = 0;
  for (let row = 0; row < rows; row++) {
    const start = row * size;
    for (let k = 0; k < size; k++) {
      const block = row * perRow + Math.floor(k / blockSize);
      const scale = scales[block]!;
      const slope = gradient[start + k]! * scale;
      const direction = slope > 0 ? 1 : -1;
      const curvature = scale * scale * hessian[k * size + k]!;
      if (2 * Math.abs(slope) <= curvature * (1 + TOLERANCE)) continue;
      const at = block * blockSize + (k % blockSize);
      const next = codes[at]! + direction;
      const allowed = allowedCodes(range, codes, { place: at, input: k, size, zero: zeroPoints[block]! });
      if (next < allowed.lowest || next > allowed.highest) continue;
      const change = -direction * scale;
      if (staysNear && Math.abs(errors[start + k]! + change) > Math.abs(scale)) continue;
      codes[at] = next;
      errors[start + k]! += change;
      const line = k * size;
      for (let i = 0; i < size; i++) gradient[start + i]! += change * hessian[line + i]!;
      moved++;
    }
  }
  return moved;
}

/** The blocks' inputs from … to − 1, and the part of the Hessian that is about them. */
interface Part {
  from: number;
  to: number;
  /** [to − from, to − from]. */
  hessian: Float64Array;
  /** Room for a direction in which a row's block may change: one number per input. */
  direction: Float64Array;
}

/** Inputs from … to − 1: their changes reach the gradient of all others by one product. */
interface Panel {
  from: number;
  to: number;
  /** Changes of the errors, [rows, to − from]. */
  changes: Float32Array;
}

/** Changes one block of one row along `part.direction`, which it sets; gives how far, 0 for nothing. */
type Step = (row: number, block: number, part: Part) => number;

/** Visits every block of every row, panel by panel; within a panel the gradient is exact at any time, outside after it. */
async function inPanels(refined: Refined, matrices: Matrices, step: Step): Promise<void> {
  const { size, blocks, gradient } = refined;
  const blockSize = blocks.codes.length / blocks.scales.length;
  const rows = gradient.length / size;
  const perPanel = Math.max(1, Math.floor(PANEL / blockSize));
  for (let first = 0; first < blocks.blocks; first += perPanel) {
    const last = Math.min(blocks.blocks, first + perPanel);
    const [from, to] = [first * blockSize, Math.min(size, last * blockSize)];
    const panel = { from, to, changes: new Float32Array(rows * (to - from)) };
    for (let block = first; block < last; block++) {
      const part = partOf(refined, block * blockSize, Math.min(size, (block + 1) * blockSize));
      for (let row = 0; row < rows; row++) {
        const far = step(row, block, part);
        if (far !== 0) apply(refined, { row, part, panel, far });
      }
    }
    await reachOthers(refined, matrices, panel);
  }
}

function partOf({ size, hessian }: Refined, from: number, to: number): Part {
  const width = to - from;
  const own = new Float64Array(width * width);
  for (let k = 0; k < width; k++) {
    const start = (from + k) * size + from;
    own.set(hessian.subarray(start, start + width), k * width);
  }
  return { from, to, hessian: own, direction: new Float64Array(width) };
}

/** The scale that minimizes the row's error, the codes given: s + (qᵀ g) ÷ (qᵀ H q), q the codes less their zero-point. */
function refitScale({ size, blocks, gradient }: Refined, row: number, block: number, part: Part): number {
  const { codes, scales, zeroPoints, blocks: perRow } = blocks;
  const index = row * perRow + block;
  const first = (index * codes.length) / scales.length;
  const zero = zeroPoints[index]!;
  const { direction, from } = part;
  let slope = 0;
  for (let k = 0; k < direction.length; k++) {
    const q = codes[first + k]! - zero;
    direction[k] = q;
    slope += q * gradient[row * size + from + k]!;
  }
  const curvature = curvatureOf(part);
  if (!(curvature > 0)) return 0;
  const before = scales[index]!;
  const scale = Math.fround(before + slope / curvature);
  // A scale never turns round, nor vanishes: then its block holds nothing that the codes can say.
  if (!(scale * before > 0)) return 0;
  scales[index] = scale;
  return before - scale;
}

function moveZeroPoint(refined: Refined, row: number, block: number, part: Part): number {
  const { size, blocks, gradient, range } = refined;
  const { scales, zeroPoints, blocks: perRow } = blocks;
  const index = row * perRow + block;
  const scale = scales[index]!;
  let slope = 0;
  for (let k = part.from; k < part.to; k++) slope += gradient[row * size + k]! * scale;
  part.direction.fill(1);
  const curvature = scale * scale * curvatureOf(part);
  if (2 * Math.abs(slope) <= curvature * (1 + TOLERANCE)) return 0;
  const step = slope > 0 ? -1 : 1;
  const next = zeroPoints[index]! + step;
  if (next < range.lowest || next > range.highest) return 0;
  zeroPoints[index] = next;
  return step * scale;
}

/** dᵀ H d of the part's direction. */
function curvatureOf({ hessian, direction }: Part): number {
  const width = direction.length;
  let curvature = 0;
  for (let k = 0, at = 0; k < width; k++, at += width) {
    const own = direction[k]!;
    if (own === 0) continue;
    let sum = 0;
    for (let i = 0; i < width; i++) sum += hessian[at + i]! * direction[i]!;
    curvature += own * sum;
  }
  return curvature;
}

/** Errors of the block's inputs: the panel's gradient at once, the rest later. */
function apply(
  { size, hessian, errors, gradient }: Refined,
  { row, part, panel, far }: { row: number; part: Part; panel: Panel; far: number },
): void {
  const start = row * size;
  const line = row * (panel.to - panel.from) - panel.from;
  for (let k = part.from; k < part.to; k++) {
    const delta = far * part.direction[k - part.from]!;
    if (delta === 0) continue;
    errors[start + k]! += delta;
    panel.changes[line + k]! += delta;
    const column = k * size;
    for (let i = panel.from; i < panel.to; i++) gradient[start + i]! += delta * hessian[column + i]!;
  }
}

async function reachOthers(
  { size, hessian, gradient }: Refined,
  matrices: Matrices,
  { from, to, changes }: Panel,
): Promise<void> {
  const rows = gradient.length / size;
  const width = to - from;
  const lines = hessian.subarray(from * size, to * size);
  const moved = await matrices.multiply(
    { rows, columns: width, data: changes },
    { rows: width, columns: size, data: lines },
  );
  for (let row = 0; row < rows; row++) {
    if (!changes.subarray(row * width, (row + 1) * width).some((change) => change !== 0)) continue;
    const start = row * size;
    for (let i = 0; i < from; i++) gradient[start + i]! += moved[start + i]!;
    for (let i = to; i < size; i++) gradient[start + i]! += moved[start + i]!;
  }
}
