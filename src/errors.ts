/** The three ways quantgate ends badly; each knows its exit code (docs/architecture.md). */

/** What the user gave is wrong: config, model, data, arguments. Exit code 2. */
export class UserError extends Error {
  override readonly name = 'UserError';
}

/** The machine could not do it: runtime missing, provider failed, out of memory. Exit code 3. */
export class MachineError extends Error {
  override readonly name = 'MachineError';
}

/** Interrupted by the user or the runner (SIGINT, SIGTERM). Exit code 130. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
}

export const EXIT = {
  pass: 0,
  failedCheck: 1,
  userError: 2,
  machineError: 3,
  bug: 70,
  interrupted: 130,
} as const;

/** Exit code for an error that ended the run; anything that isn't one of the typed errors is a bug of ours. */
export function exitCodeOf(error: unknown): number {
  if (error instanceof UserError) return EXIT.userError;
  if (error instanceof MachineError) return EXIT.machineError;
  if (error instanceof Interrupted) return EXIT.interrupted;
  return EXIT.bug;
}

/** The message of anything thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
