/** What computes in float32 in a quantized file may hold its weights in half. */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { create } from '@bufbuild/protobuf';
import { GraphProtoSchema, type TensorProto } from 'onnx-buf';
import { describe, expect, it } from 'vitest';
import type { Method } from '../../../src/config/choices.js';
import { SILENT } from '../../../src/log.js';
import { writeHalfReference } from '../../../src/measure/subject/half-reference.js';
import { makeNode, makeValue } from '../../../src/onnx/build.js';
import { copyModel } from '../../../src/onnx/edit/copy-model.js';
import { readModel } from '../../../src/onnx/file/read.js';
import { writeModel } from '../../../src/onnx/file/write.js';
import type { Model } from '../../../src/onnx/model.js';
import { DataType } from '../../../src/onnx/tensor/element-type.js';
import { dimsOf, makeTensor, tensorBytes } from '../../../src/onnx/tensor/tensor.js';
import { FINE } from '../../../src/quantize/layers/fine-weights.js';
import { storeInHalf } from '../../../src/quantize/layers/half-weights.js';
import { HALF_STORED } from '../../../src/quantize/method/result.js';
import { makeSelection } from '../../../src/quantize/method/selection.js';
import { quantizeModel } from '../../../src/quantize/quantize.js';
import type { GraphOptimizationLevel } from '../../../src/runtime/runtime.js';
import { fromHalf, toHalf } from '../../../src/tensor/half.js';
import {
  conv,
  DEFAULTS,
  dataset,
  floats,
  floatValue,
  run,
  runtime,
  samplesOf,
  scratch,
  smallModel,
  sqnr,
  weight,
} from '../small-models.js';

/** Two products in a row, 64 × 64 each. */
const products = () =>
  smallModel({
    inputs: [floatValue('x', [2, 64])],
    nodes: [
      makeNode('MatMul', ['x', 'w'], ['a'], { name: 'first' }),
      makeNode('MatMul', ['a', 'v'], ['y'], { name: 'second' }),
    ],
    initializers: [weight('w', [64, 64], 1), weight('v', [64, 64], 2)],
  });

const ALL = makeSelection({ include: null, exclude: [], overrides: {} });

/** Names of the layers whose weights a model of one layer stores in half. */
function storedIn(model: Model, selection = ALL): string[] {
  return storeInHalf({ model }, selection).map(({ node }) => node);
}

const typesOf = (model: Model) =>
  new Map([...model.graph.initializers.values()].map(({ name, dataType }) => [name, dataType]));

/** A product of 64 × 64 with these weights. */
const productOf = (w: TensorProto) =>
  smallModel({
    inputs: [floatValue('x', [2, 64])],
    nodes: [makeNode('MatMul', ['x', 'w'], ['y'], { name: 'product' })],
    initializers: [w],
  });

const sized = (values: Float32Array) => makeTensor('w', DataType.FLOAT, [64, 64], values);

describe('a layer that a repair leaves', () => {
  it.each<[Method, string]>([
    ['float16', HALF_STORED],
    ['int8-weights', FINE],
    ['int4-weights', FINE],
    ['int8-dynamic', FINE],
  ])('computes in float32 of weights that %s stores: %s', async (method, stored) => {
    using place = scratch();
    const files = { model: join(place.directory, 'float.onnx'), out: join(place.directory, 'made.onnx') };
    writeModel(products(), files.model);
    const samples = samplesOf([2, 64]);
    const { decisions, groups } = await quantizeModel({
      ...files,
      options: { ...DEFAULTS, method, leftNames: ['first'] },
      target: 'cpu',
      calibration: dataset(samples),
      context: { runtime, log: SILENT },
      verify: false,
    });
    const became = new Map(decisions.map((decision) => [decision.node, decision]));
    expect(became.get('first')).toMatchObject({ became: stored });
    expect(became.get('first')!.reason).toContain('repair');
    expect(became.get('second')!.reason).toBeNull();
    const isHalf = stored === HALF_STORED;
    expect(groups).toEqual(isHalf ? { quantized: 1, float: 1 } : { quantized: 2, float: 0 });
    const types = typesOf(readModel(files.out));
    expect(types.get(isHalf ? 'w_half' : 'w_low')).toBe(isHalf ? DataType.FLOAT16 : DataType.UINT8);
    expect(statSync(files.out).size).toBeLessThan(0.56 * statSync(files.model).size);
  });

  it('keeps float32 weights where the user excludes it', async () => {
    using place = scratch();
    const files = { model: join(place.directory, 'float.onnx'), out: join(place.directory, 'made.onnx') };
    writeModel(products(), files.model);
    const { decisions } = await quantizeModel({
      ...files,
      options: { ...DEFAULTS, method: 'float16', exclude: ['first'] },
      target: 'cpu',
      calibration: null,
      context: { runtime, log: SILENT },
      verify: false,
    });
    expect(decisions.find(({ node }) => node === 'first')!.became).toBe('float');
    expect(typesOf(readModel(files.out)).get('w')).toBe(DataType.FLOAT);
  });
});

