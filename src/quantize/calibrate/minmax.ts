/** Smallest and largest value of every tensor, computed inside the graph: two numbers per tensor and sample leave the session. */

import type { Dataset } from '../../data/samples/dataset.js';
import { makeNode } from '../../onnx/build.js';
import type { Graph } from '../../onnx/graph.js';
import type { Model } from '../../onnx/model.js';
import { clampLimits, isClamp } from '../../onnx/query/clamp.js';
import type { TensorType } from '../../onnx/tensor/tensor-type.js';
import type { RunContext } from '../../runtime/context.js';
import type { GraphOptimizationLevel } from '../../runtime/runtime.js';
import {
  CALIBRATING,
  type ObservedValue,
  type ObservedValues,
  type Observer,
  observe,
} from '../observe/observer.js';
import { stackedRuns } from '../observe/stacked.js';

export interface TensorRange {
  min: number;
  max: number;
}

export interface CalibrationRequest {
  model: Model;
  /** Names of the float32 tensors whose ranges are wanted. */
  tensors: readonly string[];
  dataset: Dataset;
  context: RunContext;
  /** Types and shapes, where they are known: images can be reduced faster. */
  types?: ReadonlyMap<string, TensorType>;
  /** Default: 'all', the fastest. */
  graphOptimizationLevel?: GraphOptimizationLevel;
  /** What else is read from the same runs: another pass over the samples would cost as much as the first. */
  observers?: readonly Observer[];
}

/** How much a batch moves the average (onnxruntime and PyTorch use the same). */
export const AVERAGING_CONSTANT = 0.01;

/** Ranges over all samples: the extremes, or their moving average (old + 0.01 · (new − old), batch by batch).
 *  @throws UserError when the data holds no samples. */
export async function calibrateMinMax(
  request: CalibrationRequest,
  mode: 'minmax' | 'moving-average' = 'minmax',
): Promise<Map<string, TensorRange>> {
  const { model, tensors, types, observers = [] } = request;
  if (tensors.length === 0) return new Map();
  const extremes = new MinMaxObserver(tensors, model, { mode, types });
  // A moving average goes sample by sample; extremes may be those of several.
  const runs = mode === 'minmax' ? stackedRuns : undefined;
  await observe({ ...request, runs, step: CALIBRATING }, [extremes, ...observers]);
  return extremes.ranges();
}

const IMAGE_RANK = 4;

/** Smallest and largest value of each tensor, merged over the samples. */
export class MinMaxObserver implements Observer {
  readonly values: ObservedValue[] = [];
  readonly #mode: 'minmax' | 'moving-average';
  /** Names of the values; no minimum where it is known to be zero. */
  readonly #tensors: { name: string; min: string | null; max: string }[];
  /** Of each group of runs, [min₀, max₀, min₁, max₁, …]. */
  readonly #ranges: Float64Array[] = [];

  constructor(
    tensors: readonly string[],
    model: Model,
    options: { mode: 'minmax' | 'moving-average'; types: ReadonlyMap<string, TensorType> | undefined },
  ) {
    const { graph } = model;
    this.#mode = options.mode;
    const reduced = (opType: string, tensor: string, pooled?: string): string => {
      const value = graph.freshName(`${tensor}_${opType}`);
      const attributes = { keepdims: { int: 0 } };
      const nodes = [makeNode(opType, [pooled ?? tensor], [value], { attributes })];
      if (pooled !== undefined) nodes.unshift(makeNode('GlobalMaxPool', [tensor], [pooled]));
      this.values.push({ tensor, value, nodes, single: true });
      return value;
    };
    this.#tensors = tensors.map((name) => {
      if (!isNonNegative(name, graph))
        return { name, min: reduced('ReduceMin', name), max: reduced('ReduceMax', name) };
      // Ranges hold zero anyway: behind a Relu the minimum need not be looked for. Images are pooled first: the runtime does
      // that in its blocked layout, where reducing would turn the whole image around.
      const isImage = options.types?.get(name)?.shape?.length === IMAGE_RANK;
      const pooled = isImage ? graph.freshName(`${name}_pooled`) : undefined;
      return { name, min: null, max: reduced('ReduceMax', name, pooled) };
    });
  }

  add(values: ObservedValues): void {
    this.addTo(0, values);
  }

  /** Gives the largest magnitude of each tensor in this run; NaN where there is one.
   *  @param group of runs, each with ranges of its own; the first run of a group comes after those of the groups before it. */
  addTo(group: number, values: ObservedValues): number[] {
    const found = Float64Array.from(
      this.#tensors.flatMap(({ min, max }) => [
        min === null ? 0 : values.get(min)![0]!,
        values.get(max)![0]!,
      ]),
    );
    const largest = this.#tensors.map((_, i) => Math.max(-found[2 * i]!, found[2 * i + 1]!));
    const known = this.#ranges[group];
    this.#ranges[group] = known ? mergeExtremes(known, found, this.#mode) : found;
    return largest;
  }

  /** Over all runs, or those of some groups; empty where there were none. */
  ranges(isOf: (group: number) => boolean = () => true): Map<string, TensorRange> {
    const seen = this.#ranges.filter((_, group) => isOf(group));
    if (seen.length === 0) return new Map();
    const ranges = seen.reduce((merged, one) => mergeExtremes(merged.slice(), one, 'minmax'));
    return new Map(
      this.#tensors.map(({ name }, i) => [name, { min: ranges[2 * i]!, max: ranges[2 * i + 1]! }]),
    );
  }
}

function isNonNegative(name: string, graph: Graph): boolean {
  const producer = graph.producer(name);
  if (!producer || !isClamp(producer)) return false;
  const limits = clampLimits(producer, graph);
  return limits !== null && limits[0] >= 0;
}

function mergeExtremes(
  ranges: Float64Array,
  found: Float64Array,
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
