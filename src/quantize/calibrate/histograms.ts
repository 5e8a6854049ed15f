/** One histogram and the exact extremes of every tensor, in one pass over the samples.
 *
 *  Large tensors are thinned out inside the graph (every n-th value, n odd so that no row or channel is favoured): what leaves the
 *  session is bounded per tensor, and memory is the same for a thousand samples as for one. */

import type { TensorProto } from 'onnx-buf';
import { UserError } from '../../errors.js';
import { makeNode } from '../../onnx/build.js';
import { DataType } from '../../onnx/element-type.js';
import { makeTensor } from '../../onnx/tensor.js';
import type { TensorType } from '../../onnx/tensor-type.js';
import { batches } from './batches.js';
import { openGathering, type Watch } from './gathered.js';
import { Histogram } from './histogram.js';
import { accompanied, type CalibrationRequest, Extremes, type TensorRange } from './minmax.js';

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
  const { model, tensors, dataset, log, types } = request;
  if (tensors.length === 0) return new Map();
  const { graph } = model;
  const extremes = new Extremes(tensors, model, { mode: 'minmax', types });
  const initializers: TensorProto[] = [];
  const int64 = (value: number): string => {
    const name = graph.freshName('quantgate_thinning');
    initializers.push(makeTensor(name, DataType.INT64, [1], BigInt64Array.of(BigInt(value))));
    return name;
  };
  const [flatShape, start, end] = [int64(-1), int64(0), int64(Number.MAX_SAFE_INTEGER)];
  const thinned = tensors.map((tensor): Watch => {
    const stride = strideOf(types.get(tensor));
    if (stride === 1) return { tensor, value: tensor, nodes: [] };
    const flat = graph.freshName(`${tensor}_whole`);
    const value = graph.freshName(`${tensor}_thinned`);
    const nodes = [
      makeNode('Reshape', [tensor, flatShape], [flat]),
      makeNode('Slice', [flat, start, end, start, int64(stride)], [value]),
    ];
    return { tensor, value, nodes };
  });
  const gathering = { watches: [...extremes.watches, ...thinned], initializers };
  const session = await openGathering(model, accompanied(gathering, request.companion), request);
  const histograms = tensors.map(() => new Histogram());
  let done = 0;
  try {
    for await (const feeds of batches(dataset, session.inputs, request.signal)) {
      const gathered = await session.run(feeds);
      request.companion?.add(gathered);
      const largest = extremes.add(gathered);
      thinned.forEach(({ value }, i) => {
        histograms[i]!.add(gathered.get(value)!, largest[i]);
      });
      log.progress('calibrating', Math.min(++done, dataset.length), dataset.length);
    }
  } finally {
    await session.release();
  }
  if (done === 0) throw new UserError(`The calibration data (${dataset.description}) holds no samples.`);
  const ranges = extremes.ranges();
  return new Map(tensors.map((name, i) => [name, { range: ranges.get(name)!, histogram: histograms[i]! }]));
}

/** Every how many-th value is counted: odd, so that it shares no factor with the usual widths and channel counts. */
function strideOf(type: TensorType | undefined): number {
  let elements = 1;
  for (const dim of type?.shape ?? []) if (typeof dim === 'number') elements *= dim;
  const stride = Math.floor(elements / VALUES_PER_SAMPLE);
  return stride < 2 ? 1 : stride | 1;
}
