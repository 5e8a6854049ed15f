import { describe, expect, it } from 'vitest';
import { SILENT } from '../../../src/log.js';
import { layerFidelity } from '../../../src/measure/fidelity/layers.js';
import { makeModel, makeNode, makeValue } from '../../../src/onnx/build.js';
import type { Model } from '../../../src/onnx/model.js';
import { DataType } from '../../../src/onnx/tensor/element-type.js';
import { makeTensor } from '../../../src/onnx/tensor/tensor.js';
import { loadRuntime } from '../../../src/runtime/load.js';
import { toHalf } from '../../../src/tensor/half.js';
import { dataset } from '../accuracy/models.js';

/** x · A → a → Relu → b · B → y. */
function network(
  changes: { second?: number; quantizeFirst?: boolean; readsAs?: number; equalize?: [number, number] } = {},
): Model {
  const [left, right] = changes.equalize ?? [1, 1];
  const matrix = (name: string, factors: readonly number[]) =>
    makeTensor(
      name,
      DataType.FLOAT,
      [2, 2],
      Float32Array.from([1, 0.5, -0.5, 1], (value, at) => value * factors[at]!),
    );
  const second = changes.second ?? 1;
  const quantized = changes.quantizeFirst
    ? [
        makeNode('QuantizeLinear', ['b', 'scale', 'zero'], ['b_codes']),
        makeNode(
          'DequantizeLinear',
          ['b_codes', 'scale', changes.readsAs === undefined ? 'zero' : 'other'],
          ['b_back'],
        ),
      ]
    : [];
  return makeModel({
    inputs: [makeValue('x', DataType.FLOAT, ['n', 2])],
    outputs: [makeValue('y', DataType.FLOAT, ['n', 2])],
    nodes: [
      makeNode('MatMul', ['x', 'A'], ['a'], { name: 'first' }),
      makeNode('Relu', ['a'], ['b'], { name: 'relu' }),
      ...quantized,
      makeNode('MatMul', [changes.quantizeFirst ? 'b_back' : 'b', 'B'], ['y'], { name: 'second' }),
    ],
    initializers: [
      matrix('A', [left, right, left, right]),
      matrix('B', [second / left, second / left, second / right, second / right]),
      makeTensor('scale', DataType.FLOAT, [], Float32Array.of(0.5)),
      makeTensor('zero', DataType.UINT8, [], Uint8Array.of(0)),
      makeTensor('other', DataType.UINT8, [], Uint8Array.of(changes.readsAs ?? 0)),
    ],
  });
}

const DATA = dataset([
  { x: [1, 2], label: null },
  { x: [3, -0.3], label: null },
]);

