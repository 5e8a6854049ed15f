import { describe, expect, it } from 'vitest';
import { layerBytes, weightBytes } from '../../src/measure/weight-bytes.js';
import { makeModel, makeNode, makeValue } from '../../src/onnx/build.js';
import { DataType } from '../../src/onnx/tensor/element-type.js';
import { makeTensor } from '../../src/onnx/tensor/tensor.js';
import { keptFloat } from '../../src/variants/kept-float.js';

/** y = (x · w) · dequantized(q): one float layer of 64 bytes, one of 16 in 8 bits with scales of 4, unpacked in two steps. */
const model = () =>
  makeModel({
    inputs: [makeValue('x', DataType.FLOAT, [1, 4])],
    outputs: [makeValue('y', DataType.FLOAT, [1, 4])],
    nodes: [
      makeNode('MatMul', ['x', 'w'], ['h'], { name: 'first' }),
      makeNode('DequantizeLinear', ['q', 's'], ['d'], { name: 'unpack' }),
      makeNode('Mul', ['d', 's2'], ['e'], { name: 'rescale' }),
      makeNode('MatMul', ['h', 'e'], ['y'], { name: 'second' }),
    ],
    initializers: [
      makeTensor('w', DataType.FLOAT, [4, 4], new Float32Array(16)),
      makeTensor('q', DataType.INT8, [4, 4], new Int8Array(16)),
      makeTensor('s', DataType.FLOAT, [], Float32Array.of(1)),
      makeTensor('s2', DataType.FLOAT, [], Float32Array.of(1)),
    ],
  });

describe('where the bytes of weights lie', () => {
  it('is told by element type, and by the layer that computes with them', () => {
    expect(weightBytes(model())).toEqual({
      types: [
        { type: 'float32', bytes: 72 },
        { type: 'int8', bytes: 16 },
      ],
      layers: [
        { node: 'first', operator: 'MatMul', bytes: 64 },
        { node: 'second', operator: 'MatMul', bytes: 24 },
      ],
    });
  });

  it('is told of the layers that are asked for', () => {
    expect(weightBytes(model(), new Set(['second', 'gone'])).layers.map(({ node }) => node)).toEqual([
      'second',
    ]);
  });
});

describe('what stayed float', () => {
  it('is one kind per operator and reason, the most weights first', () => {
    const decision = (node: string, reason: string | null, became = 'float') => ({
      node,
      opType: 'MatMul',
      became,
      reason,
    });
    const decisions = [
      decision('other', 'too small'),
      decision('first', 'excluded'),
      decision('second', 'excluded'),
      decision('third', null, 'MatMulNBits'),
    ];
    expect(keptFloat(decisions, layerBytes(model()))).toEqual([
      { operator: 'MatMul', reason: 'excluded', nodes: 2, examples: ['first', 'second'], weightBytes: 88 },
      { operator: 'MatMul', reason: 'too small', nodes: 1, examples: ['other'], weightBytes: 0 },
    ]);
  });
});
