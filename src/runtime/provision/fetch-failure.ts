/** What is said when something could not be fetched or unpacked. */
import { MachineError, messageOf } from '../../errors.js';

/** How npm, pip, tar and Node say that a disk is full. */
const NO_ROOM = /\bENOSPC\b|\bnospc\b|No space left on device|EDQUOT|Disk quota exceeded/i;

export interface FetchFailure {
  /** What could not be done, a sentence. */
  what: string;
  /** Other ways to have it, a line. */
  otherwise: string;
  /** Where it was to be. */
  place: string;
}

/** The failure with what helps. It keeps the code of its cause, which `quantgate explain` is asked for: a wrong hash, a missing program, no room. */
export function fetchFailure(error: unknown, { what, otherwise, place }: FetchFailure): MachineError {
  const words = messageOf(error);
  const known = error instanceof MachineError ? error : null;
  if (known?.code !== 'machine.no-room' && NO_ROOM.test(words)) {
    return new MachineError(
      'machine.no-room',
      `${what} There is no room for it below ${place}: make room, or choose another place (input \`cache-dir\`, variable XDG_CACHE_HOME). ${words}`,
    );
  }
  const message = known?.code === 'machine.no-room' ? `${what} ${words}` : `${what} ${words}\n${otherwise}`;
  return known?.withMessage(message) ?? new MachineError('runtime.fetch-failed', message);
}