describe('layerFidelity', () => {
  it('rounds half precision to half, which the CPU provider would not', async () => {
    const half = (name: string, value: number) =>
      makeTensor(name, DataType.FLOAT16, [], toHalf(Float32Array.of(value)));
    const float = (name: string, value: number) =>
      makeTensor(name, DataType.FLOAT, [], Float32Array.of(value));
    // 2049 is no half number: 2 · 1024.5 is rounded, and what is left of it after the subtraction is lost.
    const model = (type: typeof half, casts: boolean) =>
      makeModel({
        inputs: [makeValue('x', DataType.FLOAT, ['n', 2])],
        outputs: [makeValue('y', DataType.FLOAT)],
        nodes: [
          makeNode('Cast', ['x'], ['a'], {
            attributes: { to: { int: casts ? DataType.FLOAT16 : DataType.FLOAT } },
          }),
          makeNode('Add', ['a', 'large'], ['sum'], { name: 'sum' }),
          makeNode('Sub', ['sum', 'large'], ['rest'], { name: 'rest' }),
          makeNode('Cast', ['rest'], ['y'], { attributes: { to: { int: DataType.FLOAT } } }),
        ],
        initializers: [type('large', 2048)],
      });
    const layers = await layerFidelity({
      original: model(float, false),
      variant: model(half, true),
      dataset: DATA,
      context: { runtime: await loadRuntime(), log: SILENT },
    });
    const of = (tensor: string) => layers.find((layer) => layer.tensor === tensor)!;
    expect(of('sum').sqnr).toBeGreaterThan(60);
    expect(of('rest').sqnr).toBeLessThan(25);
  });

  it('holds one session at a time of large models, and finds the same', async () => {
    const runtime = await loadRuntime();
    let [opened, most] = [0, 0];
    const counting: typeof runtime = {
      ...runtime,
      async open(model, options) {
        const session = await runtime.open(model, options);
        most = Math.max(most, ++opened);
        const release = async () => {
          opened--;
          await session.release();
        };
        return { ...session, release };
      },
    };
    const files = { original: network(), variant: network({ second: 1.1 }), dataset: DATA };
    const request = { ...files, context: { runtime: counting, log: SILENT, threads: 1 } };
    const small = await layerFidelity(request);
    expect(most).toBe(2);
    [opened, most] = [0, 0];
    expect(await layerFidelity({ ...request, mostBytesAtOnce: 4 })).toEqual(small);
    expect([opened, most]).toEqual([0, 1]);
  });

  it('names the operator where the error enters', async () => {
    const runtime = await loadRuntime();
    const layers = await layerFidelity({
      original: network(),
      variant: network({ second: 0.9 }),
      dataset: DATA,
      context: { runtime, log: SILENT },
    });
    expect(layers.map(({ tensor, operator, node }) => `${tensor} ${operator} ${node}`)).toEqual([
      'a MatMul first',
      'b Relu relu',
      'y MatMul second',
    ]);
    expect(layers[1]!.sqnr).toBeGreaterThan(200);
    expect(layers[2]!.sqnr).toBeCloseTo(20, 3);
    expect(layers[2]!.loss).toBeGreaterThan(180);
  });

  it('does not take channels that equalization rescaled for an error', async () => {
    const runtime = await loadRuntime();
    const layers = await layerFidelity({
      original: network(),
      variant: network({ second: 0.9, equalize: [4, 0.5] }),
      dataset: DATA,
      context: { runtime, log: SILENT },
    });
    expect(layers.map(({ tensor, rescaled }) => [tensor, rescaled])).toEqual([
      ['a', true],
      ['b', true],
      // Nobody undoes this one: it is an error.
      ['y', false],
    ]);
    expect(layers[1]!.sqnr).toBeGreaterThan(100);
    expect(layers[2]!.sqnr).toBeCloseTo(20, 3);
    expect(layers[2]!.loss).toBeGreaterThan(80);
  });

  it('sees rescaled channels behind a reader that loses nearly as much as they seem to', async () => {
    const runtime = await loadRuntime();
    const layers = await layerFidelity({
      original: network(),
      variant: network({ second: 0.75, equalize: [1.3, 0.8] }),
      dataset: DATA,
      context: { runtime, log: SILENT },
    });
    expect(layers.map(({ rescaled }) => rescaled)).toEqual([true, true, false]);
    expect(layers[2]!.sqnr).toBeCloseTo(12, 1);
  });

  it('takes a wrong scale that no one undoes for the error it is', async () => {
    const runtime = await loadRuntime();
    const layers = await layerFidelity({
      original: network(),
      variant: network({ equalize: [4, 4], second: 4 }),
      dataset: DATA,
      context: { runtime, log: SILENT },
    });
    // a, b and y are all four times as large.
    const [, , y] = layers;
    expect(y).toMatchObject({ tensor: 'y', rescaled: false });
    expect(y!.sqnr).toBeLessThan(0);
  });

  it('looks only at what is asked for, and at the outputs', async () => {
    const counts: number[] = [];
    const request = {
      original: network(),
      variant: network({ second: 0.9 }),
      dataset: DATA,
      context: { runtime: await loadRuntime(), log: SILENT },
      onCompared: (values: number) => counts.push(values),
    };
    const layers = await layerFidelity({ ...request, nodes: new Set(['first']) });
    expect(layers.map(({ tensor }) => tensor)).toEqual(['a', 'y']);
    const some = counts.splice(0).reduce((sum, count) => sum + count, 0);
    await layerFidelity({ ...request, original: network(), variant: network({ second: 0.9 }) });
    expect(some).toBe(counts.reduce((sum, count) => sum + count, 0));
  });

  it('sees a quantized tensor as its readers do', async () => {
    const runtime = await loadRuntime();
    const layers = await layerFidelity({
      original: network(),
      variant: network({ quantizeFirst: true }),
      dataset: DATA,
      context: { runtime, log: SILENT },
    });
    const relu = layers.find(({ tensor }) => tensor === 'b')!;
    expect(relu.sqnr).toBeGreaterThan(10);
    expect(relu.sqnr).toBeLessThan(40);
  });

  it.each([0, 7])(
    'sees nothing of a tensor whose codes are read as those of another: zero-point %i',
    async (readsAs) => {
      const runtime = await loadRuntime();
      const layers = await layerFidelity({
        original: network(),
        variant: network({ quantizeFirst: true, readsAs }),
        dataset: DATA,
        context: { runtime, log: SILENT },
      });
      const { sqnr } = layers.find(({ tensor }) => tensor === 'b')!;
      // A constant of its own that holds the same is the same.
      if (readsAs === 0) expect(sqnr).toBeLessThan(40);
      else expect(sqnr).toBeGreaterThan(100);
    },
  );
});
