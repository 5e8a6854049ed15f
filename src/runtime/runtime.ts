/** ONNX Runtime as the other rooms see it: they are handed a Runtime and never import onnxruntime-node. */
import type { Feeds } from '../tensor/tensor.js';
import type { ValueMeta } from '../tensor/value-meta.js';

export type GraphOptimizationLevel = 'disabled' | 'basic' | 'extended' | 'all';

/** Threads that spin within a run and sleep between runs: what works meanwhile (decoding, counting, another session) has the cores. */
export const SPIN_WITHIN_RUNS: Readonly<Record<string, string>> = { 'session.force_spinning_stop': '1' };

/** Threads that sleep whenever they wait, for runs that nobody times: beside other work spinning takes twice the CPU, and the run longer. The results are the
 *  same. */
export const NEVER_SPIN: Readonly<Record<string, string>> = { 'session.intra_op.allow_spinning': '0' };

/** Of sessions whose values decide what a file holds: two threads on every machine. How a convolution or a product that is shared out among threads cuts its
 *  sums into parts follows from each thread's share (MlasConv and MlasSgemmOperation of ONNX Runtime), and with it the last bit of what comes of them. */
export const DECIDING: Readonly<Pick<SessionOptions, 'threads' | 'configEntries'>> = {
  threads: 2,
  configEntries: NEVER_SPIN,
};

export interface SessionOptions {
  graphOptimizationLevel?: GraphOptimizationLevel;
  /** Where ONNX Runtime writes the optimized model (absolute path). */
  optimizedModelPath?: string;
  /** Intra-op threads; default: ONNX Runtime's own choice. */
  threads?: number;
  /** 'cpu' by default. Others never fall back silently: opening throws MachineError naming what's missing. */
  provider?: string;
  deviceId?: number;
  /** Prefix of the profile file; endProfiling() returns its path. */
  profilePrefix?: string;
  /** Whitelisted session configuration entries, e.g. 'session.x64quantprecision'. */
  configEntries?: Readonly<Record<string, string>>;
  /** ONNX Runtime prints nothing of its own on stderr; errors are thrown in any case. */
  silent?: boolean;
  /** What a tensor took is given back when it is no longer needed, not kept for the next run. Default: it is kept, for speed. */
  givesMemoryBack?: boolean;
}

/** One set of inputs, made ready once, run many times: what timing loops use. */
export interface PreparedRun {
  /** One inference, nothing else: no conversion, no copies on our side. */
  run(): Promise<void>;
  /** Runs once and keeps the outputs' buffers for later runs, where their shapes allow it; says whether they do. */
  reuseOutputs(): Promise<boolean>;
  /** Outputs of the last run. */
  outputs(): Feeds;
}

export interface Session {
  readonly inputs: readonly ValueMeta[];
  readonly outputs: readonly ValueMeta[];
  /** Runs once; `outputs` chooses which outputs are computed and returned (default: every tensor output). */
  run(feeds: Feeds, outputs?: readonly string[]): Promise<Feeds>;
  /** Runs once and writes into these outputs, whose types and shapes must be what the model gives. An output may share its memory with an input that its node reads
   *  element by element: sums are added up in their place. */
  runInto(feeds: Feeds, outputs: Feeds): Promise<void>;
  prepare(feeds: Feeds): PreparedRun;
  /** Path of the profile file; needs `profilePrefix`. */
  endProfiling(): string;
  release(): Promise<void>;
}

/** CUDA's provider and NVIDIA's libraries. Processes find the libraries only when they are started with the path. */
export interface CudaRuntime {
  /** Directory of the onnxruntime-node package that has the provider. */
  directory: string;
  /** Folders of libraries that the system's loader doesn't find by itself. */
  libraryPath: readonly string[];
}

/** What workers need to know of a runtime. */
export type WorkerRuntime = Pick<Runtime, 'directory' | 'locateWasm' | 'locateCuda'>;

/** What of onnxruntime-web is needed: for Node, for a page, for a page with WebGPU. */
export type WebBuild = 'node' | 'browser' | 'webgpu';

/** By the provider that needs it. */
export const WEB_BUILDS: Readonly<Record<string, WebBuild>> = {
  wasm: 'node',
  'browser-wasm': 'browser',
  'browser-webgpu': 'webgpu',
};

/** Below dist/; the first is the module that is loaded, which names the others. */
export const WEB_FILES: Readonly<Record<WebBuild, readonly [string, ...string[]]>> = {
  node: ['ort.node.min.mjs', 'ort-wasm-simd-threaded.mjs', 'ort-wasm-simd-threaded.wasm'],
  browser: ['ort.wasm.min.mjs', 'ort-wasm-simd-threaded.mjs', 'ort-wasm-simd-threaded.wasm'],
  webgpu: [
    'ort.webgpu.min.mjs',
    'ort-wasm-simd-threaded.asyncify.mjs',
    'ort-wasm-simd-threaded.asyncify.wasm',
  ],
};

export interface Runtime {
  /** onnxruntime-node's version, e.g. '1.30.0'. */
  readonly version: string;
  /** Directory of the onnxruntime-node package that was loaded; workers load the same one. */
  readonly directory: string;
  /** Directory of the onnxruntime-web package, which 'wasm' and the browser's providers run in workers, with the files of `build` in it
   *  (default: 'node'); found, or fetched, when it is first asked for.
   *  @throws MachineError when it can't be had. */
  locateWasm?(build?: WebBuild): Promise<string>;
  /** What the providers 'cuda' and 'tensorrt' need in workers: found, or fetched, when it is first asked for. Absent: what is there is used.
   *  @throws MachineError when it can't be had. */
  locateCuda?(): Promise<CudaRuntime>;
  /** Execution providers that this build knows; whether they open is another matter. */
  readonly providers: readonly string[];
  /** Opens a model by path (preferred: external data is found beside it) or from bytes. Throws UserError for a model that
   *  ONNX Runtime refuses, MachineError for a provider that can't be opened. */
  open(model: string | Uint8Array, options?: SessionOptions): Promise<Session>;
}
