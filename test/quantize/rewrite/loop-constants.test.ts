import { create } from '@bufbuild/protobuf';
import { type GraphProto, GraphProtoSchema, type NodeProto, type ValueInfoProto } from 'onnx-buf';
import { describe, expect, it } from 'vitest';
import { subgraphsOf } from '../../../src/onnx/attributes.js';
import { makeModel, makeNode, makeValue } from '../../../src/onnx/build.js';
import type { Model } from '../../../src/onnx/model.js';
import { DataType } from '../../../src/onnx/tensor/element-type.js';
import { makeTensor } from '../../../src/onnx/tensor/tensor.js';
import { floats, random, rewrite } from './equivalence.js';

const FLOAT = DataType.FLOAT;
const hidden = (name: string) => makeValue(name, FLOAT, [2, 8]);
const weight = (name: string) => makeValue(name, FLOAT, [8, 8]);

interface Body {
  inputs?: ValueInfoProto[];
  nodes?: NodeProto[];
  /** What the body gives: the state, the weight, and what is collected. */
  outputs?: ValueInfoProto[];
}

/** A Loop of three turns, h ← tanh(h · w), that carries w. */
function loop(
  { nodes = [], outputs = [hidden('next'), weight('w_next')] }: Body,
  around: { outputs?: string[]; nodes?: NodeProto[] } = {},
): Model {
  const graph = create(GraphProtoSchema, {
    name: 'body',
    input: [
      makeValue('turn', DataType.INT64, []),
      makeValue('go', DataType.BOOL, []),
      hidden('h'),
      weight('w'),
    ],
    output: [makeValue('going', DataType.BOOL, []), ...outputs],
    node: [
      makeNode('Identity', ['go'], ['going']),
      makeNode('MatMul', ['h', 'w'], ['product']),
      makeNode('Tanh', ['product'], ['next']),
      ...nodes,
    ],
  });
  const made = around.outputs ?? ['y', 'unread'];
  return makeModel({
    inputs: [hidden('x')],
    outputs: [
      makeValue('y'),
      ...(made.includes('last') ? [makeValue('last')] : []),
      ...(around.nodes ? [makeValue('z')] : []),
      ...(made.includes('all') ? [makeValue('all')] : []),
    ],
    nodes: [
      makeNode('Loop', ['trips', '', 'x', 'W'], made, { name: 'loop', attributes: { body: { graph } } }),
      ...(around.nodes ?? []),
    ],
    initializers: [makeTensor('trips', DataType.INT64, [], BigInt64Array.of(3n)), random('W', [8, 8])],
  });
}

const onceMore = makeNode('Identity', ['w'], ['w_next']);
const loopOf = ({ graph }: Model) =>
  graph.nodes.find(({ opType }) => opType === 'Loop' || opType === 'Scan')!;
const bodyOf = (model: Model): GraphProto => subgraphsOf(loopOf(model))[0]!;
const readBy = (body: GraphProto) => body.node.find(({ opType }) => opType === 'MatMul')!.input[1];

