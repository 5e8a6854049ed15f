/** What every function of the library takes beside its own options: the runtime, the signal that ends it, and who hears how far it is. */
import type { Log } from '../log.js';
import type { RunContext } from '../runtime/context.js';
import { openRuntime } from './open-runtime.js';
import { OptionError } from './options/option-error.js';

/** Options of every call. */
export interface CallOptions {
  /** Threads that ONNX Runtime computes an operator with; default: one per core. */
  threads?: number | undefined;
  /** Folder of the onnxruntime-node package to use; default: one in a node_modules above, else it is fetched into the cache at first use. */
  onnxruntimePath?: string | undefined;
  /** Aborted, the call ends with Interrupted, and nothing half-written stays. */
  signal?: AbortSignal | undefined;
  /** Hears how far a long step is; a step ends with `done === total`. */
  onProgress?: ((progress: Progress) => void) | undefined;
  /** Hears what a person at a terminal would read: steps, warnings, details. What matters for the result is in its `notes`, too. */
  onMessage?: ((message: Message) => void) | undefined;
}

/** How far a step is. */
export interface Progress {
  /** What is done, for people: `latency of resnet50 on cpu`. */
  step: string;
  done: number;
  /** It may grow while the step goes on. */
  total: number;
}

/** A line for people. */
export interface Message {
  level: 'debug' | 'info' | 'warn';
  text: string;
}

/** One call of the library. */
export interface Call {
  log: Log;
  signal: AbortSignal | undefined;
  /** What the steps are handed; opens ONNX Runtime. */
  context(): Promise<RunContext>;
}

/** Names of the options of every call. */
export const CALL_KEYS = ['threads', 'onnxruntimePath', 'signal', 'onProgress', 'onMessage'] as const;

/** @throws UserError for threads that are none. */
export function openCall({ threads, onnxruntimePath, signal, onProgress, onMessage }: CallOptions): Call {
  if (threads !== undefined && !(Number.isInteger(threads) && threads >= 1))
    throw new OptionError(
      'usage.invalid-value',
      (option) => `${option('threads')} must be a whole number of at least 1.`,
    );
  const say = (level: Message['level']) => (text: string) => onMessage?.({ level, text });
  const log: Log = {
    debug: say('debug'),
    info: say('info'),
    warn: say('warn'),
    progress: (step, done, total) => onProgress?.({ step, done, total }),
  };
  return {
    log,
    signal,
    context: async () => ({
      runtime: await openRuntime({ onnxruntimePath }, { log, signal }),
      log,
      ...(threads === undefined ? {} : { threads }),
      ...(signal === undefined ? {} : { signal }),
    }),
  };
}
