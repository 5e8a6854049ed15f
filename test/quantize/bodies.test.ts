/** Bodies of If, Loop and Scan are quantized like the main graph. */
import { statSync } from 'node:fs';
import { create } from '@bufbuild/protobuf';
import {
  type GraphProto,
  GraphProtoSchema,
  type NodeProto,
  type TensorProto,
  type ValueInfoProto,
} from 'onnx-buf';
import { describe, expect, it } from 'vitest';
import { subgraphsOf } from '../../src/onnx/attributes.js';
import { makeNode, makeValue } from '../../src/onnx/build.js';
import { readModel } from '../../src/onnx/file/read.js';
import type { Model } from '../../src/onnx/model.js';
import { DataType } from '../../src/onnx/tensor/element-type.js';
import { makeTensor } from '../../src/onnx/tensor/tensor.js';
import type { Feeds } from '../../src/tensor/tensor.js';
import {
  floats,
  floatValue,
  nearness,
  quantizeSmall,
  run,
  runtime,
  samplesOf,
  scratch,
  smallModel,
  sqnr,
} from './small-models.js';

function body(parts: {
  node: NodeProto[];
  output: string[];
  input?: ValueInfoProto[];
  initializer?: TensorProto[];
}): GraphProto {
  return create(GraphProtoSchema, {
    name: 'body',
    node: parts.node,
    input: parts.input ?? [],
    output: parts.output.map((name) => makeValue(name)),
    initializer: parts.initializer ?? [],
  });
}

const scaled = (name: string, seed: number) =>
  makeTensor(name, DataType.FLOAT, [128, 256], floats(128 * 256, seed, 0.2));

/** An If whose branches multiply by a weight: their own, or one of the graph around them that both read. */
function branches({ shared, seeds = [3, 5] }: { shared: boolean; seeds?: [number, number] }): Model {
  const branch = (name: string, seed: number) =>
    body({
      node: [makeNode('MatMul', ['x', shared ? 'w' : `w_${name}`], [name], { name: `product_${name}` })],
      output: [name],
      initializer: shared ? [] : [scaled(`w_${name}`, seed)],
    });
  return smallModel({
    inputs: [floatValue('x', ['rows', 128]), makeValue('flag', DataType.BOOL, [])],
    nodes: [
      makeNode('If', ['flag'], ['y'], {
        name: 'choice',
        attributes: {
          then_branch: { graph: branch('a', seeds[0]) },
          else_branch: { graph: branch('b', seeds[1]) },
        },
      }),
    ],
    initializers: shared ? [scaled('w', 3)] : [],
  });
}

const feeds = (flag: number): Feeds => ({
  ...samplesOf([4, 128])[0]!,
  flag: { type: 'bool', dims: [], data: Uint8Array.of(flag) },
});

function operatorsInBodies(file: string): string[] {
  return readModel(file)
    .graph.nodes.flatMap(subgraphsOf)
    .flatMap(({ node }) => node.map(({ opType }) => opType));
}

describe('float16', () => {
  it('stores once what both branches of an If hold alike', async () => {
    using place = scratch();
    const model = branches({ shared: false, seeds: [3, 3] });
    const { file, float } = await quantizeSmall(model, place, {
      method: 'float16',
      include: null,
      samples: [feeds(1), feeds(0)],
    });
    expect(statSync(file).size / statSync(float).size).toBeLessThan(0.26);
    for (const flag of [0, 1]) {
      expect(await nearness({ float, file }, feeds(flag))).toBeGreaterThan(60);
    }
  });
});

const METHODS = [
  ['int8-dynamic', 'MatMulInteger', 0.35],
  ['int8-weights', 'MatMulNBits', 0.4],
  ['int4-weights', 'MatMulNBits', 0.3],
] as const;

