import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeNode, makeValue } from '../../../src/onnx/build.js';
import { readModel } from '../../../src/onnx/file/read.js';
import { DataType } from '../../../src/onnx/tensor/element-type.js';
import { makeTensor } from '../../../src/onnx/tensor/tensor.js';
import {
  conv,
  floats,
  floatValue,
  int64s,
  nearness,
  quantizeSmall,
  run,
  runtime,
  samplesOf,
  scratch,
  smallModel,
  sqnr,
  weight,
} from '../small-models.js';

const LEVELS = ['disabled', 'basic', 'extended', 'all'] as const;

/** Operators that ONNX Runtime runs for a file at `extended`. */
async function fusedOps(file: string, directory: string): Promise<string[]> {
  const dump = join(directory, 'extended.onnx');
  const session = await runtime.open(file, { graphOptimizationLevel: 'extended', optimizedModelPath: dump });
  await session.release();
  return readModel(dump)
    .graph.nodes.map((node) => node.opType)
    .sort();
}

const linear = (opset = 17) =>
  smallModel({
    opset,
    inputs: [floatValue('x', ['rows', 256])],
    nodes: [
      makeNode('MatMul', ['x', 'w1'], ['a'], { name: 'first' }),
      makeNode('MatMul', ['x', 'w2'], ['b'], { name: 'second' }),
      makeNode('Add', ['a', 'b'], ['y'], { name: 'sum' }),
    ],
    initializers: [weight('w1', [256, 128], 3), weight('w2', [256, 128], 4)],
  });

// Listed operators are quantized whatever the clock says.
const options = { method: 'int8-dynamic' as const, include: ['*'], samples: samplesOf([5, 256]) };

