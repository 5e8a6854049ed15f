import { expect, it } from 'vitest';
import { makeNode, makeValue } from '../../../src/onnx/build.js';
import { readModel } from '../../../src/onnx/file/read.js';
import { DataType } from '../../../src/onnx/tensor/element-type.js';
import { floatValue, quantizeSmall, scratch, smallModel, weight } from '../small-models.js';

it('the shape that a model declares of its positions is in the file made of it: SkipLayerNormalization needs it', async () => {
  using place = scratch();
  const model = smallModel({
    inputs: [floatValue('x', ['batch', 160]), makeValue('ids', DataType.INT64, ['batch'])],
    nodes: [
      makeNode('Abs', ['ids'], ['positions']),
      makeNode('Gather', ['table', 'positions'], ['row']),
      makeNode('MatMul', ['x', 'w'], ['product']),
      makeNode('Add', ['product', 'row'], ['y']),
    ],
    initializers: [weight('table', [8, 144]), weight('w', [160, 144])],
  });
  model.graph.setValueInfo([
    makeValue('positions', DataType.INT64, ['batch']),
    makeValue('product', DataType.FLOAT, ['batch', 144]),
  ]);
  const { file } = await quantizeSmall(model, place, { method: 'int8-weights', rounding: 'nearest' });
  expect(readModel(file).graph.valueInfo.map(({ name }) => name)).toEqual(['positions']);
});
