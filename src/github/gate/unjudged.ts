/**
 * Checks of the base that this revision can't be judged by. They don't vanish: a pull request that drops the data, the
 * variant or the provider that a check needs would pass its gate by taking it down. Pure.
 */
import type { Check, Config, ModelConfig } from '../../config/config.js';
import { matchesPattern } from '../../config/where.js';
import { demandsOf } from '../../judge/observe.js';
import { ORIGINAL } from '../../terms/measurement.js';
import { metricDefinition } from '../../terms/metrics.js';
import type { CheckResult } from '../../terms/verdict.js';

/** A check of the base and why it doesn't apply to the head. */
export interface Unjudged {
  check: Check;
  problem: string;
  /** The model that it no longer judges, where it still judges others. */
  model?: Pick<ModelConfig, 'name' | 'variants'>;
}

const WAY_OUT =
  'If that is meant, let someone with write permission set the waive label, or take `thresholds-from: head` for this change.';

/** One skipped result for each condition, at the check's own level: of level error, they fail the run. */
export function unjudgedResults(unjudged: readonly Unjudged[], head: Config): CheckResult[] {
  return unjudged.flatMap(({ check, problem, model: alone }) =>
    demandsOf(check).map(({ condition, bound, slack }): CheckResult => {
      const { model, variant } = alone ? named(check, alone) : subjectOf(check, head);
      return {
        check: check.id,
        metric: check.metric,
        condition,
        unit: metricDefinition(check.metric)?.unit ?? 'value',
        level: check.level,
        model,
        variant,
        provider: check.where.provider?.[0] ?? null,
        batch: null,
        threads: null,
        concurrency: null,
        bound,
        slack,
        observed: null,
        interval: null,
        verdict: 'skipped',
        reason: `this revision can't be judged by this check of the base: ${problem}. ${WAY_OUT}`,
        line: check.line,
      };
    }),
  );
}

function subjectOf(check: Check, { models }: Config): { model: string; variant: string } {
  const { where } = check;
  const model =
    models.find(({ name }) => where.model?.some((pattern) => matchesPattern(name, pattern)) ?? true) ?? null;
  return named(check, model ?? { name: where.model?.[0] ?? '', variants: [] });
}

function named({ where }: Check, { name, variants }: NonNullable<Unjudged['model']>) {
  return { model: name, variant: where.variant?.[0] ?? variants[0]?.name ?? ORIGINAL };
}
