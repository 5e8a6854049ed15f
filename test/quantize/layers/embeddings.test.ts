/** Tables that are looked up along any axis, of any number of dimensions, by themselves and as a product's weight. */
import { statSync } from 'node:fs';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { makeNode, makeValue } from '../../../src/onnx/build.js';
import { readModel } from '../../../src/onnx/file/read.js';
import type { Model } from '../../../src/onnx/model.js';
import { DataType } from '../../../src/onnx/tensor/element-type.js';
import { makeTensor } from '../../../src/onnx/tensor/tensor.js';
import type { Feeds } from '../../../src/tensor/tensor.js';
import { clockedRuntime } from '../clock.js';
import { floats, int64s, quantizeSmall, run, scratch, smallModel, sqnr, weight } from '../small-models.js';

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

/** A small table, and a head whose product no kernel takes in 8 bits: it is folded. */
const tiedEinsum = (copied: boolean) => {
  const table = floats(300 * DEPTH, 1, 0.5);
  const turned = table.map((_, at) => table[(at % 300) * DEPTH + Math.floor(at / 300)]!);
  const head = copied ? ['turned', 'bld,dv->blv'] : ['table', 'bld,vd->blv'];
  return smallModel({
    inputs: [ids()],
    nodes: [
      lookup(0),
      makeNode('MatMul', ['g', 'mixing'], ['m'], { name: 'mix' }),
      makeNode('Tanh', ['m'], ['t']),
      makeNode('Einsum', ['t', head[0]!], ['y'], {
        name: 'head',
        attributes: { equation: { string: head[1]! } },
      }),
    ],
    initializers: [
      makeTensor('table', DataType.FLOAT, [300, DEPTH], table),
      weight('mixing', [DEPTH, DEPTH], 3),
      ...(copied ? [makeTensor('turned', DataType.FLOAT, [DEPTH, 300], turned)] : []),
    ],
  });
};

describe.each(['int8-dynamic', 'int8-static'] as const)(
  'a small table that a folded layer reads too, in %s',
  (method) => {
    const few = samples.map(({ ids: given }) => ({
      ids: { ...given!, data: (given!.data as BigInt64Array).map((id) => id % 300n) },
    }));
    const options = { method, include: null, samples: few, clocked: clockedRuntime(() => 10) };

    it.each([
      ['as it is', false, 0.3],
      ['turned, a copy of it', true, 0.2],
    ])('is stored once: %s', async (_, copied, size) => {
      using place = scratch();
      const { file, float } = await quantizeSmall(tiedEinsum(copied), place, options);
      expect(statSync(file).size / statSync(float).size).toBeLessThan(size);
      const [a, b] = [await run(float, few[0]!), await run(file, few[0]!)];
      expect(sqnr(a.y!.data as Float32Array, b.y!.data as Float32Array)).toBeGreaterThan(38);
    });

    it('stays for a lookup that is excluded', async () => {
      using place = scratch();
      const { file } = await quantizeSmall(tiedEinsum(false), place, { ...options, exclude: ['lookup'] });
      const { graph } = readModel(file);
      expect(graph.nodes.find(({ name }) => name === 'lookup')!.input[0]).toBe('table');
      expect(graph.nodes.find(({ name }) => name === 'head')!.input[1]).toBe('table');
    });
  },
);
