/** Latency on TensorRT through trtexec: GPU time of engines, built once per file, timed in alternating fresh processes. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { metricDefinition } from '../config/metrics.js';
import { messageOf, UserError } from '../errors.js';
import { DataType } from '../onnx/element-type.js';
import { modelInputs } from '../onnx/interface.js';
import { readModel } from '../onnx/read.js';
import { buildEngine, openTrtexec, type RunTrtexec, type Trtexec, timeEngine } from '../runtime/trtexec.js';
import { timingFeeds } from './inputs.js';
import type { LatencyRequest, LatencyResult } from './latency.js';
import { type Estimate, type Measurement, ORIGINAL } from './measurement.js';
import { fromLogs, median } from './statistics.js';

/** An engine is built once, so its build's own luck stays; processes still differ a little. */
const LAUNCHES = 5;
const WARM_UP_MS = 500;
const DURATION_S = 1;

interface Engine {
  variant: string;
  engine: string;
  shapes: Record<string, readonly number[]>;
  failure: string | null;
  /** Median GPU time of each launch, ms: without and with copies. */
  computeMs: number[];
  transfersMs: number[];
  runs: number;
}

/** `latency.p50` (GPU compute only) and `latency.end-to-end` (copies included) of original and variants, by trtexec. */
export async function measureTensorRt(request: LatencyRequest, run: RunTrtexec): Promise<LatencyResult> {
  const trtexec = await openTrtexec(run);
  const folder = await mkdtemp(join(tmpdir(), 'quantgate-trt-'));
  try {
    const measurements: Measurement[] = [];
    for (const batch of request.benchmark.batch) {
      const engines = await buildAll(trtexec, request, { batch, folder });
      await timeAll(trtexec, request, { engines, folder });
      measurements.push(
        ...engines.flatMap((engine) => asMeasurements(engine, engines[0]!, { request, batch })),
      );
    }
    const { major, minor, patch } = trtexec.version;
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
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function buildAll(
  trtexec: Trtexec,
  request: LatencyRequest,
  { batch, folder }: { batch: number; folder: string },
): Promise<Engine[]> {
  const models = [{ name: ORIGINAL, file: request.original.file }, ...request.variants];
  const engines: Engine[] = [];
  for (const [index, { name, file }] of models.entries()) {
    request.log?.info(`${request.model}: building the TensorRT engine of ${name}`);
    const document = readModel(file);
    const inputs = modelInputs(document);
    const feeds = timingFeeds(inputs, {
      batch,
      shapes: request.benchmark.shapes,
      sample: request.sample ?? null,
    });
    const operators = document.graph.nodes.map((node) => node.opType);
    const weights = [...document.graph.initializers.values()];
    // trtexec refuses shapes for a model that has none to choose.
    const dynamic = inputs.some(({ shape }) => shape?.some((dim) => typeof dim === 'string'));
    const engine: Engine = {
      variant: name,
      engine: join(folder, `${index}-${batch}.engine`),
      shapes: dynamic
        ? Object.fromEntries(Object.entries(feeds).map(([input, { dims }]) => [input, dims]))
        : {},
      failure: null,
      computeMs: [],
      transfersMs: [],
      runs: 0,
    };
    try {
      await buildEngine(trtexec, {
        model: file,
        engine: engine.engine,
        shapes: engine.shapes,
        precision: {
          int8: operators.includes('DequantizeLinear'),
          float16: weights.some(({ dataType }) => dataType === DataType.FLOAT16),
        },
        ...(request.deviceId === undefined ? {} : { deviceId: request.deviceId }),
      });
    } catch (error) {
      if (name === ORIGINAL || !(error instanceof UserError)) throw error;
      engine.failure = messageOf(error);
    }
    engines.push(engine);
  }
  return engines;
}

async function timeAll(
  trtexec: Trtexec,
  request: LatencyRequest,
  { engines, folder }: { engines: Engine[]; folder: string },
): Promise<void> {
  const alive = engines.filter(({ failure }) => failure === null);
  for (let launch = 0; launch < LAUNCHES; launch++) {
    request.log?.progress(`latency of ${request.model} on tensorrt`, launch, LAUNCHES);
    for (const engine of launch % 2 === 0 ? alive : alive.toReversed()) {
      for (const transfers of [false, true]) {
        request.signal?.throwIfAborted();
        const times = await timeEngine(trtexec, {
          engine: engine.engine,
          shapes: engine.shapes,
          times: join(folder, 'times.json'),
          transfers,
          warmUpMs: WARM_UP_MS,
          durationS: DURATION_S,
          ...(request.deviceId === undefined ? {} : { deviceId: request.deviceId }),
        });
        (transfers ? engine.transfersMs : engine.computeMs).push(median(times));
        if (!transfers) engine.runs += times.length;
      }
    }
  }
  request.log?.progress(`latency of ${request.model} on tensorrt`, LAUNCHES, LAUNCHES);
}

function asMeasurements(
  engine: Engine,
  original: Engine,
  { request, batch }: { request: LatencyRequest; batch: number },
): Measurement[] {
  const measurement = (metric: string, of: (engine: Engine) => number[]): Measurement => {
    const filled: Measurement = {
      model: request.model,
      variant: engine.variant,
      provider: request.provider,
      batch,
      threads: null,
      concurrency: 1,
      metric,
      unit: metricDefinition(metric)!.unit,
      status: engine.failure === null ? 'ok' : 'invalid',
      reason: engine.failure,
      value: null,
      interval: null,
      n: null,
      ratio: null,
      drop: null,
      base: null,
    };
    if (engine.failure !== null) return filled;
    const logs = of(engine).map(Math.log);
    const { value, interval } = fromLogs(logs, request.confidence);
    const ratio: Estimate | null =
      engine === original
        ? null
        : fromLogs(
            logs.map((log, launch) => log - Math.log(of(original)[launch]!)),
            request.confidence,
          );
    return {
      ...filled,
      value,
      interval,
      n: engine.runs,
      ratio,
      details: { method: 'trtexec', launches: logs.length },
    };
  };
  return [
    measurement('latency.p50', ({ computeMs }) => computeMs),
    measurement('latency.end-to-end', ({ transfersMs }) => transfersMs),
  ];
}
