/** onnxruntime-node behind the Runtime interface: option names, tensor types and error kinds are translated here. */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { InferenceSession, Tensor as OrtTensor } from 'onnxruntime-node';
import { MachineError, messageOf, UserError } from '../errors.js';
import type { ElementType, Feeds, Tensor } from '../tensor/tensor.js';
import type { ValueMeta } from '../tensor/value-meta.js';
import { runsOnCpu } from '../terms/provider.js';
import { missingLibrary } from './provider-error.js';
import type { PreparedRun, Runtime, Session, SessionOptions } from './runtime.js';

export type OnnxRuntimeModule = typeof import('onnxruntime-node');

/** Session configuration entries that quantgate may pass; ONNX Runtime ignores unknown ones silently, so we don't pass any. */
const CONFIG_ENTRIES = new Set([
  'session.x64quantprecision',
  'session.disable_quant_qdq',
  'session.enable_quant_qdq_cleanup',
  'session.qdqisint8allowed',
  'session.qdq_matmulnbits_accuracy_level',
  'session.qdq_matmulnbits_block_size',
  'session.intra_op.allow_spinning',
  'session.force_spinning_stop',
  'session.intra_op_thread_affinities',
  'session.disable_cpu_ep_fallback',
  'session.use_deterministic_compute',
  'session.disable_prepacking',
  'optimization.disable_specified_optimizers',
  'session.optimized_model_external_initializers_file_name',
  'session.optimized_model_external_initializers_min_size_in_bytes',
]);

/** `directory` is the onnxruntime-node package that `ort` was loaded from. */
export function wrapOnnxRuntime(ort: OnnxRuntimeModule, directory: string): Runtime {
  holdFloat16AsBits(ort);
  return {
    version: ort.env.versions.node ?? ort.env.versions.common,
    directory,
    providers: ort.listSupportedBackends().map((backend) => backend.name),
    async open(model, options = {}) {
      const native = sessionOptions(options);
      try {
        // Two overloads, by path and by bytes, that TypeScript can't merge.
        const session =
          typeof model === 'string'
            ? await ort.InferenceSession.create(model, native)
            : await ort.InferenceSession.create(model, native);
        return wrapSession(ort, session, options);
      } catch (error) {
        const name = typeof model === 'string' ? model : 'the model';
        throw openError(messageOf(error).trim(), {
          model: name,
          provider: options.provider ?? 'cpu',
          directory,
          dump: options.optimizedModelPath ?? null,
        });
      }
    },
  };
}

/**
 * Where JavaScript has Float16Array (Node 24), onnxruntime-common would hold float16 tensors in it, which the native binding of 1.30
 * can't read ("not enough space: expected 4, got 0"). It looks for it once, with the first tensor: there is none at that moment.
 */
function holdFloat16AsBits(ort: OnnxRuntimeModule): void {
  const held = Object.getOwnPropertyDescriptor(globalThis, 'Float16Array');
  if (!held) return;
  Reflect.deleteProperty(globalThis, 'Float16Array');
  try {
    new ort.Tensor('float32', Float32Array.of(0), [1]);
  } finally {
    Object.defineProperty(globalThis, 'Float16Array', held);
  }
}

/** ONNX Runtime's severities (OrtLoggingLevel). */
const LOG_ERROR = 3;
const LOG_FATAL = 4;

function sessionOptions(options: SessionOptions): InferenceSession.SessionOptions {
  const provider = options.provider ?? 'cpu';
  const entries = Object.entries(options.configEntries ?? {});
  for (const [key] of entries) {
    if (!CONFIG_ENTRIES.has(key)) throw new Error(`session configuration entry '${key}' is not whitelisted`);
  }
  return {
    executionProviders: [executionProvider(provider, options.deviceId)],
    graphOptimizationLevel: options.graphOptimizationLevel ?? 'all',
    executionMode: 'sequential',
    interOpNumThreads: 1,
    logSeverityLevel: options.silent ? LOG_FATAL : LOG_ERROR,
    ...(options.threads === undefined ? {} : { intraOpNumThreads: options.threads }),
    ...(options.optimizedModelPath ? { optimizedModelFilePath: options.optimizedModelPath } : {}),
    ...(options.profilePrefix ? { enableProfiling: true, profileFilePrefix: options.profilePrefix } : {}),
    ...(entries.length > 0 ? { extra: nested(entries) } : {}),
  };
}

