import { expect, it } from 'vitest';
import { SILENT } from '../../../src/log.js';
import { withOwnAddends } from '../../../src/measure/fidelity/corrected-addends.js';
import { layerFidelity } from '../../../src/measure/fidelity/layers.js';
import { makeNode } from '../../../src/onnx/build.js';
import { readModel } from '../../../src/onnx/file/read.js';
import { encodeModel } from '../../../src/onnx/file/write.js';
import { DataType } from '../../../src/onnx/tensor/element-type.js';
import { makeTensor } from '../../../src/onnx/tensor/tensor.js';
import type { Feeds } from '../../../src/tensor/tensor.js';
import { SWITCHES, switchedModel } from '../../../src/verify/repair/switched-model.js';
import {
  dataset,
  floats,
  floatValue,
  quantizeSmall,
  run,
  runtime,
  scratch,
  smallModel,
  sqnr,
  weight,
} from '../../quantize/small-models.js';
import { DEPTH, samplesWithCauses } from '../../quantize/two-products.js';

const CHANNELS = 192;
const context = { runtime, log: SILENT };

/** Inputs whose mean is far from 0: what a constant takes up of the product's error is most of it. */
const samples: Feeds[] = samplesWithCauses(40, 100, { rows: 5, causes: 6, noise: 0.1 }).map(({ x }) => ({
  x: { ...x!, data: (x!.data as Float32Array).map((value, at) => value + 4 * Math.sin(at % DEPTH)) },
}));

/** x · w + b → Sigmoid → · v + c. The bias of the second is one value for all. */
const model = () =>
  smallModel({
    inputs: [floatValue('x', ['rows', DEPTH])],
    nodes: [
      makeNode('MatMul', ['x', 'w'], ['p'], { name: 'first' }),
      makeNode('Add', ['b', 'p'], ['s']),
      makeNode('Mul', ['s', 'damping'], ['d']),
      makeNode('Sigmoid', ['d'], ['t']),
      makeNode('MatMul', ['t', 'v'], ['q'], { name: 'second' }),
      makeNode('Add', ['q', 'c'], ['y']),
    ],
    initializers: [
      weight('w', [DEPTH, CHANNELS]),
      weight('b', [1, 1, CHANNELS], 3),
      weight('v', [CHANNELS, CHANNELS], 7),
      weight('c', [1], 9),
      weight('damping', [1], 5),
    ],
  });

for (const method of ['int4-weights', 'int8-dynamic'] as const) {
  it(`products of ${method} are compared with what the constants behind them take up`, async () => {
    using place = scratch();
    const { float, file } = await quantizeSmall(model(), place, { method, samples });
    const variant = readModel(file);
    expect([...variant.graph.initializers.keys()].filter((name) => name.endsWith('_corrected'))).toHaveLength(
      2,
    );
    const compared = { original: readModel(float), variant, dataset: dataset(samples), context };
    const layers = new Map((await layerFidelity(compared)).map((layer) => [layer.tensor, layer.sqnr]));
    // Without it 5 dB and more lie between them.
    expect(layers.get('s')! - layers.get('p')!).toBeLessThan(3);
    expect(layers.get('y')! - layers.get('q')!).toBeLessThan(3);
    // Left as it is, a product gives what the original's does, and its sum too.
    const switched = switchedModel(readModel(float), variant, { tensors: ['p', 'q'], reduced: null })!;
    const exact = await run(float, samples[0]!);
    const session = await runtime.open(encodeModel(switched.model), { threads: 1 });
    const switches = { type: 'bool' as const, dims: [2], data: Uint8Array.of(1, 1) };
    const left = await session.run({ ...samples[0]!, [SWITCHES]: switches });
    await session.release();
    expect(sqnr(exact.y!.data as Float32Array, left.y!.data as Float32Array)).toBeGreaterThan(90);
    expect(withOwnAddends(readModel(float).graph, readModel(float)).graph.nodes).toHaveLength(6);
  });
}

it('products in double are compared with what the constants behind them take up', async () => {
  using place = scratch();
  const double = (name: string, dims: readonly number[], seed: number) =>
    makeTensor(
      name,
      DataType.DOUBLE,
      dims,
      Float64Array.from(
        floats(
          dims.reduce((product, dim) => product * dim, 1),
          seed,
          0.5,
        ),
      ),
    );
  const cast = (from: string, to: string, into: DataType) =>
    makeNode('Cast', [from], [to], { attributes: { to: { int: into } } });
  const doubles = smallModel({
    inputs: [floatValue('x', ['rows', DEPTH])],
    nodes: [
      cast('x', 'd', DataType.DOUBLE),
      makeNode('MatMul', ['d', 'w'], ['p'], { name: 'product' }),
      makeNode('Add', ['p', 'b'], ['s']),
      cast('s', 'y', DataType.FLOAT),
    ],
    initializers: [double('w', [DEPTH, CHANNELS], 1), double('b', [CHANNELS], 3)],
  });
  const { float, file } = await quantizeSmall(doubles, place, { method: 'int4-weights', samples });
  const compared = {
    original: readModel(float),
    variant: readModel(file),
    dataset: dataset(samples),
    context,
  };
  const layers = new Map((await layerFidelity(compared)).map((layer) => [layer.tensor, layer.sqnr]));
  expect(layers.get('s')! - layers.get('p')!).toBeLessThan(3);
});

it('a constant that a file holds in half, and casts where it adds it, is seen', () => {
  const nodes = (product: string) => [
    makeNode(product, ['x', 'w'], ['p']),
    makeNode('Add', ['p', 'b'], ['y']),
  ];
  const initializers = [weight('w', [DEPTH, 4]), weight('b', [4])];
  const original = smallModel({ nodes: nodes('MatMul'), initializers });
  const variant = smallModel({
    nodes: [
      makeNode('Cast', ['b_half'], ['b'], { attributes: { to: { int: DataType.FLOAT } } }),
      ...nodes('MatMulNBits'),
    ],
    initializers: [
      weight('w', [DEPTH, 4]),
      makeTensor('b_half', DataType.FLOAT16, [4], Uint16Array.of(0, 0, 0, 0)),
    ],
  });
  expect(withOwnAddends(original.graph, variant).graph.nodes).toHaveLength(4);
});
