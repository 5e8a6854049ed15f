/** Range and mean square of every channel (last axis) of activations, computed inside the graph, sample by sample. */
import type { NodeProto, TensorProto } from 'onnx-buf';
import { makeNode } from '../../onnx/build.js';
import type { Graph } from '../../onnx/graph.js';
import type { Model } from '../../onnx/model.js';
import { DataType } from '../../onnx/tensor/element-type.js';
import { makeTensor } from '../../onnx/tensor/tensor.js';
import {
  CALIBRATING,
  type ObservedValue,
  type ObservedValues,
  type Observer,
  observe,
} from '../observe/observer.js';
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

/** Channels that are not finite are left out. @throws UserError when the data holds no samples. */
export async function channelStatistics(request: ChannelRequest): Promise<Map<string, ChannelStatistics>> {
  if (request.tensors.size === 0) return new Map();
  const observer = new ChannelObserver(request.tensors, request.model);
  const samples = await observe({ ...request, step: CALIBRATING }, [observer]);
  return observer.statistics(samples);
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

class ChannelObserver implements Observer {
  readonly values: ObservedValue[] = [];
  readonly initializers: TensorProto[] = [];
  readonly #statistics = new Map<string, ChannelStatistics>();
  /** Names of minimum, maximum and mean square, by tensor. */
  readonly #names = new Map<string, [string, string, string]>();
  readonly #graph: Graph;
  /** Name of the constant that holds the axes to reduce, where they are an input; else null. */
  readonly #axes: string | null;

  constructor(tensors: ReadonlyMap<string, number>, model: Model) {
    this.#graph = model.graph;
    const axes = model.graph.freshName('quantgate_rows');
    this.#axes = model.opset() >= AXES_AS_INPUT ? axes : null;
    if (this.#axes) this.initializers.push(makeTensor(axes, DataType.INT64, [1], BigInt64Array.of(0n)));
    for (const [tensor, channels] of tensors) this.#names.set(tensor, this.#watch(tensor, channels));
  }

  add(values: ObservedValues): void {
    for (const [tensor, names] of this.#names) {
      const [min, max, meanSquare] = names.map((name) => values.get(name)!);
      merge(this.#statistics, tensor, { min: min!, max: max!, meanSquare: meanSquare! });
    }
  }

  statistics(samples: number): Map<string, ChannelStatistics> {
    for (const [tensor, { min, max, meanSquare }] of this.#statistics) {
      for (let j = 0; j < meanSquare.length; j++) meanSquare[j] = meanSquare[j]! / samples;
      // Squares overflow sooner than values.
      const finite = [min, max, meanSquare].every((values) => values.every(Number.isFinite));
      if (!finite) this.#statistics.delete(tensor);
    }
    return this.#statistics;
  }

  #watch(tensor: string, channels: number): [string, string, string] {
    const graph = this.#graph;
    const shape = graph.freshName(`${tensor}_rows_shape`);
    const rows = graph.freshName(`${tensor}_rows`);
    const squares = graph.freshName(`${tensor}_squares`);
    this.initializers.push(makeTensor(shape, DataType.INT64, [2], BigInt64Array.of(-1n, BigInt(channels))));
    const shared = [makeNode('Reshape', [tensor, shape], [rows]), makeNode('Mul', [rows, rows], [squares])];
    const reduced = (opType: string, input: string, before: NodeProto[] = []): string => {
      const value = graph.freshName(`${tensor}_${opType}`);
      this.values.push({ tensor, value, nodes: [...before, this.#reduce(opType, input, value)] });
      return value;
    };
    return [reduced('ReduceMin', rows, shared), reduced('ReduceMax', rows), reduced('ReduceMean', squares)];
  }

  #reduce(opType: string, input: string, value: string): NodeProto {
    const keepdims = { keepdims: { int: 0 } };
    return this.#axes
      ? makeNode(opType, [input, this.#axes], [value], { attributes: keepdims })
      : makeNode(opType, [input], [value], { attributes: { ...keepdims, axes: { ints: [0] } } });
  }
}
