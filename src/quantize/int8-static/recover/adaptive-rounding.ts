import { fitCodes } from '../../gptq/codes/fit-codes.js';
import { dampingOf } from '../../gptq/matrices/damping.js';
import type { Matrices } from '../../gptq/matrices/matrices.js';
import type { BlockQuantized } from '../../integers/block-quantize.js';
import { nudgePairs, type ReductionOrder } from '../../integers/saturation.js';
import type { QuantizedWeight } from '../../integers/weights.js';
import { BandedMatrix, type InputMoments, wholeOf } from './covariance.js';

export interface RoundingOptions {
  moments: InputMoments;
  /** How the kernel walks the reduction, where its pairs must stay within bounds. */
  pairs: ReductionOrder | null;
}

/** Covariances that are worth products of matrices: smaller ones are done before those have begun. */
const SMALLEST_MATRIX = 32;
/** What the integers −127 … 127 are as codes. */
const OFFSET = 128;

/** Whether fitIntegers takes this weight; else roundAdaptively does. */
export function isFitted({ data }: QuantizedWeight, { moments }: RoundingOptions): boolean {
  return moments.covariances.length === 1 && moments.inputs >= SMALLEST_MATRIX && data instanceof Int8Array;
}

/** The same by products of matrices (gptq/): faster than roundAdaptively. A channel that doesn't gain keeps its integers. */
export async function fitIntegers(
  values: Float32Array,
  { data, scale }: QuantizedWeight,
  { moments, pairs, matrices }: RoundingOptions & { matrices: Matrices },
): Promise<void> {
  const { inputs, covariances } = moments;
  const covariance = covariances[0]!;
  const hessian = covariance instanceof BandedMatrix ? covariance.whole() : covariance.slice();
  const outputs = values.length / inputs;
  const step = (output: number) => scale[scale.length === 1 ? 0 : output]!;
  const codes = new Uint8Array(data.length);
  for (let at = 0; at < codes.length; at++) codes[at] = data[at]! + OFFSET;
  const blocks: BlockQuantized = {
    codes,
    scales: Float32Array.from({ length: outputs }, (_, output) => step(output)),
    zeroPoints: new Uint8Array(outputs).fill(OFFSET),
    blocks: 1,
  };
  const damping = dampingOf(hessian, inputs);
  for (let k = 0; k < inputs; k++) hessian[k * inputs + k]! += damping;
  await fitCodes(values, blocks, {
    hessian,
    // Rounding in order first fits these samples better, and others no better.
    factored: null,
    range: { lowest: LOWEST + OFFSET, highest: HIGHEST + OFFSET },
    staysNear: true,
    refits: { scales: false, zeroPoints: false },
    matrices,
  });
  for (let at = 0; at < data.length; at++) data[at] = codes[at]! - OFFSET;
  if (!pairs || !(data instanceof Int8Array)) return;
  for (let output = 0; output < outputs; output++)
    nudgePairs(data, values, { order: pairs, index: output, scale: step(output) });
}

const MOST_SWEEPS = 3;
const LOWEST = -127;
const HIGHEST = 127;

/** Changes the integers of convolution weights [outputs, …inputs] in place: each stays within one quantum of its weight. */
export function roundAdaptively(
  values: Float32Array,
  { data, scale }: QuantizedWeight,
  { moments, pairs }: RoundingOptions,
): void {
  const { inputs, covariances } = moments;
  const outputs = values.length / inputs;
  const perGroup = outputs / covariances.length;
  const error = new Float64Array(inputs);
  const gradient = new Float64Array(inputs);
  const matrices = covariances.length === 1 ? covariances.map(wholeOf) : covariances;
  for (let output = 0; output < outputs; output++) {
    const covariance = wholeOf(matrices[Math.floor(output / perGroup)]!);
    const damping = dampingOf(covariance, inputs);
    const step = scale[scale.length === 1 ? 0 : output]!;
    const start = output * inputs;
    for (let k = 0; k < inputs; k++) error[k] = data[start + k]! * step - values[start + k]!;
    multiply(covariance, error, gradient);
    for (let k = 0; k < inputs; k++) gradient[k]! += damping * error[k]!;
    for (let sweep = 0, changed = true; changed && sweep < MOST_SWEEPS; sweep++) {
      changed = false;
      for (let k = 0; k < inputs; k++) {
        const direction = error[k]! > 0 ? -1 : 1;
        const next = data[start + k]! + direction;
        const delta = direction * step;
        const gain = 2 * delta * gradient[k]! + delta * delta * (covariance[k * inputs + k]! + damping);
        if (gain >= 0 || next < LOWEST || next > HIGHEST) continue;
        data[start + k] = next;
        error[k]! += delta;
        for (let i = 0; i < inputs; i++) gradient[i]! += delta * covariance[k * inputs + i]!;
        gradient[k]! += damping * delta;
        changed = true;
      }
    }
    if (pairs && data instanceof Int8Array)
      nudgePairs(data, values, { order: pairs, index: output, scale: step });
  }
}

/** result = matrix · vector, the matrix symmetric. */
function multiply(matrix: Float32Array, vector: Float64Array, result: Float64Array): void {
  const size = vector.length;
  for (let row = 0; row < size; row++) {
    let sum = 0;
    for (let k = 0, i = row * size; k < size; k++, i++) sum += matrix[i]! * vector[k]!;
    result[row] = sum;
  }
}
