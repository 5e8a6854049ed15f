/**
 * The accuracy pass: every sample is decoded once and goes through the original, the variants and the base's builds, one
 * model after the other; from the same outputs come accuracy and fidelity.
 */
import type { Check } from '../../config/config.js';
import type { Task } from '../../config/metrics.js';
import { type Batch, batchesOf, splitOutputs } from '../../data/batches.js';
import type { Dataset } from '../../data/dataset.js';
import { Interrupted, MachineError, messageOf, UserError } from '../../errors.js';
import { type Log, SILENT } from '../../log.js';
import type { Feeds } from '../../runtime/tensor.js';
import { fidelityMeasurements } from '../fidelity/measurements.js';
import type { Measurement, Note } from '../measurement.js';
import { accuracyMeasurements, skippedMeasurements } from './measurements.js';
import { Observation, type PassPlan } from './observation.js';
import { resolutionNotes } from './resolution.js';
import type { Runner } from './runner.js';
import { assertLabelsInRange } from './tasks/classification.js';
import { scoredOutput } from './tasks/scored-output.js';
import { needsLabels, taskMetrics } from './tasks/task-metrics.js';

export interface EvaluateRequest {
  /** Name of the model. */
  model: string;
  task: Task;
  /** Name of the scored output; null: the only or first one. */
  output: string | null;
  labelOffset: number;
  dataset: Dataset;
  original: Runner;
  /** Variants, and base builds of them (`base: true`). */
  variants: readonly Runner[];
  provider: string | null;
  /** One-sided per bound. */
  confidence: number;
  /** Samples per inference; default 1. */
  batch?: number;
  /** For notes about bounds that the samples can't resolve. */
  checks?: readonly Check[];
  log?: Log;
  signal?: AbortSignal;
}

export interface Evaluation {
  measurements: Measurement[];
  notes: Note[];
}

/**
 * Scores all models on the same samples. A variant that fails to run, changes the outputs' shapes or gives NaN is
 * `invalid`; the others go on. Throws UserError for labels and outputs that don't go together, MachineError when the
 * original itself can't run, Interrupted.
 */
export async function evaluate(request: EvaluateRequest): Promise<Evaluation> {
  const { dataset, task, original, log = SILENT } = request;
  const scored = scoredOutput(original.outputs, request.output, request.model);
  const metrics = taskMetrics(task, dataset, request);
  const unlabelled = needsLabels(task) && !dataset.labelled;
  if (task === 'classification') assertLabelsInRange(dataset, scored, request);
  const plan: PassPlan = {
    metrics: unlabelled ? [] : metrics,
    scored,
    outputs: request.output === null ? tensorOutputs(original) : [scored.name],
    classAxis: classAxisOf(task),
  };
  const notes = resolutionNotes(request, unlabelled ? [] : metrics);
  for (const { message } of notes) log.info(message);

  const observations = await runAll(request, plan);
  const [reference, ...others] = observations;
  assertUsable(reference!, request);
  const variants = others.filter(({ runner }) => !runner.base);
  const bases = new Map(
    others.filter(({ runner }) => runner.base).map((base) => [base.runner.variant, base]),
  );
  const context = { ...request, samples: dataset.length };
  return {
    measurements: [
      ...(unlabelled
        ? skippedMeasurements(metrics, [original.variant, ...variants.map(({ runner }) => runner.variant)], {
            ...context,
            reason: `${dataset.description} has no labels`,
          })
        : accuracyMeasurements(metrics, { original: reference!, variants, bases }, context)),
      ...fidelityMeasurements(variants, {
        ...context,
        judged: plan.outputs,
        scored: scored.name,
      }),
    ],
    notes,
  };
}

function tensorOutputs({ outputs }: Runner): string[] {
  return outputs.filter(({ type }) => type !== null && type !== 'string').map(({ name }) => name);
}

/** An original without usable outputs leaves nothing to compare with: the fault isn't the variants'. */
function assertUsable(original: Observation, { model, dataset }: EvaluateRequest): void {
  const reason = original.invalid(dataset.length);
  if (reason === null) return;
  throw new UserError(
    `${model}: the original model gives ${reason}. Check the data (${dataset.description}) and its preprocessing, or choose another \`output\`.`,
  );
}

function classAxisOf(task: Task): PassPlan['classAxis'] {
  if (task === 'segmentation') return 'second';
  return task === 'regression' || task === 'embedding' ? 'none' : 'last';
}

/** Bytes of inputs or outputs that may wait, and batches at most: what is asked of a worker at once. */
const MAX_WAITING_BYTES = 32 * 2 ** 20;
const MAX_WAITING_BATCHES = 16;

/**
 * The original's observation first. A few batches go to one model before the next one has its turn, so that a worker never
 * waits for its messages; only one model is busy at a time.
 */
async function runAll(request: EvaluateRequest, plan: PassPlan): Promise<Observation[]> {
  const { dataset, original, variants, log = SILENT, signal } = request;
  const observations = [original, ...variants].map((runner) => new Observation(runner, plan));
  let done = 0;
  let waiting: Batch[] = [];
  let together = 1;
  const flush = async () => {
    const bytes = await runTogether(observations, waiting, plan);
    together = Math.max(1, Math.min(MAX_WAITING_BATCHES, Math.floor(MAX_WAITING_BYTES / bytes)));
    done += waiting.reduce((sum, batch) => sum + batch.samples.length, 0);
    waiting = [];
    log.progress('accuracy', done, dataset.length);
  };
  for await (const batch of batchesOf(dataset, request.batch ?? 1)) {
    if (signal?.aborted) throw new Interrupted('interrupted');
    waiting.push(batch);
    if (waiting.length >= together) await flush();
  }
  if (waiting.length > 0) await flush();
  return observations;
}

/** Runs the batches on every model that still takes part; the largest inputs or outputs of one batch in bytes. */
async function runTogether(
  observations: readonly Observation[],
  batches: readonly Batch[],
  plan: PassPlan,
): Promise<number> {
  let references: Feeds[][] | null = null;
  let bytes = 1;
  for (const observation of observations) {
    if (observation.failure !== null) continue;
    const isOriginal = references === null;
    const outputs = await runOne(observation, batches, { plan, isOriginal });
    if (outputs === null) continue;
    const perSample: Feeds[][] = batches.map((batch, at) => splitOutputs(outputs[at]!, batch));
    batches.forEach(({ samples }, at) => {
      samples.forEach((sample, place) => {
        if (observation.failure !== null) return;
        observation.add(sample, perSample[at]![place]!, references === null ? null : references[at]![place]!);
      });
    });
    references ??= perSample;
    bytes = Math.max(bytes, ...outputs.map(bytesOf), ...batches.map(({ feeds }) => bytesOf(feeds)));
  }
  return bytes;
}

/** null when a variant failed; its observation says why. */
async function runOne(
  observation: Observation,
  batches: readonly Batch[],
  { plan, isOriginal }: { plan: PassPlan; isOriginal: boolean },
): Promise<Feeds[] | null> {
  try {
    return await Promise.all(batches.map(({ feeds }) => observation.runner.run(feeds, plan.outputs)));
  } catch (error) {
    if (error instanceof Interrupted) throw error;
    if (!isOriginal) {
      observation.failure = messageOf(error);
      return null;
    }
    if (error instanceof UserError || error instanceof MachineError) throw error;
    throw new MachineError(`The original model can't be evaluated: ${messageOf(error)}`);
  }
}

function bytesOf(tensors: Feeds): number {
  return Object.values(tensors).reduce(
    (sum, { data }) => sum + (Array.isArray(data) ? data.length : data.byteLength),
    0,
  );
}
