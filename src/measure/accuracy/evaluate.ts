/**
 * The accuracy pass: every sample is decoded once and goes through the original, the variants and the base's builds, one
 * model after the other; from the same outputs come accuracy and fidelity.
 */
import { type Batch, batchesOf, splitOutputs } from '../../data/batches.js';
import type { Dataset } from '../../data/samples/dataset.js';
import { Interrupted, messageOf, UserError } from '../../errors.js';
import { type Log, SILENT } from '../../log.js';
import type { FeedsFile, StoredFeeds } from '../../runtime/worker/feeds-file.js';
import type { Feeds } from '../../tensor/tensor.js';
import type { ValueMeta } from '../../tensor/value-meta.js';
import type { Measurement } from '../../terms/measurement.js';
import type { Task } from '../../terms/metrics.js';
import { classAxisOf } from '../fidelity/output-fidelity.js';
import { answerTexts } from './answers/answer-text.js';
import { fidelityMeasurements } from './fidelity.js';
import { accuracyMeasurements, skippedMeasurements } from './measurements.js';
import { Observation, type PassPlan } from './observation.js';
import { originalError } from './original-error.js';
import type { Runner } from './runner.js';
import { assertSomethingScored } from './something-to-score.js';
import { assertLabelsInRange } from './tasks/classification.js';
import { scoredOutput } from './tasks/scored-output.js';
import { needsLabels, scoresClasses, taskMetrics } from './tasks/task-metrics.js';
import type { TaskOptions } from './tasks/task-options.js';

export interface EvaluateRequest {
  /** Name of the model. */
  model: string;
  task: Task;
  /** Name of the scored output; null: the only or first one. */
  output: string | null;
  labelOffset: number;
  roles?: TaskOptions['roles'];
  decoder?: TaskOptions['decoder'];
  keys?: TaskOptions['keys'];
  dataset: Dataset;
  original: Runner;
  /** Variants, and base builds of them (`base: true`). */
  variants: readonly Runner[];
  provider: string | null;
  /** One-sided per bound. */
  confidence: number;
  /** The one that the runners' workers have; without it inputs are sent to each. */
  feedsFile?: FeedsFile;
  /** Samples per inference; default 1. */
  batch?: number;
  /** Samples to tell of each variant, those where it lost most; default 0. */
  worstSamples?: number;
  /** What to keep of each of the original's samples besides what the metrics keep. Not asked where samples have no labels. */
  witness?: PassPlan['witness'];
  log?: Log;
  signal?: AbortSignal;
}

/** What the pass kept of the original. */
export interface OriginalRows {
  scored: ValueMeta;
  /** Names of the tensor outputs that were computed. */
  outputs: readonly string[];
  /** By metric name, one entry per sample; without an entry: it was not scored. */
  kept: ReadonlyMap<string, readonly ArrayLike<number>[]>;
  witnessed: readonly ArrayLike<number>[];
  /** Entries of the scored output's last axis, as they came out; null: no sample was scored. */
  classes: number | null;
}

/**
 * Scores all models on the same samples. A variant that fails to run, changes the outputs' shapes or gives NaN is
 * `invalid`; the others go on. Throws UserError for labels and outputs that don't go together, MachineError when the
 * original itself can't run, Interrupted.
 */
export async function evaluate(
  request: EvaluateRequest,
): Promise<{ measurements: Measurement[]; original: OriginalRows }> {
  const { dataset, task, original } = request;
  const scored = scoredOutput(original.outputs, request.output, request.model);
  const { labelOffset, roles = {}, decoder = null, keys = null } = request;
  const options: TaskOptions = { labelOffset, roles, decoder, keys, outputs: original.outputs };
  const metrics = taskMetrics(task, dataset, options);
  const unlabelled = needsLabels(task) && !dataset.labelled;
  if (scoresClasses(task)) assertLabelsInRange(dataset, scored, options);
  const plan: PassPlan = {
    metrics: unlabelled ? [] : metrics,
    scored,
    outputs: request.output === null ? tensorOutputs(original) : [scored.name],
    classAxis: classAxisOf(task),
    // As many boxes as a model finds: graphs with their own NMS.
    varying: task === 'detection',
    witness: unlabelled ? undefined : request.witness,
    texts: unlabelled || !request.worstSamples ? null : answerTexts(task, dataset, options),
  };

  const observations = await runAll(request, plan);
  const [reference, ...others] = observations;
  assertUsable(reference!, request);
  const variants = others.filter(({ runner }) => !runner.base);
  const bases = new Map(
    others.filter(({ runner }) => runner.base).map((base) => [base.runner.variant, base]),
  );
  const context = { ...request, samples: dataset.length };
  const accuracy = unlabelled
    ? skippedMeasurements(metrics, [original.variant, ...variants.map(({ runner }) => runner.variant)], {
        ...context,
        reason: `${dataset.description} has no labels`,
      })
    : accuracyMeasurements(
        metrics,
        { original: reference!, variants, bases },
        { ...context, worst: request.worstSamples ?? 0 },
      );
  if (!unlabelled) assertSomethingScored(accuracy, request);
  return {
    measurements: [
      ...accuracy,
      ...fidelityMeasurements(variants, {
        ...context,
        judged: plan.outputs,
        scored: scored.name,
      }),
    ],
    original: {
      scored,
      outputs: plan.outputs,
      kept: reference!.kept,
      witnessed: reference!.witnessed,
      classes: reference!.classes,
    },
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
    'accuracy.original-unusable',
    `${model}: the original model gives ${reason}. Check the data (${dataset.description}) and its preprocessing, or choose another \`output\`.`,
  );
}

