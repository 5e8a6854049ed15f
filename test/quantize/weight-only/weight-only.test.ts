import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { UserError } from '../../../src/errors.js';
import { intAttribute } from '../../../src/onnx/attributes.js';
import { makeNode, makeValue } from '../../../src/onnx/build.js';
import { readModel } from '../../../src/onnx/file/read.js';
import { DataType } from '../../../src/onnx/tensor/element-type.js';
import { tensorByteLength } from '../../../src/onnx/tensor/tensor.js';
import { blockLength } from '../../../src/quantize/layers/int8-blocks.js';
import {
  conv,
  floatValue,
  quantizeSmall,
  run,
  runtime,
  samplesOf,
  scratch,
  smallModel,
  sqnr,
  weight,
} from '../small-models.js';

const linear = () =>
  smallModel({
    inputs: [floatValue('x', ['rows', 160])],
    nodes: [
      makeNode('Gemm', ['x', 'w', 'c'], ['y'], {
        name: 'gemm',
        attributes: { transB: { int: 1 }, alpha: { float: 0.5 }, beta: { float: 2 } },
      }),
    ],
    initializers: [weight('w', [144, 160]), weight('c', [144], 5)],
  });

const images = (opset = 17) =>
  smallModel({
    opset,
    nodes: [
      conv('x', 'a', { weight: 'k1', bias: 'b' }),
      makeNode('Relu', ['a'], ['r']),
      conv('r', 'y', { weight: 'k2' }),
    ],
    initializers: [weight('k1', [32, 4, 3, 3]), weight('b', [32], 8), weight('k2', [16, 32, 3, 3], 2)],
  });

