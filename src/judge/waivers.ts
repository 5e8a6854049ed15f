/** Checks that may fail for a while, with a reason and a last day. */
import type { Check, Waiver } from '../config/config.js';
import { ConfigError, displayName, type Problem } from '../config/file/problems.js';
import type { Condition } from '../terms/verdict.js';

/**
 * Throws ConfigError (exit code 2) for waivers whose last day is over: a gate must not stay open because nobody looked.
 * `today` is an ISO date (UTC), `file` the config's path for the message.
 */
export function assertWaiversCurrent(
  waivers: readonly Waiver[],
  today: string,
  file: string | null = null,
): void {
  const expired = waivers.flatMap((waiver, index): Problem[] => {
    if (isCurrent(waiver, today)) return [];
    const message = `the waiver of ${waiver.check} expired on ${waiver.until} (${waiver.reason}); remove it, or extend 'until' if it must hold on`;
    return [{ line: waiver.line, path: `waivers[${index}]`, code: 'config.waiver', message }];
  });
  if (expired.length > 0) throw new ConfigError(file === null ? null : displayName(file), expired);
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