/** The others refuse it: "WebGPU EP has an unrecognized option: 'deviceId'". */
const TAKES_DEVICE: ReadonlySet<string> = new Set(['cuda', 'tensorrt', 'dml']);

function executionProvider(
  name: string,
  deviceId: number | undefined,
): InferenceSession.ExecutionProviderConfig {
  if (deviceId === undefined || !TAKES_DEVICE.has(name)) return name;
  return { name, deviceId } as InferenceSession.ExecutionProviderConfig;
}

/** 'session.intra_op.allow_spinning' → { session: { intra_op: { allow_spinning } } }, the form the binding flattens again. */
function nested(entries: [string, string][]): Record<string, unknown> {
  const root: Record<string, unknown> = {};
  for (const [key, value] of entries) {
    const path = key.split('.');
    let node = root;
    for (const part of path.slice(0, -1)) {
      node[part] ??= {};
      node = node[part] as Record<string, unknown>;
    }
    node[path.at(-1)!] = value;
  }
  return root;
}

interface OpenPlace {
  model: string;
  provider: string;
  directory: string;
  /** Where the optimized model was to be written; null or absent: nowhere. */
  dump?: string | null;
}

/** The typed error for a session that didn't open, from ONNX Runtime's text. */
export function openError(text: string, place: OpenPlace): Error {
  const { model, provider } = place;
  if (OUT_OF_MEMORY.test(text)) {
    if (provider === 'wasm')
      return new MachineError(
        'runtime.out-of-memory',
        `${model} does not fit into WebAssembly's heap, which ends at 4 GB: ${text}.`,
      );
    const next =
      provider === 'cpu'
        ? ''
        : ' Stop what else uses the GPU (nvidia-smi lists it), or choose another with benchmark.device.';
    return new MachineError(
      'runtime.out-of-memory',
      `Out of memory while opening ${model} on ${provider}: ${text}.${next}`,
    );
  }
  if (!runsOnCpu(provider) && PROVIDER_FAILURE.test(text)) {
    return new MachineError(
      'provider.not-opened',
      `The execution provider '${provider}' could not be opened${missingLibrary(text, place)}. ONNX Runtime says: ${text}`,
    );
  }
  if (
    typeof model === 'string' &&
    /No such file|doesn.?t exist|Load model .* failed. File/i.test(text) &&
    !existsSync(model)
  ) {
    return new UserError('model.not-found', `There is no model at ${model}.`);
  }
  if (place.dump && /serialization failed|No space left/i.test(text)) {
    return new MachineError(
      'machine.no-room',
      `ONNX Runtime could not write ${model} as it optimized it into ${dirname(place.dump)} (${text}). Make room there, or name another temporary folder with TMPDIR.`,
    );
  }
  return new UserError(
    'model.refused',
    `ONNX Runtime${provider === 'wasm' ? ' for WebAssembly' : ''} refuses ${model}: ${text}`,
  );
}

const OUT_OF_MEMORY = /bad_alloc|out of memory|Failed to allocate|CUDA failure 2:|_ALLOC(ATION)?_FAILED/i;
const PROVIDER_FAILURE =
  /no available backend|AppendExecutionProvider|shared librar|cannot open shared object|CUDA failure|cudnn|libnv|WebGPU|adapter|driver/i;