describe('weight-only methods', () => {
  it.each([
    ['int8-weights', 40],
    ['int4-weights', 16],
  ] as const)('%s: large products become MatMulNBits with int8 arithmetic', async (method, least) => {
    using place = scratch();
    const samples = samplesOf([5, 160]);
    const { file, float, result } = await quantizeSmall(linear(), place, { method, include: null, samples });
    expect(result.decisions).toMatchObject([{ node: 'gemm', became: 'MatMulNBits', reason: null }]);
    const node = readModel(file).graph.nodes.find((candidate) => candidate.opType === 'MatMulNBits')!;
    expect(Number(node.attribute.find((a) => a.name === 'accuracy_level')!.i)).toBe(4);
    const [a, b] = [await run(float, samples[0]!), await run(file, samples[0]!)];
    expect(sqnr(a.y!.data as Float32Array, b.y!.data as Float32Array)).toBeGreaterThan(least);
  });

  it.each([7, 9, 17])(
    "a CNN's weights are int8 in the file and float in the session, at opset %i",
    async (opset) => {
      using place = scratch();
      const { file, float } = await quantizeSmall(images(opset), place, {
        method: 'int8-weights',
        include: null,
      });
      const bytes = (path: string) =>
        [...readModel(path).graph.initializers.values()].reduce(
          (sum, tensor) => sum + tensorByteLength(tensor),
          0,
        );
      expect(bytes(file)).toBeLessThan(0.3 * bytes(float));
      const dump = join(place.directory, 'dump.onnx');
      const session = await runtime.open(file, { graphOptimizationLevel: 'basic', optimizedModelPath: dump });
      await session.release();
      const loaded = readModel(dump).graph;
      expect(loaded.nodes.map((node) => node.opType)).toEqual(['Conv', 'Relu', 'Conv']);
      expect([...loaded.initializers.values()].every((tensor) => tensor.dataType === DataType.FLOAT)).toBe(
        true,
      );
      const [feeds] = samplesOf([1, 4, 8, 8]);
      const [a, b] = [await run(float, feeds!), await run(file, feeds!)];
      expect(sqnr(a.y!.data as Float32Array, b.y!.data as Float32Array)).toBeGreaterThan(38);
    },
  );

  it('says which weights of int4-weights are in 8 bits', async () => {
    using place = scratch();
    const codes = async (model: ReturnType<typeof images>, samples: ReturnType<typeof samplesOf>) =>
      (
        await quantizeSmall(model, place, { method: 'int4-weights', include: null, samples })
      ).result.notes.flatMap(({ code, message }) =>
        code === 'quantize.weights-in-8-bits' ? [message.slice(0, 24)] : [],
      );
    expect(await codes(images(), samplesOf([1, 4, 8, 8]))).toEqual(['2 of 2 layers hold their']);
    expect(await codes(linear(), samplesOf([5, 160]))).toEqual([]);
  });

  it('looks up 4-bit embedding rows, with an odd number of blocks and a last one that is not full', async () => {
    using place = scratch();
    const model = smallModel({
      inputs: [makeValue('ids', DataType.INT64, ['n'])],
      nodes: [makeNode('Gather', ['table', 'ids'], ['y'], { name: 'lookup' })],
      initializers: [weight('table', [900, 88])],
    });
    const { file, float, result } = await quantizeSmall(model, place, {
      method: 'int4-weights',
      include: null,
      samples: [],
    });
    const feeds = { ids: { type: 'int64' as const, dims: [3], data: BigInt64Array.of(0n, 5n, 899n) } };
    const [a, b] = [await run(float, feeds), await run(file, feeds)];
    expect(sqnr(a.y!.data as Float32Array, b.y!.data as Float32Array)).toBeGreaterThan(18);
    expect(result.groups.quantized).toBe(1);
  });

  it.each(['disabled', 'basic', 'extended', 'all'] as const)(
    'load at the optimization level %s',
    async (graphOptimizationLevel) => {
      using place = scratch();
      for (const [model, shape] of [
        [linear(), [5, 160]],
        [images(), [1, 4, 8, 8]],
      ] as const) {
        const { file } = await quantizeSmall(model, place, {
          method: 'int4-weights',
          include: null,
          samples: samplesOf(shape),
        });
        const session = await runtime.open(file, { graphOptimizationLevel });
        await session.release();
      }
    },
  );

  it('keep what the options name, and refuse a block size that no kernel has', async () => {
    using place = scratch();
    const { result } = await quantizeSmall(images(), place, {
      method: 'int8-weights',
      include: null,
      exclude: ['y'],
    });
    expect(result.decisions.find((decision) => decision.node === 'y')).toMatchObject({
      became: 'float',
      reason: "excluded by 'y'",
    });
    const wrong = quantizeSmall(linear(), place, { method: 'int8-weights', blockSize: 48 });
    await expect(wrong).rejects.toThrow(
      new UserError('quantize.invalid-option', 'block-size must be a power of two and at least 16, not 48.'),
    );
  });

  it.each([
    ['int4-weights', null],
    ['int4-weights', 0.5],
    ['int8-weights', null],
  ] as const)('%s stores no block that is half empty (max-size: %s)', async (method, ratio) => {
    using place = scratch();
    const model = smallModel({
      inputs: [floatValue('x', ['rows', 64])],
      nodes: [makeNode('MatMul', ['x', 'w'], ['y'])],
      initializers: [weight('w', [64, 320])],
    });
    const { file } = await quantizeSmall(model, place, {
      method,
      include: null,
      blockSize: 256,
      samples: samplesOf([8, 64]),
      ...(ratio !== null && { maxSize: { ratio } }),
    });
    const { nodes, initializers } = readModel(file).graph;
    const bits = method === 'int8-weights' || ratio !== null ? 8 : 4;
    expect([intAttribute(nodes[0]!, 'block_size', 0), intAttribute(nodes[0]!, 'bits', 0)]).toEqual([
      64,
      bits,
    ]);
    expect(tensorByteLength(initializers.get('w_blocks')!)).toBe((64 * 320 * bits) / 8);
  });

  it('mix bits as overrides say', async () => {
    using place = scratch();
    const bits = async (overrides: Record<string, { weight: 'int8' | 'int4' }>) => {
      const samples = samplesOf([5, 160]);
      const options = { method: 'int4-weights' as const, include: null, overrides, samples };
      const { file } = await quantizeSmall(linear(), place, options);
      const node = readModel(file).graph.nodes.find(({ opType }) => opType === 'MatMulNBits')!;
      return Number(node.attribute.find(({ name }) => name === 'bits')!.i);
    };
    expect(await bits({})).toBe(4);
    expect(await bits({ 'ge*': { weight: 'int8' } })).toBe(8);
  });

  it('refuse TensorRT with a way out', async () => {
    using place = scratch();
    const made = quantizeSmall(linear(), place, { method: 'int8-weights', target: 'tensorrt' });
    await expect(made).rejects.toThrow(/no form that TensorRT runs: use int8-static/);
  });
});

describe('blocks of folded weights', () => {
  it.each([
    [288, 48],
    [64, 64],
    [9, 9],
    [127, 127],
    [1280, 64],
  ])('a channel of %i values is cut into blocks of %i', (length, block) => {
    expect(blockLength(length)).toBe(block);
  });
});
