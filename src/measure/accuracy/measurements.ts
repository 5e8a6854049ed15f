/** From what the models did to Measurements: values, intervals, drops and ratios against the original and the base. */

import {
  type BootstrapComparison,
  bootstrapComparison,
  bootstrapInterval,
} from '../../statistics/bootstrap.js';
import { countFlips, pairedDrop, shareRatio, wilson } from '../../statistics/paired.js';
import { blankMeasurement, type Estimate, type Measurement, type Paired } from '../../terms/measurement.js';
import { metricDefinition, type Unit } from '../../terms/metrics.js';
import type { WorstSample } from '../../terms/worst-sample.js';
import type { Answer } from './answers/answer-text.js';
import { flippedSamples, flipsOf } from './flips.js';
import type { Observation } from './observation.js';
import type { Metric, StatisticMetric } from './tasks/metric.js';
import { type Answers, worstSamples } from './worst-samples.js';

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
  context: Pick<MeasurementContext, 'model' | 'provider'> & { unit?: Unit | undefined },
): Measurement {
  const at = {
    model: context.model,
    variant,
    provider: context.provider,
    batch: null,
    threads: null,
    concurrency: null,
  };
  return blankMeasurement(at, metric, context.unit);
}

/** One measurement per metric, of the original and of each variant. */
export function accuracyMeasurements(
  metrics: readonly Metric[],
  { original, variants, bases }: Observations,
  context: MeasurementContext & { /** Samples to tell of each variant. */ worst?: number },
): Measurement[] {
  return metrics.flatMap((metric, place) => {
    const candidate = (observation: Observation): Candidate => ({
      variant: observation.runner.variant,
      invalid: observation.invalid(context.samples),
      kept: observation.kept.get(metric.name)!,
      answers: observation.answers,
    });
    // One list per variant: by the task's first metric.
    const asked = place === 0 && context.worst ? { labels: original.labels, most: context.worst } : null;
    return metricMeasurements(
      metric,
      {
        original: candidate(original),
        variants: variants.map(candidate),
        bases: new Map([...bases].map(([variant, base]) => [variant, candidate(base)])),
      },
      { ...context, ids: original.ids, asked },
    );
  });
}

/** What one model left behind for one metric. */
export interface Candidate {
  variant: string;
  /** Why it has no valid figure; null when it has. */
  invalid: string | null;
  /** What was kept of each sample. */
  kept: readonly ArrayLike<number>[];
  /** In words, where they are asked for. */
  answers?: readonly Answer[];
}

export interface Candidates {
  original: Candidate;
  variants: readonly Candidate[];
  /** By variant name. */
  bases: ReadonlyMap<string, Candidate>;
}

/** Where it is measured, how sure, and which samples these are (where they have ids). */
type MetricContext = Pick<MeasurementContext, 'model' | 'provider' | 'confidence'> & {
  ids?: readonly string[];
  /** Absent or null: no samples are told. */
  asked?: { labels: readonly string[]; most: number } | null;
};

/** The metric of the original and of each variant, beside the original and the base. */
export function metricMeasurements(
  metric: Metric,
  { original, variants, bases }: Candidates,
  context: MetricContext,
): Measurement[] {
  const reference = settle(metric, original);
  const measure = (scored: Scored, beside: Scored | null) => {
    const base = bases.get(scored.variant);
    return measurementOf(metric, scored, {
      reference: beside,
      base: base ? settle(metric, base) : null,
      context,
    });
  };
  return [
    measure(reference, null),
    ...variants.map((variant) => measure(settle(metric, variant), reference)),
  ];
}

/** A candidate with its samples settled as right (1) or wrong (0), for shares. */
interface Scored extends Candidate {
  right: Uint8Array | null;
}

function settle(metric: Metric, candidate: Candidate): Scored {
  const { kept, invalid } = candidate;
  if (metric.kind !== 'share' || invalid !== null) return { ...candidate, right: null };
  return { ...candidate, right: metric.right?.(kept) ?? Uint8Array.from(kept, (numbers) => numbers[0]!) };
}

interface Beside {
  /** The original; null when it is itself measured. */
  reference: Scored | null;
  base: Scored | null;
  context: MetricContext;
}

function measurementOf(metric: Metric, scored: Scored, beside: Beside): Measurement {
  const { reference, context } = beside;
  const empty = emptyMeasurement(metric.name, scored.variant, { ...context, unit: metric.own?.unit });
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
  if (Math.abs(figures.value) === Number.POSITIVE_INFINITY) {
    return { ...empty, status: 'invalid', reason: 'its value is infinite' };
  }
  if (Number.isNaN(figures.value)) {
    const reason = metric.kind === 'statistic' ? metric.undefinedReason : 'there are no samples';
    // What the original's answers have and the variant's have not is lost by the variant, and nothing that can't be measured here.
    const isLost = reference !== null && isDefined(metric, reference, context);
    return isLost
      ? { ...empty, status: 'invalid', reason: `undefined, unlike the original's: ${reason}` }
      : { ...empty, status: 'skipped', reason: `undefined here: ${reason}` };
  }
  const details = {
    ...(metric.kind === 'statistic' ? metric.details?.(scored.kept) : {}),
    ...(reference ? flippedSamples(metric, reference, scored, context.ids) : {}),
  };
  const more = Object.keys(details).length > 0 ? { details } : {};
  const worst = reference ? worstOf(metric, [reference, scored], context) : [];
  return { ...empty, ...figures, n: scored.kept.length, ...more, ...(worst.length > 0 ? { worst } : {}) };
}

function isDefined(metric: Metric, scored: Scored, context: MetricContext): boolean {
  if (metric.kind === 'share') return scored.kept.length > 0;
  return !Number.isNaN(statisticFigures(metric, scored, { reference: null, base: null, context }).value);
}

/** Samples where the second of the pair lost most, where they are asked for. */
function worstOf(
  metric: Metric,
  pair: readonly [Scored, Scored],
  { ids, asked }: MetricContext,
): WorstSample[] {
  if (!asked || ids === undefined) return [];
  const told = ({ answers = [], ...one }: Scored): Answers => ({ ...one, answers });
  const [original, variant] = [told(pair[0]), told(pair[1])];
  if ([original, variant].some(({ answers }) => answers.length < ids.length)) return [];
  return worstSamples(metric, [original, variant], { ids, ...asked });
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
    higherIsBetter: (metric.own ?? metricDefinition(metric.name)!).higherIsBetter,
    operations: metric.operations?.(scored.kept) ?? n,
  };
  const against = (other: Scored): BootstrapComparison =>
    bootstrapComparison(metric.statistic(other.kept), statistic, n, options);
  const compared = reference && Number.isFinite(value) ? against(reference) : null;
  return {
    value,
    interval: compared
      ? compared.interval
      : bootstrapInterval(statistic, n, context.confidence, options.operations),
    drop: compared && { ...compared.drop, ...flipsOf(metric, reference!, scored) },
    ratio: compared?.ratio ?? null,
    base:
      base && base.invalid === null
        ? { value: metric.statistic(base.kept)(null), ratio: against(base).ratio, note: null }
        : null,
  };
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