describe('int8-dynamic', () => {
  it('quantizes an activation once for all layers that read it, in the form that fuses', async () => {
    using place = scratch();
    const { file, float, result } = await quantizeSmall(linear(), place, { ...options, smoothQuant: false });
    expect(result.groups).toEqual({ quantized: 2, float: 0 });
    expect(await fusedOps(file, place.directory)).toEqual([
      'Add',
      'DynamicQuantizeLinear',
      'MatMulIntegerToFloat',
      'MatMulIntegerToFloat',
    ]);
    const [feeds] = samplesOf([7, 256]);
    expect(await nearness({ float, file }, feeds!)).toBeGreaterThan(35);
  });

  it.each(LEVELS)('loads at the optimization level %s', async (graphOptimizationLevel) => {
    using place = scratch();
    const { file } = await quantizeSmall(linear(), place, options);
    const session = await runtime.open(file, { graphOptimizationLevel });
    expect(session.outputs.map((output) => output.name)).toEqual(['y']);
    await session.release();
  });

  it('writes the fused operator itself below opset 11, where DynamicQuantizeLinear is unknown', async () => {
    using place = scratch();
    const { file, float } = await quantizeSmall(linear(9), place, { ...options, smoothQuant: false });
    const ops = readModel(file).graph.nodes.map((node) => node.opType);
    expect(ops.filter((op) => op === 'DynamicQuantizeMatMul')).toHaveLength(2);
    const [feeds] = samplesOf([7, 256]);
    expect(await nearness({ float, file }, feeds!)).toBeGreaterThan(35);
  });

  it("honours Gemm's transB, alpha and beta", async () => {
    using place = scratch();
    const model = smallModel({
      inputs: [floatValue('x', ['rows', 192])],
      nodes: [
        makeNode('Gemm', ['x', 'w', 'c'], ['y'], {
          name: 'gemm',
          attributes: { transB: { int: 1 }, alpha: { float: 0.25 }, beta: { float: 3 } },
        }),
      ],
      initializers: [weight('w', [130, 192]), weight('c', [130], 9)],
    });
    const { file, float, result } = await quantizeSmall(model, place, {
      ...options,
      samples: samplesOf([3, 192]),
    });
    expect(result.decisions).toMatchObject([{ node: 'gemm', became: 'DynamicQuantizeMatMul' }]);
    const [feeds] = samplesOf([3, 192]);
    expect(await nearness({ float, file }, feeds!)).toBeGreaterThan(35);
  });

  it('leaves Conv and small products float and says why; without weights worth compressing nothing pays', async () => {
    using place = scratch();
    const model = smallModel({
      nodes: [
        conv('x', 'c', { weight: 'k' }),
        makeNode('Flatten', ['c'], ['flat']),
        makeNode('MatMul', ['flat', 'w'], ['y'], { name: 'small' }),
      ],
      initializers: [weight('k', [3, 4, 3, 3]), weight('w', [192, 1])],
    });
    const { file, float, result } = await quantizeSmall(model, place, {
      ...options,
      include: null,
      samples: samplesOf([1, 4, 8, 8]),
    });
    expect(result.decisions.map(({ node, became, reason }) => [node, became, reason])).toEqual([
      ['c', 'float', 'dynamically quantized convolutions are slower than float; int8-static is for them'],
      ['small', 'float', 'too small to pay: 192 × 1'],
    ]);
    expect(result.notes.map((note) => note.code)).toContain('quantize.nothing-pays');
    const [feeds] = samplesOf([1, 4, 8, 8]);
    expect((await run(file, feeds!)).y!.data).toEqual((await run(float, feeds!)).y!.data);
  });

  it('compresses the weights of what stays float: Conv, and products too small to pay', async () => {
    using place = scratch();
    const model = smallModel({
      inputs: [floatValue('x', [1, 16, 8, 8])],
      nodes: [
        conv('x', 'c', { weight: 'k' }),
        makeNode('Flatten', ['c'], ['flat']),
        makeNode('MatMul', ['flat', 'w'], ['y'], { name: 'small' }),
      ],
      initializers: [weight('k', [16, 16, 3, 3]), weight('w', [1024, 10])],
    });
    const samples = samplesOf([1, 16, 8, 8]);
    const { file, float, result } = await quantizeSmall(model, place, { ...options, include: null, samples });
    expect(result.decisions.map(({ node, became }) => [node, became])).toEqual([
      ['c', 'int8 weights, folded'],
      ['small', 'int8 weights, folded'],
    ]);
    expect(result.notes).toEqual([]);
    expect(await nearness({ float, file }, samples[0]!)).toBeGreaterThan(35);
  });

  it('stores a weight once that two layers share', async () => {
    using place = scratch();
    const model = smallModel({
      inputs: [floatValue('x', ['rows', 128])],
      nodes: [makeNode('MatMul', ['x', 'w'], ['a']), makeNode('MatMul', ['a', 'w'], ['y'])],
      initializers: [weight('w', [128, 128])],
    });
    const { file } = await quantizeSmall(model, place, {
      ...options,
      samples: samplesOf([5, 128]),
      smoothQuant: false,
    });
    const stored = [...readModel(file).graph.initializers.values()].filter(
      (tensor) => tensor.dataType === DataType.INT8,
    );
    expect(stored).toHaveLength(1);
  });

  it('keeps what exclude and overrides name, and warns of a pattern that names nothing', async () => {
    using place = scratch();
    const { result } = await quantizeSmall(linear(), place, {
      ...options,
      exclude: ['fir*', 'tpyo'],
      overrides: { second: { weight: 'float32' } },
    });
    expect(result.decisions.map((decision) => decision.reason)).toEqual(["excluded by 'fir*'", 'overridden']);
    expect(result.notes.find((note) => note.code === 'quantize.unmatched-pattern')?.message).toContain(
      "'tpyo'",
    );
  });

  it('looks embedding rows up in 8 bits, negative indices included', async () => {
    using place = scratch();
    const model = smallModel({
      inputs: [makeValue('ids', DataType.INT64, ['n'])],
      nodes: [makeNode('Gather', ['table', 'ids'], ['y'], { name: 'lookup' })],
      initializers: [weight('table', [1024, 96])],
    });
    const { file, float, result } = await quantizeSmall(model, place, {
      ...options,
      method: 'int8-weights',
      samples: [],
    });
    expect(result.decisions).toMatchObject([{ node: 'lookup', became: 'int8 table' }]);
    const feeds = {
      ids: { type: 'int64' as const, dims: [5], data: BigInt64Array.of(0n, 5n, 1023n, -1n, -1024n) },
    };
    expect(await nearness({ float, file }, feeds)).toBeGreaterThan(40);
  });
});

