import { statSync } from 'node:fs';
import type { NodeProto, TensorProto } from 'onnx-buf';
import { describe, expect, it } from 'vitest';
import { makeNode } from '../../../src/onnx/build.js';
import { readModel } from '../../../src/onnx/file/read.js';
import type { Feeds } from '../../../src/tensor/tensor.js';
import {
  floats,
  floatValue,
  int64s,
  quantizeSmall,
  run,
  runtime,
  samplesOf,
  scratch,
  smallModel,
  sqnr,
  weight,
} from '../small-models.js';

interface Cell {
  input: string;
  output: string;
  inputs: number;
  hidden: number;
  directions?: 1 | 2;
  opType?: 'LSTM' | 'GRU' | 'RNN';
  /** Other outputs, and inputs after the bias. */
  outputs?: string[];
  states?: string[];
}

const GATES = { LSTM: 4, GRU: 3, RNN: 1 };

/** A recurrent layer that gives [time, batch, directions · hidden]. */
function recurrent(cell: Cell): { nodes: NodeProto[]; initializers: TensorProto[] } {
  const { input, output, inputs, hidden, directions = 1, opType = 'LSTM', outputs = [], states = [] } = cell;
  const gates = GATES[opType] * hidden;
  const [w, r, b, y] = ['w', 'r', 'b', 'y'].map((name) => `${output}_${name}`) as [
    string,
    string,
    string,
    string,
  ];
  const scaled = (tensor: TensorProto) => {
    const values = new Float32Array(
      tensor.rawData.buffer,
      tensor.rawData.byteOffset,
      tensor.rawData.length / 4,
    );
    for (let i = 0; i < values.length; i++) values[i] = (2 * values[i]!) / Math.sqrt(hidden);
    return tensor;
  };
  return {
    nodes: [
      makeNode(opType, [input, w, r, b, ...states], [y, ...outputs], {
        name: output,
        attributes: {
          hidden_size: { int: hidden },
          direction: { string: directions === 2 ? 'bidirectional' : 'forward' },
        },
      }),
      makeNode('Transpose', [y], [`${y}_t`], { attributes: { perm: { ints: [0, 2, 1, 3] } } }),
      makeNode('Reshape', [`${y}_t`, 'flat'], [output]),
    ],
    initializers: [
      scaled(weight(w, [directions, gates, inputs], 3)),
      scaled(weight(r, [directions, gates, hidden], 5)),
      scaled(weight(b, [directions, 2 * gates], 7)),
    ],
  };
}

const flat = int64s('flat', [0, 0, -1]);

function becameOf({ decisions }: { decisions: { node: string; became: string }[] }): Record<string, string> {
  return Object.fromEntries(decisions.map(({ node, became }) => [node, became]));
}

async function leastSqnr(float: string, file: string, feeds: Feeds): Promise<number> {
  const [before, after] = [await run(float, feeds), await run(file, feeds)];
  return Math.min(
    ...Object.entries(before).map(([name, { data }]) =>
      sqnr(data as Float32Array, after[name]!.data as Float32Array),
    ),
  );
}

const options = { method: 'int8-dynamic' as const, include: null };

