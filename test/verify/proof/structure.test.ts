import { describe, expect, it } from 'vitest';
import { makeModel, makeNode, makeValue } from '../../../src/onnx/build.js';
import { DataType } from '../../../src/onnx/tensor/element-type.js';
import { structureFaults } from '../../../src/verify/proof/structure.js';

function model({
  type = DataType.FLOAT,
  shape = ['N', 4] as (number | string)[],
  output = 'y',
  names = ['a', 'b'],
  inner = 'h',
}: {
  type?: DataType;
  shape?: (number | string)[];
  output?: string;
  names?: string[];
  inner?: string;
} = {}) {
  return makeModel({
    inputs: [makeValue('x', type, shape)],
    outputs: [makeValue(output)],
    nodes: [
      makeNode('Relu', ['x'], [inner], { name: names[0]! }),
      makeNode('Relu', [inner], [output], { name: names[1]! }),
    ],
  });
}

describe('the structure of a file that was made', () => {
  it('is right where inputs and outputs are the original’s', () => {
    expect(structureFaults(model(), model())).toEqual([]);
  });

  it('may state what the original leaves open', () => {
    expect(structureFaults(model(), model({ shape: ['batch', 4] }))).toEqual([]);
    expect(structureFaults(model(), model({ shape: [1, 4] }))).toEqual([]);
  });

  it('may hold nodes of one name in several bodies, each of which is a graph of its own', () => {
    const inner = model({ names: ['a', 'b'] }).proto.graph!;
    const attributes = { then_branch: { graph: inner }, else_branch: { graph: inner } };
    const nested = makeModel({
      inputs: [makeValue('is', DataType.BOOL, [])],
      outputs: [makeValue('z')],
      nodes: [makeNode('If', ['is'], ['z'], { name: 'a', attributes })],
    });
    expect(structureFaults(nested, nested)).toEqual([]);
  });

  it.each([
    ['another type', model({ type: DataType.FLOAT16 }), /input 'x' is float16 .* instead of float32/],
    [
      'another fixed size',
      model({ shape: ['N', 5] }),
      /input 'x' is float32 \[\?, 5\] instead of float32 \[\?, 4\]/,
    ],
    ['another name', model({ output: 'z' }), /outputs are z instead of y/],
    ['two nodes of one name', model({ names: ['a', 'a'] }), /two of its nodes are called 'a'/],
    ['a value written twice', model({ inner: 'y' }), /it writes 'y' twice/],
  ])('is wrong with %s', (_, made, fault) => {
    expect(structureFaults(model(), made).join('; ')).toMatch(fault);
  });
});
