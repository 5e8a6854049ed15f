/** Weights of what stays float, stored in 8 bits as far as the outputs bear it. */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { SILENT } from '../../../src/log.js';
import { makeNode, makeValue } from '../../../src/onnx/build.js';
import { readModel } from '../../../src/onnx/file/read.js';
import { writeModel } from '../../../src/onnx/file/write.js';
import type { Model } from '../../../src/onnx/model.js';
import { DataType } from '../../../src/onnx/tensor/element-type.js';
import { makeTensor } from '../../../src/onnx/tensor/tensor.js';
import { quantizeModel } from '../../../src/quantize/quantize.js';
import {
  DEFAULTS,
  dataset,
  floatValue,
  int64s,
  runtime,
  samplesOf,
  scratch,
  smallModel,
  weight,
} from '../small-models.js';

async function becameOf(
  model: Model,
  { exclude = [], leftNames = [] }: { exclude?: string[]; leftNames?: string[] } = {},
): Promise<Record<string, string>> {
  using place = scratch();
  const file = join(place.directory, 'float.onnx');
  writeModel(model, file);
  const { decisions } = await quantizeModel({
    model: file,
    out: join(place.directory, 'int8.onnx'),
    options: { ...DEFAULTS, exclude, leftNames },
    target: 'cpu',
    calibration: dataset(samplesOf([1, 64])),
    context: { runtime, log: SILENT },
    verify: true,
  });
  return Object.fromEntries(decisions.map(({ node, became }) => [node, became]));
}

/** A product that is excluded, so that it stays float. */
const alone = () =>
  smallModel({
    inputs: [floatValue('x', [1, 64])],
    nodes: [makeNode('MatMul', ['x', 'w'], ['y'], { name: 'product' })],
    initializers: [weight('w', [64, 64])],
  });

/** Products, of which two have a small difference: `fine` less `large`.
 *  @param difference of their weights, which reach to 0.5. */
const besideFine = (difference: number) => {
  const names = ['a', 'b', 'fine', 'c'];
  const large = weight('large', [64, 64]);
  const nearly = makeTensor(
    'nearly',
    DataType.FLOAT,
    [64, 64],
    (new Float32Array(large.rawData.slice().buffer) as Float32Array).map(
      (value, i) => value + difference * ((i % 7) - 3),
    ),
  );
  return smallModel({
    inputs: [floatValue('x', [1, 64])],
    outputs: [...names.slice(0, 2), 'difference', 'c'].map((name) => makeValue(name)),
    nodes: [
      makeNode('MatMul', ['x', 'wa'], ['a'], { name: 'a' }),
      makeNode('MatMul', ['x', 'wb'], ['b'], { name: 'b' }),
      makeNode('MatMul', ['x', 'nearly'], ['f'], { name: 'fine' }),
      makeNode('MatMul', ['x', 'large'], ['g'], { name: 'large' }),
      makeNode('Sub', ['f', 'g'], ['difference'], { name: 'difference' }),
      makeNode('MatMul', ['x', 'wc'], ['c'], { name: 'c' }),
    ],
    initializers: [
      large,
      nearly,
      weight('wa', [64, 64], 2),
      weight('wb', [64, 64], 3),
      weight('wc', [64, 64], 4),
    ],
  });
};

describe('weights of what stays float in int8-static', () => {
  it('stay where the user excludes the layer, and shrink where only a repair left it', async () => {
    const exclude = ['product'];
    expect(await becameOf(alone(), { exclude })).toEqual({ product: 'float' });
    expect(await becameOf(alone(), { leftNames: exclude })).toEqual({
      product: 'int8 weights, folded',
    });
  });

  it('shrink where the graph puts the gates of a recurrent layer into another order', async () => {
    const gate = (name: string, index: number) =>
      makeNode('Slice', [name, `at${index}`, `at${index + 1}`], [`${name}${index}`]);
    const reordered = (name: string) => [
      ...[0, 1, 2].map((index) => gate(name, index)),
      makeNode(
        'Concat',
        [1, 0, 2].map((index) => `${name}${index}`),
        [`${name}_gates`],
        {
          attributes: { axis: { int: 0 } },
        },
      ),
      makeNode('Unsqueeze', [`${name}_gates`, 'first'], [`${name}_all`]),
    ];
    const model = smallModel({
      inputs: [floatValue('x', [1, 64])],
      outputs: [makeValue('y'), makeValue('z')],
      nodes: [
        ...reordered('w'),
        ...reordered('r'),
        makeNode('Unsqueeze', ['x', 'first'], ['steps']),
        makeNode('GRU', ['steps', 'w_all', 'r_all'], ['', 'y'], {
          name: 'gru',
          attributes: { hidden_size: { int: 64 } },
        }),
        makeNode('MatMul', ['x', 'v'], ['z'], { name: 'product' }),
      ],
      initializers: [
        weight('w', [192, 64], 2),
        weight('r', [192, 64], 3),
        weight('v', [64, 64], 4),
        int64s('first', [0]),
        ...[0, 1, 2, 3].map((index) => int64s(`at${index}`, [64 * index])),
      ],
    });
    const became = await becameOf(model, { leftNames: ['product'] });
    expect(became).toMatchObject({ gru: 'int8 weights, folded', product: 'int8 weights, folded' });
  });

  it('shrink in all layers but those that bear no rounding', async () => {
    const leftNames = ['a', 'b', 'fine', 'large', 'c'];
    const became = await becameOf(besideFine(1e-4), { leftNames });
    expect(became).toMatchObject({
      a: 'int8 weights, folded',
      b: 'int8 weights, folded',
      fine: 'float',
      large: 'float',
      c: 'int8 weights, folded',
    });
  });

  it('are stored in half where 8 bits are too few', async () => {
    const leftNames = ['a', 'b', 'fine', 'large', 'c'];
    const became = await becameOf(besideFine(4e-3), { leftNames });
    expect(became).toMatchObject({
      a: 'int8 weights, folded',
      fine: 'float, weights stored in half',
      large: 'float, weights stored in half',
      c: 'int8 weights, folded',
    });
  });

  it('are those of the form that preparation gives the model, where that is smaller', async () => {
    using place = scratch();
    const model = smallModel({
      inputs: [floatValue('x', [1, 2048, 1, 1])],
      nodes: [
        makeNode('Conv', ['x', 'w'], ['c'], { name: 'conv', attributes: { group: { int: 2048 } } }),
        makeNode('BatchNormalization', ['c', 'scale', 'shift', 'mean', 'variance'], ['y']),
      ],
      initializers: [
        weight('w', [2048, 1, 1, 1]),
        ...['scale', 'shift', 'mean'].map((name, at) => weight(name, [2048], at + 2)),
        makeTensor('variance', DataType.FLOAT, [2048], new Float32Array(2048).fill(0.7)),
      ],
    });
    const [float, out] = [join(place.directory, 'float.onnx'), join(place.directory, 'int8.onnx')];
    writeModel(model, float);
    await quantizeModel({
      ...{ model: float, out, options: { ...DEFAULTS, leftNames: ['conv'] } },
      ...{ target: 'cpu', calibration: dataset(samplesOf([1, 2048, 1, 1])), verify: true },
      context: { runtime, log: SILENT },
    });
    expect(readModel(out).graph.nodes.map(({ opType }) => opType)).not.toContain('BatchNormalization');
    expect(statSync(out).size).toBeLessThan(0.5 * statSync(float).size);
  });
});
