/** Peak memory of a model in a fresh process, and the model's share of it over an almost empty one. */
import { availableParallelism } from 'node:os';
import { Interrupted } from '../errors.js';
import { type GpuSnapshot, snapshotGpu } from '../machine/gpu.js';
import type { RunNvidiaSmi } from '../machine/nvidia-smi.js';
import { startedByUs } from '../machine/watch.js';
import { oneNodeModel } from '../onnx/file/one-node.js';
import { startWorker } from '../runtime/worker/worker.js';
import { twoSided } from '../statistics/confidence.js';
import { median, medianInterval } from '../statistics/order.js';
import { type Estimate, type Measurement, ORIGINAL } from '../terms/measurement.js';
import { inWebAssembly, runsOnCpu } from '../terms/provider.js';
import { timingFeeds } from './subject/inputs.js';
import { emptyMeasurement, type SubjectFile, subjectFailure, type WorkerRequest } from './subject/subject.js';

export interface MemoryRequest extends WorkerRequest {
  /** One-sided, per bound. */
  confidence: number;
  /** Asked for GPU memory; default: the one on PATH. */
  nvidiaSmi?: RunNvidiaSmi;
}

/** Fewest fresh processes whose smallest and largest peak enclose the median at `confidence`: 5 at 0.95. */
const launchesFor = (confidence: number) => Math.max(3, Math.ceil(-Math.log2(1 - confidence) - 1e-9));

/** Launches of one file that show whether its peak repeats itself. */
const REPEATED_LAUNCHES = 2;

/** Whether every launch of a file takes the same: WebAssembly's heap grows with what the model asks for, and with one thread nothing else is in it. */
const isRepeatable = ({ session }: MemoryRequest) =>
  inWebAssembly(session.provider ?? 'cpu') && runsOnCpu(session.provider ?? 'cpu') && session.threads === 1;

/** Runs before the peak is read: arenas have grown to what a steady state needs. */
const RUNS = 5;

/** What one fresh process took, in bytes. */
interface Peak {
  host: number;
  /** On the GPU, over what was in use before; null: not told. */
  gpu: number | null;
}

/**
 * `memory.peak` (VmHWM; of onnxruntime-web the WebAssembly heap) and `memory.model` (peak − the peak of a one-node model on the same provider and runtime) of every subject, and
 * on devices `memory.gpu`. Model loaded by path, nothing else in the process.
 */
export async function measureMemory(request: MemoryRequest): Promise<Measurement[]> {
  const launches = new Launches(request);
  const peaks = new Map<string, Peak[]>();
  const measurements: Measurement[] = [];
  let empty: number | null = null;
  for (const subject of request.subjects) {
    try {
      peaks.set(subject.variant, await launches.of(subject.file));
      // After the original, whose heap has to grow: that of one node repeats itself in any case.
      empty ??= median((await launches.of(oneNodeModel('Relu'))).map(({ host }) => host));
      const base = subject.base ? await basePeaks(subject.base, launches) : null;
      measurements.push(...asMeasurements({ subject, request, empty, peaks, base }));
    } catch (error) {
      if (error instanceof Interrupted || request.context.signal?.aborted) throw error;
      const reason = subjectFailure(error, subject);
      const device = runsOnCpu(request.session.provider ?? 'cpu') ? [] : ['memory.gpu'];
      for (const metric of ['memory.peak', 'memory.model', ...device]) {
        measurements.push({ ...emptyMeasurement(metric, subject, request), status: 'invalid', reason });
      }
    }
  }
  return measurements;
}

/** A base that fails is no failure of the head's variant: there is nothing to compare with. */
async function basePeaks(file: string, launches: Launches): Promise<Peak[] | null> {
  try {
    return await launches.of(file);
  } catch (error) {
    if (error instanceof Interrupted || launches.request.context.signal?.aborted) throw error;
    return null;
  }
}

/** As many launches of each file as its peak needs: one where the first file's have shown that peaks repeat themselves. */
class Launches {
  /** null: no file has shown it yet. */
  private repeats: boolean | null;

  constructor(readonly request: MemoryRequest) {
    this.repeats = isRepeatable(request) ? null : false;
  }

  async of(model: string | Uint8Array): Promise<Peak[]> {
    const peaks: Peak[] = [];
    const most = launchesFor(this.request.confidence);
    while (peaks.length < most && !(this.repeats === true && peaks.length > 0)) {
      peaks.push(await peakOf(model, this.request));
      if (this.repeats === null && peaks.length === REPEATED_LAUNCHES)
        this.repeats = peaks.every(({ host }) => host === peaks[0]!.host);
    }
    return peaks;
  }
}

