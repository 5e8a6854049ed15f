/** What each layer of a file does to its outputs, seen in one model with switches. */
import { join } from 'node:path';
import { create } from '@bufbuild/protobuf';
import { TensorProtoSchema } from 'onnx-buf';
import { describe, expect, it } from 'vitest';
import { SILENT } from '../../../src/log.js';
import { halfReference } from '../../../src/measure/subject/half-reference.js';
import { makeNode } from '../../../src/onnx/build.js';
import { readModel } from '../../../src/onnx/file/read.js';
import { encodeModel } from '../../../src/onnx/file/write.js';
import { DataType } from '../../../src/onnx/tensor/element-type.js';
import { makeTensor, tensorValues } from '../../../src/onnx/tensor/tensor.js';
import type { Feeds } from '../../../src/tensor/tensor.js';
import { OutputRanking } from '../../../src/verify/repair/layers-to-leave.js';
import { losingLayers } from '../../../src/verify/repair/losing-layers.js';
import { TOO_DEAR } from '../../../src/verify/repair/search.js';
import { SWITCHES, switchedModel } from '../../../src/verify/repair/switched-model.js';
import {
  conv,
  floats,
  floatValue,
  quantizeSmall,
  run,
  runtime,
  scratch,
  smallModel,
  sqnr,
  weight,
} from '../../quantize/small-models.js';

const SHAPE = [1, 16, 8, 8];
const context = { runtime, log: SILENT, threads: 1 };

/** Nothing in the first channel. */
const samples: Feeds[] = Array.from({ length: 4 }, (_, index) => {
  const data = floats(16 * 64, index + 1, 2);
  data.fill(0, 0, 64);
  return { x: { type: 'float32', dims: SHAPE, data } };
});

/** Weights among which those of the first channel, which is empty, are this large: 8 bits are spent on them. */
function spoiled(name: string, seed: number, large: number) {
  const values = floats(16 * 16 * 9, seed, 0.3);
  for (let output = 0; output < 16; output++) values.fill(large, output * 144, output * 144 + 9);
  return makeTensor(name, DataType.FLOAT, [16, 16, 3, 3], values);
}

/** 'quiet' loses more than 'loud', and hardly counts; 'fine' loses nothing. */
const branches = () =>
  smallModel({
    inputs: [floatValue('x', SHAPE)],
    nodes: [
      conv('x', 'quiet', { weight: 'q' }),
      makeNode('Mul', ['quiet', 'small'], ['damped'], { name: 'damped' }),
      conv('x', 'loud', { weight: 'l' }),
      conv('x', 'fine', { weight: 'f' }),
      makeNode('Add', ['damped', 'loud'], ['both'], { name: 'both' }),
      makeNode('Add', ['both', 'fine'], ['sum'], { name: 'sum' }),
      makeNode('Relu', ['sum'], ['y'], { name: 'y' }),
    ],
    initializers: [
      spoiled('q', 1, 200),
      spoiled('l', 2, 20),
      spoiled('f', 3, 0.3),
      // As exporters of Keras write constants: not as bytes.
      create(TensorProtoSchema, { name: 'small', dataType: DataType.FLOAT, floatData: [0.001] }),
    ],
  });

const TENSORS = ['quiet', 'damped', 'loud', 'fine', 'both', 'sum', 'y'];

async function outputs(file: Uint8Array, feeds: Feeds): Promise<Float32Array> {
  const session = await runtime.open(file, { graphOptimizationLevel: 'basic', threads: 1 });
  try {
    return (await session.run(feeds)).y!.data as Float32Array;
  } finally {
    await session.release();
  }
}

