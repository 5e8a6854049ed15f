/** The child process of a worker: with which libraries, on which cores, and how it ends with its parent. */

import { existsSync } from 'node:fs';
import { delimiter } from 'node:path';
import { bundledFile } from '../../system/process/bundled-file.js';
import { withoutSecrets } from '../../system/process/child-environment.js';
import { type ChildProcess, forkFile } from '../../system/process/child-process.js';
import type { CudaRuntime, SessionOptions, WorkerRuntime } from '../runtime.js';
import type { FeedsFile } from './feeds-file.js';
export interface StartWorkerOptions {
  /** Path of the model (preferred), or the bytes of a small one. */
  model: string | Uint8Array;
  /** Name for messages; default: the path. */
  name?: string;
  session?: SessionOptions;
  /** The runtime whose package the worker loads. */
  runtime: WorkerRuntime;
  profile?: boolean;
  /** Cores to pin the process to; none: the scheduler decides. Needs taskset; without it they are ignored. */
  cpus?: readonly number[];
  /** Holds the inputs of `runStored`. */
  feedsFile?: FeedsFile;
  signal?: AbortSignal;
  /** Longest time any single request may take; the worker is killed past it. Default: DEADLINES_MS. */
  deadlineMs?: number;
}

/** Starts it; it waits for `open`. */
export function spawnWorker(
  { cpus = [], feedsFile }: Pick<StartWorkerOptions, 'cpus' | 'feedsFile'>,
  { libraryPath }: CudaRuntime,
): ChildProcess {
  // Each runs the next in its own place, so that the process stays the one we started.
  const wrappers = [
    // When the parent is killed outright, the kernel ends the child too, even inside a native call that never returns.
    ...(existsSync(SETPRIV) ? [[SETPRIV, '--pdeathsig', 'KILL']] : []),
    ...(cpus.length > 0 && existsSync(TASKSET) ? [[TASKSET, '--cpu-list', cpus.join(',')]] : []),
  ];
  return forkFile(bundledFile('worker.js'), {
    wrapper: wrappers.flat(),
    group: 'ours',
    ...(libraryPath.length > 0 && { environment: withLibraries(libraryPath) }),
    stdio: ['ignore', 'ignore', 'pipe', 'ipc', ...(feedsFile ? [feedsFile.descriptor] : [])],
  });
}

/** The environment of a process whose dynamic loader looks into these folders first. */
function withLibraries(folders: readonly string[]): NodeJS.ProcessEnv {
  const environment = withoutSecrets();
  const path = [...folders, environment.LD_LIBRARY_PATH].filter(Boolean).join(delimiter);
  return { ...environment, LD_LIBRARY_PATH: path };
}

/** Whether workers can be frozen: only where the kernel ends them with their parent, for one that is frozen would not notice its end. */
export function workersPause(): boolean {
  return existsSync(SETPRIV);
}

const SETPRIV = '/usr/bin/setpriv';
const TASKSET = '/usr/bin/taskset';
