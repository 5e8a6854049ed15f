/** Runs a program to its end and gives what it wrote. */
import { createWriteStream, existsSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { MachineError, throwIfInterrupted } from '../../errors.js';
import {
  type ChildEnd,
  type ChildProcess,
  type Limits,
  type Supervision,
  startProgram,
  superviseChild,
} from './child-process.js';

export interface ProgramOptions extends Limits {
  /** Folder to run in. Default: ours. */
  directory?: string;
  /** All of its environment variables. Default: ours without the job's secrets. */
  environment?: NodeJS.ProcessEnv;
  /** Written to its standard input. Default: there is nothing to read. */
  input?: string;
  /**
   * Standard output: kept whole, and the program stopped (`stopped: 'output'`) when it is more than `limitBytes`; or written to a file.
   * Default: only its end is kept, in `said`.
   */
  stdout?: { limitBytes: number } | { file: string };
  /** Characters that are kept of the end of what it writes. Default: 20,000. */
  keptLength?: number;
}

export interface ProgramEnd extends Omit<ChildEnd, 'startError'> {
  /** Why it could not be started, as the end of a sentence that names the program; null: it was. */
  startError: string | null;
  /** Standard output where it was to be kept whole, else ''. */
  stdout: string;
  /** The end of standard error. */
  stderr: string;
  /** The end of both outputs, in the order in which they came. */
  said: string;
}

const KEPT_LENGTH = 20_000;

/** The system has no room for one more process, or for its pipes. */
const NO_ROOM = new Set(['EAGAIN', 'EMFILE', 'ENFILE', 'ENOMEM']);

/**
 * Runs `program`, which is looked for on PATH, without a shell. However it ends, and if it can't be started, the result says so. Throws
 * Interrupted when `signal` is aborted, MachineError when the system has no room for one more process, and what goes wrong with the file
 * that standard output is written to; the program and all that it started are gone by then.
 */
export async function runProgram(
  program: string,
  args: readonly string[],
  options: ProgramOptions = {},
): Promise<ProgramEnd> {
  throwIfInterrupted(options.signal);
  const { directory, environment, input, keptLength = KEPT_LENGTH } = options;
  const notStarted = (error: Error): ProgramEnd => ({
    ...NOTHING,
    startError: startErrorText(error, program, directory),
  });
  let child: ChildProcess;
  try {
    const stdin = input === undefined ? 'ignore' : 'pipe';
    child = startProgram(program, args, { directory, environment, stdio: [stdin, 'pipe', 'pipe'] });
  } catch (error) {
    return notStarted(error as Error);
  }
  const supervision = superviseChild(child, options);
  // It may end without reading it.
  child.stdin?.on('error', () => {}).end(input);
  const said = new Tail(keptLength);
  const stderr = new Tail(keptLength);
  // Without room for pipes there are none.
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr.add(text);
    said.add(text);
  });
  const reading = readStdout(child.stdout, { to: options.stdout, said, stop: supervision.stop });
  const end = await supervision.ended;
  if (end.startError !== null) return notStarted(end.startError);
  const { text, error } = await reading;
  if (error !== null && (end.stopped ?? 'error') === 'error') throw error;
  return { ...end, startError: null, stdout: text, stderr: stderr.text, said: said.text };
}

const NOTHING = { stopped: null, exitCode: null, signal: null, stdout: '', stderr: '', said: '' };

/** Reads it to its end; never rejects. */
async function readStdout(
  stdout: Readable | null,
  { to, said, stop }: { to: ProgramOptions['stdout']; said: Tail; stop: Supervision['stop'] },
): Promise<{ text: string; error: Error | null }> {
  try {
    if (!stdout || !to) {
      stdout?.setEncoding('utf8').on('data', (text: string) => said.add(text));
      return { text: '', error: null };
    }
    if ('file' in to) {
      await pipeline(stdout, createWriteStream(to.file));
      return { text: '', error: null };
    }
    const chunks: Buffer[] = [];
    let bytes = 0;
    for await (const chunk of stdout) {
      bytes += (chunk as Buffer).length;
      if (bytes <= to.limitBytes) chunks.push(chunk as Buffer);
      else stop('output');
    }
    return { text: Buffer.concat(chunks).toString('utf8'), error: null };
  } catch (error) {
    stop('error');
    return { text: '', error: error as Error };
  }
}

/** Node's own words, and what to do about it. Throws MachineError when there is no room for one more process. */
function startErrorText(error: Error, program: string, directory: string | undefined): string {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code !== undefined && NO_ROOM.has(code)) {
    throw new MachineError(
      'machine.no-room',
      `${program} can't be started: ${message}. The machine has no room for one more process: end others, or raise its limits.`,
    );
  }
  if (code === 'ENOENT' && directory !== undefined && !existsSync(directory)) {
    return `the folder ${directory} that it should run in does not exist`;
  }
  if (code === 'ENOENT') return `${message}. Is ${program} installed?`;
  if (code === 'EACCES') return `${message}. May ${program} be executed?`;
  return message;
}

/** The last `length` characters of a text that comes in pieces. */
class Tail {
  private kept = '';

  constructor(private readonly length: number) {}

  add(text: string): void {
    this.kept += text;
    // Cut seldom: each cut copies.
    if (this.kept.length > 2 * this.length) this.kept = this.kept.slice(-this.length);
  }

  get text(): string {
    return this.kept.slice(-this.length);
  }
}
