import { describe, expect, it } from 'vitest';
import { SILENT } from '../../../../src/log.js';
import { makeNode } from '../../../../src/onnx/build.js';
import { encodeModel } from '../../../../src/onnx/file/write.js';
import type { Model } from '../../../../src/onnx/model.js';
import { DataType } from '../../../../src/onnx/tensor/element-type.js';
import { makeTensor } from '../../../../src/onnx/tensor/tensor.js';
import { equalizationPairs, equalizeModel } from '../../../../src/quantize/int8-static/recover/equalize.js';
import { inferTypes } from '../../../../src/quantize/prepare/prepare.js';
import type { Feeds } from '../../../../src/tensor/tensor.js';
import {
  conv,
  dataset,
  quantizeSmall,
  run,
  runtime,
  samplesOf,
  scratch,
  smallModel,
  sqnr,
  weight,
} from '../../small-models.js';

/** Weights whose output channels differ by three orders of magnitude. */
function uneven(name: string, dims: readonly number[], seed = 1) {
  const tensor = weight(name, dims, seed);
  const values = new Float32Array(tensor.rawData.slice().buffer);
  const perChannel = values.length / dims[0]!;
  values.forEach((value, i) => {
    values[i] = value * 10 ** -((Math.floor(i / perChannel) % 4) - 1);
  });
  return makeTensor(name, DataType.FLOAT, dims, values);
}

/** The reader undoes the unevenness, so that small channels matter as much as large ones. */
function evening(name: string, dims: readonly number[], channelOf: (i: number) => number) {
  const tensor = weight(name, dims, 9);
  const values = new Float32Array(tensor.rawData.slice().buffer);
  values.forEach((value, i) => {
    values[i] = value * 10 ** ((channelOf(i) % 4) - 1);
  });
  return makeTensor(name, DataType.FLOAT, dims, values);
}

function pair(activation: 'Relu' | 'Clip' = 'Relu', depthwise = true): Model {
  const clip = makeNode('Clip', ['c', 'zero', 'six'], ['r']);
  return smallModel({
    nodes: [
      conv('x', 'c', { weight: 'w', bias: 'b' }),
      activation === 'Relu' ? makeNode('Relu', ['c'], ['r']) : clip,
      conv('r', 'y', { weight: 'v', ...(depthwise ? { group: 8 } : {}) }),
    ],
    initializers: [
      uneven('w', [8, 4, 3, 3]),
      uneven('b', [8], 2),
      depthwise
        ? evening('v', [8, 1, 3, 3], (i) => Math.floor(i / 9))
        : evening('v', [8, 8, 3, 3], (i) => Math.floor(i / 9) % 8),
      makeTensor('zero', DataType.FLOAT, [], Float32Array.of(0)),
      makeTensor('six', DataType.FLOAT, [], Float32Array.of(6)),
    ],
  });
}

async function equalized(model: Model): Promise<{ pairs: number; model: Model }> {
  const types = await inferTypes(model, { context: { runtime } });
  const quantized = new Set(model.graph.nodes);
  const samples = dataset(samplesOf([1, 4, 8, 8]));
  return {
    pairs: await equalizeModel({
      model,
      throughClip: true,
      types,
      quantized,
      dataset: samples,
      context: { runtime, log: SILENT },
    }),
    model,
  };
}

async function outputOf(model: Model, feeds: Feeds): Promise<Float32Array> {
  const session = await runtime.open(encodeModel(model), { graphOptimizationLevel: 'disabled', threads: 1 });
  const { y } = await session.run(feeds);
  await session.release();
  return y!.data as Float32Array;
}

