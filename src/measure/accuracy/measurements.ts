/** From what the models did to Measurements: values, intervals, drops and ratios against the original and the base. */
import { metricDefinition } from '../../config/metrics.js';
import type { Estimate, Interval, Measurement, Paired } from '../measurement.js';
import { type BootstrapComparison, bootstrapComparison, bootstrapInterval } from './bootstrap.js';
import type { Metric, StatisticMetric } from './metric.js';
import type { Observation } from './observation.js';
import { countFlips, pairedDrop, shareRatio, wilson } from './paired.js';

export interface MeasurementContext {
  model: string;
  provider: string | null;
  /** One-sided per bound. */
  confidence: number;
  /** Samples of the pass. */
  samples: number;
}

export interface Observations {
  original: Observation;
  variants: readonly Observation[];
  /** The base branch's builds, by variant name. */
  bases: ReadonlyMap<string, Observation>;
}

/** A measurement of one metric and variant with nothing in it yet. */
export function emptyMeasurement(
  metric: string,
  variant: string,
  context: Pick<MeasurementContext, 'model' | 'provider'>,
): Measurement {
  return {
    model: context.model,
    variant,
    provider: context.provider,
    batch: null,
    threads: null,
    concurrency: null,
    metric,
    unit: metricDefinition(metric)!.unit,
    status: 'ok',
    reason: null,
    value: null,
    interval: null,
    n: null,
    ratio: null,
    drop: null,
    base: null,
  };
}

/** One measurement per metric, of the original and of each variant. */
export function accuracyMeasurements(
  metrics: readonly Metric[],
  { original, variants, bases }: Observations,
  context: MeasurementContext,
): Measurement[] {
  return metrics.flatMap((metric) => {
    const scored = (observation: Observation): Scored => score(metric, observation, context);
    const reference = scored(original);
    const measure = (observation: Observation) => {
      const base = bases.get(observation.runner.variant);
      return measurementOf(metric, scored(observation), {
        reference: observation === original ? null : reference,
        base: base ? scored(base) : null,
        context,
      });
    };
    return [original, ...variants].map(measure);
  });
}

/** One model's scores in one metric. */
interface Scored {
  variant: string;
  invalid: string | null;
  /** What was kept, settled: 0/1 per sample for shares. */
  kept: readonly ArrayLike<number>[];
  right: Uint8Array | null;
}

function score(metric: Metric, observation: Observation, context: MeasurementContext): Scored {
  const invalid = observation.invalid(context.samples);
  const kept = observation.kept.get(metric.name)!;
  const right =
    metric.kind === 'share' && invalid === null
      ? (metric.right?.(kept) ?? Uint8Array.from(kept, (numbers) => numbers[0]!))
      : null;
  return { variant: observation.runner.variant, invalid, kept, right };
}

interface Beside {
  /** The original; null when it is itself measured. */
  reference: Scored | null;
  base: Scored | null;
  context: MeasurementContext;
}

function measurementOf(metric: Metric, scored: Scored, beside: Beside): Measurement {
  const { reference, context } = beside;
  const empty = emptyMeasurement(metric.name, scored.variant, context);
  const { invalid } = scored;
  if (invalid !== null) return { ...empty, status: 'invalid', reason: invalid };
  if (reference && reference.invalid !== null) {
    return {
      ...empty,
      status: 'invalid',
      reason: `the original model can't be scored: ${reference.invalid}`,
    };
  }
  const figures =
    metric.kind === 'share' ? shareFigures(scored, beside) : statisticFigures(metric, scored, beside);
  if (!Number.isFinite(figures.value)) {
    const reason = metric.kind === 'statistic' ? metric.undefinedReason : 'there are no samples';
    return { ...empty, status: 'skipped', reason: `undefined here: ${reason}` };
  }
  return { ...empty, ...figures, n: scored.kept.length };
}

type Figures = Pick<Measurement, 'value' | 'interval' | 'ratio' | 'drop' | 'base'> & { value: number };

function shareFigures(scored: Scored, { reference, base, context }: Beside): Figures {
  const { confidence } = context;
  const share = shareOf(scored);
  const n = scored.kept.length;
  const against = (other: Scored): { drop: Paired; ratio: Estimate | null } => {
    const drop = pairedDrop(countFlips(other.right!, scored.right!), confidence);
    return { drop, ratio: shareRatio(shareOf(other), drop) };
  };
  return {
    value: share,
    interval: n > 0 ? wilson(Math.round(share * n), n, confidence) : null,
    ...(reference ? against(reference) : { drop: null, ratio: null }),
    base:
      base && base.invalid === null ? { value: shareOf(base), ratio: against(base).ratio, note: null } : null,
  };
}

function shareOf({ right }: Scored): number {
  return right!.reduce((sum, one) => sum + one, 0) / right!.length;
}

function statisticFigures(
  metric: StatisticMetric,
  scored: Scored,
  { reference, base, context }: Beside,
): Figures {
  const n = scored.kept.length;
  const statistic = metric.statistic(scored.kept);
  const value = statistic(null);
  const options = {
    confidence: context.confidence,
    higherIsBetter: metricDefinition(metric.name)!.higherIsBetter,
  };
  const against = (other: Scored): BootstrapComparison =>
    bootstrapComparison(metric.statistic(other.kept), statistic, n, options);
  const compared = reference && Number.isFinite(value) ? against(reference) : null;
  return {
    value,
    interval: compared ? compared.interval : ownInterval(statistic, n, context),
    drop: compared?.drop ?? null,
    ratio: compared?.ratio ?? null,
    base:
      base && base.invalid === null
        ? { value: metric.statistic(base.kept)(null), ratio: against(base).ratio, note: null }
        : null,
  };
}

function ownInterval(
  statistic: ReturnType<StatisticMetric['statistic']>,
  n: number,
  { confidence }: MeasurementContext,
): Interval | null {
  return bootstrapInterval(statistic, n, confidence);
}

/** Metrics that this run can't produce, said once per model. */
export function skippedMeasurements(
  metrics: readonly Metric[],
  variants: readonly string[],
  context: MeasurementContext & { reason: string },
): Measurement[] {
  return metrics.flatMap(({ name }) =>
    variants.map(
      (variant): Measurement => ({
        ...emptyMeasurement(name, variant, context),
        status: 'skipped',
        reason: context.reason,
      }),
    ),
  );
}