async function peakOf(model: string | Uint8Array, request: MemoryRequest): Promise<Peak> {
  const before = await gpuOf(request);
  const worker = await startWorker({
    model,
    session: { ...request.session, threads: request.session.threads ?? availableParallelism() },
    ...request.context,
    deadlineMs: request.deadlineMs,
  });
  try {
    const inputs = typeof model === 'string' ? request.inputs : { ...request.inputs, sample: null };
    const feeds = timingFeeds(worker.opened.inputs, inputs);
    await worker.call('feeds', { feeds });
    await worker.call('block', { minRuns: RUNS, minMs: 0, maxMs: Infinity, dropRuns: 0, dropMs: 0 });
    const after = before && (await gpuOf(request));
    const gpu = before && after && (await areOurs(before, after)) ? usedMore(before, after) : null;
    return { host: (await worker.call('memory')).peakBytes, gpu };
  } finally {
    await worker.kill();
  }
}

const gpuOf = (request: MemoryRequest) =>
  snapshotGpu(request.session.provider ?? 'cpu', request.session.deviceId, request.nvidiaSmi);

/** Whether nobody else's memory is in the difference of two looks. */
async function areOurs(before: GpuSnapshot, after: GpuSnapshot): Promise<boolean> {
  const seen = [...before.processes, ...after.processes];
  const ours = await Promise.all(seen.map(({ pid, name }) => startedByUs(pid, name)));
  return ours.every((own) => own);
}

/** null as well where nothing was added: every CUDA context takes some, so what is told is not this process's. */
function usedMore(before: GpuSnapshot, after: GpuSnapshot): number | null {
  const { memoryUsedBytes: was } = before.gpu;
  const { memoryUsedBytes: is } = after.gpu;
  return was === null || is === null || is <= was ? null : is - was;
}

interface Peaks {
  subject: SubjectFile;
  request: MemoryRequest;
  /** Peak of the one-node model. */
  empty: number;
  /** Peaks by variant. */
  peaks: ReadonlyMap<string, Peak[]>;
  base: Peak[] | null;
}

/** A metric as the share of each process's peak that it names; null: not told. */
type Share = (peak: Peak) => number | null;

function asMeasurements(context: Peaks): Measurement[] {
  const { request, empty } = context;
  // WebAssembly's heap starts larger than an empty session needs, and grows in steps.
  const modelShare: Share = ({ host }) =>
    inWebAssembly(request.session.provider ?? 'cpu') && host <= empty ? null : Math.max(1, host - empty);
  const measurements = [
    measurement('memory.peak', ({ host }) => host, context),
    measurement('memory.model', modelShare, context),
  ];
  if (!runsOnCpu(request.session.provider ?? 'cpu')) {
    measurements.push(measurement('memory.gpu', ({ gpu }) => gpu, context));
  }
  return measurements;
}

function measurement(metric: string, share: Share, context: Peaks): Measurement {
  const { subject, request, empty, peaks, base } = context;
  const { confidence } = request;
  const filled = emptyMeasurement(metric, subject, request);
  const values = told(peaks.get(subject.variant)!, share);
  if (!values) {
    return {
      ...filled,
      status: 'skipped',
      reason:
        metric === 'memory.gpu'
          ? 'nvidia-smi does not tell this GPU’s memory, or another process uses it'
          : 'the model fits into what the WebAssembly heap starts with',
    };
  }
  const original = subject.variant === ORIGINAL ? null : told(peaks.get(ORIGINAL)!, share);
  const earlier = base && told(base, share);
  // The median: now and then the allocator opens one arena more, and that launch stands apart.
  const { value, interval } = estimateOf(values, confidence);
  return {
    ...filled,
    value: Math.round(value),
    interval,
    n: values.length,
    ratio: original && ratio(values, original, confidence),
    base: earlier && {
      value: Math.round(median(earlier)),
      ratio: ratio(values, earlier, confidence),
      note: null,
    },
    details: metric === 'memory.gpu' ? filled.details : { baselineBytes: Math.round(empty) },
  };
}

/** The share of every peak; null when it isn't told of all. */
function told(peaks: readonly Peak[], share: Share): number[] | null {
  const values = peaks.flatMap((peak) => share(peak) ?? []);
  return values.length === peaks.length ? values : null;
}

/** Ratio of medians' worth of launches, launch by launch. Of launches that agree there are fewer: any stands for the others. */
function ratio(values: readonly number[], reference: readonly number[], confidence: number): Estimate {
  const launches = Array.from({ length: Math.max(values.length, reference.length) }, (_, launch) => launch);
  return estimateOf(
    launches.map((launch) => values[launch % values.length]! / reference[launch % reference.length]!),
    confidence,
  );
}

/** The median with its interval; the figure itself where fewer launches were enough because they agreed. */
function estimateOf(values: readonly number[], confidence: number): Estimate {
  if (values.length >= launchesFor(confidence)) return medianInterval(values, confidence);
  const value = values[0]!;
  return { value, interval: { lo: value, hi: value, confidence: twoSided(confidence) } };
}
