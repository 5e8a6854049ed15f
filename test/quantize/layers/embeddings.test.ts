/** Tables that are looked up along any axis, of any number of dimensions, by themselves and as a product's weight. */
import { statSync } from 'node:fs';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { makeNode, makeValue } from '../../../src/onnx/build.js';
import type { Model } from '../../../src/onnx/model.js';
import { DataType } from '../../../src/onnx/tensor/element-type.js';
import type { Feeds } from '../../../src/tensor/tensor.js';
import { clockedRuntime } from '../clock.js';
import { int64s, quantizeSmall, run, scratch, smallModel, sqnr, weight } from '../small-models.js';

const [DEPTH, WORDS] = [64, 1100];

const samples: Feeds[] = Array.from({ length: 8 }, (_, i) => ({
  ids: {
    type: 'int64',
    dims: [2, 5],
    data: BigInt64Array.from({ length: 10 }, (_, j) => BigInt((i * 257 + j * 101) % WORDS)),
  },
}));

const ids = () => makeValue('ids', DataType.INT64, [2, 5]);
const lookup = (axis: number) =>
  makeNode('Gather', ['table', 'ids'], ['g'], { name: 'lookup', attributes: { axis: { int: axis } } });

/** [DEPTH, WORDS] by columns: [DEPTH, 2, 5]. */
const columns = () =>
  smallModel({
    inputs: [ids()],
    nodes: [lookup(1), makeNode('Relu', ['g'], ['y'])],
    initializers: [weight('table', [DEPTH, WORDS])],
  });

/** The same, and the product with what was looked up. */
const tied = () =>
  smallModel({
    inputs: [ids()],
    nodes: [
      lookup(-1),
      makeNode('Transpose', ['g'], ['t'], { attributes: { perm: { ints: [1, 2, 0] } } }),
      makeNode('MatMul', ['t', 'table'], ['y'], { name: 'head' }),
    ],
    initializers: [weight('table', [DEPTH, WORDS])],
  });

/** The same, as a Gemm's weight that lies the other way round: [WORDS, DEPTH] by rows would be an embedding's. */
const tiedTransposed = () =>
  smallModel({
    inputs: [ids()],
    nodes: [
      lookup(1),
      makeNode('Transpose', ['g'], ['t'], { attributes: { perm: { ints: [1, 2, 0] } } }),
      makeNode('Reshape', ['t', 'shape'], ['r']),
      makeNode('Gemm', ['r', 'table'], ['y'], { name: 'head' }),
    ],
    initializers: [weight('table', [DEPTH, WORDS]), int64s('shape', [-1, DEPTH])],
  });

/** [WORDS, 4, 16]: what is looked up are matrices. */
const matrices = () =>
  smallModel({
    inputs: [ids()],
    nodes: [lookup(0), makeNode('Relu', ['g'], ['y'])],
    initializers: [weight('table', [WORDS, 4, 16])],
  });

const MODELS: readonly (readonly [string, () => Model])[] = [
  ['columns', columns],
  ['columns that a product reads too', tied],
  ['columns that a Gemm reads too', tiedTransposed],
  ['matrices', matrices],
];
const METHODS = [
  ['int8-dynamic', 0.32, 30],
  ['int4-weights', 0.3, 15],
  ['float16', 0.55, 55],
] as const;

afterEach(() => {
  vi.restoreAllMocks();
});

describe.each(METHODS)('%s', (method, size, decibels) => {
  it.each(MODELS)('compresses a table of %s', async (_name, make) => {
    using place = scratch();
    // What a product in 8 bits takes on this machine is no matter here.
    const options = { method, include: null, samples, clocked: clockedRuntime(() => 10) };
    const { file, float } = await quantizeSmall(make(), place, options);
    expect(statSync(file).size / statSync(float).size).toBeLessThan(size);
    const [a, b] = [await run(float, samples[0]!), await run(file, samples[0]!)];
    expect(b.y!.dims).toEqual(a.y!.dims);
    expect(sqnr(a.y!.data as Float32Array, b.y!.data as Float32Array)).toBeGreaterThan(decibels);
  });
});

/** [words, DEPTH] by rows, and the product with its transposed: what a language model's last layer is. */
const languageModel = (words: number) =>
  smallModel({
    inputs: [ids()],
    nodes: [
      lookup(0),
      makeNode('MatMul', ['g', 'mixing'], ['m'], { name: 'mix' }),
      makeNode('Transpose', ['table'], ['turned']),
      makeNode('MatMul', ['m', 'turned'], ['y'], { name: 'head' }),
    ],
    initializers: [weight('table', [words, DEPTH]), weight('mixing', [DEPTH, DEPTH], 3)],
  });

describe('a table that the output layer reads too is stored once', () => {
  it.each([
    ['by columns', 'int8-weights', 'wasm', tied],
    ['by columns, as a Gemm has it', 'int8-weights', 'wasm', tiedTransposed],
    ['transposed', 'int8-weights', 'wasm', () => languageModel(WORDS)],
    ['transposed', 'int8-weights', 'cpu', () => languageModel(WORDS)],
    ['transposed, of few words', 'int8-weights', 'wasm', () => languageModel(300)],
    ['transposed, of few words', 'int8-weights', 'cpu', () => languageModel(300)],
    ['transposed, of few words', 'int8-dynamic', 'cpu', () => languageModel(300)],
  ] as const)('%s: %s for %s', async (_, method, target, make) => {
    using place = scratch();
    const few = samples.map(({ ids: given }) => ({
      ids: { ...given!, data: (given!.data as BigInt64Array).map((id) => id % 300n) },
    }));
    const options = { method, target, include: null, samples: few, clocked: clockedRuntime(() => 10) };
    const { file, float } = await quantizeSmall(make(), place, options);
    expect(statSync(file).size / statSync(float).size).toBeLessThan(0.35);
    const [a, b] = [await run(float, few[0]!), await run(file, few[0]!)];
    expect(b.y!.dims).toEqual(a.y!.dims);
    expect(sqnr(a.y!.data as Float32Array, b.y!.data as Float32Array)).toBeGreaterThan(30);
  });
});
