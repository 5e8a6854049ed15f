/** Latency, load time and throughput of a model and its variants on one provider, each in fresh processes, side by side. */

import type { BenchmarkConfig } from '../../config/config.js';
import { refusal, refusesSample } from '../../data/samples/refusal.js';
import { Interrupted, MachineError, messageOf, UserError } from '../../errors.js';
import { availableCores, isolatedCpus } from '../../machine/cores.js';
import { doubted, gpuNotes, gpuUsers, onNvidiaGpu, snapshotGpu } from '../../machine/gpu.js';
import { readMachineState } from '../../machine/machine.js';
import { watchGpu } from '../../machine/watch.js';
import { WorkerError } from '../../runtime/worker/connection.js';
import { type Note, ORIGINAL } from '../../terms/measurement.js';
import { type Campaign, type Pair, runCampaign } from './launches.js';
import { timingMeasurements } from './measurements.js';
import { pauses, startRunner } from './model-runner.js';
import { timingNotes } from './notes.js';
import { campaignPlan, DEFAULT_PRECISION } from './plan.js';
import {
  type Cell,
  cellLabel,
  type LatencyRequest,
  type LatencyResult,
  type TimedModel,
  type TimedSubject,
} from './request.js';
import { measureTensorRt } from './trtexec-latency.js';

/**
 * Times original and variants on one provider. On a GPU the caller keeps other measurements away (aloneOnGpu).
 *
 * A variant that crashes, hangs or is refused gets measurements of status `invalid`. Throws MachineError when the provider can't
 * be opened or the original crashes, UserError when the original can't be run on the inputs, Interrupted on `signal`.
 */
export async function measureLatency(request: LatencyRequest): Promise<LatencyResult> {
  const look = () => snapshotGpu(request.provider, request.deviceId, request.nvidiaSmi);
  const { result: results, watch } = await watchGpu(look, () => timed(request));
  const measurements = results.flatMap((result) => result.measurements);
  const notes = results.flatMap((result) => result.notes);
  const about = { model: request.model, variant: null };
  notes.push(...gpuNotes(watch).map((note) => ({ ...note, ...about })));
  if (onNvidiaGpu(request.provider) && !watch.before) {
    const message = `nvidia-smi does not answer, or does not show the GPU that ${request.provider} uses: nobody saw who else was on it, its clocks and its temperature.`;
    notes.push({ level: 'info', code: 'noise.gpu-unseen', message, ...about });
  }
  const users = gpuUsers(watch);
  return {
    measurements: users ? doubted(measurements, users) : measurements,
    notes: withoutRepeats(notes),
  };
}

async function timed(request: LatencyRequest): Promise<LatencyResult[]> {
  return request.engines ? [await measureTensorRt(request, request.engines)] : measureCells(request);
}

async function measureCells(request: LatencyRequest): Promise<LatencyResult[]> {
  const cells = cellsOf(request.benchmark);
  const results: LatencyResult[] = [];
  for (const cell of cells) {
    results.push(await measureCell(request, cell, request.benchmark.budgetMs / cells.length));
  }
  return results;
}

function cellsOf(benchmark: BenchmarkConfig): Cell[] {
  const cores = availableCores();
  return benchmark.batch.flatMap((batch) =>
    benchmark.concurrency.flatMap((concurrency) => {
      const share = Math.max(1, Math.floor(cores / concurrency));
      const threads = benchmark.threads === 'auto' ? [share] : benchmark.threads;
      return threads.map((count) => ({ batch, threads: count, concurrency }));
    }),
  );
}

