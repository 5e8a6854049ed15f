/** Models in double precision, as input of every method. */
import { statSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { makeNode, makeValue } from '../../src/onnx/build.js';
import { DataType } from '../../src/onnx/tensor/element-type.js';
import { makeTensor } from '../../src/onnx/tensor/tensor.js';
import type { Feeds } from '../../src/tensor/tensor.js';
import { floats, quantizeSmall, run, runtime, scratch, smallModel, sqnr } from './small-models.js';

const double = (name: string, dims: number[], seed: number, scale = 0.2) =>
  makeTensor(
    name,
    DataType.DOUBLE,
    dims,
    Float64Array.from(
      floats(
        dims.reduce((a, b) => a * b),
        seed,
        scale,
      ),
    ),
  );

/** Two layers, one a Gemm with its bias, and a product with a small constant between them. */
const model = () =>
  smallModel({
    inputs: [makeValue('x', DataType.DOUBLE, ['n', 128])],
    outputs: [makeValue('y', DataType.DOUBLE, ['n', 128])],
    nodes: [
      makeNode('MatMul', ['x', 'w'], ['a'], { name: 'first' }),
      makeNode('Mul', ['a', 'gain'], ['b'], { name: 'scaled' }),
      makeNode('Gemm', ['b', 'v', 'c'], ['y'], { name: 'second', attributes: { transB: { int: 1 } } }),
    ],
    initializers: [
      double('w', [128, 256], 3),
      makeTensor('gain', DataType.DOUBLE, [], Float64Array.of(0.5)),
      double('v', [128, 256], 5),
      double('c', [128], 7),
    ],
  });

const samples: Feeds[] = Array.from({ length: 4 }, (_, i) => ({
  x: { type: 'float64' as const, dims: [4, 128], data: Float64Array.from(floats(512, i + 1)) },
}));

describe('a model in double precision', () => {
  it.each([
    ['float16', 0.27, 50],
    ['int8-static', 0.2, 28],
    ['int8-dynamic', 0.2, 30],
    ['int8-weights', 0.2, 32],
    ['int4-weights', 0.12, 15],
  ] as const)(
    'is quantized by %s: its layers are computed in float32 or half, and its ends stay double',
    async (method, size, decibels) => {
      using place = scratch();
      const { file, float, result } = await quantizeSmall(model(), place, { method, include: null, samples });
      expect(result.groups.quantized).toBeGreaterThanOrEqual(2);
      expect(statSync(file).size / statSync(float).size).toBeLessThan(size);
      const [a, b] = [await run(float, samples[0]!), await run(file, samples[0]!)];
      expect(b.y!.type).toBe('float64');
      expect(sqnr(a.y!.data as Float64Array, b.y!.data as Float64Array)).toBeGreaterThan(decibels);
      for (const graphOptimizationLevel of ['disabled', 'basic', 'extended', 'all'] as const)
        await (await runtime.open(file, { graphOptimizationLevel })).release();
    },
  );

  it('keeps weights that float32 does not hold', async () => {
    using place = scratch();
    const huge = makeTensor('w', DataType.DOUBLE, [128, 128], new Float64Array(128 * 128).fill(1e300));
    const { result } = await quantizeSmall(
      smallModel({
        inputs: [makeValue('x', DataType.DOUBLE, ['n', 128])],
        outputs: [makeValue('y', DataType.DOUBLE, ['n', 128])],
        nodes: [makeNode('MatMul', ['x', 'w'], ['y'], { name: 'product' })],
        initializers: [huge],
      }),
      place,
      { method: 'int8-weights', include: null, samples },
    );
    expect(result.groups.quantized).toBe(0);
  });
});

describe('an Einsum in double precision', () => {
  it.each([
    ['float16', 0.3, 50],
    ['int8-weights', 0.2, 30],
  ] as const)('is compressed by %s', async (method, size, decibels) => {
    using place = scratch();
    const made = smallModel({
      inputs: [makeValue('x', DataType.DOUBLE, ['n', 128])],
      outputs: [makeValue('y', DataType.DOUBLE, ['n', 128])],
      nodes: [
        makeNode('Einsum', ['x', 'w'], ['y'], {
          name: 'einsum',
          attributes: { equation: { string: 'ni,ij->nj' } },
        }),
      ],
      initializers: [double('w', [128, 128], 3)],
    });
    const { file, float } = await quantizeSmall(made, place, { method, include: null, samples });
    expect(statSync(file).size / statSync(float).size).toBeLessThan(size);
    const [a, b] = [await run(float, samples[0]!), await run(file, samples[0]!)];
    expect(sqnr(a.y!.data as Float64Array, b.y!.data as Float64Array)).toBeGreaterThan(decibels);
  });
});
