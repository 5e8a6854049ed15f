import { describe, expect, it } from 'vitest';
import { makeNode, makeValue } from '../../../src/onnx/build.js';
import { readModel } from '../../../src/onnx/file/read.js';
import { DataType } from '../../../src/onnx/tensor/element-type.js';
import { makeTensor } from '../../../src/onnx/tensor/tensor.js';
import { Evidence } from '../../../src/quantize/method/evidence.js';
import { toHalf } from '../../../src/tensor/half.js';
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
import { DEPTH, samplesWithCauses } from '../two-products.js';

const CHANNELS = 192;

/** Inputs that are far from 0 in the mean. */
const samples: Feeds[] = samplesWithCauses(40, 100, { rows: 5, causes: 6, noise: 0.1 }).map(({ x }) => ({
  x: { ...x!, data: (x!.data as Float32Array).map((value, at) => value + 4 * Math.sin(at % DEPTH)) },
}));

const bias = (name: string, dims: readonly number[], seed = 3) => weight(name, dims, seed);

/** Of an output's error over all samples: the squares of its channels' means, as a share of its squares. */
async function meanShare({ float, file }: Quantized, output = 'y'): Promise<number> {
  const sums = new Float64Array(CHANNELS);
  let [squares, rows] = [0, 0];
  for (const sample of samples) {
    const [a, b] = [await run(float, sample), await run(file, sample)];
    const other = b[output]!.data as Float32Array;
    (a[output]!.data as Float32Array).forEach((value, at) => {
      sums[at % CHANNELS]! += value - other[at]!;
      squares += (value - other[at]!) ** 2;
    });
    rows += (a[output]!.data as Float32Array).length / CHANNELS;
  }
  return sums.reduce((sum, value) => sum + value ** 2, 0) / rows / squares;
}

const OPTIONS = { method: 'int4-weights', include: null, samples } as const;
const x = floatValue('x', ['rows', DEPTH]);
const constants = (file: string) => readModel(file).graph;

/** Without correction it is several times as much. */
const TAKEN_UP = 0.02;

