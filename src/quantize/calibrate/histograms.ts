/** One histogram and the exact extremes of every tensor, in one pass over the samples.
 *
 *  Large tensors are thinned out inside the graph (every n-th value, n odd so that no row or channel is favoured): what leaves the
 *  session is bounded per tensor, and memory is the same for a thousand samples as for one. */

import type { TensorProto } from 'onnx-buf';
import { makeNode } from '../../onnx/build.js';
import { DataType } from '../../onnx/element-type.js';
import type { Graph } from '../../onnx/graph.js';
import { makeTensor } from '../../onnx/tensor.js';
import type { TensorType } from '../../onnx/tensor-type.js';
import { Histogram } from './histogram.js';
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

class HistogramObserver implements Observer {
  readonly values: readonly ObservedValue[];
  readonly initializers: TensorProto[] = [];
  readonly #tensors: readonly string[];
  readonly #graph: Graph;
  readonly #extremes: MinMaxObserver;
  readonly #thinned: readonly ObservedValue[];
  readonly #histograms: readonly Histogram[];

  constructor(tensors: readonly string[], { model, types }: Pick<HistogramRequest, 'model' | 'types'>) {
    this.#tensors = tensors;
    this.#graph = model.graph;
    this.#extremes = new MinMaxObserver(tensors, model, { mode: 'minmax', types });
    const [flatShape, start, end] = [-1, 0, Number.MAX_SAFE_INTEGER].map((value) => this.#int64(value));
    const names = { flatShape: flatShape!, start: start!, end: end! };
    this.#thinned = tensors.map((tensor) => this.#thin(tensor, strideOf(types.get(tensor)), names));
    this.#histograms = tensors.map(() => new Histogram());
    this.values = [...this.#extremes.values, ...this.#thinned];
  }

  add(values: ObservedValues): void {
    const largest = this.#extremes.add(values);
    this.#thinned.forEach(({ value }, i) => {
      this.#histograms[i]!.add(values.get(value)!, largest[i]);
    });
  }

  result(): Map<string, ObservedTensor> {
    const ranges = this.#extremes.ranges();
    return new Map(
      this.#tensors.map((name, i) => [name, { range: ranges.get(name)!, histogram: this.#histograms[i]! }]),
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
