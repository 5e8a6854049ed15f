import { describe, expect, it } from 'vitest';
import { makeModel, makeNode, makeValue } from '../../src/onnx/build.js';
import { DataType } from '../../src/onnx/tensor/element-type.js';
import { makeTensor } from '../../src/onnx/tensor/tensor.js';

const float = (name: string) => makeValue(name, DataType.FLOAT, [1]);

/** cond → If(then: outer 'a' + 'b', else: outer 'b') */
function conditional() {
  const then = makeModel({
    inputs: [],
    outputs: [float('then_out')],
    nodes: [makeNode('Add', ['a', 'b'], ['then_out'])],
  }).graph.commit();
  const otherwise = makeModel({ inputs: [], outputs: [float('b')], nodes: [] }).graph.commit();
  return makeModel({
    inputs: [makeValue('cond', DataType.BOOL, []), float('x')],
    outputs: [float('y')],
    nodes: [
      makeNode('If', ['cond'], ['y'], {
        name: 'if',
        attributes: { then_branch: { graph: then }, else_branch: { graph: otherwise } },
      }),
      makeNode('Relu', ['x'], ['a'], { name: 'a' }),
      makeNode('Neg', ['x'], ['b'], { name: 'b' }),
    ],
  }).graph;
}

describe('the graph index', () => {
  it('counts nodes whose subgraphs read an outer value among its consumers', () => {
    const graph = conditional();
    expect(graph.consumers('a').map((node) => node.name)).toEqual(['if']);
    expect(graph.consumers('b').map((node) => node.name)).toEqual(['if']);
  });

  it('sorts producers before nodes that read them only inside a subgraph', () => {
    expect(
      conditional()
        .topologicalNodes()
        .map((node) => node.name),
    ).toEqual(['a', 'b', 'if']);
  });

  it('renames outer values inside subgraphs, those that are handed straight through included', () => {
    const graph = conditional();
    graph.replaceUses('b', 'a');
    expect(graph.consumers('b')).toEqual([]);
    const branches = graph.consumers('a')[0]!.attribute.map((attribute) => attribute.g!);
    expect(branches[0]!.node[0]!.input).toEqual(['a', 'a']);
    expect(branches[1]!.output[0]!.name).toBe('a');
  });

  it('keeps what a subgraph needs when pruning', () => {
    const graph = conditional();
    graph.addNode(makeNode('Abs', ['x'], ['unused'], { name: 'unused' }));
    graph.setInitializer(makeTensor('idle', DataType.FLOAT, [1], Float32Array.of(1)));
    graph.prune();
    expect(graph.nodes.map((node) => node.name).sort()).toEqual(['a', 'b', 'if']);
    expect(graph.initializers.size).toBe(0);
  });

  it('never gives the same fresh name twice, nor one used inside a subgraph', () => {
    const graph = conditional();
    expect(graph.freshName('then_out')).toBe('then_out_1');
    expect(graph.freshName('then_out')).toBe('then_out_2');
  });

  it('treats Constant nodes as initializers', () => {
    const graph = makeModel({
      inputs: [],
      outputs: [float('y')],
      nodes: [
        makeNode('Constant', [], ['c'], { attributes: { value_floats: { floats: [1, 2] } } }),
        makeNode('Identity', ['c'], ['y']),
      ],
    }).graph;
    expect([...graph.constantValues('c')!]).toEqual([1, 2]);
    expect(graph.constant('y')).toBeUndefined();
  });

  it('gives values and shape of a float32 constant, and throws for anything else', () => {
    const graph = conditional();
    graph.setInitializer(makeTensor('w', DataType.FLOAT, [2, 1], Float32Array.of(1, 2)));
    graph.setInitializer(makeTensor('i', DataType.INT64, [1], BigInt64Array.of(1n)));
    expect(['w', 'i', 'a', ''].map((name) => graph.isFloats(name))).toEqual([true, false, false, false]);
    expect([graph.floats('w'), graph.dims('w'), graph.dims('i')]).toEqual([
      Float32Array.of(1, 2),
      [2, 1],
      [1],
    ]);
    expect(() => graph.floats('i')).toThrow("'i' is no constant of float32");
    expect(() => graph.dims('a')).toThrow("'a' is not constant");
  });

  it('knows the only reader of a value, which is none where others read it or it leaves the graph', () => {
    const graph = conditional();
    // The If reads 'a' in a body.
    expect(graph.onlyReader('a')?.name).toBe('if');
    expect(graph.onlyReader('x')).toBeUndefined();
    expect(graph.onlyReader('y')).toBeUndefined();
    graph.addOutput(float('a'));
    expect(graph.onlyReader('a')).toBeUndefined();
    graph.removeNode(graph.producer('b')!);
    expect(graph.onlyReader('x')?.name).toBe('a');
  });

  it('takes further inputs, which are fed', () => {
    const graph = conditional();
    graph.addInput(float('more'));
    expect(graph.isInput('more')).toBe(true);
    expect(graph.inputs.map(({ name }) => name)).toEqual(['cond', 'x', 'more']);
    expect(graph.freshName('more')).toBe('more_1');
  });

  it('follows edits of inputs, outputs and nodes', () => {
    const graph = conditional();
    const relu = graph.producer('a')!;
    graph.setInput(relu, 0, 'b');
    expect(graph.consumers('x').map((node) => node.name)).toEqual(['b']);
    graph.setOutput(relu, 0, 'c');
    expect(graph.producer('a')).toBeUndefined();
    expect(graph.producer('c')).toBe(relu);
    graph.removeNode(relu);
    expect(graph.producer('c')).toBeUndefined();
    expect(graph.consumers('b').map((node) => node.name)).toEqual(['if']);
  });

  it('says so when the graph has a cycle', () => {
    const graph = conditional();
    graph.setInput(graph.producer('a')!, 0, 'y');
    expect(() => graph.topologicalNodes()).toThrow(/cycle/);
  });
});
