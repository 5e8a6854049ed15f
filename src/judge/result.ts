/** A row of the verdicts, with everything that doesn't depend on what was observed filled in. */

import type { Check } from '../config/config.js';
import { describeWhere } from '../config/where.js';
import type { Level } from '../terms/level.js';
import type { Coordinates } from '../terms/measurement.js';
import { type MetricDefinition, metricDefinition } from '../terms/metrics.js';
import type { CheckResult } from '../terms/verdict.js';
import type { JudgeInput } from './input.js';
import type { Demand } from './observe.js';

type Known = Pick<CheckResult, 'verdict' | 'reason'> & Partial<CheckResult>;

/** The result of one condition of `check` at these coordinates; nothing observed unless `known` says so. */
export function resultAt(
  at: Coordinates,
  { check, demand, input }: { check: Check; demand: Demand; input: JudgeInput },
  known: Known,
): CheckResult {
  return {
    model: at.model,
    variant: at.variant,
    provider: at.provider,
    batch: at.batch,
    threads: at.threads,
    concurrency: at.concurrency,
    check: check.id,
    metric: check.metric,
    condition: demand.condition,
    unit: definitionFor(check.metric, at.model, input.models).unit,
    level: check.level,
    bound: demand.bound,
    slack: demand.slack,
    observed: null,
    interval: null,
    line: check.line,
    ...known,
  };
}

const NOWHERE = { provider: null, batch: null, threads: null, concurrency: null } as const;

/** The run produced nothing that this check could judge. */
export function unmatched(check: Check, demand: Demand, input: JudgeInput): CheckResult {
  const { model, variant } = check.where;
  const at = { ...NOWHERE, model: model?.join(', ') ?? '*', variant: variant?.join(', ') ?? '*' };
  return resultAt(
    at,
    { check, demand, input },
    {
      verdict: 'skipped',
      level: lowerLevel(check.level, input.onSkipped),
      reason: `this run has no measurement of ${check.metric}${withWhere(check)}`,
    },
  );
}

/** The run measured this for other variants of the model, not for this one; `crash` says why when it is known. */
export function absent(
  at: Pick<Coordinates, 'model' | 'variant'>,
  context: { check: Check; demand: Demand; input: JudgeInput; crash: string | undefined },
): CheckResult {
  const { check, input, crash } = context;
  const place = { ...NOWHERE, model: at.model, variant: at.variant };
  if (crash !== undefined) return resultAt(place, context, { verdict: 'invalid', reason: crash });
  return resultAt(place, context, {
    verdict: 'skipped',
    level: lowerLevel(check.level, input.onSkipped),
    reason: `this run has no measurement of ${check.metric} for this variant${withWhere(check)}`,
  });
}

function withWhere(check: Check): string {
  const where = describeWhere(check.where);
  return where === '' ? '' : ` with ${where}`;
}

/** The metric as it is for this model: a custom evaluator's numbers have a unit and a direction of their own. */
export function definitionFor(metric: string, model: string, models: JudgeInput['models']): MetricDefinition {
  const evaluator = models?.find(({ name }) => name === model)?.evaluator ?? null;
  const direction = evaluator?.higherIsBetter ?? true;
  const name = metric.replace(/^accuracy\./, '');
  const higher = typeof direction === 'boolean' ? direction : (direction[name] ?? true);
  const found = metricDefinition(metric, evaluator ? { higherIsBetter: higher } : null);
  if (!found) throw new Error(`unknown metric ${metric}: the config should have refused it`);
  return found;
}

const LEVELS: readonly Level[] = ['off', 'info', 'warn', 'error'];

/** The one of two levels that counts less. */
export function lowerLevel(a: Level, b: Level): Level {
  return LEVELS.indexOf(a) <= LEVELS.indexOf(b) ? a : b;
}
