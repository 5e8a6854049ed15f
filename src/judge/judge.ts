/** Checks × Measurements → Verdicts. Pure: the same input gives the same results, in the same order. */
import type { Check, Config, Level, ModelConfig, Waiver } from '../config/config.js';
import { type MetricDefinition, metricDefinition } from '../config/metrics.js';
import { type Measurement, ORIGINAL } from '../measure/measurement.js';
import { compare } from './bound.js';
import { type Demand, demandsOf, observe } from './observe.js';
import { inconclusiveReason, missingReason, settledReason } from './reason.js';
import type { CheckResult, OverallVerdict, Verdict } from './verdict.js';
import { activeWaiver } from './waivers.js';
import { describeWhere, matchesWhere } from './where.js';

export interface JudgeInput
  extends Pick<
    Config,
    'checks' | 'waivers' | 'confidence' | 'onInconclusive' | 'onMissingBase' | 'onSkipped'
  > {
  measurements: readonly Measurement[];
  /** ISO date (UTC), for waivers. */
  today: string;
  /** Custom evaluators say here which way their numbers are better; without, higher is. */
  models?: readonly Pick<ModelConfig, 'name' | 'evaluator'>[];
}

/**
 * One result per condition of every check and measurement it applies to; a check that nothing matches gives one skipped
 * result per condition. The overall verdict is the worst of them (overallVerdict).
 */
export function judge(input: JudgeInput): { results: CheckResult[]; verdict: OverallVerdict } {
  const invalid = invalidVariants(input.measurements);
  const results = input.checks
    .filter((check) => check.level !== 'off')
    .flatMap((check) => judgeCheck(check, input, invalid))
    .filter((result) => result.level !== 'off');
  return { results, verdict: overallVerdict(results) };
}

/** fail: a failed result of level error; warn: one of level warn. Waived and passed results and level info don't count. */
export function overallVerdict(results: readonly Pick<CheckResult, 'verdict' | 'level'>[]): OverallVerdict {
  const bad = results.filter(({ verdict }) => verdict !== 'pass' && verdict !== 'waived');
  if (bad.some(({ level }) => level === 'error')) return 'fail';
  return bad.some(({ level }) => level === 'warn') ? 'warn' : 'pass';
}

function judgeCheck(check: Check, input: JudgeInput, invalid: ReadonlyMap<string, string>): CheckResult[] {
  const applicable = input.measurements.filter(
    (measurement) => measurement.metric === check.metric && matchesWhere(check.where, measurement),
  );
  return demandsOf(check).flatMap((demand) => {
    const matching = applicable.filter((measurement) => isJudged(measurement, check, demand));
    if (matching.length === 0) return [unmatched(check, demand, input)];
    return matching.map((measurement) => {
      const crash = measurement.variant === ORIGINAL ? undefined : invalid.get(variantKey(measurement));
      return waive(judgeDemand(demand, measurement, { check, input, crash }), check, input);
    });
  });
}

/** The original is what variants are compared with; it is judged itself only by absolute bounds that name it. */
function isJudged(measurement: Measurement, check: Check, demand: Demand): boolean {
  if (measurement.variant !== ORIGINAL) return true;
  const absolute = demand.condition === 'max' || demand.condition === 'min';
  return absolute && check.where.variant?.includes(ORIGINAL) === true;
}

interface Context {
  check: Check;
  input: JudgeInput;
  /** Why the measurement's variant is invalid, when it is. */
  crash: string | undefined;
}

function judgeDemand(demand: Demand, measurement: Measurement, context: Context): CheckResult {
  const { check, input } = context;
  const metric = definition(check.metric, measurement.model, input.models);
  const result = (verdict: Verdict, reason: string | null, more: Partial<CheckResult> = {}): CheckResult => ({
    model: measurement.model,
    variant: measurement.variant,
    provider: measurement.provider,
    batch: measurement.batch,
    threads: measurement.threads,
    concurrency: measurement.concurrency,
    check: check.id,
    metric: check.metric,
    condition: demand.condition,
    unit: metric.unit,
    level: check.level,
    bound: demand.bound,
    slack: demand.slack,
    observed: null,
    interval: null,
    verdict,
    reason,
    line: check.line,
    ...more,
  });
  const skipped = (reason: string, on: Level) => result('skipped', reason, { level: lower(check.level, on) });

  if (measurement.status === 'invalid' || context.crash !== undefined) {
    return result('invalid', measurement.reason ?? context.crash ?? 'the variant gave no valid result');
  }
  if (Number.isNaN(measurement.value)) return result('invalid', `${check.metric} is not a number`);
  if (measurement.status === 'skipped' || measurement.value === null) {
    return skipped(measurement.reason ?? 'not measured', input.onSkipped);
  }
  const few = tooFewSamples(check, measurement, metric);
  if (few !== null) return skipped(few, input.onSkipped);

  const original = input.measurements.find((other) => isOriginalOf(other, measurement));
  const observed = observe(demand, { ...measurement, value: measurement.value }, { metric, original });
  if (observed.kind === 'missing') {
    const on = observed.what === 'base' ? input.onMissingBase : input.onSkipped;
    return skipped(missingReason(observed.what, check.metric), on);
  }
  const { estimate, bound } = observed;
  const how = { judging: metric.judging, confident: check.confident === true };
  const facts = { estimate, bound, demand, measurement, metric, ...how, confidence: input.confidence };
  const seen = {
    observed: Number.isFinite(estimate.value) ? estimate.value : null,
    interval: estimate.interval,
  };
  const outcome = isKnownWellEnough(estimate.interval, facts) ? compare(estimate, bound, how) : 'undecided';
  if (outcome === 'undecided') {
    return result('inconclusive', inconclusiveReason(facts), {
      ...seen,
      level: lower(check.level, input.onInconclusive),
    });
  }
  const verdict = outcome === 'within' ? 'pass' : check.level === 'error' ? 'fail' : 'warn';
  return result(verdict, settledReason(facts, outcome), seen);
}

