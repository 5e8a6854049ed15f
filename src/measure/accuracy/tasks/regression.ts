/** Mean absolute error, root mean squared error, R²: distance from a target of one or more numbers. */

import type { Sample } from '../../../data/samples/dataset.js';
import { UserError } from '../../../errors.js';
import { numbersOf } from '../../../tensor/elements.js';
import type { Tensor } from '../../../tensor/tensor.js';
import { ofSums, type StatisticMetric } from './metric.js';

/** Up to here R² is averaged over the targets' columns (as scikit-learn's `uniform_average`); denser outputs are pooled. */
const MAX_COLUMNS = 64;

export function regressionMetrics(): StatisticMetric[] {
  return [
    {
      name: 'accuracy.mae',
      kind: 'statistic',
      undefinedReason: 'there are no targets',
      keep: (sample, output) => sumsOf(sample, output, Math.abs),
      statistic: (kept) => ofSums(kept, ([sum = 0, count = 0]) => sum / count),
    },
    {
      name: 'accuracy.rmse',
      kind: 'statistic',
      undefinedReason: 'there are no targets',
      keep: (sample, output) => sumsOf(sample, output, (error) => error * error),
      statistic: (kept) => ofSums(kept, ([sum = 0, count = 0]) => Math.sqrt(sum / count)),
    },
    {
      name: 'accuracy.r2',
      kind: 'statistic',
      undefinedReason: 'all targets are equal',
      keep: keepForR2,
      statistic: (kept) => ofSums(kept, r2),
    },
  ];
}

function sumsOf(sample: Sample, output: Tensor, loss: (error: number) => number): [number, number] {
  const { predicted, target } = pair(sample, output);
  let sum = 0;
  for (let at = 0; at < target.length; at++) sum += loss(predicted[at]! - target[at]!);
  return [sum, target.length];
}

/** Per column: squared error, target, squared target, count. */
function keepForR2(sample: Sample, output: Tensor): Float64Array {
  const { predicted, target } = pair(sample, output);
  const columns = target.length <= MAX_COLUMNS ? target.length : 1;
  const kept = new Float64Array(columns * 4);
  for (let at = 0; at < target.length; at++) {
    const column = (at % columns) * 4;
    kept[column]! += (predicted[at]! - target[at]!) ** 2;
    kept[column + 1]! += target[at]!;
    kept[column + 2]! += target[at]! ** 2;
    kept[column + 3]!++;
  }
  return kept;
}

/** Mean over columns of R²; not defined when one is not. */
function r2(sums: Float64Array): number {
  const columns = r2OfColumns(sums);
  return columns.reduce((total, value) => total + value, 0) / columns.length;
}

/** Per column 1 − squared error ÷ squared deviation from the mean target; NaN where all targets are equal. `sums` as `accuracy.r2` keeps them. */
export function r2OfColumns(sums: Float64Array): number[] {
  const columns: number[] = [];
  for (let at = 0; at < sums.length; at += 4) {
    const [error = 0, target = 0, squared = 0, count = 0] = sums.subarray(at, at + 4);
    const deviation = squared - (target * target) / count;
    // Cancellation leaves a rest where all targets are equal.
    columns.push(deviation <= 1e-12 * squared ? Number.NaN : 1 - error / deviation);
  }
  return columns;
}

/** Prediction and target as numbers of equal count. Throws UserError. */
function pair(
  { id, label }: Sample,
  output: Tensor,
): { predicted: ArrayLike<number>; target: ArrayLike<number> } {
  if (label === null) throw new UserError('data.no-labels', `Sample ${id} has no target.`);
  const target = typeof label === 'number' ? [label] : numbersOf(label);
  const predicted = numbersOf(output);
  if (predicted.length === target.length) return { predicted, target };
  const shape = typeof label === 'number' ? '[]' : `[${label.dims.join(', ')}]`;
  throw new UserError(
    'data.label-shape',
    `Sample ${id} has a target of shape ${shape}, but the scored output has shape [${output.dims.join(', ')}]. ` +
      'Choose the targets with `labels`, or another `output`.',
  );
}
