/**
 * GPTQ on given scales: weights are rounded one after the other, and what each loses is made good by those that are still to come.
 *
 * Frantar et al. ("GPTQ: Accurate Post-Training Quantization for Generative Pre-trained Transformers", 2022) take the corrections from a Cholesky
 * factor of H⁻¹. The same corrections follow from a factor of H itself, from its last column to its first: with H = L · D · Lᵀ the error is
 * Σᵢ dᵢ (eᵢ + Σ_{j>i} l_ji e_j)², so that weight i is best rounded at wᵢ + Σ_{j>i} l_ji e_j (the nearest plane of Babai, 1986).
 */
import type { BlockQuantized } from '../../integers/block-quantize.js';
import type { Matrices } from '../matrices/matrices.js';

export interface Factored {
  size: number;
  /** L below the diagonal, of H with rows and columns in `order`. */
  factor: Float32Array;
  /** order[i] is the input that row i of the factor is about; the last is rounded first. */
  order: Uint32Array;
}

/** Codes that there are: lowest … highest. */
export interface CodeRange {
  lowest: number;
  highest: number;
  /**
   * Largest magnitude of the sum of two neighbours less their zero-points (inputs 2i and 2i + 1; integers/saturation.ts). Codes must keep it before they
   * are fitted, and do afterwards. Default: any.
   */
  pairSum?: number;
}

/** The codes that a place may take as its neighbour stands. @param place in the codes, of input `input` of `size`. */
export function allowedCodes(
  { lowest, highest, pairSum }: CodeRange,
  codes: Uint8Array,
  { place, input, size, zero }: { place: number; input: number; size: number; zero: number },
): CodeRange {
  if (pairSum === undefined || (input ^ 1) >= size) return { lowest, highest };
  const middle = 2 * zero - codes[place + (input & 1 ? -1 : 1)]!;
  return { lowest: Math.max(lowest, middle - pairSum), highest: Math.min(highest, middle + pairSum) };
}

/** Inputs that are rounded before their errors go to the others of their group by one product, and those whose errors go to all others. */
const PANEL = 64;
const GROUP = 512;

/**
 * Rounds rows of weights [rows, size] to the codes of their blocks, whose scales and zero-points stay; codes change in place.
 */
export async function roundInOrder(
  weights: Float32Array,
  blocks: BlockQuantized,
  { factored, range, matrices }: { factored: Factored; range: CodeRange; matrices: Matrices },
): Promise<void> {
  const { size, order } = factored;
  const rows = weights.length / size;
  const originals = permuted(weights, order);
  const targets = originals.slice();
  for (let last = size; last > 0; ) {
    const first = Math.max(0, last - GROUP);
    const width = last - first;
    const errors = new Float32Array(rows * width);
    for (let to = last; to > first; ) {
      const from = Math.max(first, to - PANEL);
      const own = roundPanel({ originals, targets }, blocks, { factored, range, from, to });
      for (let row = 0; row < rows; row++) {
        const line = own.subarray(row * (to - from), (row + 1) * (to - from));
        errors.set(line, row * width + from - first);
      }
      await makeGood(targets, own, { factored, matrices, from, to, reach: first });
      to = from;
    }
    await makeGood(targets, errors, { factored, matrices, from: first, to: last, reach: 0 });
    last = first;
  }
}

/** Moves the targets reach … from − 1 by what the errors of inputs from … to − 1 ask of them. */
async function makeGood(
  targets: Float32Array,
  errors: Float32Array,
  {
    factored: { size, factor },
    matrices,
    from,
    to,
    reach,
  }: { factored: Factored; matrices: Matrices; from: number; to: number; reach: number },
): Promise<void> {
  const [width, others] = [to - from, from - reach];
  if (others === 0) return;
  const rows = targets.length / size;
  const columns = new Float32Array(width * others);
  for (let i = 0; i < width; i++) {
    const start = (from + i) * size;
    columns.set(factor.subarray(start + reach, start + from), i * others);
  }
  const moved = await matrices.multiply(
    { rows, columns: width, data: errors },
    { rows: width, columns: others, data: columns },
  );
  for (let row = 0, at = 0; row < rows; row++) {
    const start = row * size + reach;
    for (let i = 0; i < others; i++, at++) targets[start + i]! += moved[at]!;
  }
}

function permuted(weights: Float32Array, order: Uint32Array): Float32Array {
  const size = order.length;
  const result = new Float32Array(weights.length);
  for (let start = 0; start < weights.length; start += size) {
    for (let i = 0; i < size; i++) result[start + i] = weights[start + order[i]!]!;
  }
  return result;
}

interface PanelContext {
  factored: Factored;
  range: CodeRange;
  from: number;
  to: number;
}

/** Errors (weight − what it became) of the panel, [rows, to − from], after the codes of its inputs have been chosen. */
function roundPanel(
  { originals, targets }: { originals: Float32Array; targets: Float32Array },
  { codes, scales, zeroPoints, blocks }: BlockQuantized,
  { factored, range, from, to }: PanelContext,
): Float32Array {
  const { size, factor, order } = factored;
  const rows = targets.length / size;
  const blockSize = codes.length / scales.length;
  const width = to - from;
  const errors = new Float32Array(rows * width);
  for (let row = 0; row < rows; row++) {
    const start = row * size;
    for (let i = to - 1; i >= from; i--) {
      const input = order[i]!;
      const block = row * blocks + Math.floor(input / blockSize);
      const scale = scales[block]!;
      const zero = zeroPoints[block]!;
      // A block of zeros has no scale.
      const wanted = scale === 0 ? zero : Math.floor(targets[start + i]! / scale + zero + 0.5);
      const place = block * blockSize + (input % blockSize);
      const { lowest, highest } = allowedCodes(range, codes, { place, input, size, zero });
      const code = Math.min(highest, Math.max(lowest, wanted));
      codes[place] = code;
      const error = originals[start + i]! - (code - zero) * scale;
      errors[row * width + i - from] = error;
      const line = i * size;
      for (let j = from; j < i; j++) targets[start + j]! += factor[line + j]! * error;
    }
  }
  return errors;
}
