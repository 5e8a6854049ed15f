/** Layouts of weights by their shapes, for tests of arithmetic that has no graph. */
import type { WeightLayout } from '../../src/onnx/query/weighted.js';

/** [outputs, inputs / group, …kernel] */
export function convLayout([rows = 1, columns = 1, ...kernel]: readonly number[], group = 1): WeightLayout {
  const area = kernel.reduce((product, size) => product * size, 1);
  return { rows, columns, kernel: area, rowsAreOutputs: true, group };
}

/** [inputs, outputs] */
export function matrixLayout([rows = 1, columns = 1]: readonly number[]): WeightLayout {
  return { rows, columns, kernel: 1, rowsAreOutputs: false, group: 1 };
}

/** [outputs, inputs] */
export function transposedLayout([rows = 1, columns = 1]: readonly number[]): WeightLayout {
  return { ...matrixLayout([rows, columns]), rowsAreOutputs: true };
}
