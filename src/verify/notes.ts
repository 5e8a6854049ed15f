/** What the reader is told of a check. */
import type { QuantizeNote } from '../quantize/method/request.js';
import type { Verification } from '../terms/report.js';

/** A note where a file could not be checked in full. */
export function notFullyVerified({ state, reason }: Pick<Verification, 'state' | 'reason'>): QuantizeNote[] {
  if (state === 'full') return [];
  return [
    {
      level: 'info',
      code: 'quantize.not-fully-verified',
      message: `The file was not fully checked: ${reason}.`,
    },
  ];
}