describe('weights that are stored in half', () => {
  it('lose some 70 dB, at every level of optimization', async () => {
    using place = scratch();
    const model = products();
    const [float, file] = [join(place.directory, 'float.onnx'), join(place.directory, 'half.onnx')];
    writeModel(model, float);
    expect(storedIn(model)).toEqual(['first', 'second']);
    writeModel(model, file);
    const [sample] = samplesOf([2, 64], 1);
    const expected = (await run(float, sample!)).y!.data as Float32Array;
    for (const graphOptimizationLevel of ['disabled', 'basic', 'extended', 'all'] as const) {
      const session = await runtime.open(file, { graphOptimizationLevel, threads: 1 });
      const found = (await session.run(sample!)).y!.data as Float32Array;
      await session.release();
      expect(sqnr(expected, found)).toBeGreaterThan(65);
    }
  });

  it('hold no half values: nothing is to be judged in half arithmetic', async () => {
    using place = scratch();
    const model = products();
    storedIn(model);
    const file = join(place.directory, 'half.onnx');
    writeModel(model, file);
    const reference = join(place.directory, 'reference.onnx');
    expect(await writeHalfReference(file, reference, { runtime })).toBeNull();
  });

  it('are one tensor behind one Cast, however many layers read them', () => {
    const model = smallModel({
      inputs: [floatValue('x', [2, 64])],
      nodes: [
        makeNode('MatMul', ['x', 'w'], ['a'], { name: 'one' }),
        makeNode('MatMul', ['a', 'w'], ['y'], { name: 'other' }),
      ],
      initializers: [weight('w', [64, 64])],
    });
    expect(storedIn(model)).toEqual(['one', 'other']);
    expect([...typesOf(model)]).toEqual([['w_half', DataType.FLOAT16]]);
    expect(model.graph.nodes.filter(({ opType }) => opType === 'Cast')).toHaveLength(1);
  });

  it.each([
    ['beyond the largest half', sized(floats(4096, 3, 1e5))],
    ['so small that halves have few bits', sized(floats(4096, 3, 1e-6))],
    ['not finite', sized(floats(4096, 3).with(7, Number.NaN))],
  ])('are none that are %s', (_, w) => {
    const model = productOf(w);
    expect(storedIn(model)).toEqual([]);
    expect([...typesOf(model)]).toEqual([['w', DataType.FLOAT]]);
  });

  it('may have channels that are next to nothing, as dead ones are', () => {
    const dead = floats(4096, 3).map((value, i) => (i < 64 ? value * 1e-9 : value));
    expect(storedIn(productOf(sized(dead)))).toEqual(['product']);
  });

  it('are none that anything but a layer reads, that are looked up, or that are an input or output of the model', () => {
    const w = weight('w', [64, 64]);
    const withNode = (node: ReturnType<typeof makeNode>) =>
      smallModel({
        inputs: [floatValue('x', [2, 64])],
        nodes: [makeNode('MatMul', ['x', 'w'], ['y'], { name: 'product' }), node],
        outputs: [makeValue('y'), makeValue('z')],
        initializers: [w, makeTensor('i', DataType.INT64, [1], BigInt64Array.of(3n))],
      });
    expect(storedIn(withNode(makeNode('Relu', ['w'], ['z'])))).toEqual([]);
    expect(storedIn(withNode(makeNode('Gather', ['w', 'i'], ['z'])))).toEqual([]);
    const output = productOf(w);
    output.graph.addOutput(makeValue('w'));
    expect(storedIn(output)).toEqual([]);
    const input = productOf(w);
    input.graph.addInput(floatValue('w', [64, 64]));
    expect(storedIn(input)).toEqual([]);
  });

  it('are those of layers in bodies, too, unless one of these is kept', () => {
    const body = (name: string) =>
      create(GraphProtoSchema, {
        name,
        node: [makeNode('MatMul', ['x', 'w'], [name], { name: `in_${name}` })],
        output: [makeValue(name)],
      });
    const model = () =>
      smallModel({
        inputs: [floatValue('x', [2, 64]), makeValue('flag', DataType.BOOL, [])],
        nodes: [
          makeNode('If', ['flag'], ['y'], {
            attributes: { then_branch: { graph: body('yes') }, else_branch: { graph: body('no') } },
          }),
        ],
        initializers: [weight('w', [64, 64])],
      });
    expect(storedIn(model())).toEqual(['in_yes', 'in_no']);
    expect(storedIn(model(), makeSelection({ include: null, exclude: ['in_no'], overrides: {} }))).toEqual(
      [],
    );
  });
});

