/** Every figure of one model: size once, then per provider latency, memory, placement, accuracy and fidelity, one pass after the other. */
import type { BenchmarkConfig, Check, ModelConfig } from '../config/config.js';
import type { Dataset } from '../data/samples/dataset.js';
import { availableCores } from '../machine/cores.js';
import { countGpusAsNvidiaSmi } from '../machine/gpu.js';
import { aloneOnGpu } from '../machine/lock.js';
import type { RunContext } from '../runtime/context.js';
import type { Feeds } from '../tensor/tensor.js';
import { type Measurement, type Note, ORIGINAL } from '../terms/measurement.js';
import type { BaseFiles, Variant } from '../terms/variant.js';
import type { ShownSample } from '../terms/worst-sample.js';
import { evaluateModel } from './evaluate-model.js';
import { measureMemory } from './memory.js';
import { measurePlacement } from './placement.js';
import { providerNotes } from './provider-notes.js';
import { shownSamples } from './shown-samples.js';
import { sizeMeasurements } from './size-measurements.js';
import type { SubjectFile, WorkerRequest } from './subject/subject.js';
import { engineSubjects } from './tensorrt/engine-subjects.js';
import { openTensorRtEngines, type TensorRtEngines } from './tensorrt/tensorrt-engines.js';
import { measureLatency } from './timing/latency.js';
import { precisionFor } from './timing/plan.js';

export interface MeasureRequest {
  model: ModelConfig;
  variants: readonly Variant[];
  base: BaseFiles | null;
  evaluation: Dataset | null;
  calibration: Dataset | null;
  benchmark: BenchmarkConfig;
  /** Only for what changes how things are measured: operators that placement ignores. */
  checks: readonly Check[];
  /** One-sided, per bound. */
  confidence: number;
  /** Samples to show of each variant, those where it lost most; default 0. */
  worstSamples?: number;
  /** Whether to ask if the original makes sense of its data; default true. */
  questionOriginal?: boolean;
  allowCommands: boolean;
  /** Folder that evaluators run in. */
  directory: string;
  context: RunContext;
}

export interface MeasureResult {
  measurements: Measurement[];
  notes: Note[];
  /** What can be shown of the samples that measurements name; absent: they name none. */
  samples?: ShownSample[];
}

/** Measures a model and its variants. Throws UserError or MachineError when the original can't be measured. */
export async function measureModel(request: MeasureRequest): Promise<MeasureResult> {
  const { model, benchmark, context } = request;
  const result: MeasureResult = { measurements: [], notes: [] };
  countGpusAsNvidiaSmi();
  context.log.info(`${model.name}: measuring size`);
  result.measurements.push(...(await sizeMeasurements(model.name, subjectsOf(request, null))));
  const sample = await firstSample(request.evaluation ?? request.calibration);
  for (const provider of benchmark.providers) {
    const measured = await measureOnProvider(request, provider, sample);
    result.measurements.push(...measured.measurements);
    result.notes.push(...measured.notes);
  }
  const samples = await shownSamples(result.measurements, request.evaluation);
  return samples.length > 0 ? { ...result, samples } : result;
}

async function measureOnProvider(
  request: MeasureRequest,
  provider: string,
  sample: Feeds | null,
): Promise<MeasureResult> {
  const { context, benchmark } = request;
  // All of it: memory and accuracy passes beside another run's timing would disturb that one.
  return aloneOnGpu({ provider, deviceId: benchmark.device, context }, async () => {
    const engines = provider === 'tensorrt' ? await openTensorRtEngines({ context }) : null;
    try {
      return await measureWith(request, provider, { sample, engines });
    } finally {
      await engines?.remove();
    }
  });
}