describe('recurrent layers in int8-dynamic', () => {
  it('makes DynamicQuantizeLSTM of two bidirectional layers: a quarter of the size, at all optimization levels', async () => {
    using place = scratch();
    const first = recurrent({ input: 'x', output: 'one', inputs: 80, hidden: 96, directions: 2 });
    const second = recurrent({ input: 'one', output: 'y', inputs: 192, hidden: 96, directions: 2 });
    const model = smallModel({
      inputs: [floatValue('x', ['time', 1, 80])],
      nodes: [...first.nodes, ...second.nodes],
      initializers: [...first.initializers, ...second.initializers, flat],
    });
    const samples = samplesOf([40, 1, 80]);
    const { file, float, result } = await quantizeSmall(model, place, {
      ...options,
      include: ['*'],
      samples,
    });
    expect(becameOf(result)).toEqual({ one: 'DynamicQuantizeLSTM', y: 'DynamicQuantizeLSTM' });
    expect(statSync(file).size / statSync(float).size).toBeLessThan(0.27);
    expect(await leastSqnr(float, file, samples[0]!)).toBeGreaterThan(30);
    for (const graphOptimizationLevel of ['disabled', 'basic', 'extended', 'all'] as const)
      await (await runtime.open(file, { graphOptimizationLevel })).release();
  });

  it('keeps initial states, sequence lengths and all three outputs', async () => {
    using place = scratch();
    const cell = recurrent({
      input: 'x',
      output: 'y',
      inputs: 64,
      hidden: 64,
      outputs: ['h', 'c'],
      states: ['', 'h0', 'c0'],
    });
    const state = [1, 1, 64];
    const model = smallModel({
      inputs: [floatValue('x', ['time', 1, 64]), floatValue('h0', state), floatValue('c0', state)],
      outputs: [floatValue('y', ['time', 1, 64]), floatValue('h', state), floatValue('c', state)],
      nodes: cell.nodes,
      initializers: [...cell.initializers, flat],
    });
    const tensor = (dims: number[], seed: number) => ({
      type: 'float32' as const,
      dims,
      data: floats(
        dims.reduce((a, b) => a * b),
        seed,
      ),
    });
    const feeds = { x: tensor([12, 1, 64], 2), h0: tensor(state, 3), c0: tensor(state, 4) };
    const { file, float, result } = await quantizeSmall(model, place, {
      ...options,
      include: ['*'],
      samples: [feeds],
    });
    expect(becameOf(result)).toEqual({ y: 'DynamicQuantizeLSTM' });
    expect(await leastSqnr(float, file, feeds)).toBeGreaterThan(30);
  });

  it('compresses the weights only where 8 bits lose too much: one loud channel of the input leaves nothing for the others', async () => {
    using place = scratch();
    const cell = recurrent({ input: 'loud', output: 'y', inputs: 64, hidden: 64 });
    // The loud channel is one that the layer doesn't read: its weights are zero.
    const w = cell.initializers[0]!;
    const values = new Float32Array(w.rawData.buffer, w.rawData.byteOffset, w.rawData.length / 4);
    for (let i = 0; i < values.length; i += 64) values[i] = 0;
    const model = smallModel({
      inputs: [floatValue('x', ['time', 1, 64])],
      nodes: [makeNode('Mul', ['x', 'gain'], ['loud']), ...cell.nodes],
      initializers: [...cell.initializers, flat, gains],
    });
    const samples = samplesOf([20, 1, 64]);
    const { file, float, result } = await quantizeSmall(model, place, { ...options, samples });
    expect(becameOf(result)).toEqual({ y: 'int8 weights, folded' });
    expect(await leastSqnr(float, file, samples[0]!)).toBeGreaterThan(35);
    expect(statSync(file).size / statSync(float).size).toBeLessThan(0.3);
  });

  it('stores weights once that two layers share', async () => {
    using place = scratch();
    const cell = recurrent({ input: 'x', output: 'one', inputs: 64, hidden: 64 });
    const again = recurrent({ input: 'one', output: 'y', inputs: 64, hidden: 64 }).nodes;
    again[0]!.input = ['one', ...cell.nodes[0]!.input.slice(1)];
    const model = smallModel({
      inputs: [floatValue('x', ['time', 1, 64])],
      nodes: [...cell.nodes, ...again],
      initializers: [...cell.initializers, flat],
    });
    const { file, float, result } = await quantizeSmall(model, place, {
      ...options,
      include: ['*'],
      samples: samplesOf([20, 1, 64]),
    });
    expect(becameOf(result)).toEqual({ one: 'DynamicQuantizeLSTM', y: 'DynamicQuantizeLSTM' });
    expect(statSync(file).size / statSync(float).size).toBeLessThan(0.3);
  });

  it('leaves an excluded LSTM as it is', async () => {
    using place = scratch();
    const cell = recurrent({ input: 'x', output: 'y', inputs: 64, hidden: 64 });
    const model = smallModel({
      inputs: [floatValue('x', ['time', 1, 64])],
      nodes: cell.nodes,
      initializers: [...cell.initializers, flat],
    });
    const { file, result } = await quantizeSmall(model, place, {
      ...options,
      exclude: ['LSTM'],
      samples: samplesOf([20, 1, 64]),
    });
    expect(result.decisions).toEqual([
      { node: 'y', opType: 'LSTM', became: 'float', reason: "excluded by 'LSTM'" },
    ]);
    expect(readModel(file).graph.nodes.map(({ opType }) => opType)).toContain('LSTM');
  });

  it.each(['GRU', 'RNN'] as const)(
    'compresses the weights of a %s, which has no 8-bit kernel',
    async (opType) => {
      using place = scratch();
      const cell = recurrent({ input: 'x', output: 'y', inputs: 128, hidden: 128, opType, directions: 2 });
      const model = smallModel({
        inputs: [floatValue('x', ['time', 1, 128])],
        nodes: cell.nodes,
        initializers: [...cell.initializers, flat],
      });
      const samples = samplesOf([20, 1, 128]);
      const { file, float, result } = await quantizeSmall(model, place, { ...options, samples });
      expect(becameOf(result)).toEqual({ y: 'int8 weights, folded' });
      expect(statSync(file).size / statSync(float).size).toBeLessThan(0.3);
      expect(await leastSqnr(float, file, samples[0]!)).toBeGreaterThan(35);
    },
  );
});

const gains: TensorProto = Object.assign(weight('gain', [64]), {
  rawData: new Uint8Array(Float32Array.from({ length: 64 }, (_, i) => (i === 0 ? 1000 : 0.5)).buffer),
});
