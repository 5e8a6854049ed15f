import { describe, expect, it } from 'vitest';
import { makeModel, makeNode, makeValue } from '../../../../src/onnx/build.js';
import { DataType } from '../../../../src/onnx/tensor/element-type.js';
import { random, rewrite } from '../equivalence.js';

const build =
  (shape: number[], options: { dims?: number[]; readsStack?: boolean; isOutput?: boolean } = {}) =>
  () =>
    makeModel({
      inputs: [makeValue('x', DataType.FLOAT, shape)],
      outputs: [
        makeValue('y'),
        ...(options.readsStack ? [makeValue('s')] : []),
        ...(options.isOutput ? [makeValue('w')] : []),
      ],
      nodes: [
        makeNode('MatMul', ['x', 'w'], ['a']),
        makeNode('MatMul', ['x', 'w'], ['b']),
        makeNode('Sub', ['a', 'b'], ['d']),
        makeNode('Add', ['a', 'd'], ['y']),
        ...(options.readsStack ? [makeNode('Neg', ['w'], ['s'])] : []),
      ],
      initializers: [random('w', options.dims ?? [1, 8, 6])],
    });

const matrixOf = (model: { graph: { initializers: ReadonlyMap<string, { dims: bigint[] }> } }) =>
  [...model.graph.initializers.values()].map(({ dims }) => dims.map(Number));

describe('stacked-matrix', () => {
  it('makes a matrix of a stack of one, for all readers', async () => {
    const { model, changes, sqnr } = await rewrite(build([2, 5, 8]));
    expect(changes['stacked-matrix']).toBe(1);
    expect(matrixOf(model)).toEqual([[8, 6]]);
    expect(sqnr).toBeGreaterThan(120);
  });

  it('takes several dimensions of one', async () => {
    const { model } = await rewrite(build([2, 1, 5, 8], { dims: [1, 1, 8, 6] }));
    expect(matrixOf(model)).toEqual([[8, 6]]);
  });

  it.each([
    ['the output would lose a dimension', [5, 8], {}],
    ['another operator reads the stack', [2, 5, 8], { readsStack: true }],
    ['it is an output', [2, 5, 8], { isOutput: true }],
  ] as const)('leaves it where %s', async (_, shape, options) => {
    const { model, left } = await rewrite(build([...shape], options));
    expect(matrixOf(model)).toEqual([[1, 8, 6]]);
    expect(left.join()).toContain('stacked-matrix');
  });

  it('leaves a stack of several', async () => {
    const { model } = await rewrite(build([2, 5, 8], { dims: [2, 8, 6] }));
    expect(matrixOf(model)).toEqual([[2, 8, 6]]);
  });
});