describe('loop-constants', () => {
  it.each([
    ['through an Identity', { nodes: [onceMore] }],
    [
      'through two',
      { nodes: [makeNode('Identity', ['w'], ['w2']), makeNode('Identity', ['w2'], ['w_next'])] },
    ],
    ['by its own name', { outputs: [hidden('next'), weight('w')] }],
  ])('reads a weight that is given on %s from outside', async (_, body) => {
    const { model, changes, sqnr } = await rewrite(() => loop(structuredClone(body)));
    expect(changes['loop-constants']).toBe(1);
    expect(loopOf(model).input).toEqual(['trips', '', 'x']);
    expect(loopOf(model).output).toEqual(['y']);
    expect(readBy(bodyOf(model))).toBe('W');
    expect(bodyOf(model).input.map(({ name }) => name)).toEqual(['turn', 'go', 'h']);
    expect(bodyOf(model).node.map(({ opType }) => opType)).toEqual(['Identity', 'MatMul', 'Tanh']);
    expect(sqnr).toBe(Number.POSITIVE_INFINITY);
  });

  it('gives what is left at the end to who reads it: it is the constant', async () => {
    const { model, sqnr } = await rewrite(() =>
      loop(
        { nodes: [structuredClone(onceMore)] },
        { outputs: ['y', 'last'], nodes: [makeNode('MatMul', ['y', 'last'], ['z'])] },
      ),
    );
    expect(model.graph.producer('z')!.input).toEqual(['y', 'W']);
    expect(model.graph.producer('last')!.opType).toBe('Identity');
    expect(sqnr).toBe(Number.POSITIVE_INFINITY);
  });

  it('still collects it turn by turn where the model asks for that', async () => {
    const { changes, model, sqnr } = await rewrite(() =>
      loop(
        { nodes: [structuredClone(onceMore)], outputs: [hidden('next'), weight('w_next'), weight('w')] },
        { outputs: ['y', 'unread', 'all'] },
      ),
    );
    expect(changes['loop-constants']).toBe(1);
    expect(readBy(bodyOf(model))).toBe('W');
    expect(sqnr).toBe(Number.POSITIVE_INFINITY);
  });

  it('leaves a value that changes from turn to turn', async () => {
    const { changes, sqnr } = await rewrite(() => loop({ nodes: [makeNode('Neg', ['w'], ['w_next'])] }));
    expect(changes['loop-constants']).toBeUndefined();
    expect(sqnr).toBe(Number.POSITIVE_INFINITY);
  });

  it('leaves one whose first value is computed', async () => {
    const { changes } = await rewrite(() => {
      const model = loop({ nodes: [structuredClone(onceMore)] });
      model.graph.addNode(makeNode('MatMul', ['W', 'W'], ['computed']));
      model.graph.addNode(makeNode('Transpose', ['x'], ['turned']));
      model.graph.addNode(makeNode('MatMul', ['turned', 'x'], ['fed']));
      model.graph.addNode(makeNode('Add', ['computed', 'fed'], ['sum']));
      model.graph.setInput(loopOf(model), 3, 'sum');
      return model;
    });
    expect(changes['loop-constants']).toBeUndefined();
  });

  it('takes one that has the same name inside, and leaves one whose name is of another value there', async () => {
    const named = (state: string, carried: string) => () => {
      const model = loop({ nodes: [structuredClone(onceMore)] });
      const body = bodyOf(model);
      const rename = (from: string, to: string) => {
        for (const node of body.node) node.input = node.input.map((name) => (name === from ? to : name));
        for (const input of body.input) if (input.name === from) input.name = to;
      };
      rename('h', state);
      rename('w', carried);
      return model;
    };
    const same = await rewrite(named('h', 'W'));
    expect(same.changes['loop-constants']).toBe(1);
    expect(same.sqnr).toBe(Number.POSITIVE_INFINITY);
    const other = await rewrite(named('W', 'w'));
    expect(other.changes['loop-constants']).toBeUndefined();
    expect(other.left.join()).toContain("Loop 'loop': its body has a value of its own by the name of 'W'");
    expect(other.sqnr).toBe(Number.POSITIVE_INFINITY);
  });

  it('does the same for a Scan', async () => {
    const { model, changes, sqnr } = await rewrite(() => {
      const graph = create(GraphProtoSchema, {
        name: 'body',
        input: [hidden('h'), weight('w'), makeValue('row', FLOAT, [8])],
        output: [hidden('next'), weight('w_next'), makeValue('sum', FLOAT, [2, 8])],
        node: [
          makeNode('MatMul', ['h', 'w'], ['product']),
          makeNode('Tanh', ['product'], ['next']),
          makeNode('Identity', ['w'], ['w_next']),
          makeNode('Add', ['product', 'row'], ['sum']),
        ],
      });
      return makeModel({
        inputs: [hidden('x')],
        outputs: [makeValue('y'), makeValue('sums')],
        nodes: [
          makeNode('Scan', ['x', 'W', 'rows'], ['y', 'unread', 'sums'], {
            attributes: { body: { graph }, num_scan_inputs: { int: 1 } },
          }),
        ],
        initializers: [
          random('W', [8, 8]),
          floats(
            'rows',
            [3, 8],
            Array.from({ length: 24 }, (_, i) => i / 10),
          ),
        ],
      });
    });
    expect(changes['loop-constants']).toBe(1);
    expect(loopOf(model).input).toEqual(['x', 'rows']);
    expect(loopOf(model).output).toEqual(['y', 'sums']);
    expect(sqnr).toBe(Number.POSITIVE_INFINITY);
  });

  describe('of a Loop within a Loop', () => {
    const turn = (prefix: string) => [
      makeValue(`${prefix}turn`, DataType.INT64, []),
      makeValue(`${prefix}go`, DataType.BOOL, []),
    ];
    /** Two turns of two turns each, h ← tanh(h · w). @param handed what the outer turn gives on as w. */
    const nested = (handed: string, { initial = 'w', more = [] as NodeProto[] } = {}): Model => {
      const innerBody = create(GraphProtoSchema, {
        name: 'inner',
        input: [...turn('inner_'), hidden('inner_h'), weight('inner_w')],
        output: [makeValue('inner_going', DataType.BOOL, []), hidden('inner_next'), weight('inner_w_next')],
        node: [
          makeNode('Identity', ['inner_go'], ['inner_going']),
          makeNode('MatMul', ['inner_h', 'inner_w'], ['inner_product']),
          makeNode('Tanh', ['inner_product'], ['inner_next']),
          makeNode('Identity', ['inner_w'], ['inner_w_next']),
        ],
      });
      const outerBody = create(GraphProtoSchema, {
        name: 'outer',
        input: [...turn(''), hidden('h'), weight('w')],
        output: [makeValue('going', DataType.BOOL, []), hidden('next'), weight(handed)],
        node: [
          makeNode('Identity', ['go'], ['going']),
          ...more,
          makeNode('Loop', ['trips', '', 'h', initial], ['next', 'w_next'], {
            name: 'within',
            attributes: { body: { graph: innerBody } },
          }),
        ],
      });
      return makeModel({
        inputs: [hidden('x')],
        outputs: [makeValue('y')],
        nodes: [
          makeNode('Loop', ['trips', '', 'x', 'W'], ['y', 'unread'], {
            name: 'around',
            attributes: { body: { graph: outerBody } },
          }),
        ],
        initializers: [makeTensor('trips', DataType.INT64, [], BigInt64Array.of(2n)), random('W', [8, 8])],
      });
    };

    it.each(['w', 'w_next'])('reads what both carry from outside (the outer gives on %s)', async (handed) => {
      const { model, changes, sqnr } = await rewrite(() => nested(handed));
      expect(changes['loop-constants']).toBe(2);
      const outer = bodyOf(model);
      const within = outer.node.find(({ opType }) => opType === 'Loop')!;
      expect(loopOf(model).input).toEqual(['trips', '', 'x']);
      expect(within.input).toEqual(['trips', '', 'h']);
      expect(readBy(subgraphsOf(within)[0]!)).toBe('W');
      expect(outer.input.map(({ name }) => name)).toEqual(['turn', 'go', 'h']);
      expect(sqnr).toBe(Number.POSITIVE_INFINITY);
    });

    it('leaves what a turn of the outer one makes', async () => {
      const { model, sqnr } = await rewrite(() =>
        nested('w_next', { initial: 'bent', more: [makeNode('Neg', ['w'], ['bent'])] }),
      );
      expect(loopOf(model).input).toEqual(['trips', '', 'x', 'W']);
      expect(sqnr).toBe(Number.POSITIVE_INFINITY);
    });
  });
});
