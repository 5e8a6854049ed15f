/** Ranges of tensors by the calibrator that the options name. */
import type { QuantizeConfig } from '../../config/config.js';
import { type CalibrationRequest, calibrateMinMax, type TensorRange } from './minmax.js';

export async function calibrateRanges(
  request: CalibrationRequest,
  options: Pick<QuantizeConfig, 'calibrator' | 'percentile'>,
): Promise<Map<string, TensorRange>> {
  switch (options.calibrator) {
    case 'moving-average':
      return await calibrateMinMax(request, 'moving-average');
    default:
      return await calibrateMinMax(request);
  }
}
