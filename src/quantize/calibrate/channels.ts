/** Range and mean square of every channel (last axis) of activations, computed inside the graph, sample by sample. */
import { UserError } from '../../errors.js';
import { makeNode } from '../../onnx/build.js';
import { DataType } from '../../onnx/element-type.js';
import type { Model } from '../../onnx/model.js';
import { makeTensor } from '../../onnx/tensor.js';
import { batches } from './batches.js';
import { type Gathering, openGathering, type Watch } from './gathered.js';
import type { CalibrationRequest } from './minmax.js';

/** One value per channel. */
export interface ChannelStatistics {
  min: Float32Array;
  max: Float32Array;
  meanSquare: Float64Array;
}

export interface ChannelRequest extends Omit<CalibrationRequest, 'tensors'> {
  /** Length of the last axis by tensor name. */
  tensors: ReadonlyMap<string, number>;
  /** Samples read at most. */
  maxSamples: number;
}

/** @throws UserError when the data holds no samples, or a channel is not finite. */
export async function channelStatistics(request: ChannelRequest): Promise<Map<string, ChannelStatistics>> {
  const { model, tensors, dataset, log, maxSamples } = request;
  const statistics = new Map<string, ChannelStatistics>();
  if (tensors.size === 0) return statistics;
  const { gathering, outputs } = observe(tensors, model);
  const session = await openGathering(model, gathering, request);
  const total = Math.min(maxSamples, dataset.length);
  let done = 0;
  try {
    for await (const feeds of batches(dataset, session.inputs, request.signal)) {
      const gathered = await session.run(feeds);
      for (const [tensor, names] of outputs) {
        const [min, max, meanSquare] = names.map((name) => gathered.get(name)!);
        merge(statistics, tensor, { min: min!, max: max!, meanSquare: meanSquare! });
      }
      log.progress('calibrating', Math.min(++done, total), total);
      if (done >= total) break;
    }
  } finally {
    await session.release();
  }
  if (done === 0) throw new UserError(`The calibration data (${dataset.description}) holds no samples.`);
  for (const [tensor, { min, max, meanSquare }] of statistics) {
    for (let j = 0; j < meanSquare.length; j++) meanSquare[j] = meanSquare[j]! / done;
    if (!min.every(Number.isFinite) || !max.every(Number.isFinite)) statistics.delete(tensor);
  }
  return statistics;
}

interface SampleStatistics {
  min: Float32Array;
  max: Float32Array;
  meanSquare: Float32Array;
}

function merge(statistics: Map<string, ChannelStatistics>, tensor: string, sample: SampleStatistics): void {
  const known = statistics.get(tensor);
  if (!known) {
    statistics.set(tensor, {
      min: sample.min.slice(),
      max: sample.max.slice(),
      meanSquare: Float64Array.from(sample.meanSquare),
    });
    return;
  }
  for (let j = 0; j < known.min.length; j++) {
    known.min[j] = Math.min(known.min[j]!, sample.min[j]!);
    known.max[j] = Math.max(known.max[j]!, sample.max[j]!);
    known.meanSquare[j] = known.meanSquare[j]! + sample.meanSquare[j]!;
  }
}

/** Opset from which ReduceMin, ReduceMax and ReduceMean take their axes as an input. */
const AXES_AS_INPUT = 18;

function observe(
  tensors: ReadonlyMap<string, number>,
  model: Model,
): { gathering: Gathering; outputs: Map<string, string[]> } {
  const { graph } = model;
  const watches: Watch[] = [];
  const initializers = [];
  const outputs = new Map<string, string[]>();
  const axesAsInput = model.opset() >= AXES_AS_INPUT;
  const axes = graph.freshName('quantgate_rows');
  if (axesAsInput) initializers.push(makeTensor(axes, DataType.INT64, [1], BigInt64Array.of(0n)));
  for (const [tensor, channels] of tensors) {
    const shape = graph.freshName(`${tensor}_rows_shape`);
    const rows = graph.freshName(`${tensor}_rows`);
    const squares = graph.freshName(`${tensor}_squares`);
    initializers.push(makeTensor(shape, DataType.INT64, [2], BigInt64Array.of(-1n, BigInt(channels))));
    const shared = [makeNode('Reshape', [tensor, shape], [rows]), makeNode('Mul', [rows, rows], [squares])];
    const reduced = (
      [
        ['ReduceMin', rows],
        ['ReduceMax', rows],
        ['ReduceMean', squares],
      ] as const
    ).map(([opType, input], i) => {
      const value = graph.freshName(`${tensor}_${opType}`);
      const attributes = { keepdims: { int: 0 }, ...(axesAsInput ? {} : { axes: { ints: [0] } }) };
      const node = makeNode(opType, axesAsInput ? [input, axes] : [input], [value], { attributes });
      watches.push({ tensor, value, nodes: i === 0 ? [...shared, node] : [node] });
      return value;
    });
    outputs.set(tensor, reduced);
  }
  return { gathering: { watches, initializers }, outputs };
}
