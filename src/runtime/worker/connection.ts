/** One child process and the requests that it owes answers to; what went wrong when it dies. */

import { setMaxListeners } from 'node:events';
import { rmSync } from 'node:fs';
import { Interrupted, MachineError, UserError } from '../../errors.js';
import { scratchFolder } from '../../system/files/scratch.js';
import type { ChildProcess } from '../../system/process/child-process.js';
import { inBrowser } from '../../terms/provider.js';
import { missingLibrary } from '../provider-error.js';
import type { CallKind, Calls, Reply, ReplyFailure } from './protocol.js';
import type { StartWorkerOptions } from './spawn.js';
import { workersPause } from './spawn.js';
/** How a worker failed: it answered with an error, it died, or it didn't answer in time. */
export type WorkerFailure = 'refused' | 'crashed' | 'out-of-memory' | 'hung';

/** The worker can't go on. The caller decides what that means: a variant is `invalid`, the original a MachineError. */
export class WorkerError extends Error {
  override readonly name = 'WorkerError';
  constructor(
    readonly failure: WorkerFailure,
    message: string,
  ) {
    super(message);
  }
}

/** Opening reads and compiles what may be a large model on a slow disk; anything else is a few inferences. */
const DEADLINES_MS = { open: 300_000, other: 120_000 } as const;

/** How long a closing worker may take to release its session. */
const CLOSE_DEADLINE_MS = 5_000;

/** How long a worker may take to end its browser. */
const BROWSER_GRACE_MS = 2_000;

const STDERR_TAIL_BYTES = 4_096;

interface Pending {
  kind: CallKind;
  resolve(value: unknown): void;
  reject(error: Error): void;
}

/** One child and the requests it owes answers to. */
export class Connection {
  private readonly pending = new Map<number, Pending>();
  private readonly name: string;
  private readonly provider: string;
  private nextId = 1;
  private stderr = '';
  private ended: Error | null = null;
  private timer: NodeJS.Timeout | null = null;
  /** Ours for the worker's files; null: it makes none. */
  readonly directory: string | null;
  /** Ours for a browser's profile; null: it starts none. */
  readonly browserDirectory: string | null;
  private readonly gone: Promise<void>;
  private readonly onAbort = () => this.end(new Interrupted('interrupted'));

