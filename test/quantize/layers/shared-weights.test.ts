/** A weight with several readers is there once: also where one of them is excluded, or each has a BatchNormalization of its own. */
import { statSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Method } from '../../../src/config/choices.js';
import { makeNode, makeValue } from '../../../src/onnx/build.js';
import { readModel } from '../../../src/onnx/file/read.js';
import type { Model } from '../../../src/onnx/model.js';
import { DataType } from '../../../src/onnx/tensor/element-type.js';
import { makeTensor } from '../../../src/onnx/tensor/tensor.js';
import { elementCount } from '../../../src/tensor/dims.js';
import type { Feeds } from '../../../src/tensor/tensor.js';
import {
  conv,
  floats,
  floatValue,
  quantizeSmall,
  run,
  samplesOf,
  scratch,
  smallModel,
  sqnr,
  weight,
} from '../small-models.js';

const [ROWS, DEPTH, TOKENS] = [1000, 128, 12];

const tokens = (seed: number): Feeds => ({
  ids: {
    type: 'int64',
    dims: [TOKENS],
    data: BigInt64Array.from({ length: TOKENS }, (_, i) => BigInt((seed * 131 + i * 37) % ROWS)),
  },
});

/** Tokens' embeddings, a layer, and a head that reads the same table. */
const tied = () =>
  smallModel({
    inputs: [makeValue('ids', DataType.INT64, [TOKENS])],
    nodes: [
      makeNode('Gather', ['table', 'ids'], ['e'], { name: 'lookup' }),
      makeNode('MatMul', ['e', 'w'], ['h'], { name: 'layer' }),
      makeNode('Relu', ['h'], ['r']),
      makeNode('Gemm', ['r', 'table'], ['y'], { name: 'head', attributes: { transB: { int: 1 } } }),
    ],
    initializers: [weight('table', [ROWS, DEPTH], 2), weight('w', [DEPTH, DEPTH], 3)],
  });

const samples = [1, 2, 3].map(tokens);

/** By method: what the outputs must reach, and the size where both readers take the same integers. */
const FLOORS: [Method, number, number][] = [
  ['int8-static', 25, 0.32],
  ['int8-dynamic', 25, 0.32],
  ['int8-weights', 25, 0.32],
  ['int4-weights', 10, 0.2],
  ['float16', 50, 0.55],
];

async function quantized(
  method: Method,
  exclude: string[],
  place: { directory: string },
  model: Model = tied(),
) {
  const { file, float, result } = await quantizeSmall(model, place, {
    method,
    samples,
    exclude,
    include: null,
    // Not this machine: its clock decides nothing. Its kernels may saturate.
    saturationSafe: true,
    target: process.arch === 'arm64' ? 'cpu' : 'arm64',
  });
  const [expected, actual] = [await run(float, tokens(7)), await run(file, tokens(7))];
  return {
    became: Object.fromEntries(result.decisions.map(({ node, became }) => [node, became])),
    reasons: Object.fromEntries(result.decisions.map(({ node, reason }) => [node, reason])),
    ratio: statSync(file).size / statSync(float).size,
    sqnr: sqnr(expected.y!.data as Float32Array, actual.y!.data as Float32Array),
  };
}

describe.each(FLOORS)('a table shared with an excluded operator, in %s', (method, floor, smallest) => {
  it('is there once', async () => {
    using place = scratch();
    const { ratio, sqnr } = await quantized(method, ['head'], place);
    expect(ratio).toBeLessThan(1);
    expect(sqnr).toBeGreaterThan(floor);
  });

  it('becomes small where nothing is excluded', async () => {
    using place = scratch();
    const { ratio, sqnr } = await quantized(method, [], place);
    expect(ratio).toBeLessThan(smallest);
    expect(sqnr).toBeGreaterThan(floor);
  });
});

