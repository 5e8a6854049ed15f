/** Why the base, or a part of it, can't be read, and what to do about it: both are shown. */
import { Interrupted, messageOf } from '../../errors.js';

/** Whole sentences. */
export interface Problem {
  cause: string;
  remedy: string;
}

export class Unreadable extends Error {
  override readonly name = 'Unreadable';
  readonly remedy: string;

  constructor({ cause, remedy }: Problem, options: ErrorOptions = {}) {
    super(cause, options);
    this.remedy = remedy;
  }
}

/** Of any error; what nobody foresaw gets the remedy that its caller knows. Throws Interrupted: that is no problem of the base. */
export function problemOf(error: unknown, remedy: string): Problem {
  if (error instanceof Interrupted) throw error;
  if (error instanceof Unreadable) return { cause: error.message, remedy: error.remedy };
  const message = messageOf(error).replace(/\s*\n\s*/g, ' ');
  return { cause: /[.!?]$/.test(message) ? message : `${message}.`, remedy };
}
