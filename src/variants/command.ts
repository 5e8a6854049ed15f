/** Variants that a command of the user's makes, e.g. an export script. The command never goes through a shell. */
import { existsSync } from 'node:fs';
import { UserError } from '../errors.js';
import type { RunContext } from '../runtime/context.js';
import { runProgram } from '../system/process/run-program.js';

export interface CommandRequest {
  /** Program and arguments; `{output}` and `{model}` stand for the file to write and the original model. */
  command: readonly string[];
  model: string;
  output: string;
  directory: string;
  timeoutMs: number;
  context: Pick<RunContext, 'log' | 'signal'>;
}

/** Characters of what the command said that are quoted when it fails. */
const TAIL_LENGTH = 2_000;

/**
 * Runs the command, which does not see the job's secrets. Throws UserError when it can't start, fails, takes too long, or leaves no file
 * at `{output}`, Interrupted when it is aborted.
 */
export async function runVariantCommand(request: CommandRequest): Promise<void> {
  const { command, model, output, directory, timeoutMs } = request;
  const { log, signal } = request.context;
  const fill = (text: string) => text.replaceAll('{output}', output).replaceAll('{model}', model);
  const [program, ...args] = command.map(fill) as [string, ...string[]];
  const shown = [program, ...args].join(' ');
  log.debug(`running: ${shown}`);
  const end = await runProgram(program, args, { directory, timeoutMs, signal, keptLength: TAIL_LENGTH });
  if (end.startError !== null) {
    throw new UserError(
      'command.not-started',
      `The command \`${shown}\` can't be started: ${end.startError}`,
    );
  }
  if (end.stopped !== null) {
    throw new UserError(
      'command.failed',
      `The command \`${shown}\` took longer than ${timeoutMs / 1000} s and was stopped.${quoted(end.said)}`,
    );
  }
  if (end.exitCode !== 0) {
    const how = end.signal ?? `exit code ${end.exitCode}`;
    throw new UserError('command.failed', `The command \`${shown}\` ended with ${how}.${quoted(end.said)}`);
  }
  if (!existsSync(output)) {
    throw new UserError(
      'command.no-output',
      `The command \`${shown}\` succeeded but wrote no file at {output} (${output}).${quoted(end.said)}`,
    );
  }
}

function quoted(tail: string): string {
  const text = tail.trim();
  return text === '' ? '' : `\n${text.split('\n').slice(-12).join('\n')}`;
}
