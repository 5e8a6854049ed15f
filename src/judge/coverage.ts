/** What of a run a check covers: the measurements it judges, and the variants it should judge and can't. */
import type { Check } from '../config/config.js';
import { matchesWhere } from '../config/where.js';
import { type Measurement, ORIGINAL } from '../terms/measurement.js';
import type { Demand } from './observe.js';

/** The original is what variants are compared with; it is judged itself only by absolute bounds that name it. */
export function isJudged(measurement: Measurement, check: Check, demand: Demand): boolean {
  if (measurement.variant !== ORIGINAL) return true;
  const absolute = demand.condition === 'max' || demand.condition === 'min';
  return absolute && check.where.variant?.includes(ORIGINAL) === true;
}

/** Variants that the check selects and that lack its metric, although their model yields it: no check may sleep there. */
export function absentVariants(check: Check, measurements: readonly Measurement[]): Measurement[] {
  const { variant: _, ...anyVariant } = check.where;
  const yielded = measurements.filter(
    (measurement) => measurement.metric === check.metric && matchesWhere(anyVariant, measurement),
  );
  const models = new Set(yielded.map(({ model }) => model));
  const seen = new Set(yielded.map(variantKey));
  const { model, variant } = check.where;
  const selected = { ...(model && { model }), ...(variant && { variant }) };
  return measurements.filter((measurement) => {
    if (measurement.variant === ORIGINAL || !models.has(measurement.model)) return false;
    if (seen.has(variantKey(measurement)) || !matchesWhere(selected, measurement)) return false;
    seen.add(variantKey(measurement));
    return true;
  });
}

/** A variant that can't be trusted on a provider (null: on any), and why. */
export interface InvalidVariant extends Place {
  reason: string;
}

type Place = Pick<Measurement, 'model' | 'variant' | 'provider'>;

/** Variants that crashed, hung or gave NaN in any measurement: none of their other figures on that provider can be trusted. */
export function invalidVariants(measurements: readonly Measurement[]): InvalidVariant[] {
  const found = new Map<string, InvalidVariant>();
  for (const { model, variant, provider, metric, status, reason } of measurements) {
    const key = JSON.stringify([model, variant, provider]);
    if (status !== 'invalid' || found.has(key)) continue;
    found.set(key, {
      model,
      variant,
      provider,
      reason: `${metric}: ${reason ?? 'the variant gave no valid result'}`,
    });
  }
  return [...found.values()];
}

/** Whether what is said of one place holds for the other: the same variant, on the same provider or on any. */
export function concerns(one: Place, other: Place): boolean {
  return (
    one.model === other.model &&
    one.variant === other.variant &&
    (one.provider === null || other.provider === null || one.provider === other.provider)
  );
}

/** One text per model and variant. */
function variantKey({ model, variant }: Pick<Measurement, 'model' | 'variant'>): string {
  return JSON.stringify([model, variant]);
}

/** Whether `other` is what the original gave where `measurement` was taken. */
export function isOriginalOf(other: Measurement, measurement: Measurement): boolean {
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