describe('the mean of the error of fitted weights', () => {
  it('is taken up by the constant behind the product', async () => {
    using place = scratch();
    const model = smallModel({
      inputs: [x],
      nodes: [makeNode('MatMul', ['x', 'w'], ['p']), makeNode('Add', ['b', 'p'], ['y'])],
      initializers: [weight('w', [DEPTH, CHANNELS]), bias('b', [1, 1])],
    });
    const made = await quantizeSmall(model, place, OPTIONS);
    expect(await meanShare(made)).toBeLessThan(TAKEN_UP);
    expect(constants(made.file).nodes.map(({ opType }) => opType)).toEqual(['MatMulNBits', 'Add']);
  });

  it("is taken up by Gemm's addend, its factors reckoned with, and in 8 bits", async () => {
    using place = scratch();
    const gemm = (attributes: Record<string, number>) =>
      smallModel({
        inputs: [x],
        nodes: [
          makeNode('Gemm', ['x', 'w', 'b'], ['y'], {
            attributes: {
              ...Object.fromEntries(Object.entries(attributes).map(([key, float]) => [key, { float }])),
              transB: { int: 1 },
            },
          }),
        ],
        initializers: [weight('w', [CHANNELS, DEPTH]), bias('b', [1, CHANNELS])],
      });
    const scaled = await quantizeSmall(gemm({ alpha: 0.5, beta: 3 }), place, OPTIONS);
    expect(await meanShare(scaled)).toBeLessThan(TAKEN_UP);
    const fine = await quantizeSmall(gemm({}), place, { ...OPTIONS, method: 'int8-weights' });
    expect(await meanShare(fine)).toBeLessThan(TAKEN_UP);
  });

  it('is taken up in int8-dynamic, too, and by the second file of a repair', async () => {
    using place = scratch();
    const model = () =>
      smallModel({
        inputs: [x],
        nodes: [
          makeNode('MatMul', ['x', 'w'], ['p'], { name: 'first' }),
          makeNode('Add', ['p', 'b'], ['y']),
          makeNode('MatMul', ['y', 'v'], ['z'], { name: 'second' }),
        ],
        initializers: [
          weight('w', [DEPTH, CHANNELS]),
          bias('b', [CHANNELS]),
          weight('v', [CHANNELS, CHANNELS], 7),
        ],
        outputs: [makeValue('y'), makeValue('z')],
      });
    const evidence = new Evidence();
    const options = { ...OPTIONS, method: 'int8-dynamic', smoothQuant: false, evidence } as const;
    const { file } = await quantizeSmall(model(), place, options);
    const mean = new Float64Array(DEPTH);
    const rows = samples.flatMap(({ x: sample }) => [...(sample!.data as Float32Array)]);
    rows.forEach((value, at) => {
      mean[at % DEPTH]! += (value * DEPTH) / rows.length;
    });
    const graph = constants(file);
    const [codes, scale] = [graph.constantValues('w_quantized')!, graph.floats('w_scale')];
    const [w, b] = [floats(DEPTH * CHANNELS, 1, 0.5), floats(CHANNELS, 3, 0.5)];
    const lost = Float64Array.from({ length: CHANNELS }, (_, channel) =>
      mean.reduce((sum, value, k) => {
        const at = k * CHANNELS + channel;
        return sum + value * (w[at]! - Number(codes[at]!) * scale[scale.length === 1 ? 0 : channel]!);
      }, 0),
    );
    const taken = graph.floats('b_corrected').map((value, channel) => value - b[channel]!);
    expect(sqnr(lost, taken)).toBeGreaterThan(20);
    const again = await quantizeSmall(model(), place, { ...options, leftNames: ['second'] });
    expect(constants(again.file).floats('b_corrected')).toEqual(graph.floats('b_corrected'));
  });

  it('is taken up for each layer by itself where they share a constant, or a weight and what reads it differs', async () => {
    using place = scratch();
    const model = smallModel({
      inputs: [x],
      outputs: [makeValue('y'), makeValue('z'), makeValue('b')],
      nodes: [
        makeNode('MatMul', ['x', 'w'], ['p']),
        makeNode('Add', ['p', 'b'], ['y']),
        makeNode('Neg', ['x'], ['n']),
        makeNode('Exp', ['n'], ['e']),
        makeNode('MatMul', ['e', 'w'], ['q']),
        makeNode('Add', ['q', 'b'], ['z']),
      ],
      initializers: [weight('w', [DEPTH, CHANNELS]), bias('b', [CHANNELS])],
    });
    const made = await quantizeSmall(model, place, OPTIONS);
    expect(await meanShare(made, 'y')).toBeLessThan(TAKEN_UP);
    expect(await meanShare(made, 'z')).toBeLessThan(TAKEN_UP);
    // What others read stays.
    expect(constants(made.file).floats('b')).toEqual(floats(CHANNELS, 3, 0.5));
  });

  it('stays where no constant takes it up: none is there, it is computed, or differs from row to row', async () => {
    using place = scratch();
    using other = scratch();
    const ended = (...nodes: ReturnType<typeof makeNode>[]) =>
      smallModel({
        inputs: [x],
        nodes: [makeNode('MatMul', ['x', 'w'], ['p']), ...nodes],
        initializers: [weight('w', [DEPTH, CHANNELS]), bias('rows', [5, 1])],
      });
    const blocks = async (model: ReturnType<typeof smallModel>, at: typeof place) => {
      const { file } = await quantizeSmall(model, at, OPTIONS);
      const graph = constants(file);
      const [, ...names] = graph.nodes.find(({ opType }) => opType === 'MatMulNBits')!.input;
      return names.map((name) => graph.constantValues(name));
    };
    const plain = await blocks(ended(makeNode('Relu', ['p'], ['y'])), place);
    const computed = ended(
      makeNode('ReduceMax', ['x'], ['m'], { attributes: { keepdims: { int: 0 } } }),
      makeNode('Add', ['p', 'm'], ['y']),
    );
    expect(await blocks(computed, other)).toEqual(plain);
    expect(await blocks(ended(makeNode('Add', ['p', 'rows'], ['y'])), other)).toEqual(plain);
    // The product is read by somebody else, too.
    const read = ended(makeNode('Add', ['p', 'one'], ['s']), makeNode('Mul', ['s', 'p'], ['y']));
    read.graph.setInitializer(makeTensor('one', DataType.FLOAT, [CHANNELS], floats(CHANNELS, 9)));
    expect(await blocks(read, other)).toEqual(plain);
  });

  it.each(['int4-weights', 'int8-dynamic'] as const)(
    'is taken up in double, behind the Cast of a product in float32: %s',
    async (method) => {
      using place = scratch();
      const double = (name: string, dims: readonly number[], seed: number) =>
        makeTensor(
          name,
          DataType.DOUBLE,
          dims,
          Float64Array.from(
            floats(
              dims.reduce((a, b) => a * b),
              seed,
              0.5,
            ),
          ),
        );
      const model = smallModel({
        inputs: [x],
        outputs: [floatValue('y', ['rows', CHANNELS])],
        nodes: [
          makeNode('Cast', ['x'], ['c'], { attributes: { to: { int: DataType.DOUBLE } } }),
          makeNode('MatMul', ['c', 'w'], ['p'], { name: 'product' }),
          makeNode('Add', ['p', 'b'], ['s']),
          makeNode('Cast', ['s'], ['y'], { attributes: { to: { int: DataType.FLOAT } } }),
        ],
        initializers: [double('w', [DEPTH, CHANNELS], 1), double('b', [CHANNELS], 3)],
      });
      const made = await quantizeSmall(model, place, { ...OPTIONS, method, smoothQuant: false });
      const { graph } = readModel(made.file);
      expect(graph.constant('b_corrected')?.dataType).toBe(DataType.DOUBLE);
      // Activations in 8 bits lose something of their own.
      expect(await meanShare(made)).toBeLessThan(method === 'int4-weights' ? TAKEN_UP : 0.1);
    },
  );

  it('is taken up in models of half precision, in files of 4 and 8 bits, and by every file of a repair', async () => {
    using place = scratch();
    const two = (type: DataType.FLOAT | DataType.FLOAT16) => {
      const tensor = (name: string, dims: number[], seed: number) => {
        const values = floats(
          dims.reduce((product, dim) => product * dim, 1),
          seed,
          0.5,
        );
        return makeTensor(name, type, dims, type === DataType.FLOAT ? values : toHalf(values));
      };
      const cast = (from: string, to: string, into: DataType) =>
        makeNode('Cast', [from], [to], { attributes: { to: { int: into } } });
      return smallModel({
        inputs: [x],
        outputs: [floatValue('y', ['rows', CHANNELS]), floatValue('z', ['rows', CHANNELS])],
        nodes: [
          cast('x', 'c', type),
          makeNode('MatMul', ['c', 'w'], ['p'], { name: 'first' }),
          makeNode('Add', ['p', 'b'], ['s']),
          cast('s', 'y', DataType.FLOAT),
          makeNode('MatMul', ['c', 'v'], ['q'], { name: 'second' }),
          makeNode('Add', ['q', 'b'], ['t']),
          cast('t', 'z', DataType.FLOAT),
        ],
        initializers: [
          tensor('w', [DEPTH, CHANNELS], 1),
          tensor('v', [DEPTH, CHANNELS], 5),
          tensor('b', [CHANNELS], 3),
        ],
      });
    };
    const half = await quantizeSmall(two(DataType.FLOAT16), place, OPTIONS);
    expect(await meanShare(half)).toBeLessThan(TAKEN_UP);
    const mixed = await quantizeSmall(two(DataType.FLOAT), place, { ...OPTIONS, maxSize: { ratio: 0.25 } });
    const bits = constants(mixed.file).nodes.flatMap(({ opType, attribute }) =>
      opType === 'MatMulNBits' ? Number(attribute.find(({ name }) => name === 'bits')!.i) : [],
    );
    expect(bits.toSorted()).toEqual([4, 8]);
    expect(await meanShare(mixed, 'y')).toBeLessThan(0.1);
    expect(await meanShare(mixed, 'z')).toBeLessThan(0.1);
    const evidence = new Evidence();
    await quantizeSmall(two(DataType.FLOAT), place, { ...OPTIONS, evidence });
    const again = await quantizeSmall(two(DataType.FLOAT), place, {
      ...OPTIONS,
      evidence,
      leftNames: ['first'],
    });
    expect(await meanShare(again, 'z')).toBeLessThan(TAKEN_UP);
  });
});
