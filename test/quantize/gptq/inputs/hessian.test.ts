import { describe, expect, it } from 'vitest';
import type { Dataset } from '../../../../src/data/samples/dataset.js';
import { SILENT } from '../../../../src/log.js';
import { makeNode, makeValue } from '../../../../src/onnx/build.js';
import { DataType } from '../../../../src/onnx/tensor/element-type.js';
import { collectHessians } from '../../../../src/quantize/gptq/inputs/hessian.js';
import { withMatrices } from '../../../../src/quantize/gptq/matrices/matrices.js';
import type { Feeds } from '../../../../src/tensor/tensor.js';
import { dataset, floats, floatValue, int64s, runtime, smallModel } from '../../small-models.js';

const DEPTH = 3;
const context = { runtime, log: SILENT };

/** a = 2 · x, which is what is watched. */
const doubled = (masked: boolean) =>
  smallModel({
    inputs: [
      floatValue('x', [1, 'tokens', DEPTH]),
      ...(masked ? [makeValue('attention_mask', DataType.INT64, [1, 'tokens'])] : []),
    ],
    nodes: [
      makeNode('Add', ['x', 'x'], ['a']),
      ...(masked
        ? [
            makeNode('Cast', ['attention_mask'], ['m'], { attributes: { to: { int: DataType.FLOAT } } }),
            makeNode('Unsqueeze', ['m'], ['u'], { attributes: { axes: { ints: [2] } } }),
            makeNode('Mul', ['a', 'u'], ['y']),
          ]
        : [makeNode('Relu', ['a'], ['y'])]),
    ],
    opset: 11,
  });

const collect = (samples: readonly Feeds[], { masked = false, most = 100, model = doubled(masked) } = {}) =>
  withMatrices({ runtime }, async (matrices) => {
    const data: Dataset = dataset(samples);
    const tensors = new Map([['a', DEPTH]]);
    return await collectHessians({
      model,
      tensors,
      dataset: data,
      samples: most,
      context,
      matrices,
    });
  });

/** Mean of (2 x)(2 x)ᵀ over these vectors. */
function expected(vectors: readonly ArrayLike<number>[]): number[] {
  return Array.from({ length: DEPTH * DEPTH }, (_, at) => {
    const [i, j] = [Math.floor(at / DEPTH), at % DEPTH];
    return vectors.reduce((sum, x) => sum + 4 * x[i]! * x[j]!, 0) / vectors.length;
  });
}

const tokens = (count: number, seed: number) => {
  const data = floats(count * DEPTH, seed);
  return { x: { type: 'float32' as const, dims: [1, count, DEPTH], data } };
};
const vectorsOf = (feeds: Feeds) => {
  const data = feeds.x!.data as Float32Array;
  return Array.from({ length: data.length / DEPTH }, (_, row) =>
    data.subarray(row * DEPTH, (row + 1) * DEPTH),
  );
};

function expectClose(values: ArrayLike<number>, wanted: readonly number[]): void {
  wanted.forEach((value, at) => {
    expect(values[at]).toBeCloseTo(value, 4);
  });
}

describe("the Hessian of a layer's output error", () => {
  it('is the mean of x · xᵀ over the vectors of all samples', async () => {
    const samples = [tokens(4, 1), tokens(7, 2)];
    const { values, rows, size } = (await collect(samples)).formed.get('a')!;
    expect([rows, size]).toEqual([11, DEPTH]);
    expectClose(values, expected(samples.flatMap(vectorsOf)));
  });

  it('reads as many samples as asked for', async () => {
    const samples = [tokens(4, 1), tokens(7, 2)];
    const { values, rows } = (await collect(samples, { most: 1 })).formed.get('a')!;
    expect(rows).toBe(4);
    expectClose(values, expected(vectorsOf(samples[0]!)));
  });

  it("doesn't count padding", async () => {
    const sample = tokens(4, 5);
    const attention_mask = { type: 'int64' as const, dims: [1, 4], data: BigInt64Array.of(1n, 1n, 0n, 0n) };
    const { rows, values } = (await collect([{ ...sample, attention_mask }], { masked: true })).formed.get(
      'a',
    )!;
    expect(rows).toBe(2);
    expectClose(values, expected(vectorsOf(sample).slice(0, 2)));
  });

  it("doesn't count the padding of samples whose tokens lie flat, as in graphs out of TensorFlow", async () => {
    const sample = tokens(4, 5);
    const attention_mask = { type: 'int64' as const, dims: [2, 2], data: BigInt64Array.of(1n, 0n, 1n, 0n) };
    const model = smallModel({
      inputs: [
        floatValue('x', [1, 'tokens', DEPTH]),
        makeValue('attention_mask', DataType.INT64, ['batch', 'tokens']),
      ],
      nodes: [
        makeNode('Reshape', ['x', 'flat'], ['f']),
        makeNode('Add', ['f', 'f'], ['a']),
        makeNode('Cast', ['attention_mask'], ['y'], { attributes: { to: { int: DataType.FLOAT } } }),
      ],
      initializers: [int64s('flat', [-1, DEPTH])],
    });
    const { rows, values } = (await collect([{ ...sample, attention_mask }], { model })).formed.get('a')!;
    expect(rows).toBe(2);
    const [first, , third] = vectorsOf(sample);
    expectClose(values, expected([first!, third!]));
  });

  it('leaves out vectors that are not finite', async () => {
    const sample = tokens(3, 6);
    (sample.x.data as Float32Array)[4] = 3e38;
    const { rows, values } = (await collect([sample])).formed.get('a')!;
    expect(rows).toBe(2);
    const [first, , last] = vectorsOf(sample);
    expectClose(values, expected([first!, last!]));
  });

  it('does not exist for what no sample reaches', async () => {
    expect((await collect([tokens(0, 1)])).formed.size).toBe(0);
  });

  it('is not formed of a tensor with so many inputs that the vectors seen say too little of it', async () => {
    const inputs = 70_000;
    const model = smallModel({
      inputs: [floatValue('x', ['batch', inputs])],
      nodes: [makeNode('Add', ['x', 'x'], ['a']), makeNode('Relu', ['a'], ['y'])],
    });
    const words = (value: number) => {
      const data = new Float32Array(inputs);
      data[69_000] = value;
      return { x: { type: 'float32' as const, dims: [1, inputs], data } };
    };
    const collected = async (samples: Feeds[]) =>
      await withMatrices({ runtime }, async (matrices) => {
        const tensors = new Map([['a', inputs]]);
        return await collectHessians({
          model,
          tensors,
          dataset: dataset(samples),
          samples: 9,
          context,
          matrices,
        });
      });
    // It would have 20 GB.
    expect(await collected([words(1), words(2)])).toEqual({ formed: new Map(), tooFew: new Set(['a']) });
    expect(await collected([words(0)])).toEqual({ formed: new Map(), tooFew: new Set() });
  });
});