  constructor(
    readonly child: ChildProcess,
    private readonly options: StartWorkerOptions,
  ) {
    this.name = options.name ?? (typeof options.model === 'string' ? options.model : 'the model');
    this.provider = options.session?.provider ?? 'cpu';
    this.directory = options.profile ? scratchFolder('profile') : null;
    this.browserDirectory = inBrowser(this.provider) ? scratchFolder('browser') : null;
    // As many workers as there are variants and concurrent processes may listen.
    if (options.signal) setMaxListeners(0, options.signal);
    options.signal?.addEventListener('abort', this.onAbort, { once: true });
    child.on('message', (reply) => this.receive(reply as Reply));
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.stderr = (this.stderr + text).slice(-STDERR_TAIL_BYTES);
    });
    this.gone = new Promise((resolve) => {
      child.on('error', (error) => {
        this.end(new MachineError('runtime.worker', `A worker could not be started: ${error.message}`));
        // Never started: no 'close' will come.
        if (child.pid === undefined) resolve();
      });
      // 'close' comes after the last of stderr, 'exit' may come before.
      child.on('close', (code, signal) => {
        for (const folder of [this.directory, this.browserDirectory]) {
          // Of a browser that was killed, the last of its processes may still be writing.
          if (folder) rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 20 });
        }
        this.end(this.deathOf(code, signal));
        resolve();
      });
    });
  }

  call<K extends CallKind>(kind: K, body: Calls[K]['request']): Promise<Calls[K]['reply']> {
    return new Promise((resolve, reject) => {
      if (this.ended) {
        reject(this.ended);
        return;
      }
      const id = this.nextId++;
      this.pending.set(id, { kind, resolve: resolve as (value: unknown) => void, reject });
      if (!this.timer) this.watch();
      // A failed send means that the child is gone; 'close' says why.
      this.child.send({ id, kind, body }, () => {});
    });
  }

  signal(signal: 'SIGSTOP' | 'SIGCONT'): void {
    if (!this.ended && workersPause()) this.child.kill(signal);
  }

  async close(): Promise<void> {
    if (this.ended) return this.gone;
    this.signal('SIGCONT');
    const timer = setTimeout(() => this.kill(), CLOSE_DEADLINE_MS);
    await this.call('close', null).catch(() => this.kill());
    await this.gone;
    clearTimeout(timer);
  }

  kill(): Promise<void> {
    this.end(new WorkerError('crashed', 'the worker was stopped'));
    return this.gone;
  }

  private receive(reply: Reply): void {
    const request = this.pending.get(reply.id);
    if (!request) return;
    this.pending.delete(reply.id);
    this.watch();
    if (reply.ok) request.resolve(reply.body);
    else request.reject(this.errorOf(reply.error));
  }

  /** The clock of the request at the head of the queue; none while nothing is asked. */
  private watch(): void {
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
    if (this.pending.size === 0) return;
    const kind = this.pending.values().next().value!.kind;
    const deadlineMs = this.options.deadlineMs ?? (kind === 'open' ? DEADLINES_MS.open : DEADLINES_MS.other);
    this.timer = setTimeout(() => {
      const message = `${this.name}: no answer to '${kind}' after ${deadlineMs / 1000} s; the worker was stopped.`;
      this.end(new WorkerError('hung', message));
    }, deadlineMs);
  }

  private end(error: Error): void {
    if (!this.ended) {
      this.ended = error;
      if (this.timer) clearTimeout(this.timer);
      this.options.signal?.removeEventListener('abort', this.onAbort);
      for (const request of this.pending.values()) request.reject(error);
      this.pending.clear();
    }
    if (this.child.exitCode === null && this.child.signalCode === null) this.endChild();
  }

  private endChild(): void {
    if (this.browserDirectory === null) {
      this.child.kill('SIGKILL');
      return;
    }
    // It takes its browser along.
    this.child.kill('SIGTERM');
    const timer = setTimeout(() => this.child.kill('SIGKILL'), BROWSER_GRACE_MS);
    this.child.once('close', () => clearTimeout(timer));
  }

  private errorOf(error: ReplyFailure): Error {
    if (error.kind === 'user') return new UserError(error.code, error.message);
    if (error.kind === 'machine') return new MachineError(error.code, this.withNativeLog(error.message));
    if (error.kind === 'crashed') return new WorkerError('crashed', `${this.name}: ${error.message}`);
    if (error.kind === 'out-of-memory' || OUT_OF_MEMORY.test(error.message))
      return new WorkerError('out-of-memory', `${this.name}: ${namedOutOfMemory(error.message)}`);
    return new WorkerError('refused', `${this.name}: ${error.message}`);
  }

  /** The library that a provider lacks stands only in ONNX Runtime's own log on stderr. */
  private withNativeLog(message: string): string {
    if (message.includes(' because ')) return message;
    const place = { provider: this.provider, directory: this.options.runtime.directory };
    const why = missingLibrary(this.stderr, place);
    return why ? message.replace(' could not be opened.', ` could not be opened${why}.`) : message;
  }

  private deathOf(code: number | null, signal: NodeJS.Signals | null): WorkerError {
    const last = this.pending.values().next().value?.kind;
    const during = last ? ` during '${last}'` : '';
    const tail = this.stderr.trim().split('\n').slice(-8).join('\n');
    const said = tail ? ` Last words:\n${tail}` : '';
    if (OUT_OF_MEMORY.test(this.stderr)) {
      return new WorkerError('out-of-memory', `${this.name}: the worker ran out of memory${during}.${said}`);
    }
    // Nobody here sends SIGKILL without saying so first: it is the kernel's out-of-memory killer.
    if (signal === 'SIGKILL') {
      return new WorkerError(
        'out-of-memory',
        `${this.name}: the worker was killed${during}, most likely for lack of memory.${said}`,
      );
    }
    const how = signal ? `was ended by ${signal}` : `exited with code ${code}`;
    return new WorkerError('crashed', `${this.name}: the worker ${how}${during}.${said}`);
  }
}

/** Most messages say it themselves. */
function namedOutOfMemory(message: string): string {
  return /^out of memory/i.test(message) ? message : `out of memory: ${message}`;
}

const OUT_OF_MEMORY =
  /bad_alloc|out of memory|Failed to allocate memory|Cannot allocate memory|_ALLOC(ATION)?_FAILED/i;
