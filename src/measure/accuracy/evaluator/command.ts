/** Runs an evaluator command and reads the numbers it prints. The command never goes through a shell and doesn't see the job's secrets. */
import { messageOf, UserError } from '../../../errors.js';
import { runProgram } from '../../../system/process/run-program.js';
import type { EvaluationTask } from './module.js';
import { withOutputsFolder } from './outputs-folder.js';

/** More than this isn't numbers. */
const MAX_OUTPUT_BYTES = 16 * 2 ** 20;
/** Characters of what it wrote that are quoted when it fails. */
const TAIL_LENGTH = 2_000;

/**
 * `{model}` stands for the model file; `{outputs}` for a folder with one `.npy` per model output and `labels.npy`, made from
 * the evaluation data if the command asks for it. The command prints one JSON object, the last thing on its standard
 * output; it is returned unchecked. Throws UserError when it can't start, fails, prints no JSON or takes too long, Interrupted.
 */
export async function runEvaluatorCommand(
  command: readonly string[],
  task: EvaluationTask,
): Promise<unknown> {
  if (!command.some((part) => part.includes('{outputs}'))) return runCommand(command, task, null);
  return withOutputsFolder(task, (folder) => runCommand(command, task, folder));
}

async function runCommand(
  command: readonly string[],
  task: EvaluationTask,
  outputs: string | null,
): Promise<unknown> {
  const fill = (part: string) =>
    part.replaceAll('{model}', task.runner.file).replaceAll('{outputs}', outputs ?? '{outputs}');
  const [program, ...args] = command.map(fill) as [string, ...string[]];
  const shown = `The evaluator \`${[program, ...args].join(' ')}\``;
  task.log.debug(`running: ${[program, ...args].join(' ')}`);
  return parseResult(await standardOutput(program, args, { task, shown }), shown);
}

async function standardOutput(
  program: string,
  args: readonly string[],
  { task, shown }: { task: EvaluationTask; shown: string },
): Promise<string> {
  const { directory, timeoutMs, signal } = task;
  const stdout = { limitBytes: MAX_OUTPUT_BYTES };
  const end = await runProgram(program, args, {
    directory,
    timeoutMs,
    signal,
    stdout,
    keptLength: TAIL_LENGTH,
  });
  const tail = end.stderr.trim();
  const quoted = tail ? `\nIt wrote:\n${tail}` : '';
  if (end.startError !== null)
    throw new UserError('command.not-started', `${shown} can't be started: ${end.startError}`);
  if (end.stopped === 'output') {
    throw new UserError(
      'evaluator.failed',
      `${shown} printed more than ${MAX_OUTPUT_BYTES} bytes; it should print one JSON object.`,
    );
  }
  if (end.stopped !== null) {
    throw new UserError(
      'evaluator.failed',
      `${shown} took longer than ${timeoutMs / 1000} s and was stopped (raise \`evaluator: { timeout }\`).${quoted}`,
    );
  }
  if (end.exitCode !== 0) {
    const how = end.signal ? `by ${end.signal}` : `with exit code ${end.exitCode}`;
    throw new UserError('evaluator.failed', `${shown} ended ${how}.${quoted}`);
  }
  return end.stdout;
}

/** All of it, or else its last line. */
function parseResult(printed: string, shown: string): unknown {
  const text = printed.trim();
  for (const candidate of [text, text.slice(text.lastIndexOf('\n') + 1)]) {
    try {
      return JSON.parse(candidate) as unknown;
    } catch (error) {
      if (candidate !== text || !text.includes('\n')) {
        const start = text === '' ? 'nothing' : `'${text.slice(-200)}'`;
        throw new UserError(
          'evaluator.result',
          `${shown} must print one JSON object of numbers, like {"exact": 0.97}, at the end of its standard output; ` +
            `it printed ${start} (${messageOf(error)}).`,
        );
      }
    }
  }
  return null;
}
