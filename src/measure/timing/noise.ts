/** The machine's own noise: how far two copies of the same model seem to differ. */
import { rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeModel, makeNode, makeValue } from '../../onnx/build.js';
import { encodeModel } from '../../onnx/file/write.js';
import { DataType } from '../../onnx/tensor/element-type.js';
import { makeTensor } from '../../onnx/tensor/tensor.js';
import type { WorkerContext } from '../../runtime/context.js';
import { scratchFolder } from '../../system/files/scratch.js';
import type { Estimate, Measurement } from '../../terms/measurement.js';
import { measureLatency } from './latency.js';

export interface NoiseRequest {
  context: WorkerContext;
  /** Model to compare with itself; null: a built-in network of matrix products. */
  file?: string | null;
  provider?: string;
  /** Default: as a run with `threads: auto`. */
  threads?: number;
  budgetMs?: number;
  confidence?: number;
}

export interface NoiseFloor {
  /** Smallest change of latency that this machine can tell from none in such a run: the half-width of the A/A interval, as a ratio (0.01 = 1 %). */
  floor: number;
  /** What A ÷ A came out as. */
  ratio: number;
  /** Standard deviation between fresh processes, as a ratio. */
  betweenLaunches: number;
  /** That the model ran with. */
  threads: number | null;
  launches: number;
  tookMs: number;
}

const DEFAULT_BUDGET_MS = 6_000;

/** Measures the model against its own copy. Throws MachineError when it can't be run. */
export async function measureNoise(request: NoiseRequest): Promise<NoiseFloor> {
  const directory = scratchFolder('noise');
  try {
    const file = request.file ?? join(directory, 'probe.onnx');
    if (!request.file) await writeFile(file, probeModel());
    const started = performance.now();
    const { measurements } = await measureLatency({
      model: 'noise',
      original: { file },
      variants: [{ name: 'copy', file }],
      provider: request.provider ?? 'cpu',
      context: request.context,
      benchmark: {
        providers: [request.provider ?? 'cpu'],
        batch: [1],
        threads: request.threads === undefined ? 'auto' : [request.threads],
        concurrency: [1],
        budgetMs: request.budgetMs ?? DEFAULT_BUDGET_MS,
        shapes: {},
      },
      confidence: request.confidence ?? 0.95,
    });
    const { ratio, details, threads } = measurements.find(
      ({ variant, metric }) => variant === 'copy' && metric === 'latency.p50',
    )!;
    const { launches, ratioDeviation } = details as { launches: number; ratioDeviation: number };
    return {
      floor: halfWidthOf(ratio!) ?? 1,
      ratio: ratio!.value,
      betweenLaunches: Math.expm1(ratioDeviation),
      threads,
      launches,
      tookMs: performance.now() - started,
    };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/**
 * The same from a run that compared other models: the half-width of its least certain ratio of medians. Fresh processes of two models
 * differ by the same noise as those of a model and its copy. null: no ratio has an interval.
 */
export function noiseFloorOf(measurements: readonly Measurement[]): number | null {
  const widths = measurements.flatMap(({ metric, ratio }) =>
    metric === 'latency.p50' && ratio ? (halfWidthOf(ratio) ?? []) : [],
  );
  return widths.length > 0 ? Math.max(...widths) : null;
}

/** Half of a ratio's interval on the logarithmic scale, as a ratio (0.01 = 1 %); null: unbounded. */
function halfWidthOf({ interval }: Estimate): number | null {
  return interval?.lo && interval.hi ? Math.sqrt(interval.hi / interval.lo) - 1 : null;
}

/** Four layers of 256 × 256 on 32 rows: about 0.1 ms, like a small model. */
function probeModel(): Uint8Array {
  const size = 256;
  const layers = 4;
  const nodes = Array.from({ length: layers }, (_, layer) => [
    makeNode('MatMul', [layer === 0 ? 'x' : `r${layer - 1}`, `w${layer}`], [`m${layer}`]),
    makeNode('Relu', [`m${layer}`], [layer === layers - 1 ? 'y' : `r${layer}`]),
  ]).flat();
  const initializers = Array.from({ length: layers }, (_, layer) =>
    makeTensor(
      `w${layer}`,
      DataType.FLOAT,
      [size, size],
      Float32Array.from({ length: size * size }, (_value, i) => Math.sin(i * (layer + 1)) / size),
    ),
  );
  return encodeModel(
    makeModel({
      inputs: [makeValue('x', DataType.FLOAT, [32, size])],
      outputs: [makeValue('y', DataType.FLOAT, [32, size])],
      nodes,
      initializers,
    }),
  );
}
