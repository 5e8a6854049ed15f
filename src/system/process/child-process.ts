/**
 * Starts and ends every process of ours. Each runs without a shell, without the job's secrets unless it is given an environment, in a
 * process group of its own so that what it started ends with it, and never longer than we do.
 */
import { type ChildProcess, fork, type StdioOptions, spawn } from 'node:child_process';
import { once, setMaxListeners } from 'node:events';
import { interruptionOf } from '../../errors.js';
import { withoutSecrets } from './child-environment.js';

export type { ChildProcess } from 'node:child_process';

export interface StartOptions {
  /** Folder to run in. Default: ours. */
  directory?: string;
  /** All of its environment variables. Default: ours without the job's secrets. */
  environment?: NodeJS.ProcessEnv;
  stdio: StdioOptions;
  /**
   * `ours`: our process group, and so our scheduling group, as what is timed must have. It gets Ctrl-C from the terminal with us. Default:
   * `own`.
   */
  group?: 'own' | 'ours';
}

export interface ForkOptions extends StartOptions {
  /** Command and arguments that run Node in their own place (`setpriv`, `taskset`). */
  wrapper?: readonly string[];
}

export interface Limits {
  /** Aborting it ends the child; the result is then Interrupted. */
  signal?: AbortSignal;
  timeoutMs?: number;
  /** From SIGTERM to SIGKILL. 0: SIGKILL at once. */
  graceMs?: number;
}

/** What we ended a child for. */
export type StopReason = 'timeout' | 'output' | 'error';

export interface ChildEnd {
  /** Why it could not be started; null: it was. */
  startError: NodeJS.ErrnoException | null;
  /** null: it ended by itself. */
  stopped: StopReason | null;
  exitCode: number | null;
  /** The signal that ended it. */
  signal: NodeJS.Signals | null;
}

/** Time to put things in order: git removes its lock files, an exporter its temporary ones. */
const GRACE_MS = 2_000;

/** A process that hangs in the kernel survives SIGKILL: it is not waited for. */
const AFTER_KILL_MS = 1_000;

/** Children that run, and whether each leads a process group. */
const running = new Map<ChildProcess, { leads: boolean }>();
process.on('exit', () => {
  for (const child of running.keys()) signalAll(child, 'SIGKILL');
});

/** Starts a program. Its failure to start is thrown, or told by `superviseChild`: Node does either. */
export function startProgram(program: string, args: readonly string[], options: StartOptions): ChildProcess {
  const { directory, environment = withoutSecrets(), stdio, group = 'own' } = options;
  const leads = group === 'own' && process.platform !== 'win32';
  return registered(
    spawn(program, args, { cwd: directory, env: environment, stdio, detached: leads, windowsHide: true }),
    leads,
  );
}

/** Runs a file of ours in a process of its own that talks with us over IPC, in structured clones. */
export function forkFile(file: string, options: ForkOptions): ChildProcess {
  const { directory, environment = withoutSecrets(), stdio, wrapper = [], group = 'own' } = options;
  const leads = group === 'own' && process.platform !== 'win32';
  const [execPath, ...execArgv] = [...wrapper, process.execPath];
  return registered(
    fork(file, [], {
      cwd: directory,
      env: environment,
      execPath: execPath!,
      execArgv,
      serialization: 'advanced',
      stdio,
      detached: leads,
    }),
    leads,
  );
}

/** Starts a program that goes on without us, as a browser does. @throws what Node says when it can't be started. */
export async function releaseProgram(program: string, args: readonly string[]): Promise<void> {
  const child = spawn(program, args, { env: withoutSecrets(), stdio: 'ignore', detached: true });
  await once(child, 'spawn');
  child.unref();
}

function registered(child: ChildProcess, leads: boolean): ChildProcess {
  running.set(child, { leads });
  child.on('close', () => running.delete(child));
  child.on('error', () => {
    if (child.pid === undefined) running.delete(child);
  });
  return child;
}

/** Signals a child and, where it leads a group, all that it started. No effect on those that are gone. */
export function signalAll(child: ChildProcess, signal: NodeJS.Signals): void {
  try {
    if (running.get(child)?.leads && child.pid !== undefined) process.kill(-child.pid, signal);
    else child.kill(signal);
  } catch {
    // They have ended by themselves.
  }
}

/** A child between its start and its end. */
export interface Supervision {
  /** Resolves when the child is gone and what it wrote has been read. Rejects with Interrupted, then too. */
  ended: Promise<ChildEnd>;
  /** Ends it with what it started: SIGTERM, after the grace period SIGKILL. Only the first reason counts. */
  stop(reason: StopReason): void;
}

/**
 * Ends a child when the signal says so or its time is up, and tells how it ended. Call it right after the start. One that never began
 * still resolves `ended`.
 */
export function superviseChild(child: ChildProcess, limits: Limits = {}): Supervision {
  const { signal, timeoutMs, graceMs = GRACE_MS } = limits;
  let reason: StopReason | 'interrupted' | null = null;
  let abandon = () => {};
  const timers = new Set<NodeJS.Timeout>();
  const after = (ms: number, act: () => void) => timers.add(setTimeout(act, ms));
  const kill = () => {
    signalAll(child, 'SIGKILL');
    after(AFTER_KILL_MS, abandon);
  };
  const stop = (why: StopReason | 'interrupted') => {
    if (reason !== null) return;
    reason = why;
    if (graceMs === 0) return kill();
    signalAll(child, 'SIGTERM');
    after(graceMs, kill);
  };
  const onAbort = () => stop('interrupted');
  // As many may run at once as there are models, files and variants.
  if (signal) setMaxListeners(0, signal);
  signal?.addEventListener('abort', onAbort, { once: true });
  if (timeoutMs !== undefined) after(timeoutMs, () => stop('timeout'));
  // Of what it started, who has not ended with it goes now.
  child.on('exit', () => reason !== null && signalAll(child, 'SIGKILL'));
  const closed = new Promise<Error | null>((resolve) => {
    abandon = () => {
      letGo(child);
      resolve(null);
    };
    child.on('close', () => resolve(null));
    // A child that runs may report other failures, as of a signal to it.
    child.on('error', (error) => child.pid === undefined && resolve(error));
  });
  const ended = closed.then((startError) => {
    for (const timer of timers) clearTimeout(timer);
    signal?.removeEventListener('abort', onAbort);
    if (reason !== null && signal?.aborted) throw interruptionOf(signal);
    return {
      startError,
      stopped: reason as StopReason | null,
      exitCode: child.exitCode,
      signal: child.signalCode,
    };
  });
  return { ended, stop };
}

/** Neither waits for a child any longer, nor is kept from ending by it. */
function letGo(child: ChildProcess): void {
  for (const stream of child.stdio) stream?.destroy();
  if (child.connected) child.disconnect();
  child.unref();
}
