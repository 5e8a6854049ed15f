/** What the steps of a run share, handed on whole from the entry to whoever needs it. */
import type { Log } from '../log.js';
import type { Runtime, WorkerRuntime } from './runtime.js';

/** What is needed to start workers and to tell how far things are. */
export interface WorkerContext {
  /** Workers load its package by themselves. */
  runtime: WorkerRuntime;
  log: Log;
  /** Aborted, whatever is at work ends with Interrupted. */
  signal?: AbortSignal;
}

/** The same with a runtime whose sessions run in this process. */
export interface RunContext extends WorkerContext {
  runtime: Runtime;
  /** Intra-op threads of those sessions. Default: ONNX Runtime's own choice. */
  threads?: number;
}
