/** Latency on TensorRT through trtexec: GPU time of engines, built once per file, timed in alternating fresh processes. */

import { join } from 'node:path';
import { MachineError, throwIfInterrupted } from '../../errors.js';
import { timeEngine } from '../../runtime/trtexec.js';
import { fromLogs } from '../../statistics/mean-intervals.js';
import { median, sorted } from '../../statistics/order.js';
import { blankMeasurement, type Estimate, type Measurement, ORIGINAL } from '../../terms/measurement.js';
import type { Engine, TensorRtEngines } from '../tensorrt/tensorrt-engines.js';
import { distributionOfTimes } from './distribution.js';
import type { LatencyRequest, LatencyResult } from './request.js';

/** An engine is built once, so its build's own luck stays; processes still differ a little. */
const LAUNCHES = 5;
/** Clocks of an idle GPU take seconds to rise. */
const WARM_UP_MS = 2_000;
const DURATION_S = 1;

interface TimedEngine extends Engine {
  variant: string;
  /** Built from the base branch's file. */
  base: boolean;
  /** Median GPU time of each launch, ms: without and with copies. */
  computeMs: number[];
  transfersMs: number[];
  /** Sorted GPU times by launch, ms. */
  runsMs: Float64Array[];
  runs: number;
}

/**
 * `latency.p50` (GPU compute only) and `latency.end-to-end` (copies included) of original and variants, by trtexec.
 * A variant whose engine can't be built or run is `invalid`. For the original that throws: UserError when TensorRT refuses it, else
 * MachineError.
 */
export async function measureTensorRt(
  request: LatencyRequest,
  engines: TensorRtEngines,
): Promise<LatencyResult> {
  const measurements: Measurement[] = [];
  for (const batch of request.benchmark.batch) {
    const timed = await buildAll(engines, request, batch);
    await timeAll(engines, request, timed);
    measurements.push(
      ...timed
        .filter(({ base }) => !base)
        .flatMap((engine) => asMeasurements(engine, timed, { request, batch })),
    );
  }
  const { major, minor, patch } = engines.trtexec.version;
  return {
    measurements,
    notes: [
      {
        level: 'info',
        code: 'latency.trtexec',
        model: request.model,
        variant: null,
        message:
          `Latency on tensorrt is GPU time by trtexec ${major}.${minor}.${patch}, one engine build per file, ` +
          'without copies to and from the GPU (latency.end-to-end holds them). Do not compare it with other providers’ wall time.',
      },
    ],
  };
}

async function buildAll(
  engines: TensorRtEngines,
  request: LatencyRequest,
  batch: number,
): Promise<TimedEngine[]> {
  const inputs = { batch, shapes: request.benchmark.shapes, sample: request.sample ?? null };
  const timed: TimedEngine[] = [];
  for (const { name, file, base } of [{ name: ORIGINAL, ...request.original }, ...request.variants]) {
    for (const path of [file, base ?? null]) {
      if (path === null) continue;
      const engine = await engines.engineOf({ file: path, inputs, deviceId: request.deviceId });
      if (engine.failure !== null && name === ORIGINAL && path === file) throw engine.failure;
      timed.push({
        ...engine,
        variant: name,
        base: path !== file,
        computeMs: [],
        transfersMs: [],
        runsMs: [],
        runs: 0,
      });
    }
  }
  return timed;
}

async function timeAll(
  { trtexec, folder }: TensorRtEngines,
  request: LatencyRequest,
  timed: readonly TimedEngine[],
): Promise<void> {
  const label = `latency of ${request.model} on tensorrt`;
  for (let launch = 0; launch < LAUNCHES; launch++) {
    request.context.log.progress(label, launch, LAUNCHES);
    for (const engine of launch % 2 === 0 ? timed : timed.toReversed()) {
      if (engine.failure !== null) continue;
      try {
        await launchOnce(engine, { trtexec, request, times: join(folder, 'times.json') });
      } catch (error) {
        if (!(error instanceof MachineError) || engine === timed[0]) throw error;
        engine.failure = error;
      }
    }
  }
  request.context.log.progress(label, LAUNCHES, LAUNCHES);
}

/** One process without and one with the copies. */
async function launchOnce(
  engine: TimedEngine,
  { trtexec, request, times }: Pick<TensorRtEngines, 'trtexec'> & { request: LatencyRequest; times: string },
): Promise<void> {
  for (const transfers of [false, true]) {
    throwIfInterrupted(request.context.signal);
    const durations = await timeEngine(trtexec, {
      engine: engine.engine,
      shapes: engine.shapes,
      times,
      transfers,
      warmUpMs: WARM_UP_MS,
      durationS: DURATION_S,
      deviceId: request.deviceId,
    });
    (transfers ? engine.transfersMs : engine.computeMs).push(median(durations));
    if (transfers) continue;
    engine.runs += durations.length;
    engine.runsMs.push(sorted(durations));
  }
}

function asMeasurements(
  engine: TimedEngine,
  timed: readonly TimedEngine[],
  { request, batch }: { request: LatencyRequest; batch: number },
): Measurement[] {
  const original = timed[0]!;
  const base = timed.find(
    (other) => other.base && other.variant === engine.variant && other.failure === null,
  );
  const measurement = (metric: string, times: (engine: TimedEngine) => number[]): Measurement => {
    const ratioTo = (reference: TimedEngine): Estimate =>
      fromLogs(
        times(engine).map((ms, launch) => Math.log(ms / times(reference)[launch]!)),
        request.confidence,
      );
    const { model, provider } = request;
    const at = { model, variant: engine.variant, provider, batch, threads: null, concurrency: 1 };
    const filled = blankMeasurement(at, metric);
    if (engine.failure !== null) return { ...filled, status: 'invalid', reason: engine.failure.message };
    const { value, interval } = fromLogs(times(engine).map(Math.log), request.confidence);
    return {
      ...filled,
      value,
      interval,
      n: engine.runs,
      ratio: engine === original ? null : ratioTo(original),
      base: base ? { value: median(times(base)), ratio: ratioTo(base), note: null } : null,
      details: { method: 'trtexec', launches: LAUNCHES },
      ...(metric === 'latency.p50' ? { distribution: distributionOfTimes(engine.runsMs) } : {}),
    };
  };
  return [
    measurement('latency.p50', ({ computeMs }) => computeMs),
    measurement('latency.end-to-end', ({ transfersMs }) => transfersMs),
  ];
}