async function measureWith(
  request: MeasureRequest,
  provider: string,
  { sample, engines }: { sample: Feeds | null; engines: TensorRtEngines | null },
): Promise<MeasureResult> {
  const { model, benchmark, confidence, context } = request;
  const { log } = context;
  const deviceId = benchmark.device;
  const [original, ...variants] = subjectsOf(request, provider);

  log.info(`${model.name}: measuring latency on ${provider}`);
  const latency = await measureLatency({
    model: model.name,
    original: { file: original!.file, base: original!.base ?? null },
    variants: variants.map(({ variant, file, base }) => ({ name: variant, file, base: base ?? null })),
    provider,
    context,
    benchmark,
    confidence,
    precision:
      benchmark.precision === undefined ? precisionFor(request.checks) : Math.log1p(benchmark.precision),
    sample,
    engines,
    deviceId,
  });

  // A variant that crashed or hung is settled: the other passes would only wait for it to do so again.
  const broken = new Set(
    latency.measurements.filter(({ status }) => status === 'invalid').map(({ variant }) => variant),
  );
  const subjects = [original!, ...variants.filter(({ variant }) => !broken.has(variant))];
  const single: WorkerRequest = {
    model: model.name,
    subjects,
    context,
    session: { provider, threads: threadsOf(benchmark), deviceId },
    inputs: { batch: benchmark.batch[0] ?? 1, shapes: benchmark.shapes, sample },
  };
  log.info(`${model.name}: measuring memory and placement on ${provider}`);
  const engine = engines && (await engineSubjects(single, engines));
  const opened = { ...single, subjects: engine?.subjects ?? subjects };
  const memory = await measureMemory({ ...opened, confidence });
  const ignoreOps = request.checks.find(({ metric }) => metric === 'placement.fallback')?.ignoreOps;
  const placement = await measurePlacement({ ...opened, ignoreOps });

  log.info(`${model.name}: measuring accuracy and fidelity on ${provider}`);
  // Samples go through one by one, whatever batch was timed.
  const judged =
    engines && (await engineSubjects({ ...single, inputs: { ...single.inputs, batch: 1 } }, engines));
  const accuracy = await evaluateModel({
    model,
    subjects: judged?.subjects ?? subjects,
    session: single.session,
    evaluation: request.evaluation,
    calibration: request.calibration,
    shapes: benchmark.shapes,
    confidence,
    checks: request.checks,
    worstSamples: request.worstSamples ?? 0,
    questionOriginal: request.questionOriginal ?? true,
    allowCommands: request.allowCommands,
    directory: request.directory,
    context,
  });
  return {
    measurements: [...latency.measurements, ...memory, ...placement, ...accuracy.measurements],
    notes: [
      ...providerNotes({
        model: model.name,
        provider,
        variants: request.variants.flatMap(({ name, file, providers, report }) =>
          file !== null && providers.includes(provider) ? [{ name, file, target: report.target }] : [],
        ),
        trtexec: engines !== null,
      }),
      ...latency.notes,
      ...(judged?.notes ?? []),
      ...accuracy.notes,
    ],
  };
}

/** The original and the variants of a provider (null: one file per variant, whichever provider). */
function subjectsOf({ model, variants, base }: MeasureRequest, provider: string | null): SubjectFile[] {
  const chosen = variants.filter(
    (variant, index) =>
      variant.file !== null &&
      (provider === null
        ? variants.findIndex(({ name }) => name === variant.name) === index
        : variant.providers.includes(provider)),
  );
  return [
    { variant: ORIGINAL, file: model.path, base: base?.original ?? null },
    ...chosen.map((variant) => ({
      variant: variant.name,
      file: variant.file!,
      base: base?.variants.get(variant.name)?.find(sameTarget(variant))?.file ?? null,
    })),
  ];
}

const sameTarget = (head: Variant) => (candidate: Variant) => candidate.report.target === head.report.target;

/** One sample of the user's data, for timing; null without data. */
async function firstSample(data: Dataset | null): Promise<Feeds | null> {
  if (!data) return null;
  for await (const sample of data.samples()) return sample.feeds;
  return null;
}

function threadsOf(benchmark: BenchmarkConfig): number {
  return benchmark.threads === 'auto' ? availableCores() : benchmark.threads[0]!;
}
