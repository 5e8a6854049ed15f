/** onnxruntime-web in Node, behind the Session interface: the WebAssembly build that browsers run, without a browser. It is for workers
 *  only: its threads belong to the process, and its memory is the last that the process made. */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { InferenceSession } from 'onnxruntime-node';
import { MachineError, messageOf } from '../../errors.js';
import { oneNodeModel } from '../../onnx/file/one-node.js';
import { readModelOutline } from '../../onnx/file/read-outline.js';
import { externalLocations } from '../../onnx/file/weights.js';
import { externalPath } from '../../onnx/tensor/external-data.js';
import { openError } from '../onnxruntime.js';
import type { Session, SessionOptions } from '../runtime.js';
import { type OnnxRuntimeModule, wrapSession } from '../session.js';
import { inWords, textOf } from './failure-text.js';
import { printedBy } from './process-hooks.js';
import { watchMemory } from './watch-memory.js';
import { requireThreads, type WorkerHolder, watchThreads } from './watch-threads.js';

export interface WasmRuntime {
  /** onnxruntime-web's version. */
  readonly version: string;
  /** Threads that it works with, counted. */
  readonly threads: number;
  /** Opens a model by path (external data is found beside it) or from bytes.
   *  @throws UserError for a model that the build refuses, MachineError where its heap is full. */
  open(model: string | Uint8Array, options?: WasmSessionOptions): Promise<WasmSession>;
  /** Size of the WebAssembly heap, in bytes. It grows in steps and never shrinks: this is its peak. */
  heapBytes(): number;
}

export interface WasmSession extends Session {
  /** Ends profiling; the profile as ONNX Runtime wrote it (JSON text). Needs `profile`. */
  profileText(): string;
}

export interface WasmSessionOptions extends Pick<SessionOptions, 'graphOptimizationLevel'> {
  profile?: boolean;
}

/** The file of the package that Node loads. */
const ENTRY = join('dist', 'ort.node.min.mjs');

/** ONNX Runtime's severity (OrtLoggingLevel). */
const LOG_ERROR = 3;

/**
 * Loads onnxruntime-web out of its package's `directory`, and starts its WebAssembly: compiling it is no part of opening a model.
 * Threads belong to the process: all of its sessions have that many.
 * @throws MachineError when it doesn't load, or works with fewer threads.
 */
export async function loadWasmRuntime(directory: string, { threads = 1 } = {}): Promise<WasmRuntime> {
  const memory = watchMemory();
  const working = watchThreads(createRequire(import.meta.url)('node:worker_threads') as WorkerHolder);
  let ort: OnnxRuntimeModule;
  try {
    ort = (await import(pathToFileURL(join(directory, ENTRY)).href)) as OnnxRuntimeModule;
    ort.env.wasm.numThreads = threads;
    ort.env.logLevel = 'error';
    // It starts with its first session.
    await (await ort.InferenceSession.create(oneNodeModel('Relu'), sessionOptions({}))).release();
  } catch (error) {
    throw new MachineError(
      'runtime.not-loaded',
      `ONNX Runtime for WebAssembly in ${directory} could not be loaded: ${messageOf(error)}. Reinstall onnxruntime-web.`,
    );
  }
  requireThreads(threads, working.count(), `Node ${process.version}`);
  return {
    version: ort.env.versions.web ?? ort.env.versions.common,
    threads: working.count(),
    heapBytes: memory.bytes,
    async open(model, options = {}) {
      const name = typeof model === 'string' ? model : 'the model';
      try {
        const session = await create(ort, model, options);
        // Without files to write, ONNX Runtime prints its profile.
        return {
          ...inWords(wrapSession(ort, session)),
          profileText: () => printedBy(() => session.endProfiling()),
        };
      } catch (error) {
        throw openError(textOf(error), { model: name, provider: 'wasm', directory });
      }
    },
  };
}

async function create(
  ort: OnnxRuntimeModule,
  model: string | Uint8Array,
  options: WasmSessionOptions,
): Promise<InferenceSession> {
  if (typeof model !== 'string') return await ort.InferenceSession.create(model, sessionOptions(options));
  // WebAssembly sees no folders: what lies beside the model is handed in under the name that the model has for it.
  const externalData = await Promise.all(
    externalLocations(readModelOutline(model).proto).map(async (location) => ({
      path: location,
      data: await readFile(externalPath(location, dirname(model))),
    })),
  );
  const beside = externalData.length > 0 ? { externalData } : {};
  return await ort.InferenceSession.create(model, { ...sessionOptions(options), ...beside });
}

function sessionOptions(options: WasmSessionOptions): InferenceSession.SessionOptions {
  return {
    executionProviders: ['wasm'],
    graphOptimizationLevel: options.graphOptimizationLevel ?? 'all',
    executionMode: 'sequential',
    enableProfiling: options.profile ?? false,
    logSeverityLevel: LOG_ERROR,
  };
}
