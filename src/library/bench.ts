/** bench: size and latency of models side by side. */
import { resolve } from 'node:path';
import { throwIfInterrupted } from '../errors.js';
import { aloneOnGpu } from '../machine/lock.js';
import { unknownShape } from '../measure/subject/inputs.js';
import { openTensorRtEngines } from '../measure/tensorrt/tensorrt-engines.js';
import { measureLatency } from '../measure/timing/latency.js';
import { readModel } from '../onnx/file/read.js';
import { modelBytes } from '../onnx/file/weights.js';
import { modelInputs } from '../onnx/query/interface.js';
import { type Measurement, type Note, ORIGINAL } from '../terms/measurement.js';
import { noteSentence } from '../terms/note-sentence.js';
import { CALL_KEYS, type CallOptions, openCall } from './call.js';
import { assertKnown } from './options/config-keys.js';
import { OptionError } from './options/option-error.js';
import { readOptions } from './options/read-options.js';
import { modelList, subjectNames } from './options/subject-names.js';

/** How models are timed: the keys of `benchmark:` in quantgate.yml, in camelCase. */
export interface BenchOptions extends CallOptions {
  /** Execution provider; default cpu. */
  provider?: string | undefined;
  /** Batch size, or several; default 1. */
  batch?: number | readonly number[] | undefined;
  /** Processes at once, or several numbers of them; default 1. */
  concurrency?: number | readonly number[] | undefined;
  /** Time to spend, with its unit; default '30s'. */
  budget?: string | undefined;
  /** Half-width of the ratio's interval at which timing ends early: '1%'. */
  precision?: number | string | undefined;
  /** Number of the GPU. */
  device?: number | undefined;
  /** Values of symbolic input dimensions: { sequence: 128 }. */
  shapes?: Readonly<Record<string, number>> | undefined;
}

/** Figures of several models; those of the first are what the others are compared with. */
export interface Benched {
  /** Name of the first model. */
  reference: string;
  /** In bytes, with external data, by the models' names. */
  sizes: Record<string, number>;
  /** `variant` is the model's name. */
  measurements: Measurement[];
  notes: Note[];
}

const DEFAULT_BENCH_BUDGET = '30s';

const BENCHMARK_KEYS = ['batch', 'concurrency', 'precision', 'device', 'shapes'] as const;
const KEYS = [...CALL_KEYS, ...BENCHMARK_KEYS, 'provider', 'budget'];

/**
 * Times the ONNX models (paths), each in processes of its own, side by side; the first is the reference. A model that crashes or is refused
 * gets measurements of status `invalid`.
 *
 * @throws UserError for models or options that don't fit; MachineError when the provider can't be opened or the first model crashes;
 * Interrupted.
 */
export async function bench(
  models: string | readonly string[],
  options: BenchOptions = {},
): Promise<Benched> {
  assertKnown(options, KEYS);
  const call = openCall(options);
  const files = modelList(models);
  const documents = files.map((file) => readModel(file));
  const names = subjectNames(files);
  const [reference, ...others] = files.map((file, index) => ({ name: names[index]!, file }));
  const benchmark = await readBenchmark(files[0]!, options);
  const wrong = unknownShape(benchmark.shapes, documents.flatMap(modelInputs));
  if (wrong !== null)
    throw new OptionError('usage.invalid-value', (option) => `${option('shapes')}: ${wrong}`);
  const provider = benchmark.providers[0]!;
  const context = await call.context();
  throwIfInterrupted(call.signal);
  const { device: deviceId, precision } = benchmark;
  const { measurements, notes } = await aloneOnGpu({ provider, deviceId, context }, async () => {
    const engines = provider === 'tensorrt' ? await openTensorRtEngines({ context }) : null;
    return measureLatency({
      model: reference!.name,
      original: { file: reference!.file },
      variants: others,
      provider,
      deviceId,
      context,
      benchmark,
      precision: precision === undefined ? undefined : Math.log1p(precision),
      confidence: 0.95,
      engines,
    }).finally(() => engines?.remove());
  });
  for (const note of notes) call.log.warn(noteSentence(note));
  const sizes: Record<string, number> = {};
  for (const { name, file } of [reference!, ...others]) sizes[name] = await modelBytes(file);
  return {
    reference: reference!.name,
    sizes,
    measurements: namedAfter(reference!.name, measurements),
    notes,
  };
}

async function readBenchmark(model: string, options: BenchOptions) {
  const given = Object.fromEntries(BENCHMARK_KEYS.map((key) => [key, options[key]]));
  const { provider = 'cpu', budget = DEFAULT_BENCH_BUDGET, threads = 'auto' } = options;
  const { benchmark } = await readOptions(
    { path: resolve(model) },
    {
      benchmark: { ...given, providers: provider, budget, threads },
      places: [
        ['benchmark.providers', 'provider'],
        ['benchmark', ''],
      ],
    },
  );
  return benchmark;
}

/** Measurements of the reference bear its name. */
export function namedAfter(reference: string, measurements: readonly Measurement[]): Measurement[] {
  return measurements.map((entry) => (entry.variant === ORIGINAL ? { ...entry, variant: reference } : entry));
}
