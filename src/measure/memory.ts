/** Peak memory of a model in a fresh process, and the model's share of it over an almost empty one. */
import { availableParallelism } from 'node:os';
import { Interrupted } from '../errors.js';
import { makeModel, makeNode, makeValue } from '../onnx/build.js';
import { DataType } from '../onnx/element-type.js';
import { encodeModel } from '../onnx/write.js';
import { startWorker } from '../runtime/worker.js';
import { timingFeeds } from './inputs.js';
import { type Estimate, type Measurement, ORIGINAL } from './measurement.js';
import { median, medianInterval } from './statistics.js';
import { emptyMeasurement, type SubjectFile, subjectFailure, type WorkerRequest } from './subject.js';

export interface MemoryRequest extends WorkerRequest {
  /** One-sided, per bound. */
  confidence: number;
}

/** Fewest fresh processes whose smallest and largest peak enclose the median at `confidence`: 5 at 0.95. */
const launchesFor = (confidence: number) => Math.max(3, Math.ceil(-Math.log2(1 - confidence) - 1e-9));

/** Runs before the peak is read: arenas have grown to what a steady state needs. */
const RUNS = 5;

/**
 * `memory.peak` (VmHWM) and `memory.model` (peak − the peak of a one-node model on the same provider and runtime) of every subject.
 * Model loaded by path, nothing else in the process.
 */
export async function measureMemory(request: MemoryRequest): Promise<Measurement[]> {
  const baseline = await peaksOf(baselineModel(), request);
  const empty = median(baseline);
  const peaks = new Map<string, number[]>();
  const measurements: Measurement[] = [];
  for (const subject of request.subjects) {
    try {
      peaks.set(subject.variant, await peaksOf(subject.file, request));
      const base = subject.base ? await basePeaks(subject.base, request) : null;
      measurements.push(...asMeasurements({ subject, request, empty, peaks, base }));
    } catch (error) {
      if (error instanceof Interrupted || request.signal?.aborted) throw error;
      const reason = subjectFailure(error, subject);
      for (const metric of ['memory.peak', 'memory.model']) {
        measurements.push({ ...emptyMeasurement(metric, subject, request), status: 'invalid', reason });
      }
    }
  }
  return measurements;
}

/** A base that fails is no failure of the head's variant: there is nothing to compare with. */
async function basePeaks(file: string, request: MemoryRequest): Promise<number[] | null> {
  try {
    return await peaksOf(file, request);
  } catch (error) {
    if (error instanceof Interrupted || request.signal?.aborted) throw error;
    return null;
  }
}

async function peaksOf(model: string | Uint8Array, request: MemoryRequest): Promise<number[]> {
  const peaks: number[] = [];
  const launches = launchesFor(request.confidence);
  for (let launch = 0; launch < launches; launch++) peaks.push(await peakOf(model, request));
  return peaks;
}

async function peakOf(model: string | Uint8Array, request: MemoryRequest): Promise<number> {
  const worker = await startWorker({
    model,
    session: { threads: availableParallelism(), ...request.session },
    runtime: request.runtime,
    ...(request.signal ? { signal: request.signal } : {}),
    ...(request.deadlineMs ? { deadlineMs: request.deadlineMs } : {}),
  });
  try {
    const inputs = typeof model === 'string' ? request.inputs : { ...request.inputs, sample: null };
    const feeds = timingFeeds(worker.opened.inputs, inputs);
    await worker.call('feeds', { feeds });
    await worker.call('block', { minRuns: RUNS, minMs: 0, maxMs: Infinity, dropRuns: 0, dropMs: 0 });
    return (await worker.call('memory')).peakBytes;
  } finally {
    await worker.kill();
  }
}

/** One Relu of one number: what the runtime costs before any model. */
function baselineModel(): Uint8Array {
  return encodeModel(
    makeModel({
      inputs: [makeValue('x', DataType.FLOAT, [1])],
      outputs: [makeValue('y', DataType.FLOAT, [1])],
      nodes: [makeNode('Relu', ['x'], ['y'])],
    }),
  );
}

interface Peaks {
  subject: SubjectFile;
  request: MemoryRequest;
  /** Peak of the one-node model. */
  empty: number;
  /** Peaks by variant. */
  peaks: ReadonlyMap<string, number[]>;
  base: number[] | null;
}

function asMeasurements({ subject, request, empty, peaks, base }: Peaks): Measurement[] {
  const { confidence } = request;
  const own = peaks.get(subject.variant)!;
  const original = subject.variant === ORIGINAL ? null : peaks.get(ORIGINAL)!;
  const over = (values: number[]) => values.map((bytes) => Math.max(1, bytes - empty));
  const measurement = (metric: string, share: (values: number[]) => number[]): Measurement => {
    const values = share(own);
    // The median: now and then the allocator opens one arena more, and that launch stands apart.
    const { value, interval } = medianInterval(values, confidence);
    return {
      ...emptyMeasurement(metric, subject, request),
      value: Math.round(value),
      interval,
      n: values.length,
      ratio: original ? ratio(values, share(original), confidence) : null,
      base: base
        ? {
            value: Math.round(median(share(base))),
            ratio: ratio(values, share(base), confidence),
            note: null,
          }
        : null,
      details: { baselineBytes: Math.round(empty) },
    };
  };
  return [measurement('memory.peak', (values) => values), measurement('memory.model', over)];
}

/** Ratio of medians' worth of launches, launch by launch. */
function ratio(values: readonly number[], reference: readonly number[], confidence: number): Estimate {
  return medianInterval(
    values.map((value, launch) => value / reference[launch]!),
    confidence,
  );
}
