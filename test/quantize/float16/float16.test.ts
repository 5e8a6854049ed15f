import { statSync } from 'node:fs';
import type { GraphProto } from 'onnx-buf';
import { describe, expect, it } from 'vitest';
import type { QuantizeConfig } from '../../../src/config/config.js';
import { subgraphsOf } from '../../../src/onnx/attributes.js';
import { makeModel, makeNode, makeValue } from '../../../src/onnx/build.js';
import { readModel } from '../../../src/onnx/file/read.js';
import type { Model } from '../../../src/onnx/model.js';
import { DataType } from '../../../src/onnx/tensor/element-type.js';
import { makeTensor } from '../../../src/onnx/tensor/tensor.js';
import type { Feeds } from '../../../src/tensor/tensor.js';
import {
  conv,
  floatValue,
  quantizeSmall,
  run,
  runtime,
  samplesOf,
  scratch,
  smallModel,
  sqnr,
  weight,
} from '../small-models.js';

const options = { method: 'float16' as const, include: null, samples: samplesOf([1, 4, 8, 8], 2) };

async function fidelity(files: { float: string; file: string }): Promise<number> {
  const [feeds] = samplesOf([1, 4, 8, 8]);
  const [a, b] = [await run(files.float, feeds!), await run(files.file, feeds!)];
  expect(b.y!.type).toBe('float32');
  return sqnr(a.y!.data as Float32Array, b.y!.data as Float32Array);
}

const opsOf = (file: string) => readModel(file).graph.nodes.map((node) => node.opType);

