/** One histogram and the exact extremes of every tensor, in one pass over the samples.
 *
 *  Large tensors are thinned out inside the graph (every n-th value, n odd so that no row or channel is favoured): what leaves the
 *  session is bounded per tensor, and memory is the same for a thousand samples as for one. */

import type { TensorProto } from 'onnx-buf';
import type { DatasetPart } from '../../data/samples/dataset.js';
import { makeNode } from '../../onnx/build.js';
import type { Graph } from '../../onnx/graph.js';
import { DataType } from '../../onnx/tensor/element-type.js';
import { makeTensor } from '../../onnx/tensor/tensor.js';
import type { TensorType } from '../../onnx/tensor/tensor-type.js';
import type { Feeds } from '../../tensor/tensor.js';
import {
  CALIBRATING,
  type ObservedValue,
  type ObservedValues,
  type Observer,
  observe,
} from '../observe/observer.js';
import { type Grid, Histogram } from './histogram.js';
import { type CalibrationRequest, MinMaxObserver, type TensorRange } from './minmax.js';

export interface ObservedTensor {
  range: TensorRange;
  histogram: Histogram;
}

export interface HistogramRequest extends CalibrationRequest {
  /** Shapes with a real sample's dimensions: they say how much to thin out. */
  types: ReadonlyMap<string, TensorType>;
}

/** What was observed of all samples, of each fold of them alone, and of each part. */
export interface ObservedFolds {
  all: ReadonlyMap<string, ObservedTensor>;
  folds: readonly ReadonlyMap<string, ObservedTensor>[];
  parts: readonly ReadonlyMap<string, ObservedTensor>[];
}

export interface FoldOptions {
  /** Samples are dealt out in turns to so many. */
  folds: number;
  /** Others, which may have samples in common; each run is one sample. What holds the first sample is observed as it is alone, bit for bit, other parts to the
   *  width of a bin. Default: none. */
  parts?: readonly Pick<DatasetPart, 'has'>[];
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

/** The same with the samples in folds and parts. @throws UserError when the data holds no samples. */
export async function collectFolds(request: HistogramRequest, options: FoldOptions): Promise<ObservedFolds> {
  const { tensors, observers = [] } = request;
  if (tensors.length === 0) return { all: new Map(), folds: [], parts: [] };
  const histograms = new HistogramObserver(tensors, request, options);
  await observe({ ...request, step: CALIBRATING }, [histograms, ...observers]);
  return {
    all: histograms.result(),
    folds: Array.from({ length: options.folds }, (_, of) => histograms.result(({ fold }) => fold === of)),
    parts: (options.parts ?? []).map((_, of) => histograms.result(({ parts }) => parts[of]!)),
  };
}

/** Samples of one fold that belong to the same parts: whatever is asked for is made of whole groups. */
interface SampleGroup {
  fold: number;
  /** Of each part whether it holds them. */
  parts: readonly boolean[];
  /** By tensor. */
  histograms: readonly Histogram[];
}

class HistogramObserver implements Observer {
  readonly values: readonly ObservedValue[];
  readonly initializers: TensorProto[] = [];
  readonly #tensors: readonly string[];
  readonly #graph: Graph;
  readonly #extremes: MinMaxObserver;
  readonly #thinned: readonly ObservedValue[];
  readonly #grids: readonly Grid[];
  readonly #groups: SampleGroup[] = [];
  readonly #options: Partial<FoldOptions>;
  #runs = 0;

  constructor(
    tensors: readonly string[],
    { model, types }: Pick<HistogramRequest, 'model' | 'types'>,
    options: Partial<FoldOptions> = {},
  ) {
    this.#tensors = tensors;
    this.#graph = model.graph;
    this.#options = options;
    this.#extremes = new MinMaxObserver(tensors, model, { mode: 'minmax', types });
    const [flatShape, start, end] = [-1, 0, Number.MAX_SAFE_INTEGER].map((value) => this.#int64(value));
    const names = { flatShape: flatShape!, start: start!, end: end! };
    this.#thinned = tensors.map((tensor) => this.#thin(tensor, strideOf(types.get(tensor)), names));
    this.#grids = tensors.map(() => ({ firstWidth: 0 }));
    this.values = [...this.#extremes.values, ...this.#thinned];
  }

  add(values: ObservedValues, feeds: Feeds): void {
    const group = this.#groupOf(this.#runs++);
    const { histograms } = group;
    const largest = this.#extremes.addTo(this.#groups.indexOf(group), values);
    this.#thinned.forEach(({ value }, i) => {
      histograms[i]!.add(values.get(value)!, largest[i]);
    });
    this.#options.onSample?.(feeds, largest);
  }

  /** Of all samples, or those of some groups; empty where there were none. */
  result(isOf: (group: SampleGroup) => boolean = () => true): Map<string, ObservedTensor> {
    const groups = this.#groups.filter(isOf);
    if (groups.length === 0) return new Map();
    const ranges = this.#extremes.ranges((group) => groups.includes(this.#groups[group]!));
    return new Map(
      this.#tensors.map((name, i) => {
        const parts = groups.map(({ histograms }) => histograms[i]!);
        const histogram = parts.length === 1 ? parts[0]! : Histogram.merged(parts);
        return [name, { range: ranges.get(name)!, histogram }];
      }),
    );
  }

  #groupOf(sample: number): SampleGroup {
    const { folds = 1, parts = [] } = this.#options;
    const fold = sample % folds;
    const inParts = parts.map((part) => part.has(sample));
    const known = this.#groups.find(
      (group) => group.fold === fold && group.parts.every((isIn, part) => isIn === inParts[part]),
    );
    if (known) return known;
    const histograms = this.#grids.map((grid) => new Histogram(grid));
    const group = { fold, parts: inParts, histograms };
    this.#groups.push(group);
    return group;
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