/** A convolution with a normalization, an activation, a product with an addend, and an LSTM. */
const fusing = () =>
  smallModel({
    inputs: [floatValue('x', [1, 8, 8, 8])],
    nodes: [
      conv('x', 'c', { weight: 'w' }),
      makeNode('BatchNormalization', ['c', 'scale', 'shift', 'mean', 'variance'], ['n']),
      makeNode('Relu', ['n'], ['r']),
      makeNode('Reshape', ['r', 'rows'], ['s']),
      makeNode('MatMul', ['s', 'm'], ['p']),
      makeNode('Add', ['p', 'bias'], ['q']),
      makeNode('Unsqueeze', ['q', 'axis'], ['u']),
      makeNode('LSTM', ['u', 'gates', 'recurrence'], ['y'], { attributes: { hidden_size: { int: 16 } } }),
    ],
    initializers: [
      weight('w', [8, 8, 3, 3], 1),
      weight('scale', [8], 2),
      weight('shift', [8], 3),
      weight('mean', [8], 4),
      makeTensor('variance', DataType.FLOAT, [8], new Float32Array(8).fill(0.7)),
      makeTensor('rows', DataType.INT64, [2], BigInt64Array.of(8n, 64n)),
      weight('m', [64, 32], 5),
      weight('bias', [32], 6),
      makeTensor('axis', DataType.INT64, [1], BigInt64Array.of(1n)),
      weight('gates', [1, 64, 32], 7),
      weight('recurrence', [1, 64, 16], 8),
    ],
  });

/** Operators and weights of what the runtime makes of a model. */
async function optimized(model: Model, level: GraphOptimizationLevel, directory: string) {
  const [file, dump] = [join(directory, 'model.onnx'), join(directory, 'dump.onnx')];
  writeModel(model, file);
  const session = await runtime.open(file, {
    graphOptimizationLevel: level,
    optimizedModelPath: dump,
    threads: 1,
  });
  await session.release();
  const { graph } = readModel(dump);
  return {
    operators: graph.nodes.map(({ domain, opType, input }) => `${domain}.${opType}/${input.length}`).sort(),
    weights: [...graph.initializers.values()]
      .map(
        (tensor) => `${tensor.dataType} ${Buffer.from(tensorBytes(tensor, graph.directory)).toString('hex')}`,
      )
      .sort(),
  };
}

describe('what ONNX Runtime makes of weights that are stored in half', () => {
  it.each<GraphOptimizationLevel>(['basic', 'extended', 'all'])(
    'is at level %s what it makes of the same values in float32',
    async (level) => {
      using place = scratch();
      const half = fusing();
      expect(storedIn(half)).toHaveLength(4);
      const same = copyModel(fusing());
      for (const name of ['w', 'm', 'gates', 'recurrence']) {
        const values = fromHalf(toHalf(same.graph.floats(name)));
        const dims = dimsOf(same.graph.initializers.get(name)!);
        same.graph.setInitializer(makeTensor(name, DataType.FLOAT, dims, values));
      }
      const expected = await optimized(same, level, place.directory);
      expect(expected.operators).not.toContain('.BatchNormalization/5');
      expect(await optimized(half, level, place.directory)).toEqual(expected);
    },
  );
});