/** What is asked of a worker at once, at most: bytes of inputs or outputs, batches, and time, for a request has a deadline. */
const MAX_WAITING_BYTES = 32 * 2 ** 20;
const MAX_WAITING_BATCHES = 16;
const MAX_WAITING_MS = 2_000;

/** One inference of each model. */
interface Turn {
  batch: Batch;
  /** Where workers read its inputs; null: they are sent to them. */
  stored: StoredFeeds | null;
}

/**
 * The original's observation first. A few batches go to one model before the next one has its turn, so that a worker never
 * waits for its messages; only one model is busy at a time.
 */
async function runAll(request: EvaluateRequest, plan: PassPlan): Promise<Observation[]> {
  const { dataset, original, variants, feedsFile, log = SILENT, signal } = request;
  const observations = [original, ...variants].map((runner) => new Observation(runner, plan));
  let done = 0;
  let waiting: Turn[] = [];
  let together = 1;
  const flush = async () => {
    const start = performance.now();
    const bytes = await runTogether(observations, waiting, plan);
    const ms = (performance.now() - start) / waiting.length;
    const most = Math.min(MAX_WAITING_BATCHES, MAX_WAITING_BYTES / bytes, MAX_WAITING_MS / ms);
    together = Math.max(1, Math.floor(most));
    done += waiting.reduce((sum, { batch }) => sum + batch.samples.length, 0);
    waiting = [];
    feedsFile?.clear();
    log.progress('accuracy', done, dataset.length);
  };
  for await (const batch of batchesOf(dataset, request.batch ?? 1)) {
    if (signal?.aborted) throw new Interrupted('interrupted');
    waiting.push({ batch, stored: feedsFile?.store(batch.feeds) ?? null });
    if (waiting.length >= together) await flush();
  }
  if (waiting.length > 0) await flush();
  return observations;
}

/** Runs the batches on every model that still takes part; the largest inputs or outputs of one batch in bytes. */
async function runTogether(
  observations: readonly Observation[],
  turns: readonly Turn[],
  plan: PassPlan,
): Promise<number> {
  let references: Feeds[][] | null = null;
  let bytes = 1;
  for (const observation of observations) {
    if (observation.failure !== null) continue;
    const isOriginal = references === null;
    const outputs = await runOne(observation, turns, { plan, isOriginal });
    if (outputs === null) continue;
    const perSample: Feeds[][] = turns.map(({ batch }, at) => splitOutputs(outputs[at]!, batch));
    turns.forEach(({ batch }, at) => {
      batch.samples.forEach((sample, place) => {
        if (observation.failure !== null) return;
        observation.add(sample, perSample[at]![place]!, references === null ? null : references[at]![place]!);
      });
    });
    references ??= perSample;
    bytes = Math.max(bytes, ...outputs.map(bytesOf), ...turns.map(({ batch }) => bytesOf(batch.feeds)));
  }
  return bytes;
}

/** null when a variant failed; its observation says why. */
async function runOne(
  observation: Observation,
  turns: readonly Turn[],
  { plan, isOriginal }: { plan: PassPlan; isOriginal: boolean },
): Promise<Feeds[] | null> {
  const { runner } = observation;
  try {
    const stored = turns.flatMap((turn) => turn.stored ?? []);
    if (runner.runStored && stored.length === turns.length) {
      return await runner.runStored(stored, plan.outputs);
    }
    return await Promise.all(turns.map(({ batch }) => runner.run(batch.feeds, plan.outputs)));
  } catch (error) {
    if (error instanceof Interrupted) throw error;
    if (!isOriginal) {
      observation.failure = messageOf(error);
      return null;
    }
    throw await originalError(error, {
      runner,
      batches: turns.map(({ batch }) => batch),
      outputs: plan.outputs,
    });
  }
}

function bytesOf(tensors: Feeds): number {
  return Object.values(tensors).reduce(
    (sum, { data }) => sum + (Array.isArray(data) ? data.length : data.byteLength),
    0,
  );
}
