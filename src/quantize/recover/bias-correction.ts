/** Bias correction: rounding the weights moves the mean of every output channel, and the bias can move it back
 *  (Nagel et al., "Data-Free Quantization Through Weight Equalization and Bias Correction", 2019, §4.2).
 *
 *  E[(Ŵ − W) x] = Σ_k (Ŵ_k − W_k) E[x_k], with the inputs' means from calibration. On the calibration data this can only lower the
 *  error: its mean vanishes, its variance stays. */
import type { NodeProto } from 'onnx-buf';
import { intAttribute } from '../../onnx/attributes.js';
import type { QuantizedWeight } from '../integers/weights.js';

/** How weights meet input channels: [rows, columns, kernel] as they lie in memory. */
export interface WeightLayout {
  rows: number;
  columns: number;
  kernel: number;
  /** Rows are output channels; otherwise columns are. */
  rowsAreOutputs: boolean;
  group: number;
}

/** The layout of a node's weights; null for operators whose bias can't be corrected. */
export function correctionLayout(node: NodeProto, dims: readonly number[]): WeightLayout | null {
  const [rows = 1, columns = 1, ...kernel] = dims;
  const area = kernel.reduce((product, size) => product * size, 1);
  if (node.opType === 'Conv') {
    return { rows, columns, kernel: area, rowsAreOutputs: true, group: intAttribute(node, 'group', 1) };
  }
  if (node.opType !== 'Gemm') return null;
  return { rows, columns, kernel: 1, rowsAreOutputs: intAttribute(node, 'transB', 0) !== 0, group: 1 };
}

/** Mean shift of every output channel that quantized weights cause.
 *  @param means mean of every input channel; channels beyond them are zero (channel-padding.ts). */
export function outputShift(
  values: Float32Array,
  { data, scale, zeroPoint }: QuantizedWeight,
  { layout, means }: { layout: WeightLayout; means: Float32Array },
): Float32Array {
  const { rows, columns, kernel, rowsAreOutputs, group } = layout;
  const shift = new Float64Array(rowsAreOutputs ? rows : columns);
  for (let row = 0; row < rows; row++) {
    const firstColumn = Math.floor(row / (rows / group)) * columns;
    for (let column = 0; column < columns; column++) {
      const [output, input] = rowsAreOutputs ? [row, firstColumn + column] : [column, row];
      const channel = scale.length === 1 ? 0 : output;
      const start = (row * columns + column) * kernel;
      let difference = 0;
      for (let i = start; i < start + kernel; i++) {
        difference += (data[i]! - zeroPoint[channel]!) * scale[channel]! - values[i]!;
      }
      shift[output]! += difference * (means[input] ?? 0);
    }
  }
  return Float32Array.from(shift);
}
