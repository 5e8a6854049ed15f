import { describe, expect, it } from 'vitest';
import { makeModel, makeNode, makeValue } from '../../src/onnx/build.js';
import { DataType } from '../../src/onnx/element-type.js';
import { readModel } from '../../src/onnx/read.js';
import { makeTensor } from '../../src/onnx/tensor.js';
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
} from './small-models.js';

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
    expect(made.result.notes.find((note) => note.code === 'half-range')?.message).toBe(
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

  it('hands float32 to subgraphs and takes it from them', async () => {
    using place = scratch();
    const branch = (name: string, opType: string) =>
      makeModel({
        inputs: [],
        outputs: [floatValue(name, [1, 8, 8, 8])],
        nodes: [makeNode(opType, ['a'], [name])],
      }).graph.commit();
    const model = smallModel({
      nodes: [
        conv('x', 'a', { weight: 'k' }),
        makeNode('If', ['yes'], ['b'], {
          name: 'if',
          attributes: {
            then_branch: { graph: branch('t', 'Relu') },
            else_branch: { graph: branch('e', 'Neg') },
          },
        }),
        makeNode('Add', ['a', 'b'], ['y']),
      ],
      // An input, so that the branch can't be folded away.
      inputs: [floatValue('x', [1, 4, 8, 8]), makeValue('yes', DataType.BOOL, [])],
      initializers: [weight('k', [8, 4, 3, 3])],
    });
    const yes = { type: 'bool' as const, dims: [], data: Uint8Array.of(1) };
    const samples = samplesOf([1, 4, 8, 8], 2).map((feeds) => ({ ...feeds, yes }));
    const { file, float } = await quantizeSmall(model, place, { ...options, samples });
    const [a, b] = [await run(float, samples[0]!), await run(file, samples[0]!)];
    expect(sqnr(a.y!.data as Float32Array, b.y!.data as Float32Array)).toBeGreaterThan(55);
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