describe('cross-layer equalization', () => {
  it.each([true, false])(
    'leaves what the float model computes as it was (depthwise: %s)',
    async (depthwise) => {
      const feeds = samplesOf([1, 4, 8, 8], 20).at(-1)!;
      const { pairs, model } = await equalized(pair('Relu', depthwise));
      expect(pairs).toBe(1);
      expect(
        sqnr(await outputOf(pair('Relu', depthwise), feeds), await outputOf(model, feeds)),
      ).toBeGreaterThan(100);
    },
  );

  it.each([true, false])('lowers the error of the quantized model (depthwise: %s)', async (depthwise) => {
    const feeds = samplesOf([1, 4, 8, 8], 20).at(-1)!;
    const found: number[] = [];
    for (const equalization of [false, true]) {
      using place = scratch();
      const { float, file } = await quantizeSmall(pair('Relu', depthwise), place, {
        equalization,
        biasCorrection: false,
      });
      const [before, after] = [await run(float, feeds), await run(file, feeds)];
      found.push(sqnr(before.y!.data as Float32Array, after.y!.data as Float32Array));
    }
    expect(found[1]).toBeGreaterThan(found[0]! + 3);
  });

  describe('through Clip', () => {
    /** The first convolution reads what is clipped already: small weights bound what it writes. */
    const bounded = (): Model => {
      const model = pair('Clip');
      const { graph } = model;
      graph.addNode(makeNode('Clip', ['x', 'zero', 'six'], ['clipped']));
      graph.setInput(graph.producer('c')!, 0, 'clipped');
      return model;
    };

    it('scales channels that provably never reach its limit: exact far beyond the data too', async () => {
      const { pairs, model } = await equalized(bounded());
      expect(pairs).toBe(1);
      const changed = model.graph.constantValues(model.graph.producer('c')!.input[1]!) as Float32Array;
      const before = bounded().graph.constantValues('w') as Float32Array;
      const grown = before.map((value, i) => changed[i]! / value);
      expect(Math.max(...grown)).toBeGreaterThan(2);
      // Some channels do reach it: those stay.
      expect(Math.min(...grown)).toBeCloseTo(1, 5);
      for (const amplitude of [1, 1000]) {
        const feeds = samplesOf([1, 4, 8, 8], 20).at(-1)!;
        const large = {
          x: { ...feeds.x!, data: (feeds.x!.data as Float32Array).map((value) => value * amplitude) },
        };
        const fidelity = sqnr(await outputOf(bounded(), large), await outputOf(model, large));
        expect(fidelity).toBeGreaterThan(100);
      }
    });

    it('lowers the error of the quantized model', async () => {
      const feeds = samplesOf([1, 4, 8, 8], 20).at(-1)!;
      const found: number[] = [];
      for (const equalization of [false, true]) {
        using place = scratch();
        const options = { equalization, biasCorrection: false };
        const { float, file } = await quantizeSmall(bounded(), place, options);
        const [before, after] = [await run(float, feeds), await run(file, feeds)];
        found.push(sqnr(before.y!.data as Float32Array, after.y!.data as Float32Array));
      }
      expect(found[1]).toBeGreaterThan(found[0]! + 3);
    });

    it('waits to be asked: it does not pay on every model', async () => {
      expect(equalizationPairs(bounded().graph, { throughClip: false })).toEqual([]);
      using place = scratch();
      const { result } = await quantizeSmall(bounded(), place, {});
      expect(result.provenance.recovery).toMatchObject({ equalized: 0 });
    });

    it('leaves alone what nothing bounds, and limits that do not begin at zero', () => {
      expect(equalizationPairs(pair('Clip').graph, { throughClip: true })).toEqual([]);
      for (const lower of [-1, 0.5]) {
        const { graph } = bounded();
        graph.setInitializer(makeTensor('zero', DataType.FLOAT, [], Float32Array.of(lower)));
        expect(equalizationPairs(graph, { throughClip: true })).toEqual([]);
      }
    });
  });

  it('keeps away from values that others read', () => {
    const shared = pair();
    shared.graph.addNode(makeNode('Abs', ['r'], ['z']));
    expect(equalizationPairs(shared.graph, { throughClip: true })).toEqual([]);
  });

  it('changes nothing where channels are even', async () => {
    const even = smallModel({
      nodes: [
        conv('x', 'c', { weight: 'w' }),
        makeNode('Relu', ['c'], ['r']),
        conv('r', 'y', { weight: 'v' }),
      ],
      initializers: [
        makeTensor('w', DataType.FLOAT, [8, 4, 3, 3], new Float32Array(288).fill(0.1)),
        makeTensor('v', DataType.FLOAT, [8, 8, 3, 3], new Float32Array(576).fill(0.1)),
      ],
    });
    expect((await equalized(even)).pairs).toBe(0);
  });
});
