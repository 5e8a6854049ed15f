/** Variants that a command of the user's makes, e.g. an export script. The command never goes through a shell. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { UserError } from '../errors.js';
import type { Log } from '../log.js';

export interface CommandRequest {
  /** Program and arguments; `{output}` and `{model}` stand for the file to write and the original model. */
  command: readonly string[];
  model: string;
  output: string;
  directory: string;
  timeoutMs: number;
  log: Log;
  signal?: AbortSignal;
}

/** How much of what the command said is quoted when it fails. */
const TAIL_BYTES = 2_000;

/** Runs the command. Throws UserError when it can't start, fails, takes too long, or leaves no file at `{output}`. */
export async function runVariantCommand(request: CommandRequest): Promise<void> {
  const { command, model, output, directory, timeoutMs, log, signal } = request;
  const fill = (text: string) => text.replaceAll('{output}', output).replaceAll('{model}', model);
  const [program, ...args] = command.map(fill) as [string, ...string[]];
  const shown = [program, ...args].join(' ');
  log.debug(`running: ${shown}`);
  signal?.throwIfAborted();
  const said = await new Promise<string>((resolve, reject) => {
    // Its own process group, so that what it started ends with it.
    const child = spawn(program, args, { cwd: directory, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
    let tail = '';
    const keep = (chunk: Buffer) => {
      tail = (tail + chunk.toString('utf8')).slice(-TAIL_BYTES);
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    const end = () => {
      try {
        process.kill(-child.pid!, 'SIGKILL');
      } catch {
        // It has ended by itself.
      }
    };
    const onAbort = () => {
      end();
      reject(signal?.reason as Error);
    };
    const timer = setTimeout(() => {
      end();
      reject(
        new UserError(
          `The command \`${shown}\` took longer than ${timeoutMs / 1000} s and was stopped.${quoted(tail)}`,
        ),
      );
    }, timeoutMs);
    signal?.addEventListener('abort', onAbort, { once: true });
    const settle = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
    };
    child.on('error', (error) => {
      settle();
      reject(
        new UserError(
          `The command \`${shown}\` can't be started: ${error.message}. Is ${program} installed?`,
        ),
      );
    });
    child.on('close', (code, killedBy) => {
      settle();
      if (code === 0) resolve(tail);
      else
        reject(
          new UserError(
            `The command \`${shown}\` ended with ${killedBy ?? `exit code ${code}`}.${quoted(tail)}`,
          ),
        );
    });
  });
  if (!existsSync(output)) {
    throw new UserError(
      `The command \`${shown}\` succeeded but wrote no file at {output} (${output}).${quoted(said)}`,
    );
  }
}

function quoted(tail: string): string {
  const text = tail.trim();
  return text === '' ? '' : `\n${text.split('\n').slice(-12).join('\n')}`;
}
