/** Checks that may fail for a while, with a reason and a last day. */
import type { Check, Waiver } from '../config/config.js';
import { UserError } from '../errors.js';
import type { Condition } from './verdict.js';

/**
 * Throws UserError for waivers whose last day is over: a gate must not stay open because nobody looked. `today` is an
 * ISO date (UTC).
 */
export function assertWaiversCurrent(
  waivers: readonly Waiver[],
  today: string,
  file: string | null = null,
): void {
  const expired = waivers.filter((waiver) => !isCurrent(waiver, today));
  if (expired.length === 0) return;
  const lines = expired.map((waiver) => {
    const place = `${file ?? 'config'}${waiver.line === null ? '' : `:${waiver.line}`}`;
    return `${place}: the waiver of ${waiver.check} expired on ${waiver.until} (${waiver.reason}); remove it, or extend 'until' if it must hold on`;
  });
  throw new UserError(lines.join('\n'));
}

/** The first waiver that covers this condition of `check` today. */
export function activeWaiver(
  waivers: readonly Waiver[],
  check: Pick<Check, 'id' | 'metric'>,
  at: { condition: Condition; today: string },
): Waiver | undefined {
  return waivers.find((waiver) => isCurrent(waiver, at.today) && covers(waiver.check, check, at.condition));
}

/** Whether a waiver's `check` names this check: by metric, by id, or with one condition of either. */
export function covers(name: string, check: Pick<Check, 'id' | 'metric'>, condition: Condition): boolean {
  return [check.metric, check.id].some((known) => name === known || name === `${known}.${condition}`);
}

/** The last day counts. ISO dates compare as text. */
function isCurrent(waiver: Waiver, today: string): boolean {
  return today.slice(0, 10) <= waiver.until;
}
