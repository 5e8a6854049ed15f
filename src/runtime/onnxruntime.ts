/** onnxruntime-node behind the Runtime interface: option names, tensor types and error kinds are translated here. */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { InferenceSession } from 'onnxruntime-node';
import { MachineError, messageOf, UserError } from '../errors.js';
import { freeDroppedBuffers } from '../system/dropped-buffers.js';
import { inWebAssembly, runsOnCpu } from '../terms/provider.js';
import { missingLibrary } from './provider-error.js';
import type { Runtime, SessionOptions } from './runtime.js';
import { type OnnxRuntimeModule, wrapSession } from './session.js';

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
      freeDroppedBuffers();
      try {
        // Two overloads, by path and by bytes, that TypeScript can't merge.
        const session =
          typeof model === 'string'
            ? await ort.InferenceSession.create(model, native)
            : await ort.InferenceSession.create(model, native);
        // The file exists from here on, whatever happens to its name later.
        const profile = options.profilePrefix ? findProfile(options.profilePrefix) : null;
        return wrapSession(ort, session, { profile });
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
    ...(options.givesMemoryBack ? { enableCpuMemArena: false, enableMemPattern: false } : {}),
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
    if (inWebAssembly(provider))
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
  if (place.dump && /serialization failed|Failed to write external initializers|No space left/i.test(text)) {
    return new MachineError(
      'machine.no-room',
      `ONNX Runtime could not write ${model} as it optimized it into ${dirname(place.dump)} (${text}). Make room there, or name another temporary folder with TMPDIR.`,
    );
  }
  const locale = NO_LOCALE.exec(text)?.[1];
  if (locale !== undefined) {
    return new MachineError(
      'machine.no-locale',
      `${model} compares texts by the rules of the locale ${locale}, which is not installed on this machine: install it (on Debian and Ubuntu ` +
        `\`apt-get install locales\` and \`localedef -i ${locale.split('.')[0]} -f UTF-8 ${locale}\`), or give the model's StringNormalizer the ` +
        `attribute locale = "C", where ASCII is all it meets. ONNX Runtime says: ${text}`,
    );
  }
  if (BFLOAT16_VALUE.test(text)) {
    return new UserError(
      'model.element-type',
      `${model} has an input or an output of bfloat16, which ONNX Runtime's binding for JavaScript can't hand over: export the model with ` +
        'float32 or float16 inputs and outputs (its weights may stay bfloat16).',
    );
  }
  return new UserError(
    'model.refused',
    `ONNX Runtime${inWebAssembly(provider) ? ' for WebAssembly' : ''} refuses ${model}: ${text}`,
  );
}

const NO_LOCALE = /Failed to construct locale with name:\s*([\w.@-]+?)(?::|\s|$)/;
/** The number is ONNX's of the element type. */
const BFLOAT16_VALUE = /Unsupported data type: 16\b/;
const OUT_OF_MEMORY = /bad_alloc|out of memory|Failed to allocate|CUDA failure 2:|_ALLOC(ATION)?_FAILED/i;
const PROVIDER_FAILURE =
  /no available backend|AppendExecutionProvider|shared librar|cannot open shared object|CUDA failure|cudnn|libnv|WebGPU|adapter|driver/i;

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
