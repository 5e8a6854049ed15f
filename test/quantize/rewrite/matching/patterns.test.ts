import { describe, expect, it } from 'vitest';
import { makeNode, makeValue } from '../../../../src/onnx/build.js';
import { DataType } from '../../../../src/onnx/tensor/element-type.js';
import { makeTensor } from '../../../../src/onnx/tensor/tensor.js';
import { findPatterns } from '../../../../src/quantize/rewrite/matching/patterns.js';
import { floatValue, smallModel, weight } from '../../small-models.js';

const number = (name: string, value: number) => makeTensor(name, DataType.FLOAT, [], Float32Array.of(value));

/** x · ½ · (1 + tanh(scale · (x + cube · x³))) */
function tanhGelu({ scale = Math.sqrt(2 / Math.PI), cube = 0.044715, power = 3 } = {}) {
  return smallModel({
    inputs: [floatValue('x', ['N', 8])],
    nodes: [
      makeNode('Pow', ['x', 'power'], ['p']),
      makeNode('Mul', ['p', 'cube'], ['q']),
      makeNode('Add', ['x', 'q'], ['r']),
      makeNode('Mul', ['r', 'scale'], ['s']),
      makeNode('Tanh', ['s'], ['t']),
      makeNode('Add', ['t', 'one'], ['u']),
      makeNode('Mul', ['x', 'u'], ['v']),
      makeNode('Mul', ['v', 'half'], ['y']),
    ],
    initializers: [
      number('power', power),
      number('cube', cube),
      number('scale', scale),
      number('one', 1),
      number('half', 0.5),
    ],
  });
}

/** x · ½ · (1 + tanh(½ · x)): SiLU. */
const silu = () =>
  smallModel({
    inputs: [floatValue('x', ['N', 8])],
    nodes: [
      makeNode('Mul', ['x', 'half'], ['s']),
      makeNode('Tanh', ['s'], ['t']),
      makeNode('Add', ['t', 'one'], ['u']),
      makeNode('Mul', ['x', 'u'], ['v']),
      makeNode('Mul', ['v', 'half'], ['y']),
    ],
    initializers: [number('one', 1), number('half', 0.5)],
  });

const INNER = ['mean', 'centered', 'square', 'variance', 'sum', 'root', 'normal', 'scaled'];

/** LayerNormalization in pieces; `kept`: an inner value that somebody else wants too. */
function layerNormalization({ kept, how }: { kept?: string; how?: 'read' | 'given out' } = {}) {
  const reads = kept !== undefined && how === 'read';
  return smallModel({
    inputs: [floatValue('x', ['N', 4, 8])],
    outputs: [
      makeValue('y'),
      ...(reads ? [makeValue('other')] : kept === undefined ? [] : [makeValue(kept)]),
    ],
    nodes: [
      makeNode('ReduceMean', ['x'], ['mean'], { attributes: { axes: { ints: [-1] } } }),
      makeNode('Sub', ['x', 'mean'], ['centered']),
      makeNode('Pow', ['centered', 'two'], ['square']),
      makeNode('ReduceMean', ['square'], ['variance'], { attributes: { axes: { ints: [-1] } } }),
      makeNode('Add', ['variance', 'epsilon'], ['sum']),
      makeNode('Sqrt', ['sum'], ['root']),
      makeNode('Div', ['centered', 'root'], ['normal']),
      makeNode('Mul', ['normal', 'scale'], ['scaled']),
      makeNode('Add', ['scaled', 'bias'], ['y']),
      ...(reads ? [makeNode('Neg', [kept], ['other'])] : []),
    ],
    initializers: [number('two', 2), number('epsilon', 1e-5), weight('scale', [8]), weight('bias', [8], 2)],
  });
}

const kinds = (model: ReturnType<typeof smallModel>) => findPatterns(model.graph).map(({ kind }) => kind);

describe('a tanh is a GELU', () => {
  it('where its constants are', () => {
    expect(kinds(tanhGelu())).toEqual(['gelu-tanh']);
  });

  it.each([
    ['another factor', tanhGelu({ scale: 0.5 })],
    ['another cube’s factor', tanhGelu({ cube: 0.05 })],
    ['a square', tanhGelu({ power: 2 })],
    ['no cube at all: SiLU', silu()],
  ])('not with %s', (_, model) => {
    expect(kinds(model)).toEqual([]);
  });
});

describe('pieces are a LayerNormalization', () => {
  it('where they read each other only', () => {
    expect(kinds(layerNormalization())).toEqual(['layer-normalization']);
  });

  it.each(INNER)('not where %s is read elsewhere', (kept) => {
    const found = findPatterns(layerNormalization({ kept, how: 'read' }).graph);
    // The scaled values may be read: then the bias is not part of it.
    expect(
      found.flatMap(({ nodes, output }) =>
        nodes.flatMap((node) => node.output).filter((name) => name !== output),
      ),
    ).not.toContain(kept);
  });

  it.each(INNER)('not where %s is given out', (kept) => {
    const found = findPatterns(layerNormalization({ kept, how: 'given out' }).graph);
    expect(
      found.flatMap(({ nodes, output }) =>
        nodes.flatMap((node) => node.output).filter((name) => name !== output),
      ),
    ).not.toContain(kept);
  });
});