describe.each(METHODS)('%s', (method, operator, size) => {
  it.each([{ shared: false }, { shared: true }])(
    'takes both branches of an If (one weight for both: $shared)',
    async (options) => {
      using place = scratch();
      const { file, float, result } = await quantizeSmall(branches(options), place, {
        method,
        include: ['*'],
        samples: [feeds(1), feeds(0)],
      });
      expect(result.groups).toEqual({ quantized: 2, float: 0 });
      expect(operatorsInBodies(file).filter((opType) => opType === operator)).toHaveLength(2);
      expect(statSync(file).size / statSync(float).size).toBeLessThan(size);
      for (const flag of [0, 1]) {
        expect(await nearness({ float, file }, feeds(flag))).toBeGreaterThan(
          method === 'int4-weights' ? 15 : 35,
        );
      }
      for (const graphOptimizationLevel of ['disabled', 'basic', 'extended', 'all'] as const)
        await (await runtime.open(file, { graphOptimizationLevel })).release();
    },
  );

  it('takes the body of a Loop, and what a body in it holds', async () => {
    using place = scratch();
    const inner = (name: string, seed: number) =>
      body({
        node: [makeNode('MatMul', ['wide', `v_${name}`], [`${name}_out`], { name: `inner_${name}` })],
        output: [`${name}_out`],
        initializer: [makeTensor(`v_${name}`, DataType.FLOAT, [256, 128], floats(256 * 128, seed, 0.1))],
      });
    const model = smallModel({
      inputs: [floatValue('x', [4, 128]), makeValue('flag', DataType.BOOL, [])],
      nodes: [
        makeNode('Loop', ['trips', '', 'x'], ['y'], {
          name: 'loop',
          attributes: {
            body: {
              graph: body({
                input: [
                  makeValue('i', DataType.INT64, []),
                  makeValue('go', DataType.BOOL, []),
                  floatValue('state', [4, 128]),
                ],
                node: [
                  makeNode('MatMul', ['state', 'u'], ['wide'], { name: 'widen' }),
                  makeNode('If', ['flag'], ['next'], {
                    name: 'choice',
                    attributes: {
                      then_branch: { graph: inner('a', 7) },
                      else_branch: { graph: inner('b', 9) },
                    },
                  }),
                  makeNode('Identity', ['go'], ['still']),
                ],
                output: ['still', 'next'],
                initializer: [scaled('u', 3)],
              }),
            },
          },
        }),
      ],
      initializers: [makeTensor('trips', DataType.INT64, [], BigInt64Array.of(3n))],
    });
    const { file, float, result } = await quantizeSmall(model, place, {
      method,
      include: ['*'],
      samples: [feeds(1)],
    });
    expect(
      result.decisions
        .filter(({ became }) => became !== 'float')
        .map(({ node }) => node)
        .toSorted(),
    ).toEqual(['inner_a', 'inner_b', 'widen']);
    expect(await nearness({ float, file }, feeds(1))).toBeGreaterThan(method === 'int4-weights' ? 10 : 30);
    expect(statSync(file).size / statSync(float).size).toBeLessThan(size);
  });

  it('takes a weight that a Loop carries from turn to turn', async () => {
    using place = scratch();
    const square = (name: string) => floatValue(name, [256, 256]);
    const model = smallModel({
      inputs: [floatValue('x', [4, 256])],
      nodes: [
        makeNode('Loop', ['trips', '', 'x', 'w'], ['y', 'unread'], {
          attributes: {
            body: {
              graph: body({
                input: [
                  makeValue('i', DataType.INT64, []),
                  makeValue('go', DataType.BOOL, []),
                  floatValue('state', [4, 256]),
                  square('carried'),
                ],
                node: [
                  makeNode('MatMul', ['state', 'carried'], ['next'], { name: 'product' }),
                  makeNode('Identity', ['carried'], ['given_on']),
                  makeNode('Identity', ['go'], ['still']),
                ],
                output: ['still', 'next', 'given_on'],
              }),
            },
          },
        }),
      ],
      initializers: [
        makeTensor('trips', DataType.INT64, [], BigInt64Array.of(2n)),
        makeTensor('w', DataType.FLOAT, [256, 256], floats(256 * 256, 3, 0.2)),
      ],
    });
    const samples = [{ x: { type: 'float32', dims: [4, 256], data: floats(4 * 256, 5) } as const }];
    const { file, float } = await quantizeSmall(model, place, { method, include: null, samples });
    expect(statSync(file).size / statSync(float).size).toBeLessThan(size + 0.02);
    expect(await nearness({ float, file }, samples[0]!)).toBeGreaterThan(method === 'int4-weights' ? 12 : 30);
  });

  it('takes a weight that a Loop carries through a Loop within it', async () => {
    using place = scratch();
    const square = (name: string) => floatValue(name, [256, 256]);
    const turn = (name: string, node: NodeProto[]) =>
      body({
        input: [
          makeValue(`${name}_i`, DataType.INT64, []),
          makeValue(`${name}_go`, DataType.BOOL, []),
          floatValue(`${name}_state`, [4, 256]),
          square(`${name}_w`),
        ],
        node: [makeNode('Identity', [`${name}_go`], [`${name}_still`]), ...node],
        output: [`${name}_still`, `${name}_next`, `${name}_given_on`],
      });
    const inner = turn('inner', [
      makeNode('MatMul', ['inner_state', 'inner_w'], ['inner_next'], { name: 'product' }),
      makeNode('Identity', ['inner_w'], ['inner_given_on']),
    ]);
    const outer = turn('outer', [
      makeNode('Loop', ['trips', '', 'outer_state', 'outer_w'], ['outer_next', 'outer_given_on'], {
        attributes: { body: { graph: inner } },
      }),
    ]);
    const model = smallModel({
      inputs: [floatValue('x', [4, 256])],
      nodes: [
        makeNode('Loop', ['trips', '', 'x', 'w'], ['y', 'unread'], {
          attributes: { body: { graph: outer } },
        }),
      ],
      initializers: [
        makeTensor('trips', DataType.INT64, [], BigInt64Array.of(2n)),
        makeTensor('w', DataType.FLOAT, [256, 256], floats(256 * 256, 3, 0.1)),
      ],
    });
    const samples = [{ x: { type: 'float32', dims: [4, 256], data: floats(4 * 256, 5) } as const }];
    const { file, float } = await quantizeSmall(model, place, { method, include: null, samples });
    expect(statSync(file).size / statSync(float).size).toBeLessThan(size + 0.02);
    expect(await nearness({ float, file }, samples[0]!)).toBeGreaterThan(method === 'int4-weights' ? 10 : 28);
  });

  it('leaves what `exclude` names in a body', async () => {
    using place = scratch();
    const { result } = await quantizeSmall(branches({ shared: false }), place, {
      method,
      include: null,
      exclude: ['product_a'],
      samples: [feeds(1)],
    });
    const became = Object.fromEntries(
      result.decisions.map(({ node, became, reason }) => [node, [became, reason]]),
    );
    expect(became.product_a).toEqual(['float', "excluded by 'product_a'"]);
    expect(result.notes.filter(({ code }) => code === 'quantize.unmatched-pattern')).toEqual([]);
  });
});

