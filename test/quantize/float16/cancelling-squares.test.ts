/** Variances as a difference of squares, in half precision. */
import { describe, expect, it } from 'vitest';
import { makeNode } from '../../../src/onnx/build.js';
import { DataType } from '../../../src/onnx/tensor/element-type.js';
import { makeTensor } from '../../../src/onnx/tensor/tensor.js';
import { cancellingSquares } from '../../../src/quantize/float16/cancelling-squares.js';
import { smallModel } from '../small-models.js';

const constants = [
  makeTensor('two', DataType.FLOAT, [], Float32Array.of(2)),
  makeTensor('three', DataType.FLOAT, [], Float32Array.of(3)),
  makeTensor('share', DataType.FLOAT, [], Float32Array.of(0.125)),
  makeTensor('epsilon', DataType.FLOAT, [], Float32Array.of(1e-5)),
];

interface Construction {
  squares: ReturnType<typeof makeNode>;
  subtracted: ReturnType<typeof makeNode>;
}

/** Operators that stay float32 in: mean of x², less what is subtracted, plus epsilon, its root, by which x is divided. */
function keptFloat({ squares, subtracted }: Construction): string[] {
  const { graph } = smallModel({
    nodes: [
      squares,
      makeNode('ReduceSum', ['squares'], ['sum of squares']),
      makeNode('Mul', ['sum of squares', 'share'], ['mean of squares']),
      makeNode('ReduceMean', ['x'], ['mean']),
      subtracted,
      makeNode('Sub', ['mean of squares', 'subtracted'], ['variance']),
      makeNode('Add', ['variance', 'epsilon'], ['shifted']),
      makeNode('Sqrt', ['shifted'], ['deviation']),
      makeNode('Div', ['x', 'deviation'], ['y']),
    ],
    initializers: constants,
  });
  return [...cancellingSquares({ graph })].map(({ output }) => output[0]!);
}

const squares = makeNode('Mul', ['x', 'x'], ['squares']);
const square = makeNode('Mul', ['mean', 'mean'], ['subtracted']);

describe('a variance as the mean of squares less the square of the mean', () => {
  const all = ['squares', 'sum of squares', 'mean of squares', 'mean', 'subtracted', 'variance'];

  it('stays float32 from the squares to the deviation, and what it scales does not', () => {
    const kept = keptFloat({ squares, subtracted: square });
    expect(kept.toSorted()).toEqual([...all, 'shifted', 'deviation'].toSorted());
  });

  it('is found where squares are powers of two', () => {
    const powers = {
      squares: makeNode('Pow', ['x', 'two'], ['squares']),
      subtracted: makeNode('Pow', ['mean', 'two'], ['subtracted']),
    };
    expect(keptFloat(powers)).toHaveLength(8);
  });

  it('is nothing where another power is subtracted, or the square of no mean', () => {
    expect(keptFloat({ squares, subtracted: makeNode('Pow', ['mean', 'three'], ['subtracted']) })).toEqual(
      [],
    );
    expect(keptFloat({ squares, subtracted: makeNode('Mul', ['mean', 'share'], ['subtracted']) })).toEqual(
      [],
    );
    expect(keptFloat({ squares, subtracted: makeNode('Mul', ['x', 'x'], ['subtracted']) })).toEqual([]);
  });

  it('is nothing where the mean is not one of squares', () => {
    const products = makeNode('Mul', ['x', 'share'], ['squares']);
    expect(keptFloat({ squares: products, subtracted: square })).toEqual([]);
  });
});
