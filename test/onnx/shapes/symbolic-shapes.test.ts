import type { NodeProto, TensorProto } from 'onnx-buf';
import { describe, expect, it } from 'vitest';
import { makeModel, makeNode, makeValue } from '../../../src/onnx/build.js';
import { bounds, sliceRange } from '../../../src/onnx/shapes/slice-ranges.js';
import { inferSymbolicShapes } from '../../../src/onnx/shapes/symbolic-shapes.js';
import { DataType } from '../../../src/onnx/tensor/element-type.js';
import { makeTensor } from '../../../src/onnx/tensor/tensor.js';

const int64s = (name: string, ...values: number[]): TensorProto =>
  makeTensor(name, DataType.INT64, [values.length], BigInt64Array.from(values, BigInt));
const scalar = (name: string, value: number): TensorProto =>
  makeTensor(name, DataType.INT64, [], BigInt64Array.of(BigInt(value)));

function infer(
  nodes: NodeProto[],
  constants: TensorProto[] = [],
  shape: (number | string)[] = ['batch', 'length', 8],
) {
  const { graph } = makeModel({
    inputs: [makeValue('x', DataType.FLOAT, shape), makeValue('z', DataType.FLOAT, shape)],
    outputs: [makeValue('y')],
    nodes,
    initializers: constants,
    opsets: { '': 17 },
  });
  const { shapes, values } = inferSymbolicShapes(graph, (name) => (name === 'ranked' ? 2 : undefined));
  return { y: shapes.get('y'), shapes, values, graph };
}

const weight = makeTensor('w', DataType.FLOAT, [8, 6], new Float32Array(48));

describe('symbolic shapes', () => {
  it('follow a dimension through products and norms, whatever its size', () => {
    const { y } = infer([makeNode('MatMul', ['x', 'w'], ['m']), makeNode('Relu', ['m'], ['y'])], [weight]);
    expect(y).toEqual(['x#0', 'x#1', 6]);
  });

  it('follow it through shape arithmetic into Reshape, and divide to find what is inferred', () => {
    const { y, values } = infer(
      [
        makeNode('Shape', ['x'], ['s']),
        makeNode('Gather', ['s', 'zero'], ['n']),
        makeNode('Unsqueeze', ['n', 'axis'], ['n1']),
        makeNode('Slice', ['s', 'first', 'second'], ['l1']),
        makeNode('Concat', ['n1', 'l1', 'rest'], ['shape'], { attributes: { axis: { int: 0 } } }),
        makeNode('Reshape', ['x', 'shape'], ['r']),
        makeNode('Transpose', ['r'], ['y'], { attributes: { perm: { ints: [0, 2, 1, 3] } } }),
      ],
      [scalar('zero', 0), int64s('first', 1), int64s('second', 2), int64s('axis', 0), int64s('rest', -1, 4)],
    );
    expect(values.get('shape')).toEqual(['x#0', 'x#1', -1, 4]);
    expect(y).toEqual(['x#0', 2, 'x#1', 4]);
  });

  it('know what recurrent layers give, what Squeeze and Flatten leave, and slices along several axes', () => {
    const recurrent = makeNode('LSTM', ['x', 'W', 'R'], ['steps', 'h', 'c']);
    const { shapes } = infer(
      [
        recurrent,
        makeNode('Squeeze', ['steps', 'one'], ['y']),
        makeNode('Flatten', ['h'], ['flat'], { attributes: { axis: { int: 2 } } }),
        makeNode('Slice', ['R', 'starts', 'ends'], ['part']),
      ],
      [
        makeTensor('W', DataType.FLOAT, [1, 16, 8], new Float32Array(128)),
        makeTensor('R', DataType.FLOAT, [1, 16, 4], new Float32Array(64)),
        int64s('one', 1),
        int64s('starts', 0, 4, -1),
        int64s('ends', 9, 8, 9),
      ],
      [7, 3, 8],
    );
    expect(shapes.get('y')).toEqual([7, 3, 4]);
    expect(shapes.get('c')).toEqual([1, 3, 4]);
    expect(shapes.get('flat')).toEqual([3, 4]);
    expect(shapes.get('part')).toEqual([1, 4, 1]);
  });

  it('know that a size is never negative: Equal and Where of a shape', () => {
    const { values } = infer(
      [
        makeNode('Shape', ['x'], ['s']),
        makeNode('Equal', ['s', 'minus'], ['e']),
        makeNode('Where', ['e', 'ones', 's'], ['w']),
      ],
      [int64s('minus', -1, -1, -1), int64s('ones', 1, 1, 1)],
    );
    expect(values.get('w')).toEqual(['x#0', 'x#1', 8]);
  });

  it('give a new name where two unknown sizes meet, and the known one where one is known', () => {
    expect(infer([makeNode('Add', ['x', 'z'], ['y'])]).y).toEqual(['y#0', 'y#1', 8]);
    expect(infer([makeNode('Add', ['x', 'x'], ['y'])]).y).toEqual(['x#0', 'x#1', 8]);
    expect(infer([makeNode('Mul', ['x', 'w'], ['y'])], [weight], [1, 'n', 6]).y).toEqual([1, 8, 6]);
  });

  it('say nothing of operators they don’t know, but keep a known rank', () => {
    const { shapes } = infer([
      makeNode('NonZero', ['x'], ['ranked']),
      makeNode('NonZero', ['x'], ['unranked']),
      makeNode('Relu', ['x'], ['y']),
    ]);
    expect(shapes.get('ranked')).toEqual(['ranked#0', 'ranked#1']);
    expect(shapes.has('unranked')).toBe(false);
  });

  it('sum what is joined and cut what is sliced, where the sizes are numbers', () => {
    const concat = (axis: number) =>
      makeNode('Concat', ['x', 'x'], ['c'], { attributes: { axis: { int: axis } } });
    expect(infer([concat(-1), makeNode('Relu', ['c'], ['y'])]).y).toEqual(['x#0', 'x#1', 16]);
    expect(infer([concat(1), makeNode('Relu', ['c'], ['y'])]).y).toEqual(['x#0', 'c#1', 8]);
    const slice = makeNode('Slice', ['x', 'from', 'to', 'axes'], ['y']);
    const { y, graph } = infer([slice], [int64s('from', -3), int64s('to', 2 ** 40), int64s('axes', -1)]);
    expect(y).toEqual(['x#0', 'x#1', 3]);
    expect(bounds(sliceRange(slice, graph, 3)!, 8)).toEqual([5, 8]);
  });
});