/** Two-sided intervals belong to a one-sided confidence per bound: 0.95 one-sided is 0.90 two-sided. */
function isKnownWellEnough(
  interval: CheckResult['interval'],
  how: { judging: MetricDefinition['judging']; confident: boolean; confidence: number },
): boolean {
  if (interval === null || how.judging === 'exact' || (how.judging === 'paired' && !how.confident))
    return true;
  const ROUNDING = 1e-9;
  return interval.confidence >= 2 * how.confidence - 1 - ROUNDING;
}

function tooFewSamples(check: Check, measurement: Measurement, metric: MetricDefinition): string | null {
  if (check.minSamples === undefined) return null;
  if (measurement.n === null) {
    return metric.judging === 'exact'
      ? null
      : `the check asks for ${check.minSamples} samples, but their number is not known`;
  }
  return measurement.n < check.minSamples
    ? `${measurement.n} samples, the check asks for ${check.minSamples}`
    : null;
}

/** Turns a failed or inconclusive result into a waived one. A variant that crashes or gives NaN can't be waived. */
function waive(result: CheckResult, check: Check, input: JudgeInput): CheckResult {
  if (!['fail', 'warn', 'inconclusive'].includes(result.verdict)) return result;
  const waiver: Waiver | undefined = activeWaiver(input.waivers, check, {
    condition: result.condition,
    today: input.today,
  });
  if (!waiver) return result;
  return { ...result, verdict: 'waived', reason: `waived until ${waiver.until}: ${waiver.reason}` };
}

/** The run produced nothing that this check could judge. */
function unmatched(check: Check, demand: Demand, input: JudgeInput): CheckResult {
  const where = describeWhere(check.where);
  return {
    model: check.where.model?.join(', ') ?? '*',
    variant: check.where.variant?.join(', ') ?? '*',
    provider: null,
    batch: null,
    threads: null,
    concurrency: null,
    check: check.id,
    metric: check.metric,
    condition: demand.condition,
    unit: definition(check.metric, null, input.models).unit,
    level: lower(check.level, input.onSkipped),
    bound: demand.bound,
    slack: demand.slack,
    observed: null,
    interval: null,
    verdict: 'skipped',
    reason: `this run has no measurement of ${check.metric}${where === '' ? '' : ` with ${where}`}`,
    line: check.line,
  };
}

/** Variants that crashed, hung or gave NaN in any measurement, with why: none of their other figures can be trusted. */
function invalidVariants(measurements: readonly Measurement[]): Map<string, string> {
  const found = new Map<string, string>();
  for (const measurement of measurements) {
    const key = variantKey(measurement);
    if (measurement.status !== 'invalid' || found.has(key)) continue;
    found.set(key, `${measurement.metric}: ${measurement.reason ?? 'the variant gave no valid result'}`);
  }
  return found;
}

function variantKey({ model, variant }: Measurement): string {
  return JSON.stringify([model, variant]);
}

function isOriginalOf(other: Measurement, measurement: Measurement): boolean {
  return (
    other.variant === ORIGINAL &&
    other.metric === measurement.metric &&
    other.model === measurement.model &&
    other.provider === measurement.provider &&
    other.batch === measurement.batch &&
    other.threads === measurement.threads &&
    other.concurrency === measurement.concurrency
  );
}

function definition(metric: string, model: string | null, models: JudgeInput['models']): MetricDefinition {
  const direction = models?.find(({ name }) => name === model)?.evaluator?.higherIsBetter ?? true;
  const higher =
    typeof direction === 'boolean' ? direction : (direction[metric.replace(/^accuracy\./, '')] ?? true);
  const found = metricDefinition(metric, higher);
  if (!found) throw new Error(`unknown metric ${metric}: the config should have refused it`);
  return found;
}

const LEVELS: readonly Level[] = ['off', 'info', 'warn', 'error'];

/** The one of two levels that counts less. */
function lower(a: Level, b: Level): Level {
  return LEVELS.indexOf(a) <= LEVELS.indexOf(b) ? a : b;
}