describe('int8-static', () => {
  it('compresses weights in bodies, which run in float', async () => {
    using place = scratch();
    const { file, float, result } = await quantizeSmall(branches({ shared: false }), place, {
      include: null,
      samples: [feeds(1), feeds(0)],
    });
    expect(result.groups.quantized).toBe(2);
    expect(statSync(file).size / statSync(float).size).toBeLessThan(0.35);
    expect(await nearness({ float, file }, feeds(0))).toBeGreaterThan(35);
  });
});

describe('a weight that bodies read beside the graph around them', () => {
  /** x·w in the main graph, and in one branch of an If. */
  const model = (inBody: (reads: string) => NodeProto) =>
    smallModel({
      inputs: [floatValue('x', ['rows', 128]), makeValue('flag', DataType.BOOL, [])],
      outputs: [floatValue('y', ['m', 256]), floatValue('z', ['rows', 256])],
      nodes: [
        makeNode('MatMul', ['x', 'w'], ['z'], { name: 'outside' }),
        makeNode('If', ['flag'], ['y'], {
          name: 'choice',
          attributes: {
            then_branch: { graph: body({ node: [inBody('w')], output: ['a'] }) },
            else_branch: {
              graph: body({
                node: [makeNode('MatMul', ['x', 'v'], ['b'], { name: 'other' })],
                output: ['b'],
                initializer: [scaled('v', 5)],
              }),
            },
          },
        }),
      ],
      initializers: [scaled('w', 3)],
    });
  const product = (weight: string) => makeNode('MatMul', ['x', weight], ['a'], { name: 'inside' });
  const options = { include: null, samples: [feeds(1), feeds(0)] };

  it.each(['int8-static', 'int8-dynamic', 'int8-weights', 'int4-weights'] as const)(
    'is stored once in 8 bits by %s, and both read it',
    async (method) => {
      using place = scratch();
      const { file, float, result } = await quantizeSmall(model(product), place, { method, ...options });
      const became = new Map(result.decisions.map(({ node, became }) => [node, became]));
      for (const node of ['outside', 'inside', 'other']) expect(became.get(node), node).not.toBe('float');
      expect(statSync(file).size / statSync(float).size).toBeLessThan(0.35);
      for (const flag of [0, 1]) {
        const [a, b] = [await run(float, feeds(flag)), await run(file, feeds(flag))];
        for (const name of ['y', 'z'])
          expect(sqnr(a[name]!.data as Float32Array, b[name]!.data as Float32Array)).toBeGreaterThan(
            method === 'int4-weights' ? 15 : 30,
          );
      }
      for (const graphOptimizationLevel of ['disabled', 'basic', 'extended', 'all'] as const)
        await (await runtime.open(file, { graphOptimizationLevel })).release();
    },
  );

  it('stays as it is where an operator in a body reads it otherwise, which the reason names', async () => {
    using place = scratch();
    const choice = (weight: string) => makeNode('Where', ['flag', weight, weight], ['a'], { name: 'chosen' });
    const { result } = await quantizeSmall(model(choice), place, { method: 'int8-weights', ...options });
    expect(result.decisions.find(({ node }) => node === 'outside')).toMatchObject({
      became: 'float',
      reason: "its weight must stay for 'chosen' in a body of 'choice', which reads it as it is",
    });
  });
});