describe('float16', () => {
  it('halves the weights and keeps inputs and outputs float32', async () => {
    using place = scratch();
    const model = smallModel({
      nodes: [conv('x', 'a', { weight: 'k' }), makeNode('Relu', ['a'], ['y'])],
      initializers: [weight('k', [8, 4, 3, 3])],
    });
    const made = await quantizeSmall(model, place, options);
    expect(opsOf(made.file)).toEqual(['Cast', 'Conv', 'Relu', 'Cast']);
    expect([...readModel(made.file).graph.initializers.values()].map((tensor) => tensor.dataType)).toEqual([
      DataType.FLOAT16,
    ]);
    expect(await fidelity(made)).toBeGreaterThan(55);
  });

  it('still stores weights in half where a repair leaves all operators', async () => {
    using place = scratch();
    const model = smallModel({
      nodes: [conv('x', 'a', { weight: 'k' }), makeNode('Relu', ['a'], ['y'])],
      initializers: [weight('k', [8, 4, 3, 3])],
    });
    const made = await quantizeSmall(model, place, { ...options, leftNames: ['a', 'y'] });
    expect(opsOf(made.file)).toEqual(['Cast', 'Conv', 'Relu']);
    expect(made.result.notes.map(({ code }) => code)).toEqual(['quantize.only-weights']);
    expect(await fidelity(made)).toBeGreaterThan(60);
  });

  it.each(['disabled', 'basic', 'extended', 'all'] as const)(
    'loads at the optimization level %s',
    async (graphOptimizationLevel) => {
      using place = scratch();
      const model = smallModel({
        nodes: [
          conv('x', 'a', { weight: 'k' }),
          makeNode('Resize', ['a', '', 'scales'], ['b'], { attributes: { mode: { string: 'nearest' } } }),
          makeNode('ReduceSumSquare', ['b'], ['c']),
          makeNode('Mul', ['b', 'c'], ['y']),
        ],
        initializers: [
          weight('k', [8, 4, 3, 3]),
          makeTensor('scales', DataType.FLOAT, [4], Float32Array.of(1, 1, 2, 2)),
        ],
      });
      const { file } = await quantizeSmall(model, place, options);
      const session = await runtime.open(file, { graphOptimizationLevel });
      expect(session.outputs[0]!.type).toBe('float32');
      await session.release();
    },
  );

  it('keeps unsafe operators float32 between casts, with one cast per tensor', async () => {
    using place = scratch();
    const model = smallModel({
      nodes: [
        conv('x', 'a', { weight: 'k' }),
        makeNode('ReduceSumSquare', ['a'], ['s'], { name: 'sum' }),
        makeNode('ReduceL2', ['a'], ['l'], { name: 'norm' }),
        makeNode('Div', ['s', 'l'], ['d'], { name: 'div' }),
        makeNode('Mul', ['a', 'd'], ['y']),
      ],
      initializers: [weight('k', [8, 4, 3, 3])],
    });
    const made = await quantizeSmall(model, place, options);
    const reasons = Object.fromEntries(
      made.result.decisions.map((decision) => [decision.node, decision.reason]),
    );
    expect(reasons.sum).toBe('sums and powers overflow the half range');
    expect(reasons.div).toBeNull();
    // x in, a to float once for both reductions, s and l back, y out.
    expect(opsOf(made.file).filter((op) => op === 'Cast')).toHaveLength(5);
    expect(await fidelity(made)).toBeGreaterThan(50);
  });

  it('stores a weight once that is an output of the model, too', async () => {
    using place = scratch();
    const model = smallModel({
      inputs: [floatValue('x', ['n', 64])],
      outputs: [makeValue('y'), floatValue('v', [64, 64])],
      nodes: [makeNode('MatMul', ['x', 'v'], ['h']), makeNode('MatMul', ['h', 'w'], ['y'])],
      initializers: [weight('v', [64, 64], 2), weight('w', [64, 64], 3)],
    });
    const made = await quantizeSmall(model, place, { ...options, samples: samplesOf([1, 64], 2) });
    expect(statSync(made.file).size / statSync(made.float).size).toBeLessThan(0.8);
    const [feeds] = samplesOf([1, 64]);
    const [a, b] = [await run(made.float, feeds!), await run(made.file, feeds!)];
    expect(b.v!.data).toEqual(a.v!.data);
    expect(sqnr(a.y!.data as Float32Array, b.y!.data as Float32Array)).toBeGreaterThan(55);
  });

  it('clamps constants beyond the half range and says how many', async () => {
    using place = scratch();
    const model = smallModel({
      nodes: [conv('x', 'a', { weight: 'k' }), makeNode('Max', ['a', 'floor'], ['y'])],
      initializers: [
        weight('k', [8, 4, 3, 3]),
        makeTensor('floor', DataType.FLOAT, [1], Float32Array.of(-3.4e38)),
      ],
    });
    const made = await quantizeSmall(model, place, options);
    expect(made.result.notes.find((note) => note.code === 'quantize.half-range')?.message).toBe(
      "1 constant values beyond ±65504 were clamped to it (in 'floor').",
    );
    expect(await fidelity(made)).toBeGreaterThan(55);
  });

  it('keeps operators float32 whose values were seen to leave the half range', async () => {
    using place = scratch();
    const model = smallModel({
      nodes: [
        makeNode('Mul', ['x', 'large'], ['a'], { name: 'up' }),
        makeNode('Mul', ['a', 'small'], ['b'], { name: 'down' }),
        conv('b', 'y', { weight: 'k' }),
      ],
      initializers: [
        weight('k', [8, 4, 3, 3]),
        makeTensor('large', DataType.FLOAT, [1], Float32Array.of(60_000)),
        makeTensor('small', DataType.FLOAT, [1], Float32Array.of(1 / 60_000)),
      ],
    });
    const made = await quantizeSmall(model, place, options);
    const kept = made.result.decisions
      .filter((decision) => decision.became === 'float')
      .map((decision) => decision.node);
    expect(kept).toEqual(['up', 'down']);
    expect(await fidelity(made)).toBeGreaterThan(55);
  });

  describe('in subgraphs', () => {
    const body = (parts: Partial<Parameters<typeof makeModel>[0]>) =>
      makeModel({ inputs: [], outputs: [], nodes: [], ...parts }).graph.commit();
    const bool = (name: string) => makeValue(name, DataType.BOOL, []);
    const count = makeValue('i', DataType.INT64, []);
    const weightTypes = (graph: GraphProto): number[] =>
      graph.initializer.map(({ dataType }) => dataType).filter((type) => type !== DataType.INT64);
    const bodiesOf = (file: string) => readModel(file).graph.nodes.flatMap(subgraphsOf);

    async function compared(
      model: Model,
      samples: Feeds[],
      config: Pick<Partial<QuantizeConfig>, 'exclude'> = {},
    ) {
      using place = scratch();
      const made = await quantizeSmall(model, place, { ...options, samples, ...config });
      for (const graphOptimizationLevel of ['disabled', 'basic', 'extended', 'all'] as const) {
        await (await runtime.open(made.file, { graphOptimizationLevel })).release();
      }
      const [a, b] = [await run(made.float, samples[0]!), await run(made.file, samples[0]!)];
      expect(b.y!.type).toBe('float32');
      const fidelity = sqnr(a.y!.data as Float32Array, b.y!.data as Float32Array);
      return { ...made.result, bodies: bodiesOf(made.file), main: readModel(made.file).graph, fidelity };
    }

    /** A branch that convolves what it sees outside, or hands it on, or reads a weight from outside. */
    const branching = () =>
      smallModel({
        inputs: [floatValue('x', [1, 4, 8, 8]), bool('yes'), bool('no')],
        nodes: [
          conv('x', 'a', { weight: 'k' }),
          makeNode('If', ['yes'], ['b'], {
            name: 'if',
            attributes: {
              then_branch: {
                graph: body({
                  outputs: [floatValue('t', [1, 8, 8, 8])],
                  nodes: [
                    conv('a', 't1', { weight: 'inner' }),
                    makeNode('Relu', ['t1'], ['t2'], { name: 't2' }),
                    makeNode('Mul', ['t2', 'shared'], ['t'], { name: 't' }),
                  ],
                  initializers: [weight('inner', [8, 8, 3, 3], 5)],
                }),
              },
              else_branch: {
                graph: body({
                  outputs: [floatValue('same', [1, 8, 8, 8])],
                  nodes: [makeNode('Identity', ['a'], ['same'])],
                }),
              },
            },
          }),
          // A branch within a branch, a Constant node in it, and a sum that must stay float32.
          makeNode('If', ['no'], ['c'], {
            name: 'nested',
            attributes: {
              then_branch: {
                graph: body({
                  outputs: [floatValue('n', [1, 8, 8, 8])],
                  nodes: [makeNode('Tanh', ['b'], ['n'])],
                }),
              },
              else_branch: {
                graph: body({
                  outputs: [floatValue('e', [1, 8, 8, 8])],
                  nodes: [
                    makeNode('If', ['yes'], ['e'], {
                      attributes: {
                        then_branch: {
                          graph: body({
                            outputs: [floatValue('d', [1, 8, 8, 8])],
                            nodes: [
                              makeNode('Constant', [], ['half'], {
                                attributes: {
                                  value: {
                                    tensor: makeTensor('v', DataType.FLOAT, [], Float32Array.of(0.5)),
                                  },
                                },
                              }),
                              makeNode('ReduceSumSquare', ['b'], ['s'], { name: 'sum' }),
                              makeNode('Mul', ['s', 'half'], ['h'], { name: 'h' }),
                              makeNode('Sub', ['b', 'h'], ['d'], { name: 'd' }),
                            ],
                          }),
                        },
                        else_branch: {
                          graph: body({
                            outputs: [floatValue('f', [1, 8, 8, 8])],
                            nodes: [makeNode('Abs', ['a'], ['f'])],
                          }),
                        },
                      },
                    }),
                  ],
                }),
              },
            },
          }),
          makeNode('Add', ['a', 'c'], ['y']),
        ],
        initializers: [
          weight('k', [8, 4, 3, 3]),
          makeTensor('shared', DataType.FLOAT, [1], Float32Array.of(1.5)),
        ],
      });
    const flags = (yes: number, no: number) => (feeds: Feeds) => ({
      ...feeds,
      yes: { type: 'bool' as const, dims: [], data: Uint8Array.of(yes) },
      no: { type: 'bool' as const, dims: [], data: Uint8Array.of(no) },
    });

    it.each([
      [1, 0],
      [1, 1],
      [0, 0],
      [0, 1],
    ])('converts what branches hold (taken: %s, %s)', async (yes, no) => {
      const samples = samplesOf([1, 4, 8, 8], 2).map(flags(yes, no));
      const { bodies, decisions, fidelity, main, notes } = await compared(branching(), samples);
      expect(weightTypes(bodies[0]!)).toEqual([DataType.FLOAT16]);
      expect([...main.initializers.values()].map(({ dataType }) => dataType)).toEqual([
        DataType.FLOAT16,
        DataType.FLOAT16,
      ]);
      const became = Object.fromEntries(decisions.map(({ node, became: form }) => [node, form]));
      expect(became).toMatchObject({
        a: 'float16',
        if: 'float',
        t1: 'float16',
        t: 'float16',
        sum: 'float',
        d: 'float16',
      });
      // The first branch reads the half tensor as it is: no Cast at its door.
      expect(bodies[0]!.node.map(({ opType }) => opType)).toEqual(['Conv', 'Relu', 'Mul', 'Cast']);
      expect(notes.map(({ code }) => code)).toContain('quantize.subgraphs-unseen');
      expect(fidelity).toBeGreaterThan(50);
    });

    it.each(['Loop', 'Scan'])(
      'converts the body of a %s, its state float32 between iterations',
      async (opType) => {
        const isLoop = opType === 'Loop';
        const inner = body({
          inputs: [
            ...(isLoop ? [count, bool('go')] : []),
            floatValue('state', [1, 8, 8, 8]),
            ...(isLoop ? [] : [floatValue('row', [1])]),
          ],
          outputs: [...(isLoop ? [bool('going')] : []), floatValue('next', [1, 8, 8, 8])],
          nodes: [
            ...(isLoop
              ? [makeNode('Identity', ['go'], ['going'])]
              : [makeNode('Identity', ['row'], ['unused'])]),
            conv('state', 'n1', { weight: 'inner' }),
            makeNode('Tanh', ['n1'], ['n2']),
            makeNode('Add', ['n2', 'a'], ['next']),
          ],
          initializers: [weight('inner', [8, 8, 3, 3], 7)],
        });
        const model = smallModel({
          nodes: [
            conv('x', 'a', { weight: 'k' }),
            makeNode(opType, isLoop ? ['trips', '', 'a'] : ['a', 'rows'], ['l'], {
              attributes: { body: { graph: inner }, ...(isLoop ? {} : { num_scan_inputs: { int: 1 } }) },
            }),
            makeNode('Relu', ['l'], ['y']),
          ],
          initializers: [
            weight('k', [8, 4, 3, 3]),
            makeTensor('trips', DataType.INT64, [], BigInt64Array.of(3n)),
            weight('rows', [3, 1]),
          ],
        });
        const { bodies, decisions, fidelity } = await compared(model, samplesOf([1, 4, 8, 8], 2));
        expect(weightTypes(bodies[0]!)).toEqual([DataType.FLOAT16]);
        expect(decisions.find(({ node }) => node === 'n1')).toMatchObject({ became: 'float16' });
        expect(fidelity).toBeGreaterThan(50);
      },
    );

    it('leaves what the options exclude inside of them', async () => {
      const samples = samplesOf([1, 4, 8, 8], 2).map(flags(1, 0));
      const { bodies, decisions } = await compared(branching(), samples, { exclude: ['t1'] });
      expect(weightTypes(bodies[0]!)).toEqual([DataType.FLOAT]);
      expect(decisions.find(({ node }) => node === 't1')?.reason).toBe("excluded by 't1'");
    });
  });

  it('computes sizes in float32: half is exact to 2048 only', async () => {
    using place = scratch();
    const model = smallModel({
      inputs: [floatValue('x', [1, 4, 8, 'w'])],
      nodes: [
        makeNode('Shape', ['x'], ['shape']),
        makeNode('Cast', ['shape'], ['f'], { attributes: { to: { int: DataType.FLOAT } } }),
        makeNode('Mul', ['f', 'two'], ['g'], { name: 'double' }),
        makeNode('Cast', ['g'], ['y'], { attributes: { to: { int: DataType.INT64 } } }),
      ],
      initializers: [makeTensor('two', DataType.FLOAT, [1], Float32Array.of(2))],
    });
    const { file } = await quantizeSmall(model, place, { ...options, samples: samplesOf([1, 4, 8, 8], 1) });
    const { y } = await run(file, {
      x: { type: 'float32', dims: [1, 4, 8, 2049], data: new Float32Array(32 * 2049) },
    });
    expect(Array.from(y!.data as BigInt64Array, Number)).toEqual([2, 8, 16, 4098]);
  });
});