describe('smoothing', () => {
  /** One channel is fifty times as large as the others, as in transformers. */
  const gain = floats(256, 5).map((_, j) => (j === 17 ? 50 : 1));
  const outliers = (nodes: Parameters<typeof smallModel>[0]['nodes']) =>
    smallModel({
      inputs: [floatValue('x', ['rows', 256])],
      nodes,
      initializers: [
        makeTensor('gain', DataType.FLOAT, [256], gain),
        makeTensor('shift', DataType.FLOAT, [256], floats(256, 6)),
        weight('w', [256, 128], 3),
      ],
    });
  const quality = async (model: Parameters<typeof quantizeSmall>[0], smoothQuant: boolean) => {
    using place = scratch();
    const { file, float } = await quantizeSmall(model, place, { ...options, smoothQuant });
    const feeds = { x: { type: 'float32' as const, dims: [9, 256], data: floats(9 * 256, 77, 2) } };
    const [a, b] = [await run(float, feeds), await run(file, feeds)];
    const ops = readModel(file).graph.nodes.map((node) => node.opType);
    return {
      db: sqnr(a.y!.data as Float32Array, b.y!.data as Float32Array),
      muls: ops.filter((op) => op === 'Mul').length,
    };
  };

  it('takes outlier channels into the weights', async () => {
    const model = () =>
      outliers([
        makeNode('Mul', ['x', 'gain'], ['h']),
        makeNode('MatMul', ['h', 'w'], ['a']),
        makeNode('ReduceMean', ['h'], ['m']),
        makeNode('Add', ['a', 'm'], ['y']),
      ]);
    const [plain, smoothed] = [await quality(model(), false), await quality(model(), true)];
    expect(smoothed.db).toBeGreaterThan(plain.db + 6);
    expect(smoothed.muls).toBe(plain.muls + 1);
  });

  it('goes into the LayerNormalization for free when nobody else reads it', async () => {
    const model = () =>
      outliers([
        makeNode('LayerNormalization', ['x', 'gain', 'shift'], ['h']),
        makeNode('MatMul', ['h', 'w'], ['y']),
      ]);
    const [plain, smoothed] = [await quality(model(), false), await quality(model(), true)];
    expect(smoothed.db).toBeGreaterThan(plain.db + 6);
    expect(smoothed.muls).toBe(plain.muls);
  });

  describe('behind attention', () => {
    const [WIDTH, HEADS] = [256, 4];
    /** Channel 17 of the values is fifty times as large as the others. */
    const stretched = (values: Float32Array) =>
      values.map((value, i) => (i % WIDTH === 17 ? value * 50 : value));
    const heads = (from: string, to: string) => [
      makeNode('Reshape', [from, 'apart'], [`${to}_r`]),
      makeNode('Transpose', [`${to}_r`], [to], { attributes: { perm: { ints: [0, 2, 1, 3] } } }),
    ];
    const attention = ({ shared = false } = {}) =>
      smallModel({
        inputs: [floatValue('x', [1, 'length', WIDTH])],
        outputs: ['y', ...(shared ? ['v'] : [])].map((name) => makeValue(name)),
        nodes: [
          makeNode('MatMul', ['x', 'wv'], ['p'], { name: 'values' }),
          makeNode('Add', ['bv', 'p'], ['v']),
          ...heads('v', 'h'),
          ...heads('x', 'q'),
          makeNode('Transpose', ['q'], ['k'], { attributes: { perm: { ints: [0, 1, 3, 2] } } }),
          makeNode('MatMul', ['q', 'k'], ['scores']),
          makeNode('Softmax', ['scores'], ['shares'], { attributes: { axis: { int: -1 } } }),
          makeNode('MatMul', ['shares', 'h'], ['mixed']),
          makeNode('Transpose', ['mixed'], ['back'], { attributes: { perm: { ints: [0, 2, 1, 3] } } }),
          makeNode('Reshape', ['back', 'together'], ['joined']),
          makeNode('MatMul', ['joined', 'wo'], ['y'], { name: 'out' }),
        ],
        initializers: [
          makeTensor('wv', DataType.FLOAT, [WIDTH, WIDTH], stretched(floats(WIDTH * WIDTH, 3, 0.1))),
          makeTensor('bv', DataType.FLOAT, [WIDTH], stretched(floats(WIDTH, 4))),
          weight('wo', [WIDTH, 128], 5),
          int64s('apart', [0, 0, HEADS, WIDTH / HEADS]),
          int64s('together', [0, 0, WIDTH]),
        ],
      });
    const judged = async (model: ReturnType<typeof attention>, smoothQuant: boolean) => {
      using place = scratch();
      const samples = samplesOf([1, 6, WIDTH]);
      const { file, float } = await quantizeSmall(model, place, { ...options, samples, smoothQuant });
      const [a, b] = [await run(float, samples.at(-1)!), await run(file, samples.at(-1)!)];
      return {
        db: sqnr(a.y!.data as Float32Array, b.y!.data as Float32Array),
        muls: readModel(file).graph.nodes.filter(({ opType }) => opType === 'Mul').length,
      };
    };

    it('goes into the layer that makes the values for free', async () => {
      const [plain, smoothed] = [await judged(attention(), false), await judged(attention(), true)];
      expect(smoothed.db).toBeGreaterThan(plain.db + 6);
      expect(smoothed.muls).toBe(plain.muls);
    });

    it('costs a Mul where the values are read elsewhere too', async () => {
      const model = () => attention({ shared: true });
      const [plain, smoothed] = [await judged(model(), false), await judged(model(), true)];
      expect(smoothed.db).toBeGreaterThan(plain.db + 6);
      expect(smoothed.muls).toBe(plain.muls + 1);
    });
  });
});
