/** Runs a model before and after rewriting, and says how far apart the outputs are. */

import { encodeModel } from '../../../src/onnx/file/write.js';
import type { Model } from '../../../src/onnx/model.js';
import { DataType } from '../../../src/onnx/tensor/element-type.js';
import { makeTensor } from '../../../src/onnx/tensor/tensor.js';
import { inferTypes } from '../../../src/quantize/prepare/prepare.js';
import { applyRewrites } from '../../../src/quantize/rewrite/rewrite.js';
import { loadRuntime } from '../../../src/runtime/load.js';
import type { Feeds, Tensor } from '../../../src/tensor/tensor.js';

const runtime = await loadRuntime();

/** Values in [−4, 4], the same for the same seed. */
export function noise(length: number, seed = 1): Float32Array {
  let state = seed;
  return Float32Array.from({ length }, () => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
    return (state / 0x7fffffff - 0.5) * 8;
  });
}

export const floats = (name: string, dims: number[], values: number[] | Float32Array) =>
  makeTensor(name, DataType.FLOAT, dims, Float32Array.from(values));

/** Constant noise under a name. */
export const random = (name: string, dims: number[], seed = 7) =>
  makeTensor(
    name,
    DataType.FLOAT,
    dims,
    noise(
      dims.reduce((product, dim) => product * dim, 1),
      seed,
    ),
  );

export async function run(model: Model, feeds: Feeds): Promise<Feeds> {
  const session = await runtime.open(encodeModel(model), { graphOptimizationLevel: 'disabled', threads: 1 });
  const outputs = await session.run(feeds);
  await session.release();
  return outputs;
}

export interface Rewritten {
  model: Model;
  changes: Record<string, number>;
  /** What was recognized and left, as it is logged. */
  left: string[];
  /** Operators in order, e.g. 'Conv Relu'. */
  operators: string;
  /** Signal-to-noise ratio of the worst output, in dB; Infinity when the bits are equal. */
  sqnr: number;
}

/** Rewrites a model made by `build` (called twice) and compares both on noise. */
export async function rewrite(build: () => Model): Promise<Rewritten> {
  const model = build();
  const types = await inferTypes(model, { context: { runtime } });
  const left: string[] = [];
  const changes = await applyRewrites(model, types, {
    log: { debug: (message) => left.push(message) },
  });
  const feeds: Feeds = {};
  for (const { name } of model.graph.inputs) {
    const dims = (types.get(name)?.shape ?? []).map((dim) => (typeof dim === 'number' ? dim : 3));
    const length = dims.reduce((product, dim) => product * dim, 1);
    feeds[name] = { type: 'float32', dims, data: noise(length, 99) };
  }
  const [before, after] = [await run(build(), feeds), await run(model, feeds)];
  return {
    model,
    changes,
    left,
    operators: model.graph
      .topologicalNodes()
      .map((node) => node.opType)
      .join(' '),
    sqnr: Math.min(...Object.entries(before).map(([name, tensor]) => signalToNoise(tensor, after[name]!))),
  };
}

export function signalToNoise(reference: Tensor, other: Tensor): number {
  let [signal, error] = [0, 0];
  reference.data.forEach((value, i) => {
    signal += Number(value) ** 2;
    error += (Number(value) - Number(other.data[i])) ** 2;
  });
  return 10 * Math.log10(signal / error);
}
