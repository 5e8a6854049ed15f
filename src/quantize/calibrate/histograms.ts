/** One histogram and the exact extremes of every tensor, in one pass over the samples.
 *
 *  Large tensors are thinned out inside the graph (every n-th value, n odd so that no row or channel is favoured): what leaves the
 *  session is bounded per tensor, and memory is the same for a thousand samples as for one. */
import { UserError } from '../../errors.js';
import { makeNode, makeValue } from '../../onnx/build.js';
import { DataType } from '../../onnx/element-type.js';
import { makeTensor } from '../../onnx/tensor.js';
import type { TensorType } from '../prepare.js';
import { batches } from './batches.js';
import { Histogram } from './histogram.js';
import {
  accompanied,
  type CalibrationRequest,
  EXTREMES,
  extremesOf,
  mergeExtremes,
  type TensorRange,
} from './minmax.js';
import { openObserved } from './observed-model.js';

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
  const extremes = extremesOf(tensors, model, types);
  const nodes = [...extremes.nodes];
  const initializers = [...extremes.initializers];
  const int64 = (value: number): string => {
    const name = graph.freshName('quantgate_thinning');
    initializers.push(makeTensor(name, DataType.INT64, [1], BigInt64Array.of(BigInt(value))));
    return name;
  };
  const [flatShape, start, end] = [int64(-1), int64(0), int64(Number.MAX_SAFE_INTEGER)];
  const outputs = tensors.map((name) => {
    const flat = graph.freshName(`${name}_flat`);
    nodes.push(makeNode('Reshape', [name, flatShape], [flat]));
    const stride = strideOf(types.get(name));
    if (stride === 1) return flat;
    const thinned = graph.freshName(`${name}_thinned`);
    nodes.push(makeNode('Slice', [flat, start, end, start, int64(stride)], [thinned]));
    return thinned;
  });
  const session = await openObserved(
    model,
    accompanied(
      { nodes, initializers, outputs: [...extremes.outputs, ...outputs.map((name) => makeValue(name))] },
      request.companion,
    ),
    request,
  );
  const histograms = tensors.map(() => new Histogram());
  let ranges: Float64Array | undefined;
  let done = 0;
  try {
    for await (const feeds of batches(dataset, session.inputs, request.signal)) {
      const results = await session.run(feeds);
      const found = results[EXTREMES]!.data as Float32Array;
      request.companion?.add(results);
      ranges = ranges ? mergeExtremes(ranges, found, 'minmax') : Float64Array.from(found);
      outputs.forEach((name, i) => {
        histograms[i]!.add(results[name]!.data as Float32Array);
      });
      log.progress('calibrating', Math.min(++done, dataset.length), dataset.length);
    }
  } finally {
    await session.release();
  }
  if (!ranges) throw new UserError(`The calibration data (${dataset.description}) holds no samples.`);
  const found = ranges;
  return new Map(
    tensors.map((name, i) => [
      name,
      { range: { min: found[2 * i]!, max: found[2 * i + 1]! }, histogram: histograms[i]! },
    ]),
  );
}

/** Every how many-th value is counted: odd, so that it shares no factor with the usual widths and channel counts. */
function strideOf(type: TensorType | undefined): number {
  let elements = 1;
  for (const dim of type?.shape ?? []) if (typeof dim === 'number') elements *= dim;
  const stride = Math.floor(elements / VALUES_PER_SAMPLE);
  return stride < 2 ? 1 : stride | 1;
}
