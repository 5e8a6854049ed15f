/** Bias correction: rounding the weights moves the mean of every output channel, and the bias can move it back
 *  (Nagel et al., "Data-Free Quantization Through Weight Equalization and Bias Correction", 2019, §4.2).
 *
 *  E[(Ŵ − W) x] = Σ_k (Ŵ_k − W_k) E[x_k], with the inputs' means from calibration. On the calibration data this can only lower the
 *  error: its mean vanishes, its variance stays. */
import { firstColumn, type WeightLayout } from '../../../onnx/query/weighted.js';
import type { QuantizedWeight } from '../../integers/weights.js';

export interface ShiftOptions {
  layout: WeightLayout;
  /** Mean of every input channel. */
  means: Float32Array;
}

/** Mean shift of every output channel that quantized weights cause. */
export function outputShift(
  values: Float32Array,
  { data, scale, zeroPoint }: QuantizedWeight,
  { layout, means }: ShiftOptions,
): Float32Array {
  const { rows, columns, kernel, rowsAreOutputs } = layout;
  const shift = new Float64Array(rowsAreOutputs ? rows : columns);
  for (let row = 0; row < rows; row++) {
    const start = row * columns * kernel;
    if (rowsAreOutputs) {
      const channel = scale.length === 1 ? 0 : row;
      const from = firstColumn(layout, row);
      const rounding = { values, data, step: scale[channel]!, zero: zeroPoint[channel]! };
      shift[row] = rowShift(rounding, { start, kernel, means, from, to: from + columns });
      continue;
    }
    addRow(shift, { values, data, scale, zeroPoint }, { start, mean: means[row] ?? 0 });
  }
  return Float32Array.from(shift);
}

/** Adds what the weights at `start`, one for each output, shift by their input's mean. As `rowShift`, compiled early. */
function addRow(
  shift: Float64Array,
  rounding: Pick<QuantizedWeight, 'data' | 'scale' | 'zeroPoint'> & { values: Float32Array },
  { start, mean }: { start: number; mean: number },
): void {
  const { values, data, scale, zeroPoint } = rounding;
  const step = scale.length === 1 ? 0 : 1;
  for (let column = 0, channel = 0; column < shift.length; column++, channel += step) {
    const difference =
      (data[start + column]! - zeroPoint[channel]!) * scale[channel]! - values[start + column]!;
    shift[column]! += difference * mean;
  }
}

/** Shift of one output from the weights at `start`, `kernel` of them for each input channel. A function of its own: called for every
 *  row, it is compiled early. */
function rowShift(
  rounding: { values: Float32Array; data: Int8Array | Uint8Array; step: number; zero: number },
  row: { start: number; kernel: number; means: Float32Array; from: number; to: number },
): number {
  const { values, data, step, zero } = rounding;
  const { kernel, means, to } = row;
  let shift = 0;
  for (let input = row.from, i = row.start; input < to; input++) {
    let difference = 0;
    for (const end = i + kernel; i < end; i++) difference += (data[i]! - zero) * step - values[i]!;
    shift += difference * (means[input] ?? 0);
  }
  return shift;
}
