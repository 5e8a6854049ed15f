import { statSync } from 'node:fs';
import { create } from '@bufbuild/protobuf';
import { FunctionProtoSchema } from 'onnx-buf';
import { describe, expect, it } from 'vitest';
import { makeNode } from '../../../src/onnx/build.js';
import { DataType } from '../../../src/onnx/tensor/element-type.js';
import { makeTensor } from '../../../src/onnx/tensor/tensor.js';
import {
  floats,
  floatValue,
  quantizeSmall,
  run,
  samplesOf,
  scratch,
  smallModel,
  sqnr,
} from '../small-models.js';

/** A layer as a function that holds its weights, called twice. */
function calledTwice() {
  const model = smallModel({
    inputs: [floatValue('x', [2, 64])],
    nodes: [
      makeNode('Layer', ['x'], ['h'], { name: 'first', domain: 'local' }),
      makeNode('Layer', ['h'], ['y'], { name: 'second', domain: 'local' }),
    ],
  });
  model.setOpset('local', 1);
  const value = { tensor: makeTensor('v', DataType.FLOAT, [64, 64], floats(4096, 3, 0.2)) };
  model.proto.functions.push(
    create(FunctionProtoSchema, {
      name: 'Layer',
      domain: 'local',
      input: ['a'],
      output: ['b'],
      node: [
        makeNode('Constant', [], ['w'], { attributes: { value } }),
        makeNode('MatMul', ['a', 'w'], ['p']),
        makeNode('Relu', ['p'], ['b']),
      ],
      opsetImport: model.proto.opsetImport.filter(({ domain }) => domain === ''),
    }),
  );
  return model;
}

describe('a constant of a function that is called twice', () => {
  it.each([
    ['float16', 0.55, 50],
    ['int8-weights', 0.35, 30],
    ['int8-static', 0.35, 30],
  ] as const)('is there once in %s', async (method, size, decibels) => {
    using place = scratch();
    const samples = samplesOf([2, 64], 2);
    const { float, file } = await quantizeSmall(calledTwice(), place, { method, include: null, samples });
    expect(statSync(file).size / statSync(float).size).toBeLessThan(size);
    const [expected, actual] = [await run(float, samples[0]!), await run(file, samples[0]!)];
    expect(sqnr(expected.y!.data as Float32Array, actual.y!.data as Float32Array)).toBeGreaterThan(decibels);
  });
});