/** The same with a head that multiplies by the transposed table. */
const tiedTransposed = () =>
  smallModel({
    inputs: [makeValue('ids', DataType.INT64, [TOKENS])],
    nodes: [
      makeNode('Gather', ['table', 'ids'], ['e'], { name: 'lookup' }),
      makeNode('MatMul', ['e', 'w'], ['h'], { name: 'layer' }),
      makeNode('Relu', ['h'], ['r']),
      makeNode('Transpose', ['table'], ['columns'], { attributes: { perm: { ints: [1, 0] } } }),
      makeNode('MatMul', ['r', 'columns'], ['y'], { name: 'head' }),
    ],
    initializers: [weight('table', [ROWS, DEPTH], 2), weight('w', [DEPTH, DEPTH], 3)],
  });

describe.each(FLOORS)('a table that is read transposed, too, in %s', (method, floor, smallest) => {
  it('is read by both as the same integers', async () => {
    using place = scratch();
    const { ratio, sqnr } = await quantized(method, [], place, tiedTransposed());
    expect(ratio).toBeLessThan(smallest);
    expect(sqnr).toBeGreaterThan(floor);
  });
});

describe('a table shared with a product in 8 bits, in int8-static', () => {
  it('is read by both as the same integers', async () => {
    using place = scratch();
    const { ratio, became } = await quantized('int8-static', [], place);
    expect(became).toMatchObject({ lookup: 'int8 table', head: 'QGemm' });
    expect(ratio).toBeLessThan(0.35);
  });

  it('stays for an excluded lookup', async () => {
    using place = scratch();
    const { became, reasons } = await quantized('int8-static', ['lookup'], place);
    expect(became).toMatchObject({ lookup: 'float', head: 'float' });
    expect(reasons.head).toBe("its weight must stay for 'lookup', which is excluded");
  });

  it('stays for a reader that has no 8-bit form of it', async () => {
    using place = scratch();
    const model = tied();
    model.graph.addNode(makeNode('ReduceMean', ['r'], ['m'], { attributes: { keepdims: { int: 0 } } }));
    model.graph.addNode(makeNode('Sub', ['table', 'm'], ['distances'], { name: 'distance' }));
    model.graph.addOutput(floatValue('distances', [ROWS, DEPTH]));
    const { reasons } = await quantized('int8-static', [], place, model);
    expect(reasons.head).toBe("its weight must stay for 'distance', which reads it as it is");
  });
});

describe('the decision about a table shared with an excluded operator', () => {
  it('says for whom it stays', async () => {
    using place = scratch();
    const { became, reasons } = await quantized('int8-weights', ['head'], place);
    expect(became).toMatchObject({ lookup: 'float', layer: 'MatMulNBits', head: 'float' });
    expect(reasons.lookup).toBe("its weight must stay for 'head', which is excluded");
  });
});

/** Readings of one convolution, each with a BatchNormalization of its own. */
const normalizedHeads = (heads: readonly number[] = HEADS, gains: 'any' | 'positive' = 'any') =>
  smallModel({
    inputs: [floatValue('x', [1, 32, 16, 16])],
    outputs: heads.map((head) => makeValue(`y${head}`)),
    nodes: heads.flatMap((head) => [
      makeNode(['Tanh', 'Sigmoid', 'Relu'][head % 3]!, ['x'], [`a${head}`]),
      conv(`a${head}`, `c${head}`, { weight: 'w', bias: 'b' }),
      makeNode(
        'BatchNormalization',
        [`c${head}`, `gain${head}`, `shift${head}`, `mean${head}`, 'variance'],
        [`n${head}`],
      ),
      makeNode('GlobalAveragePool', [`n${head}`], [`y${head}`]),
    ]),
    initializers: [
      weight('w', [32, 32, 3, 3], 2),
      weight('b', [32], 3),
      makeTensor('variance', DataType.FLOAT, [32], new Float32Array(32).fill(0.5)),
      ...heads.flatMap((head) =>
        ['gain', 'shift', 'mean'].map((name, i) => {
          const values = floats(32, 5 * head + i + 4, 0.5);
          const isGain = name === 'gain' && gains === 'positive';
          const kept = isGain ? values.map((value) => Math.abs(value) + 0.1) : values;
          return makeTensor(`${name}${head}`, DataType.FLOAT, [32], kept);
        }),
      ),
    ],
  });

const HEADS = [0, 1, 2];