describe('layers to leave', () => {
  it.each(['int8-weights', 'int8-static', 'float16'] as const)(
    'are switched between the file and the original: %s',
    async (method) => {
      using place = scratch();
      const { file, float: original } = await quantizeSmall(branches(), place, { method, samples });
      const variant = readModel(file);
      const half = await halfReference(variant, { runtime });
      const spelledOut = half === null || half === 'bodies' ? variant : half;
      const switched = switchedModel(readModel(original), spelledOut, { tensors: TENSORS, reduced: null })!;
      const feeds = samples[0]!;
      const given = (left: number) => ({
        ...feeds,
        [SWITCHES]: {
          type: 'bool' as const,
          dims: [switched.layers.length],
          data: new Uint8Array(switched.layers.length).fill(left),
        },
      });
      // A run computes one side of each layer.
      const outside = switched.model.graph.nodes.map(({ opType }) => opType);
      expect(outside).not.toContain('Conv');
      expect(outside).not.toContain('Where');
      const bytes = encodeModel(switched.model);
      const exact = (await run(original, feeds)).y!.data as Float32Array;
      expect(switched.layers.flat().toSorted()).toEqual([...new Set(TENSORS)].toSorted());
      expect(sqnr(exact, await outputs(bytes, given(1)))).toBeGreaterThan(100);
      const reduced = await outputs(encodeModel(spelledOut), feeds);
      expect(sqnr(exact, reduced)).toBeLessThan(90);
      expect(sqnr(reduced, await outputs(bytes, given(0)))).toBeGreaterThan(60);
    },
  );

  it('are switched where the original holds its weights as numbers of their own, not as bytes', async () => {
    using place = scratch();
    const { file, float: original } = await quantizeSmall(branches(), place, {
      method: 'int8-weights',
      samples,
    });
    const float = readModel(original);
    for (const tensor of [...float.graph.initializers.values()]) {
      const values = tensorValues(tensor) as Float32Array;
      const { name, dataType, dims } = tensor;
      float.graph.setInitializer(create(TensorProtoSchema, { name, dataType, dims, floatData: [...values] }));
    }
    const switched = switchedModel(float, readModel(file), { tensors: TENSORS, reduced: null })!;
    const feeds = samples[0]!;
    const left = {
      type: 'bool' as const,
      dims: [switched.layers.length],
      data: new Uint8Array(switched.layers.length).fill(1),
    };
    const exact = (await run(original, feeds)).y!.data as Float32Array;
    expect(
      sqnr(exact, await outputs(encodeModel(switched.model), { ...feeds, [SWITCHES]: left })),
    ).toBeGreaterThan(100);
  });

  it('read what the file rounds with its own zero-point, where its readers take the codes for those of a sum', async () => {
    const [scale, shift] = [0.05, 20];
    const model = (nodes: Parameters<typeof smallModel>[0]['nodes']) =>
      smallModel({
        inputs: [floatValue('x', SHAPE)],
        nodes: [conv('x', 'c', { weight: 'w' }), ...nodes],
        initializers: [
          weight('w', [16, 16, 3, 3], 1),
          weight('v', [16, 16, 3, 3], 2),
          makeTensor('shift', DataType.FLOAT, [], Float32Array.of(scale * shift)),
          makeTensor('scale', DataType.FLOAT, [], Float32Array.of(scale)),
          makeTensor('zero', DataType.UINT8, [], Uint8Array.of(120)),
          makeTensor('other', DataType.UINT8, [], Uint8Array.of(120 - shift)),
        ],
      });
    const original = model([
      makeNode('Add', ['c', 'shift'], ['s'], { name: 's' }),
      conv('s', 'y', { weight: 'v' }),
    ]);
    const variant = model([
      makeNode('QuantizeLinear', ['c', 'scale', 'zero'], ['codes']),
      makeNode('DequantizeLinear', ['codes', 'scale', 'other'], ['s_back']),
      conv('s_back', 'y', { weight: 'v' }),
    ]);
    const exact = await outputs(encodeModel(original), samples[0]!);
    const switched = switchedModel(original, variant, { tensors: ['c', 'y'], reduced: null })!;
    expect(switched.layers).toEqual([['c'], ['s', 'y']]);
    const given = async (left: number[]) =>
      await outputs(encodeModel(switched.model), {
        ...samples[0]!,
        [SWITCHES]: { type: 'bool', dims: [2], data: Uint8Array.from(left) },
      });
    const rounded = sqnr(exact, await outputs(encodeModel(variant), samples[0]!));
    expect(rounded).toBeLessThan(60);
    expect(sqnr(exact, await given([0, 0]))).toBeCloseTo(rounded, 1);
    // The layer behind it is left: the rounding is all that is lost.
    expect(sqnr(exact, await given([0, 1]))).toBeCloseTo(rounded, 1);
    expect(sqnr(exact, await given([1, 1]))).toBeGreaterThan(100);
  });

  it('are those that the outputs hear, not those that lose most', async () => {
    using place = scratch();
    const { file, float: original } = await quantizeSmall(branches(), place, {
      method: 'int8-weights',
      samples,
    });
    const { layers, tensors } = await losingLayers({ original, file, samples, context });
    expect(layers[0]).toMatchObject({ node: 'damped' });
    const reduced = new Set(['quiet', 'loud', 'fine']);
    const request = { original, file, samples, tensors, reduced, runs: 50, context };
    const ranking = (await OutputRanking.open(request))!;
    try {
      expect(await ranking.layersFor(10)).toEqual(['loud']);
      const all = (await ranking.layersFor(60)) as string[];
      expect(all.toSorted()).toEqual(['fine', 'loud', 'quiet']);
      const without = (name: string) => ({
        isTooMany: () => false,
        isTooDear: (layer: readonly string[]) => layer.includes(name),
      });
      // What may not be left is not, and nothing where that must be.
      expect(await ranking.layersFor(10, without('quiet'))).toEqual(['loud']);
      expect(await ranking.layersFor(60, without('fine'))).toBe(TOO_DEAR);
      expect(await ranking.layersFor(10, without('loud'))).toBe(TOO_DEAR);
      expect(await ranking.layersFor(10)).toEqual(['loud']);
    } finally {
      await ranking.close();
    }
  });

  it('are not looked for where a file has bodies in half precision, or an opset without switches', async () => {
    using place = scratch();
    const old = smallModel({ nodes: [makeNode('Relu', ['x'], ['y'])], opset: 8 });
    expect(switchedModel(old, old, { tensors: ['y'], reduced: null })).toBeNull();
    const file = join(place.directory, 'missing.onnx');
    const request = { original: file, file, samples, tensors: TENSORS, reduced: null, runs: 50, context };
    expect(await OutputRanking.open(request)).toBeNull();
  });
});
