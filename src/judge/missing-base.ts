/** Why max-regression has no base to compare with, and how much that counts: a base that is new is no base that can't be read. */
import type { Level } from '../terms/level.js';
import type { Measurement } from '../terms/measurement.js';
import type { JudgeInput } from './input.js';

export function missingBase(
  { model, variant, metric }: Pick<Measurement, 'model' | 'variant' | 'metric'>,
  input: Pick<JudgeInput, 'unreadableBase' | 'onUnreadableBase' | 'onMissingBase'>,
): { reason: string; on: Level } {
  if (OF_HEAD_ONLY.test(metric)) {
    return { reason: `${metric} is not measured of the base`, on: input.onMissingBase };
  }
  const unreadable = input.unreadableBase?.find(
    (base) => (base.model ?? model) === model && (base.variant ?? variant) === variant,
  );
  if (unreadable) return { reason: unreadable.reason, on: input.onUnreadableBase ?? 'error' };
  return {
    reason: 'no base to compare with: this variant was not measured on the base branch in this run',
    on: input.onMissingBase,
  };
}

/** Metrics that compare the variant with its original, or look at its file: no pass of the base takes them. */
const OF_HEAD_ONLY = /^(fidelity|placement)\./;
