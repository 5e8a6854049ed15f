/** How a command says that it could not be done: a sentence, the code that explains it, and with --json one document. */
import { CommanderError } from 'commander';
import pc from 'picocolors';
import { ConfigError } from '../../config/file/problems.js';
import { EXIT, errorCodeOf, exitCodeOf, messageOf } from '../../errors.js';
import type { ErrorCode } from '../../terms/codes/codes.js';
import { VERSION } from '../../version.js';
import { forStream, isColorful } from './context.js';

const ISSUES = 'https://github.com/quantgate/quantgate/issues';

/** Tells of the error on standard error, with --json on standard output too. Gives the exit code. */
export function tellFailure(error: unknown, args: readonly string[]): number {
  if (error instanceof CommanderError) {
    // Commander has printed its own message; help and version end with code 0.
    if (error.exitCode === 0) return EXIT.pass;
    tellJson(args, { error, code: 'usage.command-line', exitCode: EXIT.userError });
    return EXIT.userError;
  }
  const exitCode = exitCodeOf(error);
  const code = errorCodeOf(error);
  if (exitCode === EXIT.bug) {
    const stack = error instanceof Error ? error.stack : String(error);
    process.stderr.write(
      `quantgate ${VERSION} has a bug: ${stack}\nPlease report it with the command line: ${ISSUES}\n`,
    );
  } else {
    process.stderr.write(forStream(`error: ${messageOf(error)}\n`, process.stderr) + hint(code, args));
    if (args.includes('--verbose') && error instanceof Error) process.stderr.write(`${error.stack}\n`);
  }
  tellJson(args, { error, code, exitCode });
  return exitCode;
}

function hint(code: ErrorCode | null, args: readonly string[]): string {
  if (code === null) return '';
  const { dim } = pc.createColors(isColorful(process.stderr, !args.includes('--no-color')));
  return `${dim(`[${code}] quantgate explain ${code}`)}\n`;
}

interface Failure {
  error: unknown;
  code: ErrorCode | null;
  exitCode: number;
}

function tellJson(args: readonly string[], { error, code, exitCode }: Failure): void {
  if (!args.includes('--json')) return;
  const problems = error instanceof ConfigError ? { file: error.file, problems: error.problems } : {};
  const told = { error: { code, message: messageOf(error), exitCode, ...problems } };
  process.stdout.write(`${JSON.stringify(told, null, 2)}\n`);
}