/** A session of onnxruntime-node or onnxruntime-web, which share their classes (onnxruntime-common). */
export function wrapSession(
  ort: OnnxRuntimeModule,
  session: InferenceSession,
  options: SessionOptions,
): Session {
  const outputs = session.outputMetadata.map(valueMeta);
  // The file exists from here on, whatever happens to its name later.
  const profile = options.profilePrefix ? findProfile(options.profilePrefix) : null;
  // Sequences and maps can't be fetched through the binding; a model that has them is run for its tensors.
  const tensorOutputs = outputs.filter((output) => output.type !== null).map((output) => output.name);
  return {
    inputs: session.inputMetadata.map(valueMeta),
    outputs,
    async run(feeds, wanted = tensorOutputs) {
      if (wanted.length === 0) throw new UserError('model.no-tensor-output', NO_TENSORS);
      return feedsFromOrt(await session.run(feedsToOrt(ort, feeds), [...wanted]));
    },
    prepare(feeds) {
      if (tensorOutputs.length === 0) throw new UserError('model.no-tensor-output', NO_TENSORS);
      return prepareRun(session, feedsToOrt(ort, feeds), tensorOutputs);
    },
    endProfiling() {
      if (!profile) throw new Error('endProfiling() needs profilePrefix');
      session.endProfiling();
      return profile;
    },
    async release() {
      await session.release();
    },
  };
}

const NO_TENSORS =
  'None of the outputs is a tensor (sequences and maps only): there is nothing to read. Cut the model before the operator that makes them.';

function prepareRun(
  session: InferenceSession,
  feeds: Record<string, OrtTensor>,
  names: readonly string[],
): PreparedRun {
  let results: Record<string, OrtTensor> = {};
  let fetches: readonly string[] | Record<string, OrtTensor> = names;
  // The binding's types want a mutable array; it only reads.
  const run = async () => {
    results = (await session.run(feeds, fetches as string[])) as Record<string, OrtTensor>;
  };
  return {
    run,
    async reuseOutputs() {
      await run();
      const buffers = results;
      if (Object.values(buffers).some((tensor) => tensor.type === 'string' || tensor.location !== 'cpu'))
        return false;
      fetches = buffers;
      try {
        await run();
        return true;
      } catch {
        // The runtime refuses buffers whose shape differs from this run's output.
        fetches = names;
        await run();
        return false;
      }
    },
    outputs: () => feedsFromOrt(results),
  };
}

/** The profile that ONNX Runtime wrote: it names the file PREFIX_<date>_<time>.json and the binding doesn't tell which. */
export function findProfile(prefix: string): string {
  const directory = dirname(prefix);
  const start = `${basename(prefix)}_`;
  const found = readdirSync(directory)
    .filter((name) => name.startsWith(start) && name.endsWith('.json'))
    .map((name) => join(directory, name))
    .sort((a, b) => statSync(a).mtimeMs - statSync(b).mtimeMs)
    .at(-1);
  if (!found) throw new MachineError('runtime.profile', `ONNX Runtime wrote no profile at ${prefix}_*.json`);
  return found;
}

function valueMeta(meta: InferenceSession.ValueMetadata): ValueMeta {
  return meta.isTensor
    ? { name: meta.name, type: meta.type as ElementType, shape: meta.shape }
    : { name: meta.name, type: null, shape: null };
}

function feedsToOrt(ort: OnnxRuntimeModule, feeds: Feeds): Record<string, OrtTensor> {
  const native: Record<string, OrtTensor> = {};
  for (const [name, tensor] of Object.entries(feeds)) {
    native[name] = new ort.Tensor(tensor.type as 'float32', tensor.data as Float32Array, tensor.dims);
  }
  return native;
}

function feedsFromOrt(results: Record<string, unknown>): Feeds {
  const values: Feeds = {};
  for (const [name, tensor] of Object.entries(results)) values[name] = fromOrt(tensor as OrtTensor);
  return values;
}

function fromOrt(tensor: OrtTensor): Tensor {
  return { type: tensor.type as ElementType, dims: tensor.dims, data: bitsOf(tensor.data as Tensor['data']) };
}

/** onnxruntime-web gives half values in a Float16Array where JavaScript has one (Node 24): here they are their bits. */
function bitsOf(data: Tensor['data']): Tensor['data'] {
  if (!ArrayBuffer.isView(data) || data[Symbol.toStringTag] !== ('Float16Array' as string)) return data;
  return new Uint16Array(data.buffer, data.byteOffset, data.length);
}