describe.each([
  ['float16', 0.6, 50],
  ['int8-weights', 0.5, 25],
] as const)('a convolution shared by several normalizations, in %s', (method, largest, floor) => {
  it('keeps its weights once', async () => {
    using place = scratch();
    const samples = samplesOf([1, 32, 16, 16], 2);
    const { file, float } = await quantizeSmall(normalizedHeads(), place, { method, samples });
    expect(statSync(file).size / statSync(float).size).toBeLessThan(largest);
    const feeds = samples[1]!;
    const [expected, actual] = [await run(float, feeds), await run(file, feeds)];
    for (const head of HEADS) {
      const [a, b] = [expected, actual].map((outputs) => outputs[`y${head}`]!.data as Float32Array);
      expect(sqnr(a!, b!)).toBeGreaterThan(floor);
    }
  });
});

describe.each([
  // The same integers under scales of their own, negative ones too.
  ['any', 6, 0.6, 6],
  ['positive', 6, 0.6, 6],
  ['positive', 3, 0.6, 3],
] as const)(
  'a convolution shared by normalizations with %s gains, %d of them, in int8-static',
  (gains, count, largest, inIntegers) => {
    it('keeps its weights once', async () => {
      using place = scratch();
      const heads = Array.from({ length: count }, (_, head) => head);
      const samples = samplesOf([1, 32, 16, 16], 4);
      const { file, float, result } = await quantizeSmall(normalizedHeads(heads, gains), place, {
        samples,
        include: null,
        saturationSafe: true,
        target: process.arch === 'arm64' ? 'cpu' : 'arm64',
      });
      expect(statSync(file).size / statSync(float).size).toBeLessThan(largest);
      expect(result.decisions.filter(({ became }) => became === 'QLinearConv').length).toBe(inIntegers);
      const [expected, actual] = [await run(float, samples[1]!), await run(file, samples[1]!)];
      for (const head of heads) {
        const [a, b] = [expected, actual].map((outputs) => outputs[`y${head}`]!.data as Float32Array);
        expect(sqnr(a!, b!)).toBeGreaterThan(25);
      }
    });
  },
);

describe('two convolutions behind each other that several heads share, in int8-static', () => {
  it('keep their weights once: equalizing the heads apart would make copies of them', async () => {
    using place = scratch();
    const normalized = (input: string, output: string, weight: string, head: number) => [
      conv(input, `${output}c`, { weight }),
      makeNode(
        'BatchNormalization',
        [`${output}c`, `gain${head}`, 'shift', 'mean', 'variance'],
        [`${output}n`],
      ),
      makeNode('Relu', [`${output}n`], [output]),
    ];
    const of32 = (name: string, values: Float32Array) => makeTensor(name, DataType.FLOAT, [32], values);
    const model = smallModel({
      inputs: [floatValue('x', [1, 32, 16, 16])],
      outputs: HEADS.map((head) => makeValue(`y${head}`)),
      nodes: HEADS.flatMap((head) => [
        makeNode(['Tanh', 'Sigmoid', 'Relu'][head]!, ['x'], [`a${head}`]),
        ...normalized(`a${head}`, `b${head}`, 'w', head),
        ...normalized(`b${head}`, `y${head}`, 'v', head),
      ]),
      initializers: [
        weight('w', [32, 32, 3, 3], 2),
        weight('v', [32, 32, 3, 3], 3),
        of32('shift', floats(32, 4, 0.5)),
        of32('mean', floats(32, 5, 0.5)),
        of32('variance', new Float32Array(32).fill(0.5)),
        ...HEADS.map((head) => of32(`gain${head}`, floats(32, 6 + head, 1.5))),
      ],
    });
    const { file } = await quantizeSmall(model, place, {
      samples: samplesOf([1, 32, 16, 16], 4),
      include: null,
      saturationSafe: true,
      target: process.arch === 'arm64' ? 'cpu' : 'arm64',
    });
    const weights = [...readModel(file).graph.initializers.values()].filter(
      ({ dataType, dims }) => dataType === DataType.INT8 && elementCount(dims) === 32 * 32 * 9,
    );
    expect(weights).toHaveLength(2);
  });
});
