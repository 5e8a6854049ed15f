/** Runs an evaluator command and reads the numbers it prints. The command never goes through a shell. */
import { spawn } from 'node:child_process';
import { Interrupted, messageOf, UserError } from '../../../errors.js';
import type { EvaluationTask } from './module.js';
import { withOutputsFolder } from './outputs-folder.js';

/** More than this isn't numbers. */
const MAX_OUTPUT_BYTES = 16 * 2 ** 20;
const TAIL_BYTES = 2_000;

/**
 * `{model}` stands for the model file; `{outputs}` for a folder with one `.npy` per model output and `labels.npy`, made from
 * the evaluation data if the command asks for it. The command prints one JSON object, the last thing on its standard
 * output; it is returned unchecked. Throws UserError when it can't start, fails, prints no JSON or takes too long.
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

function standardOutput(
  program: string,
  args: readonly string[],
  { task, shown }: { task: EvaluationTask; shown: string },
): Promise<string> {
  task.signal?.throwIfAborted();
  return new Promise((resolve, reject) => {
    // Its own process group, so that what it started ends with it.
    const child = spawn(program, args, {
      cwd: task.directory,
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    let printed = '';
    let tail = '';
    const stop = (error: Error) => {
      reject(error);
      endGroup(child.pid);
    };
    const killWithParent = () => endGroup(child.pid);
    process.once('exit', killWithParent);
    const quoted = () => (tail.trim() ? `\nIt wrote:\n${tail.trim()}` : '');
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      printed += text;
      if (printed.length > MAX_OUTPUT_BYTES) {
        stop(
          new UserError(
            `${shown} printed more than ${MAX_OUTPUT_BYTES} bytes; it should print one JSON object.`,
          ),
        );
      }
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      tail = (tail + text).slice(-TAIL_BYTES);
    });
    const timer = setTimeout(() => {
      const limit = `${task.timeoutMs / 1000} s`;
      stop(
        new UserError(
          `${shown} took longer than ${limit} and was stopped (raise \`evaluator: { timeout }\`).${quoted()}`,
        ),
      );
    }, task.timeoutMs);
    const onAbort = () => stop(new Interrupted('interrupted'));
    task.signal?.addEventListener('abort', onAbort, { once: true });
    const settle = () => {
      clearTimeout(timer);
      process.removeListener('exit', killWithParent);
      task.signal?.removeEventListener('abort', onAbort);
    };
    child.on('error', (error) => {
      settle();
      reject(new UserError(`${shown} can't be started: ${error.message}. Is ${program} installed?`));
    });
    child.on('close', (code, signal) => {
      settle();
      if (code === 0) resolve(printed);
      else
        reject(
          new UserError(`${shown} ended ${signal ? `by ${signal}` : `with exit code ${code}`}.${quoted()}`),
        );
    });
  });
}

function endGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
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
          `${shown} must print one JSON object of numbers, like {"exact": 0.97}, at the end of its standard output; ` +
            `it printed ${start} (${messageOf(error)}).`,
        );
      }
    }
  }
  return null;
}
