/** What can't be made without calibration data, in the words that every room tells it with. */
import type { QuantizeConfig } from '../../config/config.js';
import { UserError } from '../../errors.js';

/** What asks for samples, each as the beginning of a sentence. */
export const CALIBRATION_NEEDS = {
  'int8-static': 'int8-static needs calibration data',
  auto: 'method auto needs calibration data to see what each choice loses',
  'smooth-quant': 'smooth-quant needs calibration data',
  'min-sqnr':
    'min-sqnr is judged on samples, and only for models that read tokens alone they can be made up: it needs calibration data',
  gptq: 'rounding gptq fits the weights to calibration data',
  adaptive: 'rounding adaptive fits the weights to calibration data',
} as const satisfies Record<string, string>;

export type CalibrationNeed = keyof typeof CALIBRATION_NEEDS;

/** The first option of a variant that can't do without samples. @param options.readsTokensAlone then samples can be made up for some of them. */
export function calibrationNeed(
  { method, rounding, smoothQuant, minSqnr, plan }: QuantizeConfig,
  { readsTokensAlone }: { readsTokensAlone: boolean },
): CalibrationNeed | null {
  if (method === 'int8-static') return 'int8-static';
  if (method === 'auto') return readsTokensAlone || plan !== null ? null : 'auto';
  if (rounding !== null && rounding !== 'nearest') return rounding;
  if (smoothQuant === true) return 'smooth-quant';
  return minSqnr !== null && !readsTokensAlone ? 'min-sqnr' : null;
}

export function lacksCalibration(need: CalibrationNeed): UserError {
  return new UserError(
    'quantize.needs-calibration',
    `${CALIBRATION_NEEDS[need]}: name it under data.calibration, or with --calibration.`,
  );
}
