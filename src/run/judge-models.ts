/** Verdicts over the results of all models. */
import type { UnchangedVariant } from '../judge/input.js';
import { judge } from '../judge/judge.js';
import { unchangedReason } from '../terms/report.js';
import type { ModelResult } from './model-result.js';
import type { RunRequest } from './request.js';

/** What of a model's result is judged. */
type JudgedResult = Pick<ModelResult, 'measurements' | 'unreadableBase'> &
  Partial<Pick<ModelResult, 'report'>>;

/** All models by the checks of the request; `day` is an ISO date (UTC), for waivers. */
export function judgeModels(
  {
    config,
    baseProblem,
    onUnreadableBase = 'error',
  }: Pick<RunRequest, 'config' | 'baseProblem' | 'onUnreadableBase'>,
  found: readonly JudgedResult[],
  day: string,
): ReturnType<typeof judge> {
  const everywhere = baseProblem ? [{ model: null, variant: null, reason: baseProblem }] : [];
  return judge({
    ...config,
    measurements: found.flatMap(({ measurements }) => measurements),
    unchanged: unchangedOf(found),
    unreadableBase: [...everywhere, ...found.flatMap(({ unreadableBase }) => unreadableBase ?? [])],
    onUnreadableBase,
    today: day,
  });
}

/** Variants that are the original, each once. */
function unchangedOf(results: readonly Pick<JudgedResult, 'report'>[]): UnchangedVariant[] {
  return results.flatMap(({ report }) => {
    const names = new Set(report?.variants.map(({ name }) => name));
    return [...names].flatMap((variant) => {
      const reason = unchangedReason(report!, variant);
      return reason === null ? [] : [{ model: report!.name, variant, reason }];
    });
  });
}
