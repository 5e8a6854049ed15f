/** One histogram and the exact extremes of every tensor, in one pass over the samples.
 *
 *  Large tensors are thinned out inside the graph (every n-th value, n odd so that no row or channel is favoured): what leaves the
 *  session is bounded per tensor, and memory is the same for a thousand samples as for one. */

import type { TensorProto } from 'onnx-buf';
import { makeNode } from '../../onnx/build.js';
import type { Graph } from '../../onnx/graph.js';
import { DataType } from '../../onnx/tensor/element-type.js';
import { makeTensor } from '../../onnx/tensor/tensor.js';
import type { TensorType } from '../../onnx/tensor/tensor-type.js';
import type { Feeds } from '../../tensor/tensor.js';
import { type Grid, Histogram } from './histogram.js';
import { type CalibrationRequest, MinMaxObserver, type TensorRange } from './minmax.js';
import { CALIBRATING, type ObservedValue, type ObservedValues, type Observer, observe } from './observer.js';

export interface ObservedTensor {
  range: TensorRange;
  histogram: Histogram;
}

export interface HistogramRequest extends CalibrationRequest {
  /** Shapes with a real sample's dimensions: they say how much to thin out. */
  types: ReadonlyMap<string, TensorType>;
}

/** What was observed of all samples, and of each fold of them alone. */
export interface ObservedFolds {
  all: ReadonlyMap<string, ObservedTensor>;
  folds: readonly ReadonlyMap<string, ObservedTensor>[];
}

export interface FoldOptions {
  /** Samples are dealt out in turns to so many. */
  folds: number;
  /** Is shown every sample with the largest magnitude of each tensor in it (NaN where there is one). */
  onSample(feeds: Feeds, largest: readonly number[]): void;
}

/** Values per tensor and sample that are counted; tensors up to twice this are counted whole. */
const VALUES_PER_SAMPLE = 8192;

/** @throws UserError when the data holds no samples. */
export async function collectHistograms(request: HistogramRequest): Promise<Map<string, ObservedTensor>> {
  const { tensors, observers = [] } = request;
  if (tensors.length === 0) return new Map();
  const histograms = new HistogramObserver(tensors, request);
  await observe({ ...request, step: CALIBRATING }, [histograms, ...observers]);
  return histograms.result();
}

/** The same with the samples in folds. @throws UserError when the data holds no samples. */
export async function collectFolds(request: HistogramRequest, options: FoldOptions): Promise<ObservedFolds> {
  const { tensors, observers = [] } = request;
  if (tensors.length === 0) return { all: new Map(), folds: [] };
  const histograms = new HistogramObserver(tensors, request, options);
  await observe({ ...request, step: CALIBRATING }, [histograms, ...observers]);
  return {
    all: histograms.result(),
    folds: Array.from({ length: options.folds }, (_, fold) => histograms.result(fold)),
  };
}

class HistogramObserver implements Observer {
  readonly values: readonly ObservedValue[];
  readonly initializers: TensorProto[] = [];
  readonly #tensors: readonly string[];
  readonly #graph: Graph;
  readonly #extremes: MinMaxObserver;
  readonly #thinned: readonly ObservedValue[];
  /** Of each fold, by tensor. */
  readonly #histograms: readonly (readonly Histogram[])[];
  readonly #onSample: FoldOptions['onSample'] | undefined;
  #runs = 0;

  constructor(
    tensors: readonly string[],
    { model, types }: Pick<HistogramRequest, 'model' | 'types'>,
    { folds = 1, onSample }: Partial<FoldOptions> = {},
  ) {
    this.#tensors = tensors;
    this.#graph = model.graph;
    this.#onSample = onSample;
    this.#extremes = new MinMaxObserver(tensors, model, { mode: 'minmax', types, folds });
    const [flatShape, start, end] = [-1, 0, Number.MAX_SAFE_INTEGER].map((value) => this.#int64(value));
    const names = { flatShape: flatShape!, start: start!, end: end! };
    this.#thinned = tensors.map((tensor) => this.#thin(tensor, strideOf(types.get(tensor)), names));
    const grids = tensors.map((): Grid => ({ firstWidth: 0 }));
    this.#histograms = Array.from({ length: folds }, () => grids.map((grid) => new Histogram(grid)));
    this.values = [...this.#extremes.values, ...this.#thinned];
  }

  add(values: ObservedValues, feeds: Feeds): void {
    const largest = this.#extremes.add(values);
    const histograms = this.#histograms[this.#runs++ % this.#histograms.length]!;
    this.#thinned.forEach(({ value }, i) => {
      histograms[i]!.add(values.get(value)!, largest[i]);
    });
    this.#onSample?.(feeds, largest);
  }

  /** Of all samples, or those of one fold; empty where there were none. */
  result(fold?: number): Map<string, ObservedTensor> {
    const ranges = this.#extremes.ranges(fold);
    if (ranges.size === 0) return new Map();
    const of = fold === undefined ? this.#histograms : [this.#histograms[fold]!];
    return new Map(
      this.#tensors.map((name, i) => {
        const parts = of.map((histograms) => histograms[i]!);
        const histogram = parts.length === 1 ? parts[0]! : Histogram.merged(parts);
        return [name, { range: ranges.get(name)!, histogram }];
      }),
    );
  }

  /** Every n-th value of a tensor. */
  #thin(
    tensor: string,
    stride: number,
    { flatShape, start, end }: Record<'flatShape' | 'start' | 'end', string>,
  ): ObservedValue {
    if (stride === 1) return { tensor, value: tensor, nodes: [] };
    const flat = this.#graph.freshName(`${tensor}_whole`);
    const value = this.#graph.freshName(`${tensor}_thinned`);
    const nodes = [
      makeNode('Reshape', [tensor, flatShape], [flat]),
      makeNode('Slice', [flat, start, end, start, this.#int64(stride)], [value]),
    ];
    return { tensor, value, nodes };
  }

  #int64(value: number): string {
    const name = this.#graph.freshName('quantgate_thinning');
    this.initializers.push(makeTensor(name, DataType.INT64, [1], BigInt64Array.of(BigInt(value))));
    return name;
  }
}

/** Every how many-th value is counted: odd, so that it shares no factor with the usual widths and channel counts. */
function strideOf(type: TensorType | undefined): number {
  let elements = 1;
  for (const dim of type?.shape ?? []) if (typeof dim === 'number') elements *= dim;
  const stride = Math.floor(elements / VALUES_PER_SAMPLE);
  return stride < 2 ? 1 : stride | 1;
}
