/** Closeness of each variant's outputs to the original's, as Measurements. */

import { bootstrapInterval } from '../../statistics/bootstrap.js';
import { wilson } from '../../statistics/paired.js';
import type { Interval, Measurement } from '../../terms/measurement.js';
import type { Fidelity, OutputFidelity } from '../fidelity/output-fidelity.js';
import { emptyMeasurement, type MeasurementContext } from './measurements.js';
import type { Observation } from './observation.js';
import { ofSums } from './tasks/metric.js';

export interface FidelityContext extends MeasurementContext {
  /** Names of the outputs that count; of several, each figure is the worst one's. */
  judged: readonly string[];
  /** The output whose top-1 agreement counts. */
  scored: string;
}

/** Five measurements per variant; the first carries every output's figures in its details. */
export function fidelityMeasurements(
  variants: readonly Observation[],
  context: FidelityContext,
): Measurement[] {
  return variants.flatMap((variant) => {
    const measurement = (metric: string): Measurement =>
      emptyMeasurement(metric, variant.runner.variant, context);
    const invalid = variant.invalid(context.samples);
    if (invalid !== null) {
      return FIDELITY_METRICS.map(
        (metric): Measurement => ({
          ...measurement(metric),
          status: 'invalid',
          reason: invalid,
        }),
      );
    }
    const outputs = Object.fromEntries(
      [...variant.fidelity].map(([name, output]) => [name, output.result()]),
    );
    const judged = variant.varied ? [] : context.judged.flatMap((name) => outputs[name] ?? []);
    const figure = (metric: string, value: number | null, interval: Interval | null = null): Measurement =>
      value === null
        ? { ...measurement(metric), status: 'skipped', reason: variant.varied ? VARIED : SKIPPED[metric]! }
        : {
            ...measurement(metric),
            value,
            interval,
            n: context.samples,
            ...(metric === 'fidelity.sqnr' ? { details: { outputs } } : {}),
          };
    const agreement = variant.fidelity.get(context.scored);
    return [
      figure('fidelity.sqnr', worst(judged, 'sqnr', Math.min)),
      figure('fidelity.cosine', worst(judged, 'cosine', Math.min)),
      figure('fidelity.max-abs', worst(judged, 'maxAbs', Math.max)),
      figure(
        'fidelity.agreement',
        variant.varied ? null : (outputs[context.scored]?.agreement ?? null),
        agreement && agreementInterval(agreement, context),
      ),
      figure('fidelity.kl', variant.varied ? null : (outputs[context.scored]?.kl ?? null)),
    ];
  });
}

const FIDELITY_METRICS = [
  'fidelity.sqnr',
  'fidelity.cosine',
  'fidelity.max-abs',
  'fidelity.agreement',
  'fidelity.kl',
];

const SKIPPED: Record<string, string> = {
  'fidelity.sqnr': 'no output is floating-point and other than zero',
  'fidelity.cosine': 'no output is floating-point',
  'fidelity.max-abs': 'no output is floating-point',
  'fidelity.agreement': 'the scored output does not hold competing scores',
  'fidelity.kl': 'the scored output does not hold competing scores',
};

const VARIED = 'the outputs hold as many boxes as the model finds: their values have no counterparts';

function worst(
  outputs: readonly Fidelity[],
  field: 'sqnr' | 'cosine' | 'maxAbs',
  choose: (...values: number[]) => number,
): number | null {
  const values = outputs.flatMap((output) => output[field] ?? []);
  return values.length > 0 ? choose(...values) : null;
}

/** Wilson's where each sample is one position; positions of one sample belong together, so otherwise samples are resampled. */
function agreementInterval({ agreements }: OutputFidelity, { confidence }: FidelityContext): Interval | null {
  if (agreements.length === 0) return null;
  if (agreements.every(([, positions]) => positions === 1)) {
    return wilson(
      agreements.reduce((sum, [equal]) => sum + equal, 0),
      agreements.length,
      confidence,
    );
  }
  const share = ofSums(agreements, ([equal, all]) => equal! / all!);
  return bootstrapInterval(share, agreements.length, confidence);
}
