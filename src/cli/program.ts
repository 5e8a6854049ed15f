/** The command line's way in and out: arguments become a command, what it ends with an exit code. */
import type { Command } from 'commander';
import { EXIT } from '../errors.js';
import { asCommandLine } from './context/call.js';
import { type CliContext, type GlobalOptions, makeContext, signalsAborted } from './context/context.js';
import { tellFailure } from './context/failure.js';
import { buildProgram } from './declare-commands.js';

/** Parses arguments, runs a command, and gives the exit code (DESIGN: 0 pass, 1 check failed, 2 input, 3 machine, 70 bug, 130 interrupted). */
export async function main(args: readonly string[]): Promise<number> {
  const signal = signalsAborted();
  const lost = watchOutput();
  let exitCode: number = EXIT.pass;
  /** Wraps a command: loads it, makes its context and keeps its exit code. */
  const action =
    <T extends unknown[]>(load: () => Promise<(context: CliContext, ...args: T) => Promise<number>>) =>
    async (...given: unknown[]) => {
      const self = given.at(-1) as Command;
      const options = self.optsWithGlobals<GlobalOptions>();
      const command = await load();
      exitCode = await command(
        makeContext(options, signal),
        ...([...given.slice(0, -2), options] as unknown as T),
      );
    };
  const program = buildProgram(action);
  try {
    await program.parseAsync(args, { from: 'user' });
    return lost() ? EXIT.machineError : exitCode;
  } catch (error) {
    return tellFailure(signal.aborted ? (signal.reason as Error) : asCommandLine(error), args);
  }
}

/**
 * A reader that has left (`quantgate inspect … | head`) ends nothing: a run still writes its report. A result that can't be written, on
 * a full disk say, is exit code 3. The error comes after main has returned, or before: both are told.
 */
function watchOutput(): () => boolean {
  let lost = false;
  const readerLeft = (error: NodeJS.ErrnoException) =>
    error.code === 'EPIPE' || error.code === 'ERR_STREAM_DESTROYED';
  process.stderr.on('error', () => {});
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (lost || readerLeft(error)) return;
    lost = true;
    process.exitCode = EXIT.machineError;
    process.stderr.write(
      `error: The result can't be written to standard output: ${error.message}. Make room, or send it elsewhere.\n`,
    );
  });
  return () => lost;
}
