/** Originals that make no sense of their data, and variants that are the original: what a comparison of the two is worth nothing without. */
import type { Level } from '../terms/level.js';
import { type Measurement, ORIGINAL } from '../terms/measurement.js';
import { doubtOf } from '../terms/original-doubt.js';
import type { NotEstablished } from './established.js';
import type { UnchangedVariant } from './input.js';

/**
 * One per model, of the first provider that found it: its accuracy is chance, or other labels or another preprocessing make sense of the data.
 * Under a bound on the original (standing `low`) the check on it fails itself; too few samples, or a hard task, are notes.
 */
export function doubtfulOriginals(measurements: readonly Measurement[], level: Level): NotEstablished[] {
  const found = new Map<string, NotEstablished>();
  for (const measurement of measurements) {
    const doubt = measurement.variant === ORIGINAL ? doubtOf(measurement) : null;
    if (doubt === null || doubt.standing === 'low' || found.has(measurement.model)) continue;
    if (doubt.standing !== 'chance' && !doubt.explained) continue;
    const { message, remedy } = doubt;
    found.set(measurement.model, {
      name: 'original',
      level,
      message,
      remedy,
      model: measurement.model,
      variant: ORIGINAL,
    });
  }
  return [...found.values()];
}

/** One per variant: a gate on a copy of the original says nothing about quantizing. */
export function unchangedVariants(found: readonly UnchangedVariant[], level: Level): NotEstablished[] {
  return found.map(({ model, variant, reason }) => ({
    name: 'variant',
    level,
    message: `${capital(reason)}: that its checks pass says nothing.`,
    remedy:
      'Its notes say what was left float: choose another method, or remove the variant. `on-unchanged: off` accepts it.',
    model,
    variant,
  }));
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
