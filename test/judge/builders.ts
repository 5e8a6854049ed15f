/** Checks, measurements and judge inputs with everything filled in, for tests that change one thing. */

import type { Check } from '../../src/config/config.js';
import type { JudgeInput } from '../../src/judge/input.js';
import { judge } from '../../src/judge/judge.js';
import type { Estimate, Measurement, Paired } from '../../src/terms/measurement.js';
import { metricDefinition } from '../../src/terms/metrics.js';
import type { CheckResult } from '../../src/terms/verdict.js';

export function check(metric: string, changes: Partial<Check> = {}): Check {
  return { id: metric, metric, level: 'error', where: {}, line: 7, ...changes };
}

export function measurement(metric: string, changes: Partial<Measurement> = {}): Measurement {
  return {
    model: 'classifier',
    variant: 'int8',
    provider: null,
    batch: null,
    threads: null,
    concurrency: null,
    metric,
    unit: metricDefinition(metric)!.unit,
    status: 'ok',
    reason: null,
    value: 1,
    interval: null,
    n: null,
    ratio: null,
    drop: null,
    base: null,
    ...changes,
  };
}

/** An estimate with a 90 % two-sided interval, which is what 95 % one-sided confidence asks for. */
export function estimate(value: number, lo: number | null, hi: number | null): Estimate {
  return { value, interval: { lo, hi, confidence: 0.9 } };
}

export function drop(value: number, lo: number, hi: number, resolvable: number | null = null): Paired {
  return { ...estimate(value, lo, hi), lost: 3, gained: 1, p: 0.3, resolvable };
}

export function input(changes: Partial<JudgeInput>): JudgeInput {
  return {
    checks: [],
    measurements: [],
    waivers: [],
    confidence: 0.95,
    onInconclusive: 'warn',
    onMissingBase: 'info',
    onSkipped: 'warn',
    onChance: 'error',
    onUnchanged: 'warn',
    today: '2026-11-23',
    ...changes,
  };
}

/** The only result of one check on one measurement. */
export function judgeOne(
  checked: Check,
  measured: Measurement,
  changes: Partial<JudgeInput> = {},
): CheckResult & { overall: string } {
  const { results, verdict } = judge(input({ checks: [checked], measurements: [measured], ...changes }));
  if (results.length !== 1) throw new Error(`expected one result, got ${results.length}`);
  return { ...results[0]!, overall: verdict };
}