describe('a weight that operators in bodies of two Ifs read, and nobody else', () => {
  it.each(['int8-static', 'int8-dynamic', 'int8-weights', 'int4-weights'] as const)(
    'is stored once in 8 bits by %s',
    async (method) => {
      using place = scratch();
      const conditional = (input: string, output: string) => {
        const product = [makeNode('MatMul', [input, 'w'], [`${output}_t`], { name: `product_${output}` })];
        const negated = [makeNode('Neg', [input], [`${output}_e`], { name: `negated_${output}` })];
        return makeNode('If', ['flag'], [output], {
          name: output,
          attributes: {
            then_branch: { graph: body({ node: product, output: [`${output}_t`] }) },
            else_branch: { graph: body({ node: negated, output: [`${output}_e`] }) },
          },
        });
      };
      const model = smallModel({
        inputs: [floatValue('x', [2, 128]), makeValue('flag', DataType.BOOL, [])],
        nodes: [conditional('x', 'h'), conditional('h', 'y')],
        initializers: [makeTensor('w', DataType.FLOAT, [128, 128], floats(128 * 128, 3, 0.2))],
      });
      const feeds: Feeds = {
        ...samplesOf([2, 128], 1)[0]!,
        flag: { type: 'bool', dims: [], data: Uint8Array.of(1) },
      };
      const { file, float } = await quantizeSmall(model, place, { method, include: null, samples: [feeds] });
      expect(statSync(file).size / statSync(float).size).toBeLessThan(0.32);
      expect(await nearness({ float, file }, feeds)).toBeGreaterThan(35);
    },
  );
});
