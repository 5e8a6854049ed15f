/** Small models, samples and requests that the quantizer's tests share. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NodeProto, TensorProto, ValueInfoProto } from 'onnx-buf';
import type { QuantizeConfig } from '../../src/config/config.js';
import { defaultQuantize } from '../../src/config/defaults.js';
import type { Dataset } from '../../src/data/samples/dataset.js';
import { type Log, SILENT } from '../../src/log.js';
import { makeModel, makeNode, makeValue } from '../../src/onnx/build.js';
import { writeModel } from '../../src/onnx/file/write.js';
import type { Model } from '../../src/onnx/model.js';
import { DataType } from '../../src/onnx/tensor/element-type.js';
import { dimsOf, makeTensor } from '../../src/onnx/tensor/tensor.js';
import type { Evidence } from '../../src/quantize/method/evidence.js';
import type { QuantizeResult } from '../../src/quantize/method/result.js';
import { quantizeModel } from '../../src/quantize/quantize.js';
import { loadRuntime } from '../../src/runtime/load.js';
import type { Runtime } from '../../src/runtime/runtime.js';
import type { Feeds } from '../../src/tensor/tensor.js';

export const runtime = await loadRuntime();

/** A generator of numbers in [-1, 1) with a fixed seed (Park–Miller). */
function noise(seed = 1): () => number {
  let state = seed;
  return () => {
    state = (state * 48271) % 2147483647;
    return (state / 2147483647) * 2 - 1;
  };
}

export function floats(length: number, seed = 1, scale = 1): Float32Array {
  const next = noise(seed);
  return Float32Array.from({ length }, () => next() * scale);
}

export function weight(name: string, dims: readonly number[], seed = 1): TensorProto {
  const length = dims.reduce((product, dim) => product * dim, 1);
  return makeTensor(name, DataType.FLOAT, dims, floats(length, seed, 0.5));
}

export function int64s(name: string, values: readonly number[]): TensorProto {
  return makeTensor(name, DataType.INT64, [values.length], BigInt64Array.from(values, BigInt));
}

export function floatValue(name: string, shape: readonly (number | string)[]): ValueInfoProto {
  return makeValue(name, DataType.FLOAT, shape);
}

export interface SmallModel {
  nodes: NodeProto[];
  initializers?: TensorProto[];
  inputs?: ValueInfoProto[];
  outputs?: ValueInfoProto[];
  opset?: number;
}

/** A model with input x [1,4,8,8] (unless others are named) and output y. */
export function smallModel({ nodes, initializers = [], inputs, outputs, opset = 17 }: SmallModel): Model {
  // IR 3 wants every initializer among the inputs.
  const declared =
    opset < 9 ? initializers.map((each) => makeValue(each.name, each.dataType, dimsOf(each))) : [];
  return makeModel({
    inputs: [...(inputs ?? [floatValue('x', [1, 4, 8, 8])]), ...declared],
    outputs: outputs ?? [makeValue('y')],
    nodes,
    initializers,
    opsets: { '': opset },
    irVersion: opset < 9 ? 3 : 8,
  });
}

/** conv(x) → 8 channels, same size. */
export function conv(
  input: string,
  output: string,
  options: { weight: string; bias?: string; group?: number },
): NodeProto {
  const inputs = [input, options.weight, ...(options.bias ? [options.bias] : [])];
  return makeNode('Conv', inputs, [output], {
    name: output,
    attributes: { pads: { ints: [1, 1, 1, 1] }, group: { int: options.group ?? 1 } },
  });
}

export function samplesOf(shape: readonly number[], count = 8, name = 'x'): Feeds[] {
  const length = shape.reduce((product, dim) => product * dim, 1);
  return Array.from({ length: count }, (_, i) => ({
    [name]: { type: 'float32' as const, dims: shape, data: floats(length, i + 1, 2) },
  }));
}

export function dataset(samples: readonly Feeds[]): Dataset {
  return {
    description: 'samples of a test',
    length: samples.length,
    labelled: false,
    classes: null,
    async *samples() {
      for (const [i, feeds] of samples.entries()) yield { id: String(i), feeds, label: null };
    },
  };
}

export const DEFAULTS: QuantizeConfig = defaultQuantize('int8-static');

/** A folder that is removed when the test ends. */
export function scratch(): { directory: string; [Symbol.dispose](): void } {
  const directory = mkdtempSync(join(tmpdir(), 'quantgate-test-'));
  return { directory, [Symbol.dispose]: () => rmSync(directory, { recursive: true, force: true }) };
}

export interface Quantized {
  result: QuantizeResult;
  /** Paths of the float model and the quantized one. */
  float: string;
  file: string;
}

/** Quantizes every group that can be (costs don't count unless `include` is null), verified. */
export async function quantizeSmall(
  model: Model,
  place: { directory: string },
  options: Partial<QuantizeConfig> & {
    /** null: none. */
    samples?: Feeds[] | null;
    target?: 'cpu' | 'arm64' | 'wasm' | 'tensorrt' | 'cuda';
    evidence?: Evidence;
    leftNames?: readonly string[];
    log?: Log;
    threads?: number;
    /** By which speeds are compared; default: on this machine. */
    clocked?: Runtime;
  } = {},
): Promise<Quantized> {
  const { samples = samplesOf([1, 4, 8, 8]), target = 'cpu', ...others } = options;
  const { clocked = runtime, evidence, log = SILENT, threads, ...config } = others;
  const float = join(place.directory, 'float.onnx');
  const file = join(place.directory, 'int8.onnx');
  writeModel(model, float);
  const result = await quantizeModel({
    model: float,
    out: file,
    options: { ...DEFAULTS, include: ['*'], ...config },
    target,
    calibration: samples && dataset(samples),
    context: { runtime: clocked, log, ...(threads && { threads }) },
    verify: true,
    ...(evidence && { evidence }),
  });
  return { result, float, file };
}

/** Runs a model file; `graphOptimizationLevel` 'all'. */
export async function run(file: string, feeds: Feeds): Promise<Feeds> {
  const session = await runtime.open(file, { threads: 1 });
  const outputs = await session.run(feeds);
  await session.release();
  return outputs;
}

/** 20 · log10(‖a‖ / ‖a − b‖). */
export function sqnr(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let signal = 0;
  let error = 0;
  for (let i = 0; i < a.length; i++) {
    signal += a[i]! ** 2;
    error += (a[i]! - b[i]!) ** 2;
  }
  return 10 * Math.log10(signal / error);
}

/** How near an output of a quantized file is to the float model's on one sample, in dB (SQNR). */
export async function nearness(
  { float, file }: Pick<Quantized, 'float' | 'file'>,
  feeds: Feeds,
  output = 'y',
): Promise<number> {
  const [expected, found] = [await run(float, feeds), await run(file, feeds)];
  return sqnr(expected[output]!.data as Float32Array, found[output]!.data as Float32Array);
}
