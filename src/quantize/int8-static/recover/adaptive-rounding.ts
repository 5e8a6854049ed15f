/** Adaptive rounding: each weight goes up or down so that the operator's output, not the weight, is nearest.
 *
 *  The output error of a channel with weight errors e is eᵀ C e, C the covariance of its inputs (the mean goes into the bias: bias
 *  correction). Rounding to nearest minimizes only the diagonal. From there, weight after weight is rounded the other way if that
 *  lowers the error, until a sweep changes nothing: coordinate descent on the problem of Nagel et al., "Up or Down? Adaptive
 *  Rounding for Post-Training Quantization" (2020), whose error never rises. */
import { nudgePairs, type ReductionOrder } from '../../integers/saturation.js';
import type { QuantizedWeight } from '../../integers/weights.js';
import type { InputMoments } from './input-moments.js';

export interface RoundingOptions {
  moments: InputMoments;
  /** How the kernel walks the reduction, where its pairs must stay within bounds. */
  pairs: ReductionOrder | null;
}

const MOST_SWEEPS = 3;
/** Share of the mean variance added to each: covariances from few samples see less variety than there is. */
const DAMPING = 0.01;
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
  for (let output = 0; output < outputs; output++) {
    const covariance = covariances[Math.floor(output / perGroup)]!;
    const damping = DAMPING * meanDiagonal(covariance, inputs);
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

function meanDiagonal(matrix: Float32Array, size: number): number {
  let sum = 0;
  for (let k = 0; k < size; k++) sum += matrix[k * size + k]!;
  return sum / size;
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
