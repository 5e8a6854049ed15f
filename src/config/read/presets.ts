/** Named sets of thresholds for `extends:`, overridden key by key in `thresholds:`. */
import { METRICS } from '../../terms/metrics.js';

/** Checks as they would be written in YAML, by metric. */
export type ThresholdPreset = Readonly<Record<string, Readonly<Record<string, number>>>>;

/**
 * MLPerf's quality target: a fraction of the original model's metric (MLPerf Inference rules, "Benchmarks": 99 % and
 * 99.9 % of the FP32 reference). For errors, where lower is better, the error may grow to 1 ÷ fraction.
 */
function mlperf(fraction: number): ThresholdPreset {
  const preset: Record<string, Record<string, number>> = {};
  for (const metric of METRICS) {
    if (metric.judging !== 'paired' || !metric.needsData) continue;
    preset[metric.name] = metric.higherIsBetter
      ? { 'min-ratio': fraction }
      : { 'max-ratio': Number((1 / fraction).toPrecision(6)) };
  }
  return preset;
}

export const THRESHOLD_PRESETS: Readonly<Record<string, ThresholdPreset>> = {
  'mlperf-99': mlperf(0.99),
  'mlperf-99.9': mlperf(0.999),
};