async function measureCell(request: LatencyRequest, cell: Cell, budgetMs: number): Promise<LatencyResult> {
  const subjects = timedSubjects(request, cell);
  const pairs: Pair[] = [];
  for (const subject of subjects) {
    if (subject.variant !== ORIGINAL && !subject.base)
      pairs.push({ subject: subject.key, reference: ORIGINAL });
    if (subject.base) pairs.push({ subject: subject.variant, reference: subject.key });
  }
  const plan = campaignPlan({
    provider: request.provider,
    threads: cell.threads,
    pauses: pauses(request.provider),
    precision: request.precision ?? DEFAULT_PRECISION,
    confidence: request.confidence,
    budgetMs,
  });
  const label = `latency of ${request.model} on ${request.provider}${cellLabel(request.benchmark, cell)}`;
  request.context.log.debug(
    `${label}: ${plan.pilotLaunches} launches or more of ${subjects.length} processes, at most ${Math.round(budgetMs / 1000)} s`,
  );
  const before = readMachineState();
  const campaign = await runCampaign(subjects, {
    pairs,
    plan,
    signal: request.context.signal,
    onLaunch: (done, of) =>
      request.context.log.progress(label, done, Math.max(done + 1, of ?? plan.pilotLaunches + 1)),
  });
  request.context.log.progress(label, campaign.launches, campaign.launches);
  for (const subject of subjects) subject.failure ??= nonFiniteFailure(campaign, subject);
  const machine = { before, after: readMachineState() };
  const context = { request, cell, subjects, campaign, plan, machine };
  return { measurements: timingMeasurements(context), notes: timingNotes(context) };
}

/** NaN or infinite outputs where the original has none: its speed is no news. */
function nonFiniteFailure(campaign: Campaign, subject: TimedSubject): string | null {
  const count = (key: string) => campaign.records.get(key)?.[0]?.warmUp.nonFinite ?? 0;
  if (count(ORIGINAL) > 0 || count(subject.key) === 0) return null;
  return `${count(subject.key)} output values are NaN or infinite on an input where the original's are finite`;
}

function timedSubjects(request: LatencyRequest, cell: Cell): TimedSubject[] {
  const models: TimedModel[] = [{ name: ORIGINAL, ...request.original }, ...request.variants];
  return models.flatMap((model) => {
    const head = timedSubject(request, cell, { variant: model.name, file: model.file, base: false });
    if (!model.base) return [head];
    return [head, timedSubject(request, cell, { variant: model.name, file: model.base, base: true })];
  });
}

function timedSubject(
  request: LatencyRequest,
  cell: Cell,
  what: { variant: string; file: string; base: boolean },
): TimedSubject {
  const cpus = isolatedCpus();
  const enough = cpus.length >= cell.threads * cell.concurrency;
  const subject: TimedSubject = {
    ...what,
    key: what.base ? `${what.variant} (base)` : what.variant,
    failure: null,
    start: () => startRunner(request, cell, { file: what.file, cpus: enough ? cpus : [] }),
    onFailure(error) {
      if (error instanceof Interrupted || request.context.signal?.aborted) throw error;
      if (what.variant === ORIGINAL && !what.base) throw originalFailure(error, request);
      subject.failure = messageOf(error);
    },
  };
  return subject;
}

/** The original that can't be timed ends the run: as what it is. */
function originalFailure(error: unknown, request: LatencyRequest): unknown {
  if (!(error instanceof WorkerError)) return error;
  if (error.failure === 'refused' && !request.sample) {
    return new UserError(
      'measure.shapes',
      `${error.message}\nThe inputs were made up: give the sizes of dynamic axes in benchmark.shapes, or evaluation data.`,
    );
  }
  if (request.sample && refusesSample(error.message))
    return refusal(error.message, { place: 'The sample that is timed', feeds: [request.sample] });
  if (error.failure === 'refused') return new UserError('data.refused-by-model', error.message);
  return new MachineError(
    'measure.original-failed',
    `The original model can't be measured. ${error.message}`,
  );
}

function withoutRepeats(notes: readonly Note[]): Note[] {
  const seen = new Set<string>();
  return notes.filter((note) => {
    // Each combination has a budget of its own.
    const key = `${note.code} ${note.variant} ${note.code === 'latency.budget' ? note.message : ''}`;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}
