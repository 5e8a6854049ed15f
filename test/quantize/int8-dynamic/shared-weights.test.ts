/** A weight with several readers is stored once, whatever each of them reads. */
import { statSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { makeNode, makeValue } from '../../../src/onnx/build.js';
import { readModel } from '../../../src/onnx/file/read.js';
import { DataType } from '../../../src/onnx/tensor/element-type.js';
import { makeTensor } from '../../../src/onnx/tensor/tensor.js';
import type { Feeds } from '../../../src/tensor/tensor.js';
import {
  floats,
  floatValue,
  type Quantized,
  quantizeSmall,
  run,
  scratch,
  smallModel,
  sqnr,
  weight,
} from '../small-models.js';

const DEPTH = 128;

/** Samples whose channel 5 is a hundred times as large as the others. */
const samples: Feeds[] = Array.from({ length: 4 }, (_, i) => ({
  x: {
    type: 'float32',
    dims: [1, 6, DEPTH],
    data: floats(6 * DEPTH, i + 1).map((value, j) => (j % DEPTH === 5 ? 100 * value : value)),
  },
}));

/** Three blocks with the same weights: norm → product → Relu → product, and a sum. */
const sharedBlocks = () =>
  smallModel({
    inputs: [floatValue('x', [1, 6, DEPTH])],
    outputs: [makeValue('x3')],
    nodes: [0, 1, 2].flatMap((block) => {
      const x = block === 0 ? 'x' : `x${block}`;
      return [
        makeNode('LayerNormalization', [x, 'gamma', 'beta'], [`n${block}`], {
          attributes: { axis: { int: -1 } },
        }),
        makeNode('MatMul', [`n${block}`, 'w1'], [`a${block}`], { name: `first${block}` }),
        makeNode('Relu', [`a${block}`], [`r${block}`]),
        makeNode('MatMul', [`r${block}`, 'w2'], [`b${block}`], { name: `second${block}` }),
        makeNode('Add', [`b${block}`, x], [`x${block + 1}`]),
      ];
    }),
    initializers: [
      weight('w1', [DEPTH, 2 * DEPTH], 3),
      weight('w2', [2 * DEPTH, DEPTH], 4),
      makeTensor(
        'gamma',
        DataType.FLOAT,
        [DEPTH],
        Float32Array.from({ length: DEPTH }, (_, i) => (i === 7 ? 60 : 1)),
      ),
      weight('beta', [DEPTH], 5),
    ],
  });

/** Two positions of one input, through the same three projections. */
const sharedProjections = ({ reads = ['q', 'k', 'v'] } = {}) =>
  smallModel({
    inputs: [floatValue('x', [1, 6, DEPTH])],
    outputs: [0, 1].flatMap((block) =>
      (block === 0 ? ['q', 'k', 'v'] : reads).map((name) => makeValue(`${name}${block}`)),
    ),
    nodes: [0, 1].flatMap((block) => [
      makeNode(block === 0 ? 'Tanh' : 'Sin', ['x'], [`t${block}`]),
      ...(block === 0 ? ['q', 'k', 'v'] : reads).map((name) =>
        makeNode('MatMul', [`t${block}`, `w${name}`], [`${name}${block}`], { name: `${name}${block}` }),
      ),
    ]),
    initializers: ['q', 'k', 'v'].map((name, i) => weight(`w${name}`, [DEPTH, DEPTH], i + 3)),
  });

const options = { method: 'int8-dynamic' as const, samples };

const sizeRatio = ({ file, float }: Quantized) => statSync(file).size / statSync(float).size;

async function worstSqnr({ file, float }: Quantized): Promise<number> {
  const [expected, actual] = [await run(float, samples[1]!), await run(file, samples[1]!)];
  const ratios = Object.entries(expected).map(([name, { data }]) =>
    sqnr(data as Float32Array, actual[name]!.data as Float32Array),
  );
  return Math.min(...ratios);
}

const weightsRead = (file: string) =>
  readModel(file)
    .graph.nodes.filter(({ opType }) => opType === 'MatMulInteger')
    .map(({ input }) => input[1]!);

/** Tokens → normalization → the table again. */
const tiedHead = (outlier: number) => {
  const [rows, gamma] = [1024, new Float32Array(DEPTH).fill(1)];
  const table = floats(rows * DEPTH, 7);
  gamma[7] = outlier;
  const turned = Float32Array.from(table, (_, at) => table[(at % rows) * DEPTH + Math.floor(at / rows)]!);
  return smallModel({
    inputs: [makeValue('ids', DataType.INT64, [1, 'length'])],
    outputs: [makeValue('y')],
    nodes: [
      makeNode('Gather', ['table', 'ids'], ['x'], { name: 'tokens' }),
      makeNode('LayerNormalization', ['x', 'gamma', 'beta'], ['n'], { attributes: { axis: { int: -1 } } }),
      makeNode('MatMul', ['n', 'head'], ['y'], { name: 'logits' }),
    ],
    initializers: [
      makeTensor('table', DataType.FLOAT, [rows, DEPTH], table),
      makeTensor('head', DataType.FLOAT, [DEPTH, rows], turned),
      makeTensor('gamma', DataType.FLOAT, [DEPTH], gamma),
      weight('beta', [DEPTH], 5),
    ],
  });
};

describe('int8-dynamic on shared weights', () => {
  it('smooths all activations that meet in a weight by the same factors', async () => {
    using place = scratch();
    const smoothed = await quantizeSmall(sharedBlocks(), place, options);
    expect(smoothed.result.provenance.smoothed).not.toEqual([]);
    expect(weightsRead(smoothed.file)).toHaveLength(6);
    expect(new Set(weightsRead(smoothed.file)).size).toBe(2);
    expect(sizeRatio(smoothed)).toBeLessThan(0.35);
    const after = await worstSqnr(smoothed);
    const plain = await quantizeSmall(sharedBlocks(), place, { ...options, smoothQuant: false });
    expect(after).toBeGreaterThan((await worstSqnr(plain)) + 1);
  });

  it('joins layers that share all their weights into products that share one', async () => {
    using place = scratch();
    const quantized = await quantizeSmall(sharedProjections(), place, options);
    expect(weightsRead(quantized.file)).toHaveLength(2);
    expect(new Set(weightsRead(quantized.file)).size).toBe(1);
    expect(sizeRatio(quantized)).toBeLessThan(0.35);
    expect(await worstSqnr(quantized)).toBeGreaterThan(30);
  });

  it('joins nothing where others read some of the weights', async () => {
    using place = scratch();
    const quantized = await quantizeSmall(sharedProjections({ reads: ['q', 'v'] }), place, options);
    expect(new Set(weightsRead(quantized.file)).size).toBe(3);
    expect(sizeRatio(quantized)).toBeLessThan(0.35);
    expect(await worstSqnr(quantized)).toBeGreaterThan(30);
  });

  it.each([
    // The original has it twice, once each way round.
    { outlier: 2, size: 0.15, what: 'is left unsmoothed' },
    { outlier: 60, size: 0.27, what: 'is smoothed where that gains more than a bit' },
  ])('a head that is the table of tokens, too, $what: $outlier', async ({ outlier, size }) => {
    using place = scratch();
    const texts = Array.from({ length: 4 }, (_, text): Feeds => {
      const ids = Array.from(floats(12, text + 1), (value) => Math.floor(((value + 1) / 2) * 1024));
      return { ids: { type: 'int64', dims: [1, 12], data: BigInt64Array.from(ids, BigInt) } };
    });
    const made = await quantizeSmall(tiedHead(outlier), place, { ...options, samples: texts });
    const ratio = sizeRatio(made);
    expect(ratio).toBeLessThan(size);
    expect(ratio).toBeGreaterThan(size - 0.03);
    expect(made.result.provenance.smoothed).toHaveLength(outlier === 2 ? 0 : 1);
  });
});
