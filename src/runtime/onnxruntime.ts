/** onnxruntime-node behind the Runtime interface: option names, tensor types and error kinds are translated here. */
import type { InferenceSession, Tensor as OrtTensor } from 'onnxruntime-node';
import { MachineError, messageOf, UserError } from '../errors.js';
import type { Runtime, Session, SessionOptions, ValueMeta } from './runtime.js';
import type { ElementType, Feeds, Tensor } from './tensor.js';

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
]);

export function wrapOnnxRuntime(ort: OnnxRuntimeModule): Runtime {
  return {
    version: ort.env.versions.node ?? ort.env.versions.common,
    async open(model, options = {}) {
      const native = sessionOptions(options);
      try {
        // Two overloads, by path and by bytes, that TypeScript can't merge.
        const session =
          typeof model === 'string'
            ? await ort.InferenceSession.create(model, native)
            : await ort.InferenceSession.create(model, native);
        return wrapSession(ort, session);
      } catch (error) {
        throw openError(error, typeof model === 'string' ? model : 'the model', options.provider ?? 'cpu');
      }
    },
  };
}

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
    logSeverityLevel: 3,
    ...(options.threads === undefined ? {} : { intraOpNumThreads: options.threads }),
    ...(options.optimizedModelPath ? { optimizedModelFilePath: options.optimizedModelPath } : {}),
    ...(options.profilePrefix ? { enableProfiling: true, profileFilePrefix: options.profilePrefix } : {}),
    ...(entries.length > 0 ? { extra: nested(entries) } : {}),
  };
}

function executionProvider(
  name: string,
  deviceId: number | undefined,
): InferenceSession.ExecutionProviderConfig {
  if (deviceId === undefined || name === 'cpu') return name;
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

function openError(error: unknown, model: string, provider: string): Error {
  const text = messageOf(error).trim();
  if (
    /no available backend|provider|shared librar|cannot open shared object|CUDA|cuDNN|libnv/i.test(text) &&
    provider !== 'cpu'
  ) {
    return new MachineError(`The execution provider '${provider}' could not be opened: ${text}`);
  }
  if (/bad_alloc|out of memory|Failed to allocate/i.test(text)) {
    return new MachineError(`Out of memory while opening ${model}: ${text}`);
  }
  return new UserError(`ONNX Runtime refuses ${model}: ${text}`);
}

function wrapSession(ort: OnnxRuntimeModule, session: InferenceSession): Session {
  return {
    inputs: session.inputMetadata.map(valueMeta),
    outputs: session.outputMetadata.map(valueMeta),
    async run(feeds, outputs) {
      const native: Record<string, OrtTensor> = {};
      for (const [name, tensor] of Object.entries(feeds)) native[name] = toOrt(ort, tensor);
      const results = outputs ? await session.run(native, [...outputs]) : await session.run(native);
      const values: Feeds = {};
      for (const [name, tensor] of Object.entries(results)) values[name] = fromOrt(tensor);
      return values;
    },
    endProfiling() {
      session.endProfiling();
      return '';
    },
    async release() {
      await session.release();
    },
  };
}

function valueMeta(meta: InferenceSession.ValueMetadata): ValueMeta {
  return meta.isTensor
    ? { name: meta.name, type: meta.type as ElementType, shape: meta.shape }
    : { name: meta.name, type: null, shape: null };
}

function toOrt(ort: OnnxRuntimeModule, tensor: Tensor): OrtTensor {
  return new ort.Tensor(tensor.type as 'float32', tensor.data as Float32Array, tensor.dims);
}

function fromOrt(tensor: OrtTensor): Tensor {
  return { type: tensor.type as ElementType, dims: tensor.dims, data: tensor.data as Tensor['data'] };
}
