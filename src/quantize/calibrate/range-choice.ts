/** How the range of a tensor is chosen of what was seen of it. */
import type { QuantizeConfig } from '../../config/config.js';
import type { ObservedTensor } from './histograms.js';
import type { TensorRange } from './minmax.js';
import { mseRange } from './mse.js';
import { DEFAULT_PERCENTILE, percentileRange } from './percentile.js';

/** The percentile that it holds, in percent, or the least mean squared error. */
export type RangeChoice = number | 'mse';

/** The percentile of the extremes, minmax: a histogram of a large tensor has not counted every value, and may fall short of them. */
export const EXTREMES = 100;

/** @param options.symmetric activations have their zero in the middle. Default: they don't. */
export function chosenRange(
  tensor: ObservedTensor,
  choice: RangeChoice,
  { symmetric = false }: { symmetric?: boolean } = {},
): TensorRange {
  if (choice === EXTREMES) return tensor.range;
  return choice === 'mse' ? mseRange(tensor, { symmetric }) : percentileRange(tensor, choice);
}

/** The choice that options name; null: a calibrator that is none of these. */
export function choiceOfOptions({
  calibrator,
  percentile,
}: Pick<QuantizeConfig, 'calibrator' | 'percentile'>): RangeChoice | null {
  switch (calibrator) {
    case 'percentile':
      return percentile ?? DEFAULT_PERCENTILE;
    case 'mse':
      return 'mse';
    case 'entropy':
    case 'moving-average':
      return null;
    default:
      return EXTREMES;
  }
}

/** The same in words of the options. */
export function calibratorOf(
  choice: RangeChoice,
): { calibrator: 'minmax' | 'mse' } | { calibrator: 'percentile'; percentile: number } {
  if (choice === 'mse') return { calibrator: 'mse' };
  return choice === EXTREMES ? { calibrator: 'minmax' } : { calibrator: 'percentile', percentile: choice };
}

/** What a file's provenance says of it: the percentile, or the calibrator that has none. */
export function choiceInProvenance(choice: RangeChoice): { percentile: number } | { calibrator: 'mse' } {
  return choice === 'mse' ? { calibrator: choice } : { percentile: choice };
}

/** What a file's provenance tells of the choice; null: nothing was chosen. */
export function choiceOf(provenance: Record<string, unknown>): RangeChoice | null {
  const { percentile, calibrator } = provenance;
  if (calibrator === 'mse') return calibrator;
  return typeof percentile === 'number' ? percentile : null;
}
