/** A worker as its parent holds it: starts the child process, asks, and waits asleep. */

import { throwIfInterrupted } from '../../errors.js';
import { inBrowser, NEED_CUDA } from '../../terms/provider.js';
import { requireBrowser } from '../browser/find-browser.js';
import { type CudaRuntime, WEB_BUILDS, WEB_FILES, type WebBuild } from '../runtime.js';
import { Connection } from './connection.js';
import type { CallKind, Calls, OpenReply, OpenRequest } from './protocol.js';
import { type StartWorkerOptions, spawnWorker } from './spawn.js';
export interface Worker {
  readonly pid: number;
  readonly opened: OpenReply;
  /** Asks one thing. Requests may be sent ahead; the worker answers them in order. */
  call<K extends CallKind>(
    kind: K,
    ...body: Calls[K]['request'] extends null ? [] : [Calls[K]['request']]
  ): Promise<Calls[K]['reply']>;
  /**
   * Freezes the process between requests, with its threads: ONNX Runtime's spin on for a while after a run and would take a core from
   * whoever runs next. No effect where `workersPause()` is false.
   */
  pause(): void;
  /** Lets it go on from where it was. */
  resume(): void;
  /** Ends the worker in good order; kills it when it doesn't go. */
  close(): Promise<void>;
  /** Ends it at once; resolves when the process is gone. */
  kill(): Promise<void>;
}

/** Starts a worker and opens its session. Throws WorkerError, UserError (the runtime refuses the model), MachineError (a provider is missing), Interrupted. */
export async function startWorker(options: StartWorkerOptions): Promise<Worker> {
  throwIfInterrupted(options.signal);
  const provider = options.session?.provider ?? 'cpu';
  // Before anything is fetched for it.
  const browser = inBrowser(provider) ? requireBrowser(provider) : null;
  const build = WEB_BUILDS[provider];
  const web = build === undefined ? null : await locateWeb(build, options.runtime);
  const native = needsCuda(options) ? await cudaRuntime(options) : withoutCuda(options);
  const child = spawnWorker(options, native);
  let connection: Connection;
  try {
    connection = new Connection(child, { ...options, runtime: native });
  } catch (error) {
    // Its folders can't be made: a child that nobody holds would keep this process from ending.
    child.kill('SIGKILL');
    throw error;
  }
  try {
    const opened = await connection.call('open', {
      model: options.model,
      runtimePath: native.directory,
      web,
      browser: browser === null ? null : { path: browser, profile: connection.browserDirectory! },
      options: options.session ?? {},
      profileDirectory: connection.directory,
    });
    return {
      pid: connection.child.pid!,
      opened,
      call: (kind, ...body) => connection.call(kind, (body[0] ?? null) as never),
      pause: () => connection.signal('SIGSTOP'),
      resume: () => connection.signal('SIGCONT'),
      close: () => connection.close(),
      kill: () => connection.kill(),
    };
  } catch (error) {
    await connection.kill();
    throw error;
  }
}

const needsCuda = ({ session }: StartWorkerOptions) => NEED_CUDA.has(session?.provider ?? 'cpu');

/** The package that the worker loads, and the libraries that it is started with. */
const withoutCuda = ({ runtime }: StartWorkerOptions): CudaRuntime => ({
  directory: runtime.directory,
  libraryPath: [],
});

/** CUDA's provider may be in another package, and its libraries in folders of their own. */
async function cudaRuntime(options: StartWorkerOptions): Promise<CudaRuntime> {
  return (await options.runtime.locateCuda?.()) ?? withoutCuda(options);
}

/** onnxruntime-web, as a provider needs it. */
async function locateWeb(
  build: WebBuild,
  { locateWasm }: StartWorkerOptions['runtime'],
): Promise<OpenRequest['web']> {
  if (!locateWasm) throw new Error('the runtime was loaded without a way to find onnxruntime-web');
  return { directory: await locateWasm(build), files: WEB_FILES[build] };
}
