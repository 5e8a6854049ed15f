/**
 * Embeddings, by what their labels are: class indices → recall@1 (is the nearest other sample of the same class?);
 * similarity scores of pairs → Spearman's rank correlation between them and the cosines.
 */

import type { Sample } from '../../../data/samples/dataset.js';
import { UserError } from '../../../errors.js';
import type { Statistic } from '../../../statistics/bootstrap.js';
import { numbersOf } from '../../../tensor/elements.js';
import type { Tensor } from '../../../tensor/tensor.js';
import type { Metric } from './metric.js';
import { rankCorrelation } from './spearman.js';

/** All pairs of embeddings are compared: beyond this many samples that takes too long. */
const MAX_SAMPLES = 20_000;

/**
 * `pairs`: the labels are scores; a sample is a pair, fed as a batch of two, and the output holds its two embeddings (or
 * one number, the similarity itself). Otherwise the labels are class indices and the output holds one embedding.
 */
export function embeddingMetrics({ pairs }: { pairs: boolean }): Metric[] {
  if (pairs) {
    return [
      {
        name: 'accuracy.spearman',
        kind: 'statistic',
        undefinedReason: 'all scores or all similarities are equal',
        keep: (sample, output) => [similarity(sample, output), scoreOf(sample)],
        statistic: (kept): Statistic =>
          rankCorrelation(
            Float64Array.from(kept, (pair) => pair[0]!),
            Float64Array.from(kept, (pair) => pair[1]!),
          ),
      },
    ];
  }
  return [{ name: 'accuracy.recall1', kind: 'share', keep: keepEmbedding, right: nearestIsSameClass }];
}

/** The class first, then the embedding of length 1. */
function keepEmbedding({ id, label }: Sample, output: Tensor): Float32Array {
  if (typeof label !== 'number')
    throw new UserError('data.no-labels', `Sample ${id} has no class index as its label.`);
  if (output.dims[0] === 2) {
    throw new UserError(
      'data.label-shape',
      `Sample ${id} gives two embeddings and has an integer label, which is read as a class. ` +
        'Save the scores of pairs as floating-point numbers; for classes, feed one input per sample.',
    );
  }
  const values = numbersOf(output);
  let squares = 0;
  for (let at = 0; at < values.length; at++) squares += values[at]! ** 2;
  const length = Math.sqrt(squares) || 1;
  const kept = new Float32Array(values.length + 1);
  kept[0] = label;
  for (let at = 0; at < values.length; at++) kept[at + 1] = values[at]! / length;
  return kept;
}

/** Leave-one-out by cosine; of equally near samples the first counts. */
function nearestIsSameClass(kept: readonly ArrayLike<number>[]): Uint8Array {
  if (kept.length > MAX_SAMPLES) {
    throw new UserError(
      'accuracy.too-many-samples',
      `Recall@1 compares every sample with every other; ${kept.length} are too many. Set \`limit\` to ${MAX_SAMPLES} or less.`,
    );
  }
  const best = new Float64Array(kept.length).fill(Number.NEGATIVE_INFINITY);
  const nearest = new Int32Array(kept.length).fill(-1);
  const consider = (of: number, other: number, cosine: number) => {
    if (cosine > best[of]!) {
      best[of] = cosine;
      nearest[of] = other;
    }
  };
  for (let one = 1; one < kept.length; one++) {
    for (let other = 0; other < one; other++) {
      const cosine = dot(kept[one]!, kept[other]!);
      consider(one, other, cosine);
      consider(other, one, cosine);
    }
  }
  return Uint8Array.from(nearest, (other, one) => (other >= 0 && kept[other]![0] === kept[one]![0] ? 1 : 0));
}

/** Of two kept embeddings, whose first number is the class. */
function dot(one: ArrayLike<number>, other: ArrayLike<number>): number {
  let sum = 0;
  for (let at = 1; at < one.length; at++) sum += one[at]! * other[at]!;
  return sum;
}

export function similarity({ id }: Sample, output: Tensor): number {
  const values = numbersOf(output);
  if (values.length === 1) return values[0]!;
  if (output.dims[0] !== 2) {
    throw new UserError(
      'accuracy.output-shape',
      `Sample ${id}: labels that are scores belong to pairs, so the scored output must hold two embeddings, [2, …], but its shape is ` +
        `[${output.dims.join(', ')}]. Save each input as [samples, 2, …], or give class indices as labels.`,
    );
  }
  const size = values.length / 2;
  let product = 0;
  let first = 0;
  let second = 0;
  for (let at = 0; at < size; at++) {
    product += values[at]! * values[at + size]!;
    first += values[at]! ** 2;
    second += values[at + size]! ** 2;
  }
  return product / (Math.sqrt(first * second) || 1);
}

function scoreOf({ id, label }: Sample): number {
  if (typeof label === 'number') return label;
  const values = label === null ? [] : numbersOf(label);
  if (values.length === 1) return values[0]!;
  throw new UserError('data.label-shape', `Sample ${id} must have one score as its label.`);
}
