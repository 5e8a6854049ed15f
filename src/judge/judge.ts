/** Checks × Measurements → Verdicts. Pure: the same input gives the same results, in the same order. */

import type { Check, Waiver } from '../config/config.js';
import { matchesWhere } from '../config/where.js';
import type { Level } from '../terms/level.js';
import { type Estimate, type Measurement, ORIGINAL } from '../terms/measurement.js';
import type { MetricDefinition } from '../terms/metrics.js';
import type { CheckResult, OverallVerdict, Verdict } from '../terms/verdict.js';
import { compare } from './bound.js';
import {
  absentVariants,
  concerns,
  type InvalidVariant,
  invalidVariants,
  isJudged,
  isOriginalOf,
} from './coverage.js';
import { establishedResults } from './established.js';
import type { JudgeInput } from './input.js';
import { missingBase } from './missing-base.js';
import { type Demand, demandsOf, observe } from './observe.js';
import { doubtfulOriginals, unchangedVariants } from './original.js';
import { inconclusiveReason, missingOriginal, settledReason } from './reason.js';
import { absent, definitionFor, lowerLevel, resultAt, unmatched } from './result.js';
import { activeWaiver } from './waivers.js';

/**
 * One result per condition of every check and measurement it applies to; a check that nothing matches gives one skipped
 * result per condition; before them what the comparison rests on and doesn't have (`established.original`). The verdict is that of runVerdict: a
 * variant that crashes or gives NaN never goes by in silence.
 */
export function judge(input: JudgeInput): { results: CheckResult[]; verdict: OverallVerdict } {
  const invalid = invalidVariants(input.measurements);
  const checked = input.checks
    .filter((check) => check.level !== 'off')
    .flatMap((check) => judgeCheck(check, input, invalid))
    .filter((result) => result.level !== 'off');
  const results = [
    ...establishedResults([
      ...doubtfulOriginals(input.measurements, input.onChance),
      ...unchangedVariants(input.unchanged ?? [], input.onUnchanged),
    ]),
    ...checked,
  ];
  return { results, verdict: runVerdict(results, input.measurements) };
}

/** Verdict of a run: the worst of its results, and `fail` when a variant is invalid that none of them is about. */
export function runVerdict(
  results: readonly CheckResult[],
  measurements: readonly Measurement[],
): OverallVerdict {
  const unnoticed = invalidVariants(measurements).some(
    (variant) => !results.some((result) => concerns(variant, result)),
  );
  return unnoticed ? 'fail' : overallVerdict(results);
}

/** fail: a failed result of level error; warn: one of level warn. Waived and passed results and level info don't count. */
export function overallVerdict(results: readonly Pick<CheckResult, 'verdict' | 'level'>[]): OverallVerdict {
  const bad = results.filter(({ verdict }) => verdict !== 'pass' && verdict !== 'waived');
  if (bad.some(({ level }) => level === 'error')) return 'fail';
  return bad.some(({ level }) => level === 'warn') ? 'warn' : 'pass';
}

function judgeCheck(check: Check, input: JudgeInput, invalid: readonly InvalidVariant[]): CheckResult[] {
  const applicable = input.measurements.filter(
    (measurement) => measurement.metric === check.metric && matchesWhere(check.where, measurement),
  );
  const crashOf = (measurement: Measurement) =>
    invalid.find((variant) => concerns(variant, measurement))?.reason;
  const lacking = absentVariants(check, input.measurements);
  return demandsOf(check).flatMap((demand) => {
    const matching = applicable.filter((measurement) => isJudged(measurement, check, demand));
    if (matching.length === 0 && lacking.length === 0) return [unmatched(check, demand, input)];
    const judged = matching.map((measurement) => {
      const crash = measurement.variant === ORIGINAL ? undefined : crashOf(measurement);
      return waive(judgeDemand(demand, measurement, { check, input, crash }), check, input);
    });
    return [...judged, ...lacking.map((at) => absent(at, { check, demand, input, crash: crashOf(at) }))];
  });
}

interface Context {
  check: Check;
  input: JudgeInput;
  /** Why the measurement's variant is invalid, when it is. */
  crash: string | undefined;
}

function judgeDemand(demand: Demand, measurement: Measurement, context: Context): CheckResult {
  const { check, input } = context;
  const metric = definitionFor(check.metric, measurement.model, input.models);
  const result = (verdict: Verdict, reason: string | null, more: Partial<CheckResult> = {}): CheckResult =>
    resultAt(measurement, { check, demand, input }, { verdict, reason, ...more });
  const skipped = (reason: string, on: Level) =>
    result('skipped', reason, { level: lowerLevel(check.level, on) });

  if (measurement.status === 'invalid' || context.crash !== undefined) {
    const own = measurement.status === 'invalid' ? measurement.reason : null;
    return result('invalid', own ?? context.crash ?? 'the variant gave no valid result');
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
    if (observed.what === 'original') return skipped(missingOriginal(check.metric), input.onSkipped);
    const { reason, on } = missingBase(measurement, input);
    return skipped(reason, on);
  }
  const { estimate, bound } = observed;
  const how = { judging: metric.judging, confident: check.confident === true };
  const facts = { estimate, bound, demand, measurement, metric, ...how, confidence: input.confidence };
  const seen = {
    observed: Number.isFinite(estimate.value) ? estimate.value : null,
    interval: estimate.interval,
  };
  const outcome = compare(wellKnown(estimate, input.confidence), bound, how);
  if (outcome === 'undecided') {
    return result('inconclusive', inconclusiveReason(facts), {
      ...seen,
      level: lowerLevel(check.level, input.onInconclusive),
    });
  }
  const verdict = outcome === 'within' ? 'pass' : check.level === 'error' ? 'fail' : 'warn';
  return result(verdict, settledReason(facts, outcome), seen);
}

/** The estimate, without an interval of less confidence than is asked for. One-sided 0.95 per bound is 0.90 two-sided. */
function wellKnown(estimate: Estimate, confidence: number): Estimate {
  const ROUNDING = 1e-9;
  const enough = (estimate.interval?.confidence ?? 1) >= 2 * confidence - 1 - ROUNDING;
  return enough ? estimate : { ...estimate, interval: null };
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
