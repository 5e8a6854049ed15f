/** Smallest and largest value of every tensor, computed inside the graph: two numbers per tensor and sample leave the session. */

import type { NodeProto } from 'onnx-buf';
import type { Dataset } from '../../data/dataset.js';
import { UserError } from '../../errors.js';
import type { Log } from '../../log.js';
import { makeNode, makeValue } from '../../onnx/build.js';
import { DataType } from '../../onnx/element-type.js';
import type { Graph } from '../../onnx/graph.js';
import type { Model } from '../../onnx/model.js';
import { makeTensor } from '../../onnx/tensor.js';
import type { GraphOptimizationLevel, Runtime } from '../../runtime/runtime.js';
import type { Feeds } from '../../runtime/tensor.js';
import { clampLimits, isClamp } from '../placement/fusion-table.js';
import type { TensorType } from '../prepare.js';
import { batches } from './batches.js';
import { type Observation, openObserved } from './observed-model.js';

export interface TensorRange {
  min: number;
  max: number;
}

export interface CalibrationRequest {
  model: Model;
  /** Names of the float32 tensors whose ranges are wanted. */
  tensors: readonly string[];
  dataset: Dataset;
  runtime: Runtime;
  log: Log;
  threads?: number;
  signal?: AbortSignal;
  /** Types and shapes, where they are known: images can be reduced faster. */
  types?: ReadonlyMap<string, TensorType>;
  /** Default: 'all', the fastest. */
  graphOptimizationLevel?: GraphOptimizationLevel;
  /** What else is read from the same runs: another pass over the samples would cost as much as the first. */
  companion?: Companion;
}

export interface Companion {
  observation: Observation;
  /** Called after each run with its outputs. */
  add(results: Feeds): void;
}

/** How much a batch moves the average (onnxruntime and PyTorch use the same). */
export const AVERAGING_CONSTANT = 0.01;

/** Ranges over all samples: the extremes, or their moving average (old + 0.01 · (new − old), batch by batch). */
export async function calibrateMinMax(
  request: CalibrationRequest,
  mode: 'minmax' | 'moving-average' = 'minmax',
): Promise<Map<string, TensorRange>> {
  const { model, tensors, dataset, log } = request;
  if (tensors.length === 0) return new Map();
  const observation = accompanied(extremesOf(tensors, model, request.types), request.companion);
  const session = await openObserved(model, observation, request);
  let ranges: Float64Array | undefined;
  let done = 0;
  try {
    for await (const feeds of batches(dataset, session.inputs, request.signal)) {
      const results = await session.run(feeds);
      const found = results[EXTREMES]!.data as Float32Array;
      request.companion?.add(results);
      ranges = ranges ? mergeExtremes(ranges, found, mode) : Float64Array.from(found);
      log.progress('calibrating', Math.min(++done, dataset.length), dataset.length);
    }
  } finally {
    await session.release();
  }
  if (!ranges) throw new UserError(`The calibration data (${dataset.description}) holds no samples.`);
  const found = ranges;
  return new Map(tensors.map((name, i) => [name, { min: found[2 * i]!, max: found[2 * i + 1]! }]));
}

/** Both observations as one. */
export function accompanied(observation: Observation, companion: Companion | undefined): Observation {
  if (!companion) return observation;
  const { nodes, initializers, outputs } = companion.observation;
  return {
    nodes: [...observation.nodes, ...nodes],
    initializers: [...observation.initializers, ...initializers],
    outputs: [...observation.outputs, ...outputs],
  };
}

export const EXTREMES = 'quantgate_extremes';

const IMAGE_RANK = 4;

/** [min₀, max₀, min₁, max₁, …] as one output. */
export function extremesOf(
  tensors: readonly string[],
  model: Model,
  types?: ReadonlyMap<string, TensorType>,
): Observation {
  const { graph } = model;
  const one = graph.freshName('quantgate_one');
  const zero = graph.freshName('quantgate_zero');
  const nodes: NodeProto[] = [];
  const reduced = (opType: string, name: string): string => {
    const value = graph.freshName(`${name}_${opType}`);
    const flat = graph.freshName(`${name}_${opType}_flat`);
    nodes.push(
      makeNode(opType, [name], [value], { attributes: { keepdims: { int: 0 } } }),
      makeNode('Reshape', [value, one], [flat]),
    );
    return flat;
  };
  const parts = tensors.flatMap((name) => {
    if (!isNonNegative(name, graph)) return [reduced('ReduceMin', name), reduced('ReduceMax', name)];
    // Ranges hold zero anyway: behind a Relu the minimum need not be looked for. Images are pooled first: the runtime does
    // that in its blocked layout, where reducing would turn the whole image around.
    if (types?.get(name)?.shape?.length !== IMAGE_RANK) return [zero, reduced('ReduceMax', name)];
    const pooled = graph.freshName(`${name}_pooled`);
    nodes.push(makeNode('GlobalMaxPool', [name], [pooled]));
    return [zero, reduced('ReduceMax', pooled)];
  });
  nodes.push(makeNode('Concat', parts, [EXTREMES], { attributes: { axis: { int: 0 } } }));
  return {
    nodes,
    initializers: [
      makeTensor(one, DataType.INT64, [1], BigInt64Array.of(1n)),
      makeTensor(zero, DataType.FLOAT, [1], new Float32Array(1)),
    ],
    outputs: [makeValue(EXTREMES)],
  };
}

function isNonNegative(name: string, graph: Graph): boolean {
  const producer = graph.producer(name);
  if (!producer || !isClamp(producer)) return false;
  const limits = clampLimits(producer, graph);
  return limits !== null && limits[0] >= 0;
}

export function mergeExtremes(
  ranges: Float64Array,
  found: Float32Array,
  mode: 'minmax' | 'moving-average',
): Float64Array {
  for (let i = 0; i < ranges.length; i++) {
    const old = ranges[i]!;
    const value = found[i]!;
    // NaN must survive: the tensor can't be quantized, and the caller says so.
    if (mode === 'moving-average') ranges[i] = old + AVERAGING_CONSTANT * (value - old);
    else ranges[i] = i % 2 === 0 ? Math.min(old, value) : Math.max(old, value);
  }
  return ranges;
}
