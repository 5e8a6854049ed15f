/** Ranges of tensors by the calibrator that the options name. */
import type { QuantizeConfig } from '../../config/config.js';
import { entropyRange } from './entropy.js';
import {
  collectFolds,
  collectHistograms,
  type FoldOptions,
  type HistogramRequest,
  type ObservedTensor,
} from './histograms.js';
import { calibrateMinMax, type TensorRange } from './minmax.js';
import { choiceOfOptions, chosenRange, EXTREMES, type RangeChoice } from './range-choice.js';

/** @throws UserError when the data holds no samples. */
export async function calibrateRanges(
  request: HistogramRequest,
  options: Pick<QuantizeConfig, 'calibrator' | 'percentile' | 'symmetric'>,
): Promise<Map<string, TensorRange>> {
  const choice = choiceOfOptions(options);
  if (choice === EXTREMES) return await calibrateMinMax(request);
  if (choice !== null) {
    const symmetric = options.symmetric ?? false;
    return await byHistogram(request, (tensor) => chosenRange(tensor, choice, { symmetric }));
  }
  if (options.calibrator === 'moving-average') return await calibrateMinMax(request, 'moving-average');
  return await byHistogram(request, entropyRange);
}

/** Ranges by tensor name, by how they are chosen. */
export type RangesByChoice = ReadonlyMap<RangeChoice, ReadonlyMap<string, TensorRange>>;

/** Ranges chosen in several ways, as calibrateRanges has them, of all samples, of each fold alone and of each part, from one pass over them. */
export async function calibrateChoices(
  request: HistogramRequest,
  choices: readonly RangeChoice[],
  options: FoldOptions & { symmetric?: boolean },
): Promise<{ all: RangesByChoice; folds: RangesByChoice[]; parts: RangesByChoice[] }> {
  const { all, folds, parts } = await collectFolds(request, options);
  const byChoice = (tensors: ReadonlyMap<string, ObservedTensor>): RangesByChoice =>
    new Map(
      choices.map((choice) => [choice, rangesOf(tensors, (tensor) => chosenRange(tensor, choice, options))]),
    );
  return { all: byChoice(all), folds: folds.map(byChoice), parts: parts.map(byChoice) };
}

async function byHistogram(
  request: HistogramRequest,
  rangeOf: (tensor: ObservedTensor) => TensorRange,
): Promise<Map<string, TensorRange>> {
  return rangesOf(await collectHistograms(request), rangeOf);
}

function rangesOf(
  tensors: ReadonlyMap<string, ObservedTensor>,
  rangeOf: (tensor: ObservedTensor) => TensorRange,
): Map<string, TensorRange> {
  const ranges = new Map<string, TensorRange>();
  for (const [name, tensor] of tensors) {
    const { min, max } = tensor.range;
    // What is not finite is passed on as it is: the plan leaves such tensors in float.
    ranges.set(name, Number.isFinite(min) && Number.isFinite(max) ? rangeOf(tensor) : tensor.range);
  }
  return ranges;
}
