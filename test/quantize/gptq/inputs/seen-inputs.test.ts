import { expect, it } from 'vitest';
import { SILENT } from '../../../../src/log.js';
import { makeNode } from '../../../../src/onnx/build.js';
import { seenInputs } from '../../../../src/quantize/gptq/inputs/seen-inputs.js';
import { dataset, floatValue, runtime, smallModel } from '../../small-models.js';

const model = () =>
  smallModel({
    inputs: [floatValue('x', [1, 'tokens', 2])],
    nodes: [makeNode('Add', ['x', 'x'], ['a']), makeNode('Relu', ['a'], ['y'])],
  });

const seen = async (vectors: readonly (readonly [number, number])[]) => {
  const x = {
    type: 'float32' as const,
    dims: [1, vectors.length, 2],
    data: Float32Array.from(vectors.flat()),
  };
  const found = await seenInputs({
    model: model(),
    tensors: new Map([['a', 2]]),
    dataset: dataset([{ x }]),
    samples: 4,
    context: { runtime, log: SILENT },
  });
  return found.get('a');
};

it('what layers read is told by vectors and how loud each input is, none louder than the median of its sample', async () => {
  const found = await seen([
    [1, 0],
    [0, 1],
    [100, 0],
    [1, 0],
    [0, 0.5],
  ]);
  // Twice what is fed, the loud one as loud as the others.
  expect([...found!.vectors.data]).toEqual([2, 0, 0, 2, 2, 0, 2, 0, 0, 1]);
  expect([...found!.meanSquare]).toEqual([12 / 5, 1]);
});

it('what holds no vector, or none that is finite, is not told', async () => {
  expect(await seen([])).toBeUndefined();
  expect(await seen([[Number.NaN, 1]]).catch((error: Error) => error.message)).toMatch(/NaN/);
  expect(await seen([[Number.POSITIVE_INFINITY, 1]])).toBeUndefined();
});
