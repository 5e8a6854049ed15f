/** The three ways quantgate ends badly; each knows its exit code (docs/architecture.md). */
import type { ErrorCode } from './terms/codes/codes.js';

/** An error with a code of the one list (`terms/codes/`), which says cause and cure. */
abstract class CodedError extends Error {
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}

/** What the user gave is wrong: config, model, data, arguments. Exit code 2. */
export class UserError extends CodedError {
  override readonly name = 'UserError';

  /** The same error in other words: a place in front, another path. */
  withMessage(message: string): UserError {
    return new UserError(this.code, message);
  }
}

/** The machine could not do it: runtime missing, provider failed, out of memory. Exit code 3. */
export class MachineError extends CodedError {
  override readonly name = 'MachineError';

  /** The same error in other words. */
  withMessage(message: string): MachineError {
    return new MachineError(this.code, message);
  }
}

/** Interrupted by the user or the runner (SIGINT, SIGTERM). Exit code 130. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
}

/** Throws Interrupted when `signal` is aborted. */
export function throwIfInterrupted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw interruptionOf(signal);
}

/** What an aborted signal ends the program with. */
export function interruptionOf({ reason }: AbortSignal): Interrupted {
  return reason instanceof Interrupted ? reason : new Interrupted('interrupted', { cause: reason });
}

export const EXIT = {
  pass: 0,
  failedCheck: 1,
  userError: 2,
  machineError: 3,
  bug: 70,
  interrupted: 130,
} as const;

/** What the system says when it has run out of something: whoever asked is not to blame. */
const EXHAUSTED = new Set(['ENOSPC', 'EDQUOT', 'EMFILE', 'ENFILE', 'ENOMEM', 'EIO']);

/** Exit code for an error that ended the run; anything that is neither typed nor the system's exhaustion is a bug of ours. */
export function exitCodeOf(error: unknown): number {
  if (error instanceof UserError) return EXIT.userError;
  if (error instanceof MachineError || isExhaustion(error)) return EXIT.machineError;
  if (error instanceof Interrupted) return EXIT.interrupted;
  return EXIT.bug;
}

function isExhaustion(error: unknown): boolean {
  return EXHAUSTED.has(codeOf(error) ?? '');
}

/** What the system says where rights or a read-only mount stand in the way: the place may be the right one. */
const REFUSED = new Set(['EACCES', 'EPERM', 'EROFS']);

/** Why a file could not be written: MachineError for rights, mounts and exhaustion, UserError for a place that can't be (a folder, no folder). */
export function writeError(message: string, error: unknown): UserError | MachineError {
  const code = isExhaustion(error) ? 'machine.no-room' : 'file.not-writable';
  const machine = isExhaustion(error) || REFUSED.has(codeOf(error) ?? '');
  return machine ? new MachineError(code, message) : new UserError(code, message);
}

/** The code of the list for an error that ended the run; null: an interruption. */
export function errorCodeOf(error: unknown): ErrorCode | null {
  if (error instanceof UserError || error instanceof MachineError) return error.code;
  if (error instanceof Interrupted) return null;
  return isExhaustion(error) ? 'machine.no-room' : 'machine.internal';
}

/** The code of an error of Node.js or of the system ('ENOENT', …); undefined for others. */
export function codeOf(error: unknown): string | undefined {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : undefined;
}

/** The message of anything thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
