import { toBinary } from '@bufbuild/protobuf';
import { type GraphProto, ModelProtoSchema, type NodeProto } from 'onnx-buf';
import { describe, expect, it } from 'vitest';
import { makeModel, makeNode, makeValue } from '../../../src/onnx/build.js';
import { decodeModel } from '../../../src/onnx/file/read.js';
import { DataType } from '../../../src/onnx/tensor/element-type.js';
import { makeTensor } from '../../../src/onnx/tensor/tensor.js';

const modelOf = (nodes: NodeProto[]) =>
  makeModel({
    inputs: [makeValue('x', DataType.FLOAT, [4]), makeValue('is', DataType.BOOL, [])],
    outputs: [makeValue('y', DataType.FLOAT, [4])],
    nodes,
    initializers: [makeTensor('w', DataType.FLOAT, [4], Float32Array.of(1, 2, 3, 4))],
  });

const read = (nodes: NodeProto[]) =>
  decodeModel(toBinary(ModelProtoSchema, modelOf(nodes).proto), 'm.onnx', null);

const bodyOf = (nodes: NodeProto[]): GraphProto => modelOf(nodes).proto.graph!;

describe('a model that is read', () => {
  it.each([
    [
      'two nodes write a value',
      [makeNode('Neg', ['x'], ['y']), makeNode('Abs', ['x'], ['y'], { name: 'b' })],
      "'y', which Abs 'b' writes",
    ],
    [
      'a node writes an input',
      [makeNode('Neg', ['w'], ['x']), makeNode('Abs', ['x'], ['y'])],
      "'x', which a node (Neg) writes",
    ],
    [
      'a node writes a weight',
      [makeNode('Neg', ['x'], ['w']), makeNode('Abs', ['w'], ['y'])],
      "'w', which a node (Neg) writes",
    ],
    [
      'nodes wait for each other',
      [makeNode('Add', ['x', 'b'], ['a']), makeNode('Neg', ['a'], ['b']), makeNode('Neg', ['b'], ['y'])],
      'a node (Add) waits',
    ],
    [
      'nodes of a body wait for each other',
      [
        makeNode('If', ['is'], ['y'], {
          attributes: {
            then_branch: {
              graph: bodyOf([
                makeNode('Add', ['x', 'y'], ['a'], { name: 'inner' }),
                makeNode('Neg', ['a'], ['y']),
              ]),
            },
            else_branch: { graph: bodyOf([makeNode('Neg', ['x'], ['y'])]) },
          },
        }),
      ],
      "Add 'inner' waits",
    ],
  ])('is refused where %s', (_, nodes, words) => {
    expect(() => read(nodes)).toThrow(`m.onnx is no valid ONNX model: ${words}`);
  });

  it('may list its nodes in any order, and name outputs that nobody wants with nothing', () => {
    const dropout = makeNode('Dropout', ['a'], ['y', '']);
    expect(
      read([dropout, makeNode('Neg', ['x'], ['a']), makeNode('Dropout', ['x'], ['b', ''])]).graph.nodes,
    ).toHaveLength(3);
  });
});
